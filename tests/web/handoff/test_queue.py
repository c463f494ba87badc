"""The order of those who wait."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from tests.web import records
from web.chat.models import State
from web.handoff.queue import Waiting, place_of, queue_waiting

pytestmark = pytest.mark.django_db


def test_whoever_asked_first_is_next() -> None:
    now = timezone.now()
    minute = datetime.timedelta(minutes=1)
    texts = [("citizen", "Hilfe!"), ("system", "Bitte warten")]
    second = records.conversation(texts, state=State.REQUESTED, state_since=now - minute)
    third = records.conversation(state=State.REQUESTED, state_since=now)
    first = records.conversation(texts, state=State.REQUESTED, state_since=now - 2 * minute)
    records.conversation(texts, state=State.BOT, state_since=now - 3 * minute)

    assert queue_waiting() == [
        Waiting(first.pk, now - 2 * minute, 1, "Hilfe!", "standard"),
        Waiting(second.pk, now - minute, 2, "Hilfe!", "standard"),
        Waiting(third.pk, now, 3, "", ""),
    ]
    assert [place_of(each.pk, each.state_since) for each in (first, second, third)] == [1, 2, 3]


def test_two_who_asked_in_the_same_moment_have_different_places() -> None:
    now = timezone.now()
    waiting = [records.conversation(state=State.REQUESTED, state_since=now) for _ in range(5)]

    assert sorted(place_of(each.pk, each.state_since) for each in waiting) == [1, 2, 3, 4, 5]
    assert [place_of(each.pk, each.state_since) for each in sorted(waiting, key=lambda each: each.pk)] == [1, 2, 3, 4, 5]
