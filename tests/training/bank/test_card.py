"""What a card tells of a model, and when its data are newer."""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.training.stored import THRESHOLDS, write_model
from training.bank.card import (
    Card,
    CardError,
    Sources,
    add_metrics,
    card_path,
    fingerprint,
    installed_versions,
    is_current,
    read_card,
    summary,
    write_card,
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """All that a model is made from, one file of each kind."""
    for name in ("config.yml", "domain.yml", "data/nlu/greet.yml", "content/replies.yml", "components/folding.py", "README.md"):
        path = tmp_path / "project" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("one")
    return tmp_path / "project"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return write_model(tmp_path / "20261123-031516.tar.gz", out_of_fold={"right": 0.8})


def test_card_tells_all_that_is_known_of_a_model(model: Path, root: Path) -> None:
    sources = Sources.of(root)
    card = write_card(model, sources, seconds=12.34)

    assert card == Card(
        model="20261123-031516.tar.gz",
        fingerprint=sources.fingerprint,
        created=card.created,
        data=sources.data,
        content=sources.content,
        versions=installed_versions(),
        spacy_model="blank:de" if card.spacy_model == "blank:de" else "de_core_news_sm",
        thresholds=THRESHOLDS,
        metrics={"out_of_fold_right": 0.8},
        seconds=12.3,
        size=model.stat().st_size,
    )
    assert card.versions["rasa"] == version("rasa")
    assert read_card(model) == card
    assert card_path(model).name == "20261123-031516.json"


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ("data/nlu/greet.yml", {"fingerprint", "data"}),
        ("domain.yml", {"fingerprint", "data"}),
        ("config.yml", {"fingerprint"}),
        ("components/folding.py", {"fingerprint"}),
        ("content/replies.yml", {"content"}),
        ("README.md", set()),
    ],
)
def test_hashes_tell_what_has_changed(changed: str, fields: set[str], root: Path) -> None:
    before = Sources.of(root)
    (root / changed).write_text("other")
    after = Sources.of(root)

    assert {name for name in ("fingerprint", "data", "content") if getattr(before, name) != getattr(after, name)} == fields


def test_model_is_current_until_its_data_change(model: Path, root: Path) -> None:
    write_card(model, Sources.of(root))
    assert is_current(model, root)

    (root / "data/nlu/greet.yml").write_text("other")
    assert not is_current(model, root)


def test_later_figures_come_to_those_of_training(model: Path) -> None:
    write_card(model, Sources("", "", ""))
    add_metrics(model, {"right": 0.9, "declined": 0.95})
    card = add_metrics(model, {"right": 0.91})

    assert card.metrics == {"out_of_fold_right": 0.8, "right": 0.91, "declined": 0.95}
    assert read_card(model) == card


def test_card_from_before_tells_its_fingerprint_alone(model: Path) -> None:
    card_path(model).write_text(json.dumps({"fingerprint": fingerprint()}))

    assert read_card(model) == Card("20261123-031516.tar.gz", fingerprint())
    assert is_current(model)


def test_card_of_a_later_version_is_read_as_far_as_it_is_known(model: Path) -> None:
    card_path(model).write_text(json.dumps({"fingerprint": "f", "seconds": 3.0, "colour": "blue"}))

    assert read_card(model) == Card("20261123-031516.tar.gz", "f", seconds=3.0)


def test_missing_card_is_told(model: Path) -> None:
    with pytest.raises(CardError, match=r"^20261123-031516.tar.gz has no card: 20261123-031516.json is missing\.$"):
        read_card(model)
    assert not is_current(model)


@pytest.mark.parametrize("text", ["", "{", "[]", "3", "{}"])
def test_damaged_card_is_told(text: str, model: Path) -> None:
    card_path(model).write_text(text)

    with pytest.raises(CardError, match=r"^The card 20261123-031516.json cannot be read"):
        read_card(model)


def test_card_is_told_in_two_lines() -> None:
    metrics = {"out_of_fold_right": 0.829, "out_of_fold_declined": 0.961, "out_of_fold_wrongly_declined": 0.05, "right": 0.9}

    assert summary(Card("a.tar.gz", "", metrics=metrics, seconds=61.2, size=25_900_000)) == (
        "a.tar.gz, 25.9 MB, trained in 61 s.\nOut of fold: 82.9 % right, 96.1 % declined, 5.0 % wrongly declined."
    )


def test_card_without_figures_is_told_in_one_line() -> None:
    assert summary(Card("a.tar.gz", "", seconds=3.0, size=400_000)) == "a.tar.gz, 0.4 MB, trained in 3 s."
