"""The report on the list of conversations."""

from __future__ import annotations

import pytest

from benchmarks.archive import Row, p95, report


def test_report_names_the_page_that_grows_most_first() -> None:
    rows = [Row("list", [0.010] * 20, [0.012] * 20), Row("search", [0.010] * 20, [0.029] * 20)]

    lines = report(rows, "today", 0.5).splitlines()

    assert lines[0] == "# The list of conversations with 1000 and 20000 conversations, today"
    assert lines[2] == "Goal: p95 at 20000 at most 3 times that at 1000: met (at most 2.9 times)."
    assert lines[-2:] == ["| search | 10 | 10 | 29 | 29 | 2.9 |", "| list | 10 | 10 | 12 | 12 | 1.2 |"]


def test_goal_is_missed_where_one_page_grows_too_much() -> None:
    assert "**not met** (at most 3.1 times)" in report([Row("list", [0.010], [0.031])], "today", 0.5)


def test_a_slow_request_in_twenty_counts() -> None:
    assert p95([0.01] * 18 + [0.5] * 2) == pytest.approx(0.5)
    assert p95([0.01] * 99 + [0.5]) == pytest.approx(0.01)
