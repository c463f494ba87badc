"""A file is written as a whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from training.writing import write_whole


def test_text_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "live"
    path.write_text("alt", encoding="utf-8")
    write_whole(path, "für Größe\n")

    assert path.read_text(encoding="utf-8") == "für Größe\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert os.listdir(tmp_path) == ["live"]


def test_private_file_is_readable_for_us_alone(tmp_path: Path) -> None:
    write_whole(tmp_path / "address", "geheim\n", mode=0o600)

    assert stat.S_IMODE((tmp_path / "address").stat().st_mode) == 0o600


def test_text_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "live"
    path.write_text("alt", encoding="utf-8")

    with pytest.raises(UnicodeEncodeError):
        write_whole(path, "neu\ud800")

    assert path.read_text(encoding="utf-8") == "alt"
    assert os.listdir(tmp_path) == ["live"]
