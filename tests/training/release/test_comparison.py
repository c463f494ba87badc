"""Two judgements side by side: nothing is lost, nothing is invented, and equal models are equal."""

from __future__ import annotations

import math
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.training.judged import judgement, turn
from training.evaluation.evaluation import ConfusionMatrix
from training.evaluation.judgement import Judged, Judgement
from training.evaluation.resampling import Interval
from training.failure import BadInput
from training.release.comparison import ComparisonError, IntentChange, Seconds, compare, live_and_candidate

_TOPICS = ("alliance_goals", "alliance_lead", "decline")


@st.composite
def _pair(draw: st.DrawFn) -> tuple[Judgement, Judgement]:
    """What two models made of the same questions, some of them misspelt."""
    got = st.sampled_from((*_TOPICS, "clarify"))
    questions = draw(
        st.lists(
            st.tuples(st.sampled_from(_TOPICS), st.sampled_from(("single", "dialogue", "regression"))), min_size=1, max_size=8
        )
    )

    def judged(lower: str = "") -> tuple[Judged, ...]:
        return tuple(
            turn(f"a:{number}", wanted, draw(got), kind=kind, text=f"{lower}{number}", probability=draw(st.floats(0, 1)))
            for number, (wanted, kind) in enumerate(questions)
        )

    live, candidate = (judgement(*judged(), model=name, perturbed={"lower": judged("klein ")}) for name in ("old", "new"))
    return live, candidate


@given(_pair())
@settings(max_examples=30, deadline=None)
def test_every_turn_is_fixed_broken_or_unchanged(pair: tuple[Judgement, Judgement]) -> None:
    comparison = compare(*pair, resamples=10)

    parts = [*comparison.fixed, *comparison.broken, *comparison.unchanged]
    assert sorted(each.live.place for each in parts) == sorted(each.place for each in pair[0].turns)
    assert all(each.candidate.right and not each.live.right for each in comparison.fixed)
    assert all(each.live.right and not each.candidate.right for each in comparison.broken)
    assert all(each.live.right == each.candidate.right for each in comparison.unchanged)
    assert sum(each.turns for each in comparison.intents) == len(pair[0].turns)
    assert 0 < comparison.p_value <= 1


@given(_pair())
@settings(max_examples=30, deadline=None)
def test_figures_are_those_of_the_judgements(pair: tuple[Judgement, Judgement]) -> None:
    figures = {each.name: each for each in compare(*pair, resamples=10).figures}

    names = {"right": "right", "right_single": "right, single questions", "right_dialogue": "right, turns of dialogues"}
    names |= {"right_regression": "right, regression questions", "declined": "out of scope and declined"}
    names |= {"wrongly_declined": "in scope and declined", "calibration_error": "expected calibration error"}
    names |= {"loss_lower": "lost by lower"}
    live, candidate = (each.metrics() for each in pair)
    assert {name: figures[names[name]].live.value for name in live} == pytest.approx(live)
    assert {name: figures[names[name]].candidate.value for name in candidate} == pytest.approx(candidate)
    assert {name: figures[names[name]].difference.value for name in live} == pytest.approx(
        {name: candidate[name] - live[name] for name in live}
    )
    assert len(figures) == len(live)


@given(_pair())
@settings(max_examples=15, deadline=None)
def test_model_beside_itself_shows_no_change(pair: tuple[Judgement, Judgement]) -> None:
    live, _ = pair
    comparison = compare(live, live, Seconds([0.1, 0.2], [0.1, 0.2]), (1_000_000, 1_000_000), resamples=10)

    assert (comparison.fixed, comparison.broken, comparison.p_value) == ([], [], 1.0)
    assert comparison.unchanged == comparison.turns
    assert {each.difference.value for each in comparison.figures} == {0.0}
    assert all(each.live == each.candidate and not each.fixed and not each.broken for each in comparison.intents)
    assert comparison.confusion["live"] == comparison.confusion["candidate"]


def test_chance_is_told_by_the_exact_test_of_mcnemar() -> None:
    live = judgement(*(turn(f"a:{number}") for number in range(10)))
    worse = judgement(*(turn(f"a:{number}", got="decline" if number < 6 else "") for number in range(10)))

    # six of six changes to the worse: 2 x 0.5 ** 6
    assert compare(live, worse).p_value == pytest.approx(0.03125)
    assert compare(worse, live).p_value == pytest.approx(0.03125)


