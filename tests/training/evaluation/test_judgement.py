"""What is made of the turns that were judged, and which models are not even asked."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console
from rich.table import Table

from tests.training.judged import judgement, turn
from training.bank.model_file import BadModel
from training.evaluation.judgement import judge_model, sample, table, wrong_turns


def test_metrics_are_shares_of_the_development_test_set() -> None:
    judged = judgement(
        turn("a:1"),
        turn("a:2", got="alliance_goals"),
        turn("a:3", got="decline"),
        turn("a:4", "decline"),
        turn("a:5", "decline", zone="guard", intent="", probability=None),
        turn("a:6", "decline", "alliance_goals"),
        turn("b:1:1", kind="dialogue"),
        turn("b:1:2", kind="dialogue", got="clarify"),
        turn("regression.jsonl:1", got="alliance_goals", kind="regression"),
        perturbed={"lower": (turn("a:1", got="decline"), turn("a:2"), turn("a:4", "decline", "clarify"))},
    )

    assert judged.metrics() == pytest.approx(
        {
            "right": 4 / 8,
            "right_single": 3 / 6,
            "right_dialogue": 1 / 2,
            "right_regression": 0.0,
            "declined": 2 / 3,
            "wrongly_declined": 1 / 5,
            "loss_lower": 1 / 3,
            # all 0.9 sure, 2 of 5 right
            "calibration_error": 0.5,
        }
    )


def test_question_that_may_be_answered_counts_as_right_but_not_among_those_that_must_be_declined() -> None:
    judged = judgement(
        turn("a:1", "decline"),
        turn("a:2", "decline", "service_visit", also=("service_visit",), right=True),
        turn("a:3", "decline", also=("service_visit",)),
    )

    assert (judged.metrics()["right"], judged.metrics()["declined"]) == (1.0, 1.0)
    assert ["declined", "100.0 %", "100.0 to 100.0 %", "1"] in _cells(_printed(table(judged)))


def test_figure_that_nothing_was_measured_for_is_left_out() -> None:
    assert judgement(turn("a:1", kind="dialogue")).metrics() == {
        "right": 1.0,
        "right_dialogue": 1.0,
        "wrongly_declined": 0.0,
    }
    assert judgement().metrics() == {}


def test_intent_is_right_for_what_is_wanted_or_accepted_and_for_any_stranger_out_of_scope() -> None:
    assert turn("a:1", intent="alliance_lead").intent_is_right
    assert turn("a:1", also=("alliance_goals",), intent="alliance_goals").intent_is_right
    assert turn("a:1", "decline", intent="oos_weather").intent_is_right
    assert not turn("a:1", intent="oos_weather").intent_is_right
    assert not turn("a:1", "decline", intent="alliance_lead").intent_is_right


def test_sample_hardly_changes_when_texts_are_added() -> None:
    texts = [f"Frage {number}?" for number in range(300)]

    few, more = sample(texts, str, 50), sample([*texts, "Noch eine?"], str, 50)

    assert sample(texts[::-1], str, 50) == few
    assert len(set(few)) == 50
    assert len(set(few) & set(more)) >= 49
    assert sample(texts[:3], str, 50) == sample(texts[:3], str, 3)


def test_tables_show_each_voice_and_each_wrong_turn_with_its_brackets() -> None:
    judged = judgement(turn("a:1"), turn("a:2", got="decline", voice="elderly", text="Ich bin [Name], wer leitet?"))
    printed = _printed(table(judged), wrong_turns(judged))
    cells = _cells(printed)

    assert ["all", "50.0 %", "0.0 to 100.0 %", "2"] in cells
    assert ["elderly", "0.0 %", "0.0 to 0.0 %", "1"] in cells
    assert ["a:2", "Ich bin [Name], wer leitet?", "alliance_lead", "decline", "decline"] in cells
    assert "1 turns are not right" in printed


def test_file_that_is_no_model_is_refused_before_a_bot_is_started(tmp_path: Path) -> None:
    model = tmp_path / "cut.tar.gz"
    model.write_bytes(b"\x1f\x8b no archive")

    with pytest.raises(BadModel, match=r"cut\.tar\.gz"):
        judge_model(model)

    assert [path.name for path in tmp_path.iterdir()] == ["cut.tar.gz"]


def _printed(*tables: Table) -> str:
    file = io.StringIO()
    Console(width=120, file=file).print(*tables)
    return file.getvalue()


def _cells(printed: str) -> list[list[str]]:
    """The cells of each row of the tables in `printed`."""
    return [[cell.strip() for cell in line.split("│")[1:-1]] for line in printed.splitlines() if line.startswith("│")]
