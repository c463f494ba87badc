"""Every cell of the table, the guards, and what the citizen is told."""

from __future__ import annotations

import datetime
import itertools
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, get_args

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import connections
from django.utils import timezone

from tests.web import records
from web.chat.models import Author, Conversation, Message, State
from web.chat.rows import Deleted, append, locked
from web.handoff.machine import CITIZEN_GONE, TABLE, Event, Refused, conversation_hand, leases_extend
from web.handoff.messages import staff_say
from web.handoff.models import Transition
from web.handoff.presence import presence_set

pytestmark = pytest.mark.django_db

EVENTS: tuple[Event, ...] = get_args(Event)


def _conversation(state: State, owner: User, **fields: Any) -> Conversation:
    """A conversation in `state`, in which everything is due that the clock can do."""
    past = timezone.now() - datetime.timedelta(hours=1)
    owned = {"owner": owner, "owned_until": past} if state == State.STAFF else {}
    made: dict[str, Any] = {"state": state, "state_since": past, "citizen_seen_at": past, **owned, **fields}
    conversation = records.conversation([("citizen", "Guten Tag")], **made)
    if state == State.REQUESTED:
        Transition.objects.create(conversation=conversation, event="ask", before=State.BOT, after=State.REQUESTED)
        Transition.objects.update(at=past)
    return conversation


