"""Opening hours: read from short forms like „Mo-Do“ and „09:00“, and said as a part of a sentence."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence

#: From and to, on one weekday.
Span = tuple[datetime.time, datetime.time]

DAYS = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")
#: Monday first, as `datetime.date.weekday` counts.
WEEKDAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


def read_days(text: str) -> tuple[int, ...]:
    """The weekdays of „Mo-Do“ or „Mo, Mi, Fr“, 0 being Monday. Raises ValueError with a German sentence."""
    days: list[int] = []
    for part in text.split(","):
        ends = [_day(name.strip()) for name in part.split("-")]
        if len(ends) > 2 or (len(ends) == 2 and ends[0] >= ends[1]):
            raise ValueError(f"„{part.strip()}“ ist kein Zeitraum in der Woche; richtig ist zum Beispiel „Mo-Do“")
        days += range(ends[0], ends[-1] + 1)
    if len(set(days)) < len(days):
        raise ValueError(f"„{text}“ nennt einen Tag doppelt")
    return tuple(sorted(days))


def read_time(text: str) -> datetime.time:
    """The time of „09:00“. Raises ValueError with a German sentence."""
    found = _TIME.fullmatch(text)
    if found is None:
        raise ValueError(f"„{text}“ ist keine Uhrzeit; richtig ist zum Beispiel „09:00“")
    return datetime.time(int(found[1]), int(found[2]))


def german_time(time: datetime.time) -> str:
    """„9“ or „9:30“, to be followed by „Uhr“."""
    return f"{time.hour}" if time.minute == 0 else f"{time.hour}:{time.minute:02}"


def said(week: Sequence[Sequence[Span]], easy: bool = False) -> str:
    """The spans of each weekday as a part of a German sentence; `easy`: in Einfache Sprache."""
    hour = " Uhr" if easy else ""
    return ", ".join(
        f"{_runs(days, WEEKDAYS, ' bis ', ' und ')} "
        + " und ".join(f"von {german_time(begin)}{hour} bis {german_time(end)} Uhr" for begin, end in spans)
        for days, spans in _alike(week)
    )


def said_in_english(week: Sequence[Sequence[Span]]) -> str:
    """The spans of each weekday as a part of an English sentence."""
    return ", ".join(
        f"{_runs(days, WEEKDAYS_EN, ' to ', ' and ')} "
        + " and ".join(f"from {begin:%H:%M} to {end:%H:%M}" for begin, end in spans)
        for days, spans in _alike(week)
    )


def _day(name: str) -> int:
    if name not in DAYS:
        raise ValueError(f"„{name}“ ist kein Wochentag; richtig sind {', '.join(DAYS)}")
    return DAYS.index(name)


def _alike(week: Sequence[Sequence[Span]]) -> list[tuple[list[int], tuple[Span, ...]]]:
    """Days with the same spans together, by their first day; days without any are left out."""
    days: dict[tuple[Span, ...], list[int]] = {}
    for day, spans in enumerate(week):
        if spans:
            days.setdefault(tuple(spans), []).append(day)
    return [(alike, spans) for spans, alike in days.items()]


def _runs(days: Sequence[int], names: Sequence[str], to: str, last: str) -> str:
    """„Montag bis Mittwoch und Freitag“."""
    runs: list[list[int]] = []
    for day in days:
        if runs and day == runs[-1][-1] + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    parts = [name for run in runs for name in _run(run, names, to)]
    return last.join(part for part in (", ".join(parts[:-1]), parts[-1]) if part)


def _run(run: Sequence[int], names: Sequence[str], to: str) -> list[str]:
    return [names[day] for day in run] if len(run) < 3 else [f"{names[run[0]]}{to}{names[run[-1]]}"]
