from __future__ import annotations

from pathlib import Path

import pytest

from training.failure import BadInput
from training.reading import read_text, read_yaml


def test_text_is_read_as_it_stands(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Grüße\n", encoding="utf-8")

    assert read_text(tmp_path / "a.txt") == "Grüße\n"


def test_file_in_another_encoding_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("eins\nzwei\nGrüße\n".encode("latin-1"))

    with pytest.raises(BadInput) as caught:
        read_text(tmp_path / "a.txt", "a.txt")

    assert str(caught.value) == "a.txt:3: this is no text in UTF-8"


@pytest.mark.parametrize(("name", "reason"), [("missing", "No such file or directory"), ("", "Is a directory")])
def test_file_that_is_none_is_told_once(name: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        read_text(tmp_path / name)

    assert str(caught.value) == f"{tmp_path / name}: the file cannot be read ({reason})"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\nb: [2\n", "a.yml:3: this is not valid YAML ("),
        ("a: 1\nb: 2\x07\n", "a.yml:2: YAML does not allow the character U+0007 here"),
    ],
)
def test_yaml_that_is_none_is_told_with_its_line(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(text, encoding="utf-8")

    with pytest.raises(BadInput) as caught:
        read_yaml(tmp_path / "a.yml", "a.yml")

    assert str(caught.value).startswith(message)
