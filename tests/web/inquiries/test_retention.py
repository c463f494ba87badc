from __future__ import annotations

import datetime

import pytest
import time_machine
from django.utils import timezone

from tests.web import records
from tests.web.inquiries.leaving import changed, left
from web.inquiries.inquiries import inquiry_reopen, inquiry_settle, inquiry_take
from web.inquiries.models import Inquiry
from web.inquiries.retention import deletion_day, inquiries_expired

pytestmark = pytest.mark.django_db

_NOON = datetime.datetime(2026, 3, 2, 12, 0, tzinfo=datetime.timezone.utc)
_PERIOD = datetime.timedelta(days=180)


def _expired() -> list[str]:
    return list(inquiries_expired(timezone.now() - _PERIOD).order_by("id").values_list("reference", flat=True))


def _days(number: float) -> datetime.timedelta:
    return datetime.timedelta(days=number)


def test_what_is_done_is_kept_for_the_period() -> None:
    with time_machine.travel(_NOON, tick=False) as clock:
        inquiry = left()
        clock.shift(_days(20))
        inquiry_settle(inquiry.reference, records.member())
        clock.shift(_PERIOD)
        assert _expired() == []
        clock.shift(_days(0.001))
        assert _expired() == [inquiry.reference]


def test_what_is_never_done_is_kept_twice_as_long() -> None:
    with time_machine.travel(_NOON, tick=False) as clock:
        inquiry = left()
        clock.shift(2 * _PERIOD)
        assert _expired() == []
        clock.shift(_days(0.001))
        assert _expired() == [inquiry.reference]


def test_what_is_opened_again_is_kept_as_if_it_had_just_come() -> None:
    with time_machine.travel(_NOON, tick=False) as clock:
        inquiry = left()
        clock.shift(_PERIOD + _days(100))
        inquiry_settle(inquiry.reference, records.member())
        clock.shift(_days(170))

        opened = inquiry_reopen(inquiry.reference)

        assert _expired() == []
        assert deletion_day(opened, 180) == timezone.localdate() + _days(360)
        clock.shift(2 * _PERIOD + _days(0.001))
        assert _expired() == [inquiry.reference]


def test_giving_back_what_was_taken_does_not_keep_it_longer() -> None:
    with time_machine.travel(_NOON, tick=False) as clock:
        inquiry = left()
        clock.shift(_PERIOD)
        inquiry_take(inquiry.reference, records.member())
        inquiry_reopen(inquiry.reference)
        clock.shift(_PERIOD + _days(0.001))

        assert _expired() == [inquiry.reference]


def test_day_that_staff_are_told_is_the_day_on_which_it_is_deleted() -> None:
    with time_machine.travel(_NOON, tick=False) as clock:
        waiting, done = left(), changed(left(), progress="done", done_at=_NOON - _days(30))
        days = {each.reference: deletion_day(each, 180) for each in (waiting, done)}
        assert days == {waiting.reference: datetime.date(2027, 2, 25), done.reference: datetime.date(2026, 7, 30)}
        for reference, day in days.items():
            clock.move_to(datetime.datetime.combine(day, datetime.time(23, 59), tzinfo=datetime.timezone.utc))
            assert reference in _expired()
            clock.shift(_days(-1))
            assert reference not in _expired()


def test_nothing_else_is_touched() -> None:
    left()
    assert _expired() == []
    assert Inquiry.objects.count() == 1
