"""Which model `make run` serves, and what it says of it. That it serves is tested in tests/dialogue/test_run.py."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from training.bank.card import Sources, write_card
from training.processes import StartError
from training.run import model_to_serve
from training.serving.live import set_live

from .stored import write_model

_NEWER = "The data are newer than this model. `make train` makes a new one, `make promote` serves it."


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with one example and a served model, which was made from it."""
    (tmp_path / "data" / "nlu").mkdir(parents=True)
    (tmp_path / "data" / "nlu" / "alliance_lead.yml").write_text("- Wer leitet?\n", encoding="utf-8")
    (tmp_path / "models").mkdir()
    set_live(_trained(tmp_path, "live.tar.gz"))
    return tmp_path


def _trained(root: Path, name: str) -> Path:
    model = write_model(root / "models" / name)
    write_card(model, Sources.of(root))
    return model


def test_model_of_these_data_is_served_without_a_word_about_them(root: Path) -> None:
    assert model_to_serve(root / "models", root) == (root / "models" / "live.tar.gz", "Starting with model live.tar.gz ...")


def test_live_model_is_served_and_it_is_said_when_data_are_newer(root: Path) -> None:
    with (root / "data" / "nlu" / "alliance_lead.yml").open("a", encoding="utf-8") as file:
        file.write("- Wer führt?\n")
    newer = _trained(root, "newer.tar.gz")
    os.utime(newer, (2e9, 2e9))

    model, told = model_to_serve(root / "models", root)

    assert model == root / "models" / "live.tar.gz"
    assert told.splitlines() == ["Starting with model live.tar.gz ...", _NEWER]


def test_without_a_live_model_nothing_is_served(root: Path) -> None:
    (root / "models" / "live").unlink()

    with pytest.raises(StartError, match="No model is served yet"):
        model_to_serve(root / "models", root)
