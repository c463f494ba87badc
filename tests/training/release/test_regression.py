"""What is a reason to refuse a candidate, and what is chance."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from tests.training.judged import judgement, turn
from training.evaluation.judgement import Judged
from training.release.comparison import Comparison, compare
from training.release.regression import find_regressions

_PERTURBATION = "typos"


def _comparison(live: Iterable[Judged], candidate: Iterable[Judged]) -> Comparison:
    return compare(judgement(*live), judgement(*candidate, model="candidate.tar.gz"))


def _turns(
    count: int, wrong: Iterable[int] = (), wanted: str = "alliance_lead", start: int = 0, **fields: object
) -> list[Judged]:
    """`count` turns, of which those with the numbers `wrong` get another topic."""
    wrong = set(wrong)
    return [
        turn(
            f"{fields.get('kind', 'single')}-{wanted}:{start + number}",
            wanted,
            "alliance_goals" if number in wrong else "",
            **fields,
        )
        for number in range(count)
    ]


def _named(comparison: Comparison) -> list[str]:
    return [f"{each.kind}: {each.name}" for each in find_regressions(comparison)]


def test_same_model_has_no_regressions() -> None:
    turns = _turns(50, wrong=range(9))
    assert find_regressions(_comparison(turns, turns)) == []


def test_regression_question_that_is_wrong_is_one_whatever_the_live_model_says_to_it() -> None:
    live = [turn("regression.jsonl:1", kind="regression"), turn("regression.jsonl:2", got="clarify", kind="regression")]
    candidate = [turn("regression.jsonl:1", got="clarify", kind="regression"), live[1]]

    found = find_regressions(_comparison(live, candidate))

    assert [(each.kind, each.name, each.message) for each in found] == [
        ("regression question", "regression.jsonl:1", "„Frage regression.jsonl:1?“: clarify, not alliance_lead"),
        ("regression question", "regression.jsonl:2", "„Frage regression.jsonl:2?“: clarify, not alliance_lead"),
    ]
    assert [each.broken[0].live.place for each in found] == ["regression.jsonl:1", "regression.jsonl:2"]


@pytest.mark.parametrize(
    ("broken", "fixed", "refused"),
    [
        (4, 0, False),  # p = 0.0625
        (5, 0, True),  # p = 0.03125
        (10, 4, False),  # p = 0.09
        (14, 4, True),  # p = 0.015
        (20, 20, False),
        (0, 9, False),
        (30, 19, True),  # p = 0.08, but 11 of 2000 turns are more than half a point
        (29, 19, False),
    ],
)
def test_test_set_is_worse_beyond_chance_or_by_half_a_point(broken: int, fixed: int, refused: bool) -> None:
    # Each turn has an intent of its own, so that none of them loses anything that counts.
    live, candidate = [], []
    for number in range(2000):
        right = turn(f"a:{number}", f"topic_{number}")
        wrong = turn(f"a:{number}", f"topic_{number}", "alliance_goals")
        live.append(wrong if broken <= number < broken + fixed else right)
        candidate.append(wrong if number < broken else right)

    found = find_regressions(_comparison(live, candidate))

    assert [each.kind for each in found] == (["test set"] if refused else [])
    assert all(len(each.broken) == broken for each in found)


@pytest.mark.parametrize(
    ("turns", "broken", "fixed", "refused"),
    [
        (20, 2, 0, False),
        (20, 3, 0, True),  # 15 % of its turns
        (40, 4, 0, False),  # 10 %
        (40, 5, 0, True),  # p = 0.03
        (20, 4, 2, False),
    ],
)
def test_intent_loses_beyond_chance_or_more_than_a_tenth(turns: int, broken: int, fixed: int, refused: bool) -> None:
    others = _turns(1000, wanted="alliance_goals")  # so that the test set as a whole loses less than half a point
    fixed_elsewhere = range(500, 510)
    live = _turns(turns, range(broken, broken + fixed), "service_phone") + _turns(1000, fixed_elsewhere, "alliance_founder")
    candidate = _turns(turns, range(broken), "service_phone") + _turns(1000, (), "alliance_founder")

    assert _named(_comparison(live + others, candidate + others)) == (["intent: service_phone"] if refused else [])


def test_questions_out_of_scope_that_are_answered_are_one() -> None:
    inside = _turns(3000)
    live = [turn(f"scope:{number}", "decline") for number in range(290)]
    answered = [turn(f"scope:{number}", "decline", "alliance_goals" if number < 3 else "") for number in range(290)]
    clarified = [turn(f"scope:{number}", "decline", "clarify" if number < 2 else "") for number in range(290)]

    assert _named(_comparison(inside + live, inside + answered)) == ["out of scope: answered"]
    assert _named(_comparison(inside + live, inside + clarified)) == []


@pytest.mark.parametrize(
    ("live_wrong", "wrong", "refused"),
    [(0, 9, False), (0, 10, True), (12, 14, False), (12, 17, True), (40, 30, False)],
)
def test_perturbation_costs_more_than_the_goal_and_more_than_before(live_wrong: int, wrong: int, refused: bool) -> None:
    written = _turns(200)
    comparison = compare(
        judgement(*written, perturbed={_PERTURBATION: tuple(_turns(200, range(live_wrong)))}),
        judgement(*written, model="candidate.tar.gz", perturbed={_PERTURBATION: tuple(_turns(200, range(wrong)))}),
    )

    assert _named(comparison) == ([f"perturbation: {_PERTURBATION}"] if refused else [])


@pytest.mark.parametrize(
    ("live", "candidate", "refused"), [(0.99, 0.96, False), (0.99, 0.9, True), (0.905, 0.9, False), (0.8, 0.99, False)]
)
def test_calibration_misses_its_goal_and_is_worse(live: float, candidate: float, refused: bool) -> None:
    found = _named(_comparison(_turns(50, probability=live), _turns(50, probability=candidate)))

    assert found == (["calibration: expected calibration error"] if refused else [])