def _refusal(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    assert refused.value.message.endswith(".")
    return refused.value.code


def _told(conversation: Conversation) -> list[str]:
    return list(Message.objects.filter(conversation=conversation, author=Author.SYSTEM).values_list("topic", flat=True))


@pytest.mark.parametrize(("state", "event"), list(itertools.product(State, EVENTS)))
def test_state_changes_as_the_table_says_and_is_recorded_or_is_refused(state: State, event: Event, diehl: User) -> None:
    conversation = _conversation(state, diehl)
    by = None if event in ("ask", "cancel", "write", "lease_lost", "citizen_gone", "nobody_came") else diehl
    steps = Transition.objects.exclude(pk__in=list(Transition.objects.values_list("pk", flat=True)))

    if (state, event) in TABLE and event != "take_over":
        changed = conversation_hand(conversation.pk, event, by)
        conversation.refresh_from_db()
        assert changed.state == conversation.state == TABLE[state, event]
        assert (conversation.owner is not None) == (conversation.state == State.STAFF)
        recorded = steps.values_list("event", "before", "after", "by")
        assert list(recorded) == [(event, state, conversation.state, by.pk if by else None)]
        assert conversation.last_seq == Message.objects.count()
    elif state == State.STAFF and event in ("take", "step_in", "take_over"):  # it is theirs already
        conversation_hand(conversation.pk, event, by)
        assert steps.count() == 0
        assert _told(conversation) == []
    else:
        assert _refusal(lambda: conversation_hand(conversation.pk, event, by)) == "not_possible"
        conversation.refresh_from_db()
        assert conversation.state == state
        assert steps.count() == 0


@pytest.mark.parametrize(
    ("state", "event", "told"),
    [
        (State.BOT, "ask", ["handoff_waiting"]),
        (State.BOT, "step_in", ["handoff_taken"]),
        (State.REQUESTED, "take", ["handoff_taken"]),
        (State.REQUESTED, "cancel", ["handoff_back"]),
        (State.REQUESTED, "nobody_came", ["handoff_late"]),
        (State.STAFF, "give_back", ["handoff_back"]),
        (State.STAFF, "lease_lost", ["handoff_lost"]),
        (State.STAFF, "citizen_gone", ["handoff_back"]),
        (State.STAFF, "close", ["handoff_closed"]),
        (State.CLOSED, "write", []),
    ],
)
def test_citizen_is_told_once_what_happened(state: State, event: Event, told: list[str], diehl: User) -> None:
    conversation = _conversation(state, diehl)

    conversation_hand(conversation.pk, event, diehl)

    assert _told(conversation) == told


def test_citizen_is_told_in_the_register_of_the_conversation_who_reads_now(diehl: User) -> None:
    conversation = _conversation(State.REQUESTED, diehl)
    Message.objects.update(register="en")

    conversation_hand(conversation.pk, "take", diehl)

    told = Message.objects.get(author=Author.SYSTEM)
    assert told.register == "en"
    assert "Frau Diehl from the Servicestelle" in told.text


def test_nobody_can_be_asked_for_while_nobody_is_there(diehl: User) -> None:
    presence_set(diehl, available=False)
    conversation = _conversation(State.BOT, diehl)

    assert _refusal(lambda: conversation_hand(conversation.pk, "ask")) == "nobody_there"


@pytest.mark.parametrize("event", ["take", "step_in", "take_over"])
def test_conversation_of_a_colleague_is_not_taken_by_accident(event: Event, diehl: User, piesk: User) -> None:
    conversation = _conversation(State.STAFF, diehl)

    assert _refusal(lambda: conversation_hand(conversation.pk, event, piesk)) == "owned_by_other"

    conversation.refresh_from_db()
    assert conversation.owner == diehl


def test_conversation_of_a_colleague_is_taken_over_with_a_confirmation(diehl: User, piesk: User) -> None:
    conversation = _conversation(State.STAFF, diehl)

    conversation_hand(conversation.pk, "take_over", piesk, confirmed=True)

    conversation.refresh_from_db()
    assert conversation.owner == piesk
    assert _told(conversation) == ["handoff_taken"]
    assert leases_extend(diehl) == 0
    assert leases_extend(piesk) == 1


@pytest.mark.parametrize("event", ["give_back", "close"])
def test_only_the_owner_gives_back_and_closes(event: Event, diehl: User, piesk: User) -> None:
    conversation = _conversation(State.STAFF, diehl)

    assert _refusal(lambda: conversation_hand(conversation.pk, event, piesk)) == "not_owner"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_at_once_one_wins_and_the_other_is_told_who(diehl: User, piesk: User) -> None:
    for _ in range(10):
        conversation = _conversation(State.REQUESTED, diehl)

        def take(user: User, conversation_id: uuid.UUID = conversation.pk) -> str:
            try:
                conversation_hand(conversation_id, "take", user)
            except Refused as refused:
                return refused.message
            finally:
                connections.close_all()
            return ""

        with ThreadPoolExecutor(2) as threads:
            results = dict(zip(("Diehl", "Piesk"), threads.map(take, (diehl, piesk)), strict=True))

        conversation.refresh_from_db()
        assert conversation.owner is not None
        winner = conversation.owner.profile.shown_as
        loser = "Piesk" if winner == "Frau Diehl" else "Diehl"
        assert results[loser] == f"Das Gespräch führt gerade {winner} von der Servicestelle."
        assert sorted(results.values())[0] == ""
        assert Transition.objects.filter(conversation=conversation, event="take").count() == 1


@pytest.mark.parametrize("event", ["give_back", "citizen_gone"])
@pytest.mark.parametrize("is_answered", [False, True])
def test_bot_answers_what_staff_who_said_nothing_hand_back(is_answered: bool, event: Event, diehl: User) -> None:
    conversation = _conversation(State.REQUESTED, diehl)
    conversation_hand(conversation.pk, "take", diehl)
    if is_answered:
        staff_say(conversation.pk, diehl, "Guten Tag.", uuid.uuid4(), after=2)
    append(locked(conversation.pk), Message(author=Author.CITIZEN, text="Wie lautet die Anschrift?", register="standard"))
    Conversation.objects.update(citizen_seen_at=timezone.now() - CITIZEN_GONE)

    conversation_hand(conversation.pk, event, diehl)

    waiting = Message.objects.filter(pending=True).values_list("text", flat=True)
    assert list(waiting) == ([] if is_answered else ["Guten Tag", "Wie lautet die Anschrift?"])


def test_clock_does_nothing_while_owner_and_citizen_are_there(diehl: User) -> None:
    soon = timezone.now() + datetime.timedelta(seconds=5)
    conversation = _conversation(State.STAFF, diehl, owned_until=soon, citizen_seen_at=timezone.now())

    assert _refusal(lambda: conversation_hand(conversation.pk, "lease_lost")) == "not_possible"
    assert _refusal(lambda: conversation_hand(conversation.pk, "citizen_gone")) == "not_possible"


def test_citizen_who_has_asked_again_since_the_clock_looked_is_not_sent_away(diehl: User) -> None:
    conversation = _conversation(State.REQUESTED, diehl)
    conversation_hand(conversation.pk, "cancel")
    conversation_hand(conversation.pk, "ask")

    assert _refusal(lambda: conversation_hand(conversation.pk, "nobody_came")) == "not_possible"

    conversation.refresh_from_db()
    assert conversation.state == State.REQUESTED


def test_citizen_whose_owner_was_lost_keeps_the_place_in_the_queue(diehl: User) -> None:
    conversation = _conversation(State.BOT, diehl)
    with time_machine.travel(datetime.datetime(2026, 11, 23, 10, tzinfo=datetime.timezone.utc), tick=False) as clock:
        presence_set(diehl, available=True)
        asked = conversation_hand(conversation.pk, "ask").state_since
        clock.shift(60)
        conversation_hand(conversation.pk, "take", diehl)
        clock.shift(600)

        lost = conversation_hand(conversation.pk, "lease_lost")

    assert (lost.state, lost.state_since) == (State.REQUESTED, asked)


def test_deleted_conversation_cannot_be_handed(diehl: User) -> None:
    with pytest.raises(Deleted):
        conversation_hand(uuid.uuid4(), "take", diehl)
