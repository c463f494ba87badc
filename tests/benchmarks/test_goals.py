"""Which goals are met by stored results, and how the report shows them."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import pytest

from benchmarks.goals import Goal, goal_table, goals, hold_outs
from benchmarks.project import Training
from benchmarks.records import Record
from benchmarks.report import report
from benchmarks.servers import Serving
from benchmarks.sets import HoldOutResult, SetResult

_NOW, _BEFORE = "2026-02-02T10:00:00+00:00", "2026-02-01T10:00:00+00:00"
_TRAINING = Training(20.0, 30.0, 100, "1" * 90 + "0" * 10, "1" * 70, "1" * 20 + "0" * 10)
_STOCK_TRAINING = replace(_TRAINING, seconds=300.0, cpu=390.0, right="1" * 60 + "0" * 40)
_FASTER = "`rasa train nlu` at least 10 times faster, by the clock and in processor time"
_SERVING = Serving(10.0, 30.0, 50.0, 200, 0, 4.0, 300.0, 40.0)
_STOCK_SERVING = replace(_SERVING, parse_median=25.0, actions_peak=None)
_SET = SetResult("robo_faq_de_hard", 10, 100, 2074, 90.0, {"test": "1" * 76 + "0" * 24})


def _record(value: Any, data: str = "data", candidate: str = "candidate", run: str = _NOW) -> Record:
    return Record(data, candidate, run, asdict(value))


def _project(
    ours: Training = _TRAINING,
    stock: Training = _STOCK_TRAINING,
    our_serving: Serving = _SERVING,
    stock_serving: Serving = _STOCK_SERVING,
) -> dict[str, Record]:
    return {
        "training/ours": _record(ours),
        "training/stock": _record(stock),
        "serving/ours": _record(our_serving),
        "serving/stock": _record(stock_serving),
    }


def _sets(ours: str = _SET.right["test"], stock: str = "1" * 52 + "0" * 48, **changed: Any) -> dict[str, Record]:
    return {
        "robo_faq_de_hard/ours": _record(replace(_SET, right={"test": ours}, **changed)),
        "robo_faq_de_hard/stock": _record(replace(_SET, right={"test": stock}, **changed)),
        **{
            f"robo_faq_de_hard/hold-out-{number}": _record(
                HoldOutResult("robo_faq_de_hard", 0.8, {"in_scope": value, "top": 0.7}, {"in_scope": 0.9, "top": 0.85})
            )
            for number, value in enumerate((0.80, 0.82, 0.84))
        },
    }


def _judged(project: dict[str, Record], sets: dict[str, Record]) -> dict[str, tuple[str, bool | None]]:
    return {goal.wanted: (goal.measured, goal.met) for goal in goals(project, sets)}


def test_goals_are_met_where_all_figures_reach_them() -> None:
    found = goals(_project(), _sets())

    assert [goal.met for goal in found] == [True] * 6
    assert [goal.measured.partition(" [")[0] for goal in found] == [
        "15.0 times (20 s, 300 s), 13.0 times (30 s, 390 s)",
        "+30.0 points",
        "0.40 times (10.0 ms, 25.0 ms)",
        "+24.0 points",
        "+24.0 points",
        "0.820 (mean of 3)",
    ]


@pytest.mark.parametrize("stock", [{"seconds": 199.0, "cpu": 390.0}, {"seconds": 300.0, "cpu": 299.0}])
def test_training_must_be_faster_by_the_clock_and_in_processor_time(stock: dict[str, float]) -> None:
    _, met = _judged(_project(stock=replace(_STOCK_TRAINING, **stock)), {})[_FASTER]

    assert met is False


def test_goals_are_missed_where_figures_just_do_not_reach_them() -> None:
    project = _project(
        stock=replace(_TRAINING, seconds=199.0, cpu=390.0, right="1" * 88 + "0" * 12),
        stock_serving=replace(_SERVING, parse_median=19.9),
    )
    sets = _sets(stock="1" * 57 + "0" * 43)
    weak = HoldOutResult("robo_faq_de_hard", 0.8, {"in_scope": 0.79, "top": 0.9}, {})
    sets |= {f"robo_faq_de_hard/hold-out-{number}": _record(weak) for number in range(3)}

    assert [goal.met for goal in goals(project, sets)] == [False, False, False, True, False, False]


def test_difference_that_may_be_luck_does_not_count_as_better() -> None:
    project = _project(stock=replace(_TRAINING, seconds=300.0, cpu=390.0, right="01" + "1" * 87 + "0" * 11))

    measured, met = _judged(project, {})["accuracy on our test questions: interval of the difference above 0"]

    assert measured.startswith("+2.0 points [+0.0")
    assert met is False


def test_nothing_measured_means_nothing_met_and_nothing_missed() -> None:
    found = goals({}, {})

    assert [(goal.measured, goal.met) for goal in found] == [("", None)] * 6


def test_one_side_alone_cannot_reach_a_goal() -> None:
    project = {key: record for key, record in _project().items() if key.endswith("/ours")}
    sets = {"xsid_de/ours": _record(_SET)}

    assert {goal.met for goal in goals(project, sets)} == {None}


def test_sides_measured_on_different_data_are_not_compared() -> None:
    sets = _sets()
    sets["robo_faq_de_hard/stock"] = replace(sets["robo_faq_de_hard/stock"], data="other data")

    assert _judged({}, sets)["ahead of stock on each labelled set"] == ("", None)


def test_stock_trained_for_fewer_epochs_is_no_opponent() -> None:
    project = _project(stock=replace(_TRAINING, seconds=300.0, cpu=390.0, epochs=2, right="0" * 100))

    measured, met = _judged(project, {})[_FASTER]

    assert (measured, met) == ("15.0 times (20 s, 300 s), 13.0 times (30 s, 390 s), stock trained for 2 epochs only", None)


def test_hard_set_with_other_than_ten_examples_does_not_count_for_its_goal() -> None:
    found = _judged({}, _sets(shots=20))

    assert found["robo_faq_de_hard with 10 examples per intent: ahead by 20 points"] == ("", None)
    assert found["robo_faq_de_hard: ahead of stock"][1] is True


def test_times_from_different_runs_are_named_as_such() -> None:
    project = _project()
    project["serving/stock"] = replace(project["serving/stock"], run=_BEFORE)

    measured, met = _judged(project, {})["`POST /model/parse`: at most half the time"]

    assert measured.endswith("the sides measured in different runs")
    assert met is True


def test_hold_outs_of_an_older_pipeline_are_not_mixed_with_the_newest() -> None:
    sets = _sets()
    sets["robo_faq_de_hard/hold-out-0"] = replace(sets["robo_faq_de_hard/hold-out-0"], candidate="older", run=_BEFORE)

    assert [each.near["in_scope"] for each in hold_outs(sets, "robo_faq_de_hard")] == [0.82, 0.84]


def test_table_says_met_not_met_and_not_measured() -> None:
    rows = [Goal("faster", "12 times", True), Goal("better", "-1 point", False), Goal("quicker", "", None)]

    assert goal_table(rows) == "\n".join(
        [
            "| goal | measured | |",
            "| --- | --- | --- |",
            "| faster | 12 times | met |",
            "| better | -1 point | **not met** |",
            "| quicker | not measured | – |",
        ]
    )


def test_report_shows_ratios_intervals_and_means() -> None:
    text = report(_project(), _sets(), _NOW)

    assert "| `POST /model/parse`, median, ms | 10.0 | 25.0 | 0.40 |" in text
    assert "| peak memory with the action server, MB | 340.0 | 300.0 | 1.13 |" in text
    assert "| ours | 100 | 20.0 s | 30.0 s | 90.0% | 100.0% of 70 | 66.7% of 30 |" in text
    assert "| robo_faq_de_hard | 10 | 2074 | 100 | 76.0% | 52.0% | +24.0 points [" in text
    assert "| robo_faq_de_hard | 3 | 80.0% | 0.820 | 0.700 | 0.900 | 0.850 |" in text
    assert "earlier" not in text


def test_report_names_what_an_earlier_run_measured() -> None:
    sets = _sets()
    sets["robo_faq_de_hard/stock"] = replace(sets["robo_faq_de_hard/stock"], run=_BEFORE)

    assert report({}, sets, _NOW).endswith(f"Measured in earlier runs: robo_faq_de_hard/stock ({_BEFORE}).\n")


@pytest.mark.parametrize("missing", ["ours", "stock"])
def test_report_of_one_side_leaves_the_other_one_empty(missing: str) -> None:
    project = {key: record for key, record in _project().items() if not key.endswith(missing)}
    sets = {key: record for key, record in _sets().items() if key.endswith("ours") and missing != "ours"}

    text = report(project, sets, _NOW)

    assert f"\n| {missing} |" not in text
    assert "times faster |" not in text.partition("## Trained")[2]
