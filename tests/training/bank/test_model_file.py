"""What stands in a model file, and that nothing else passes for one."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from tests.training.stored import THRESHOLDS, write_model
from training.bank.model_file import BadModel, ModelFile, read_model_file


def test_model_file_tells_who_made_it_and_how_good_it_is(tmp_path: Path) -> None:
    model = write_model(
        tmp_path / "a.tar.gz", rasa="3.6.21", spacy_model="blank:de", format=3, out_of_fold={"right": 0.8, "declined": 0.9}
    )

    metrics = {"out_of_fold_right": 0.8, "out_of_fold_declined": 0.9}
    assert read_model_file(model) == ModelFile("3.6.21", "blank:de", 3, THRESHOLDS, metrics)


def test_model_from_before_there_were_figures_has_none(tmp_path: Path) -> None:
    assert read_model_file(write_model(tmp_path / "a.tar.gz")).metrics == {}


@pytest.mark.parametrize("share", [0.0, 0.3, 0.99])
def test_truncated_file_is_refused(share: float, tmp_path: Path) -> None:
    model = write_model(tmp_path / "a.tar.gz")
    whole = model.read_bytes()
    model.write_bytes(whole[: int(share * len(whole))])

    with pytest.raises(BadModel, match=r"a\.tar\.gz is truncated or damaged"):
        read_model_file(model)


def test_file_with_a_changed_byte_is_refused(tmp_path: Path) -> None:
    model = write_model(tmp_path / "a.tar.gz")
    damaged = bytearray(model.read_bytes())
    damaged[len(damaged) // 2] ^= 0xFF
    model.write_bytes(damaged)

    with pytest.raises(BadModel, match=r"^a\.tar\.gz is"):
        read_model_file(model)


def test_archive_of_something_else_is_refused(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "a.tar.gz", "w:gz") as archive:
        archive.add(__file__, "metadata.json")

    with pytest.raises(BadModel, match=r"a\.tar\.gz is no model of this bot"):
        read_model_file(tmp_path / "a.tar.gz")


def test_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadModel, match=r"There is no model .*a\.tar\.gz"):
        read_model_file(tmp_path / "a.tar.gz")
