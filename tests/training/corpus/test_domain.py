from __future__ import annotations

from pathlib import Path

import pytest

from training.corpus.domain import intents, read_domain
from training.failure import BadInput


def test_intents_are_listed_with_or_without_options(tmp_path: Path) -> None:
    (tmp_path / "domain.yml").write_text("intents:\n  - greet\n  - deny: {use_entities: []}\n", encoding="utf-8")

    assert intents(read_domain(tmp_path)) == ["greet", "deny"]


@pytest.mark.parametrize("text", ["intents: [", "intents: greet", "[]", "intents:\n\t- greet"])
def test_broken_domain_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "domain.yml").write_text(text, encoding="utf-8")

    with pytest.raises(BadInput, match=r"^domain\.yml"):
        read_domain(tmp_path)


def test_missing_domain_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"^domain\.yml: the file cannot be read \(No such file or directory\)$"):
        read_domain(tmp_path)