def test_regression_questions_say_nothing_of_chance() -> None:
    live = judgement(*(turn(f"a:{number}", got="decline", kind="regression") for number in range(10)))
    candidate = judgement(*(turn(f"a:{number}", kind="regression") for number in range(10)))

    comparison = compare(live, candidate)

    assert len(comparison.fixed) == 10
    assert comparison.p_value == 1.0


def test_candidate_is_the_newest_model_or_the_one_that_is_named_but_never_the_live_one(tmp_path: Path) -> None:
    old, new = tmp_path / "old.tar.gz", tmp_path / "new.tar.gz"
    for age, model in enumerate((new, old)):
        model.touch()
        os.utime(model, (1_800_000_000 - age, 1_800_000_000 - age))
    with pytest.raises(BadInput, match="No model is live yet"):
        live_and_candidate(folder=tmp_path)
    (tmp_path / "live").write_text("old.tar.gz\n", encoding="utf-8")

    assert live_and_candidate(folder=tmp_path) == (old, new)
    assert live_and_candidate("new", tmp_path) == (old, new)
    with pytest.raises(BadInput, match="is the live model itself"):
        live_and_candidate("old", tmp_path)
    with pytest.raises(BadInput, match="There is no model other"):
        live_and_candidate("other", tmp_path)


def test_intents_and_confusions_name_what_changed() -> None:
    live = judgement(turn("a:1"), turn("a:2"), turn("a:3", "decline", "alliance_lead"), turn("a:4", "alliance_goals"))
    candidate = judgement(
        turn("a:1", got="clarify"), turn("a:2", got="alliance_goals"), turn("a:3", "decline"), turn("a:4", "alliance_goals")
    )

    comparison = compare(live, candidate)

    assert comparison.intents == [
        IntentChange("alliance_lead", turns=2, live=2, candidate=0, fixed=0, broken=2),
        IntentChange("decline", turns=1, live=0, candidate=1, fixed=1, broken=0),
        IntentChange("alliance_goals", turns=1, live=1, candidate=1, fixed=0, broken=0),
    ]
    names = ["alliance_goals", "alliance_lead", "clarify", "decline"]
    assert comparison.confusion == {
        "live": ConfusionMatrix(names, [[1, 0, 0, 0], [0, 2, 0, 0], [0, 0, 0, 0], [0, 1, 0, 0]]),
        "candidate": ConfusionMatrix(names, [[1, 0, 0, 0], [1, 0, 1, 0], [0, 0, 0, 0], [0, 0, 0, 1]]),
    }


def test_costs_are_times_in_milliseconds_and_sizes_in_megabytes() -> None:
    live = judgement(turn("a:1"))

    comparison = compare(live, live, Seconds([0.1, 0.1, 0.3], [0.1, 0.2, 0.3]), (25_000_000, 30_000_000))

    costs = [(each.name, each.unit, each.live.value, each.candidate.value) for each in comparison.figures[-3:]]
    assert costs == [
        ("answer takes, median", "ms", 100.0, 200.0),
        ("answer takes, 95th percentile", "ms", pytest.approx(280.0), pytest.approx(290.0)),
        ("size of the file", "MB", 25.0, 30.0),
    ]
    assert all(math.isnan(each.difference.low) for each in comparison.figures[-3:])


def test_turns_of_a_dialogue_are_drawn_together() -> None:
    """One dialogue of 40 turns says less than 40 questions: its figure has no bounds of its own."""
    dialogue = judgement(*(turn(f"a:1:{number}", got="decline" if number % 2 else "", kind="dialogue") for number in range(40)))
    singles = judgement(*(turn(f"a:{number}", got="decline" if number % 2 else "") for number in range(40)))

    assert compare(dialogue, dialogue).figures[0].live == Interval(0.5, 0.5, 0.5)
    assert compare(singles, singles).figures[0].live.low < 0.45


def test_judgements_of_other_questions_are_not_compared() -> None:
    live = judgement(turn("a:1"), turn("a:2"))

    for other in (judgement(turn("a:1")), judgement(turn("a:1"), turn("a:2", text="Eine andere?"))):
        with pytest.raises(ComparisonError, match="different test questions"):
            compare(live, other)
