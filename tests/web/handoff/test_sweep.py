"""What ends by itself, by the clock."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import pytest
import time_machine
from django.contrib.auth.models import User
from pytest_django import DjangoDbBlocker

from tests.web import records
from web.chat.models import Conversation, Message, State
from web.handoff.machine import conversation_hand, leases_extend
from web.handoff.models import Transition
from web.handoff.presence import presence_set
from web.handoff.signs import citizen_seen
from web.handoff.sweep import Watch, handoffs_sweep

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime.datetime(2026, 11, 23, 9, tzinfo=datetime.timezone.utc), tick=False) as coordinates:
        yield coordinates


@pytest.fixture
def diehl(clock: time_machine.Traveller) -> User:
    user = records.member()
    presence_set(user, available=True)
    return user


@pytest.fixture
def asked(diehl: User) -> Conversation:
    conversation = records.conversation([("citizen", "Hilfe!")])
    return conversation_hand(conversation.pk, "ask")


def _events(conversation: Conversation) -> list[str]:
    return list(Transition.objects.filter(conversation=conversation).order_by("id").values_list("event", flat=True))


def _pass(clock: time_machine.Traveller, conversation: Conversation, seconds: int) -> str:
    """The state after `seconds` in which the citizen was there."""
    citizen_seen(conversation.pk)
    clock.shift(seconds)
    handoffs_sweep()
    conversation.refresh_from_db()
    return conversation.state


def test_request_that_nobody_takes_goes_back_to_the_bot(asked: Conversation, clock: time_machine.Traveller) -> None:
    assert _pass(clock, asked, 299) == State.REQUESTED
    assert _pass(clock, asked, 299) == State.REQUESTED
    assert _pass(clock, asked, 2) == State.BOT
    assert _events(asked) == ["ask", "nobody_came"]
    last = Message.objects.latest("seq")
    assert (last.topic, "Anliegen hinterlassen" in last.text) == ("handoff_late", True)


def test_closed_laptop_gives_the_citizen_back_to_the_queue(
    asked: Conversation, diehl: User, clock: time_machine.Traveller
) -> None:
    conversation_hand(asked.pk, "take", diehl)
    assert _pass(clock, asked, 59) == State.STAFF
    leases_extend(diehl)
    assert _pass(clock, asked, 59) == State.STAFF
    assert _pass(clock, asked, 1) == State.REQUESTED
    assert (asked.owner, asked.owned_until) == (None, None)
    assert _events(asked) == ["ask", "take", "lease_lost"]


def test_citizen_who_was_lost_late_waits_as_long_as_anybody(
    asked: Conversation, diehl: User, clock: time_machine.Traveller
) -> None:
    conversation_hand(asked.pk, "take", diehl)
    for _ in range(20):
        leases_extend(diehl)
        assert _pass(clock, asked, 59) == State.STAFF
    assert _pass(clock, asked, 60) == State.REQUESTED
    assert _pass(clock, asked, 299) == State.REQUESTED
    assert _pass(clock, asked, 299) == State.REQUESTED
    assert _pass(clock, asked, 2) == State.BOT


@pytest.mark.parametrize("is_taken", [False, True])
def test_citizen_who_has_left_is_not_waited_for(
    asked: Conversation, diehl: User, clock: time_machine.Traveller, is_taken: bool
) -> None:
    if is_taken:
        conversation_hand(asked.pk, "take", diehl)
    for _ in range(6):
        leases_extend(diehl)
        clock.shift(50)
        handoffs_sweep()
    asked.refresh_from_db()

    assert asked.state == State.BOT
    assert _events(asked)[-1] == "citizen_gone"


def test_account_that_was_removed_leaves_nobody_with_a_silent_conversation(
    asked: Conversation, diehl: User, clock: time_machine.Traveller
) -> None:
    conversation_hand(asked.pk, "take", diehl)
    diehl.delete()

    assert _pass(clock, asked, 61) == State.REQUESTED


def test_nothing_happens_to_what_is_not_due(asked: Conversation) -> None:
    closed = records.conversation(state=State.CLOSED)
    bot = records.conversation()

    handoffs_sweep()

    assert [_events(each) for each in (asked, closed, bot)] == [["ask"], [], []]


@pytest.fixture
def talking(asked: Conversation, diehl: User) -> Conversation:
    return conversation_hand(asked.pk, "take", diehl)


def _look(watch: Watch, clock: time_machine.Traveller, seconds: int) -> None:
    """The looks of `seconds`."""
    for _ in range(seconds // 5):
        clock.shift(5)
        watch.look()


def test_outage_longer_than_a_lease_parts_nobody_who_is_still_there(
    talking: Conversation, diehl: User, clock: time_machine.Traveller
) -> None:
    clock.shift(600)  # the service is away, then started anew
    watch = Watch()
    watch.look()
    _look(watch, clock, 30)
    leases_extend(diehl)
    citizen_seen(talking.pk)
    _look(watch, clock, 55)

    talking.refresh_from_db()
    assert (talking.state, talking.owner) == (State.STAFF, diehl)
    assert _events(talking) == ["ask", "take"]


def test_outage_does_not_hold_whoever_has_left(talking: Conversation, clock: time_machine.Traveller) -> None:
    watch = Watch()
    watch.look()
    clock.shift(600)
    _look(watch, clock, 60)
    assert _events(talking) == ["ask", "take"]

    _look(watch, clock, 5)

    assert _events(talking)[-1] == "citizen_gone"


def test_database_that_was_away_starts_the_time_anew(
    talking: Conversation, diehl: User, clock: time_machine.Traveller, django_db_blocker: DjangoDbBlocker
) -> None:
    watch = Watch()
    watch.look()
    leases_extend(diehl, datetime.timedelta(seconds=100))
    _look(watch, clock, 90)
    for _ in range(4):
        clock.shift(5)
        with django_db_blocker.block(), pytest.raises(RuntimeError):
            watch.look()
    _look(watch, clock, 60)
    assert _events(talking) == ["ask", "take"]

    _look(watch, clock, 5)

    assert _events(talking) == ["ask", "take", "lease_lost"]
