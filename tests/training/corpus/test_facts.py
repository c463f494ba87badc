from __future__ import annotations

from pathlib import Path

import pytest

from content import read_content
from tests.training.small_project import write_small_project
from training.corpus.facts import read_facts
from training.failure import BadInput


def test_content_of_a_project_is_read(tmp_path: Path) -> None:
    write_small_project(tmp_path)

    assert read_facts(tmp_path) == read_content()


def test_what_is_wrong_is_told_with_its_place(tmp_path: Path) -> None:
    write_small_project(tmp_path)
    (tmp_path / "content/topics/service_fax.yml").write_text("title: [", encoding="utf-8")

    with pytest.raises(BadInput, match=r"^content/topics/service_fax\.yml, Zeile 1: kein gültiges YAML"):
        read_facts(tmp_path)
