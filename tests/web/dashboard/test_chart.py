from __future__ import annotations

import datetime

from web.dashboard.chart import Column, columns

MONDAY = datetime.date(2026, 11, 23)


def test_highest_column_is_as_high_as_the_drawing_and_one_of_many_can_still_be_seen() -> None:
    days = [MONDAY + datetime.timedelta(days=number) for number in range(4)]

    assert columns(list(zip(days, (0, 1000, 500, 1)))) == [
        Column(days[0], 0, 0, 100, 248, 0),
        Column(days[1], 1000, 250, 0, 248, 100),
        Column(days[2], 500, 500, 50, 248, 50),
        Column(days[3], 1, 750, 99, 248, 1),
    ]


def test_days_without_anything_have_no_height() -> None:
    assert [column.height for column in columns([(MONDAY, 0)])] == [0]


def test_saturday_and_sunday_are_marked() -> None:
    week = [(MONDAY + datetime.timedelta(days=number), 1) for number in range(7)]

    assert [column.is_weekend for column in columns(week)] == [False] * 5 + [True] * 2
