"""The report says what a swap costs those who write meanwhile, and which goals are met."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.ledger import Tally
from benchmarks.swap import Course, swap_report

_TALLY = Tally(written=4, lost=0, doubled=0, out_of_order=0, unavailable=0, seconds=(0.1, 0.1, 0.1, 0.2))
_PEACE = Course(_TALLY, sent_again=0, swaps=(), probes=(0.002, 0.004), memory=900.4)
_SWAPPED = Course(_TALLY, sent_again=1, swaps=(3.0, 3.2), probes=(0.002, 0.15), memory=1000.6)


def _report(swapped: Course) -> str:
    return swap_report(_PEACE, swapped, 10.0, "2026-11-23T06:00:00+00:00", 0.5)


def test_report_puts_both_runs_side_by_side() -> None:
    lines = _report(_SWAPPED).splitlines()
    assert lines[0] == "# Another model while citizens write, 2026-11-23T06:00:00+00:00"
    assert lines[2].endswith("load average before 0.5. 10 messages a second, the same in both runs.")
    assert lines[4:] == [
        "## Goals",
        "",
        "| goal | measured | |",
        "| --- | --- | --- |",
        "| no message lost or answered with an error | 0 lost, 0 doubled, 0 out of order, 0 without the bot of 4 | met |",
        "| a pause below 200 ms | 150 ms | met |",
        "",
        "## Figures",
        "",
        "| | in peace | while models are swapped |",
        "| --- | --- | --- |",
        "| swaps | 0 | 2 |",
        "| a swap takes, s, median |  | 3.1 |",
        "| written | 4 | 4 |",
        "| lost | 0 | 0 |",
        "| doubled | 0 | 0 |",
        "| out of order | 0 | 0 |",
        "| answered without the bot | 0 | 0 |",
        "| sent again | 0 | 1 |",
        "| message answered, ms, p50 | 100 | 100 |",
        "| message answered, ms, p95 | 185 | 185 |",
        "| message answered, ms, longest | 200 | 200 |",
        "| Rasa's event loop answers, ms, p50 | 3 | 76 |",
        "| Rasa's event loop answers, ms, p95 | 4 | 143 |",
        "| Rasa's event loop answers, ms, longest | 4 | 150 |",
        "| memory of Rasa at the end, MB | 900 | 1001 |",
    ]


def test_goals_that_are_not_met_are_named() -> None:
    swapped = replace(_SWAPPED, tally=replace(_TALLY, unavailable=1), probes=(0.25,))
    assert not swapped.is_clean
    report = _report(swapped)
    assert "1 without the bot of 4 | **not met** |" in report
    assert "| a pause below 200 ms | 250 ms | **not met** |" in report
