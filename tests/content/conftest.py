from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from content.reader import FOLDER
from content.schema import CONTACT_FIELDS

#: Writes in the copy of the content: (file, old text, new text). The old text must stand there.
Edit = Callable[[str, str, str], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the content that a test may spoil, its contact fields empty whatever staff have filled in."""
    copy = tmp_path / "content"
    shutil.copytree(FOLDER, copy, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    contacts = (copy / "contacts.yml").read_text("utf-8")
    contacts = re.sub(rf"(?m)^({'|'.join(CONTACT_FIELDS)}):.*$", r'\1: ""', contacts)
    (copy / "contacts.yml").write_text(re.sub(r"(?m)^opening:.*\n([ -].*\n)*", "opening: []\n", contacts), encoding="utf-8")
    return copy


@pytest.fixture
def edit(folder: Path) -> Edit:
    def replace(name: str, old: str, new: str) -> None:
        path = folder / name
        text = path.read_text("utf-8")
        assert old in text, f"{name} does not hold {old!r} any more: the test must change with it"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return replace
