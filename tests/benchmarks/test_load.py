"""The report says what was measured, and which goals are met."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from benchmarks.ledger import Tally
from benchmarks.load import Load, Process, Reference, load_report, milliseconds

_TALLY = Tally(written=4, lost=0, doubled=0, out_of_order=0, unavailable=0, seconds=(0.1, 0.1, 0.1, 0.2))
_LOAD = Load(
    rate=10.0,
    streams=300,
    seconds=2.0,
    tally=_TALLY,
    sent_again=3,
    reopened=1,
    processes=[Process("Rasa", 900.4, 0.2)],
    client_cpu=0.02,
)
_REFERENCE = Reference((0.05, 0.05, 0.05))


def _report(*loads: Load) -> str:
    return load_report(loads, _REFERENCE, "2026-11-22T12:00:00+00:00", 0.5)


def test_percentiles_lie_between_two_values() -> None:
    assert milliseconds([0.1, 0.2, 0.3], 50) == pytest.approx(200)
    assert milliseconds([0.1, 0.2], 95) == pytest.approx(195)
    assert milliseconds([0.1, 0.2], 100) == pytest.approx(200)


def test_percentile_of_nothing_is_no_number() -> None:
    assert math.isnan(milliseconds([], 95))


def test_rates_stand_beside_each_other_and_beside_rasa_alone() -> None:
    lines = _report(_LOAD, replace(_LOAD, rate=20.0, seconds=1.0)).splitlines()

    assert "| | 10 a second | 20 a second | straight to Rasa |" in lines
    assert "| answered a second | 2.0 | 4.0 | 20.0 |" in lines
    assert "| p50 : p50 straight to Rasa | 2.00 | 2.00 | 1 |" in lines
    assert "| sent again | 3 | 3 |  |" in lines


def test_processes_are_shown_per_message() -> None:
    lines = _report(_LOAD).splitlines()

    assert "| Rasa | 10 | 900 | 0.2 | 50.0 |" in lines
    assert "| the citizens | 10 | | 0.0 | 5.0 |" in lines


@pytest.mark.parametrize(
    ("seconds", "verdict"), [((0.1, 0.1, 0.1, 0.2), "185 ms | met"), ((0.1, 0.1, 0.1, 0.5), "440 ms | **not met**")]
)
def test_goal_for_the_way_of_a_message(seconds: tuple[float, ...], verdict: str) -> None:
    load = replace(_LOAD, tally=replace(_TALLY, seconds=seconds))

    assert f"| p95 below 300 ms at 10 messages a second | {verdict} |" in _report(load)


@pytest.mark.parametrize(
    "tally",
    [replace(_TALLY, lost=1), replace(_TALLY, doubled=1), replace(_TALLY, out_of_order=1)],
    ids=["lost", "doubled", "out of order"],
)
def test_goal_at_the_full_rate_is_missed_by_one_message(tally: Tally) -> None:
    full = replace(_LOAD, rate=20.0)
    flawed = replace(full, tally=tally)

    assert "0 lost, 0 doubled, 0 out of order of 4 | met |" in _report(full)
    assert "of 4 | **not met** |" in _report(flawed)


def test_goal_that_was_not_measured_is_neither_met_nor_missed() -> None:
    assert _report(replace(_LOAD, rate=5.0)).count("| not measured | – |") == 2
