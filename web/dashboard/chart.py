"""Columns of a chart, as rectangles of an SVG."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

#: Of the drawing, in its own units; the page stretches it.
WIDTH, HEIGHT = 1000, 100


@dataclass(frozen=True)
class Column:
    """One day. `x`, `y`, `width`, `height`: whole units."""

    day: datetime.date
    count: int
    x: int
    y: int
    width: int
    height: int

    @property
    def is_weekend(self) -> bool:
        return self.day.weekday() > 4


def columns(counts: Sequence[tuple[datetime.date, int]]) -> list[Column]:
    """One for each day, the highest as high as the drawing; what is not 0 can be seen."""
    most = max((count for _, count in counts), default=0)
    made = []
    for index, (day, count) in enumerate(counts):
        left, right = (WIDTH * place // len(counts) for place in (index, index + 1))
        height = max(1, round(HEIGHT * count / most)) if count else 0
        made.append(Column(day, count, left, HEIGHT - height, max(1, right - left - 2), height))
    return made
