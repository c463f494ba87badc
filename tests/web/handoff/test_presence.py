"""Who is there, and when: opening hours, holidays of Hessen, changes of the clock."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from tests.web import records
from tests.web.handoff.conftest import Opens
from web.handoff.presence import opening, presence_beat, presence_set, staff_there

WEEK = [
    {"days": "Mo-Do", "from": "09:00", "to": "12:00"},
    {"days": "Mo-Do", "from": "13:00", "to": "15:30"},
    {"days": "Fr", "from": "09:00", "to": "12:00"},
]


def _berlin(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.mark.parametrize(
    ("now", "is_open", "following", "english"),
    [
        ("2026-11-23 08:59:59", False, "heute ab 9 Uhr", "today at 09:00"),
        ("2026-11-23 09:00:00", True, "heute ab 13 Uhr", "today at 13:00"),
        ("2026-11-23 12:00:00", False, "heute ab 13 Uhr", "today at 13:00"),
        ("2026-11-23 15:29:59", True, "morgen ab 9 Uhr", "tomorrow at 09:00"),
        ("2026-11-27 12:00:00", False, "am Montag, 30. November ab 9 Uhr", "on Monday, 30 November at 09:00"),  # Friday
        ("2026-11-22 10:00:00", False, "morgen ab 9 Uhr", "tomorrow at 09:00"),  # Sunday
        ("2026-06-04 10:00:00", False, "morgen ab 9 Uhr", "tomorrow at 09:00"),  # Corpus Christi, no holiday in Berlin
        ("2026-12-25 10:00:00", False, "am Montag, 28. Dezember ab 9 Uhr", "on Monday, 28 December at 09:00"),
        ("2026-12-26 10:00:00", False, "am Montag, 28. Dezember ab 9 Uhr", "on Monday, 28 December at 09:00"),
        ("2026-12-31 15:30:00", False, "am Montag, 4. Januar ab 9 Uhr", "on Monday, 4 January at 09:00"),
    ],
)
def test_opening_hours_and_holidays_say_whether_it_is_open_and_when_again(
    opens: Opens, now: str, is_open: bool, following: str, english: str
) -> None:
    opens(WEEK)

    found = opening(_berlin(now))

    assert (found.is_known, found.is_open, found.next, found.next_in("en")) == (True, is_open, following, english)
    assert opening(_berlin(now).astimezone(datetime.timezone.utc)) == found


@pytest.mark.parametrize(
    ("sunday", "opens_at"),
    [
        ("2026-10-25 01:00", "2026-10-25T08:00:00+00:00"),  # the clock was put back in the night
        ("2026-03-29 01:00", "2026-03-29T07:00:00+00:00"),  # and put forward
    ],
)
def test_hours_are_those_of_the_wall_clock_on_the_day_of_its_change(opens: Opens, sunday: str, opens_at: str) -> None:
    opens([{"days": "So", "from": "09:00", "to": "10:00"}])

    found = opening(_berlin(sunday))

    assert found.next_at is not None
    assert found.next_at.astimezone(datetime.timezone.utc).isoformat() == opens_at
    assert found.next == "heute ab 9 Uhr"
    begins = datetime.datetime.fromisoformat(opens_at)
    assert not opening(begins - datetime.timedelta(seconds=1)).is_open
    assert opening(begins).is_open


def test_without_hours_nothing_is_known() -> None:
    found = opening(_berlin("2026-11-23 10:00"))

    assert (found.is_known, found.is_open, found.next) == (False, False, "")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("now", "there"), [("2026-11-23 10:00", True), ("2026-11-23 12:30", False), ("2026-12-25 10:00", False)]
)
def test_nobody_is_there_outside_the_opening_hours(opens: Opens, now: str, there: bool) -> None:
    opens(WEEK)
    with time_machine.travel(_berlin(now), tick=False):
        presence_set(records.member(), available=True)

        assert staff_there() == there


@pytest.mark.django_db
def test_whoever_is_available_is_there_as_long_as_the_page_gives_signs() -> None:
    user = records.member()
    presence_beat(user)
    assert not staff_there()
    with time_machine.travel(_berlin("2026-11-23 10:00"), tick=False) as clock:
        presence_set(user, available=True)
        assert staff_there()
        clock.shift(59)
        presence_beat(user)
        clock.shift(59)
        assert staff_there()
        clock.shift(1)
        assert not staff_there()
        presence_beat(user)
        assert staff_there()
        presence_set(user, available=False)
        assert not staff_there()


@pytest.mark.django_db
def test_whoever_may_not_log_in_any_more_is_not_there() -> None:
    presence_set(records.member(is_active=False), available=True)

    assert not staff_there()
