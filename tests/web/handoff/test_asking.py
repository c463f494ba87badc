"""A citizen asks for a person."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

import pytest
import time_machine

from tests.web import records
from tests.web.handoff.conftest import Opens
from web.chat import conversations
from web.chat.conversations import Post, Reply
from web.chat.models import Author, Channel, Conversation, Message, State
from web.handoff.asking import person_ask, person_cancel
from web.handoff.presence import presence_set

pytestmark = pytest.mark.django_db

NIGHT = datetime.datetime(2026, 11, 23, 20, tzinfo=datetime.timezone.utc)


def _messages(conversation_id: uuid.UUID) -> list[tuple[str, str]]:
    return list(Message.objects.filter(conversation_id=conversation_id).order_by("seq").values_list("author", "topic"))


def test_asking_is_the_first_thing_that_may_happen() -> None:
    presence_set(records.member(), available=True)
    conversation_id = uuid.uuid4()

    person_ask(conversation_id, "einfach", Channel.EMBEDDED)
    person_ask(conversation_id, "einfach")

    conversation = Conversation.objects.get()
    assert (conversation.state, conversation.channel) == (State.REQUESTED, Channel.EMBEDDED)
    assert _messages(conversation_id) == [("system", "handoff_waiting")]


def test_nobody_there_is_said_at_once_and_not_again_and_again() -> None:
    conversation = records.conversation([("citizen", "Mensch")])

    for _ in range(3):
        person_ask(conversation.pk, "standard")

    assert _messages(conversation.pk) == [("citizen", ""), ("system", "handoff_nobody")]


def test_nobody_there_is_said_with_the_time_from_which_somebody_is(opens: Opens) -> None:
    opens([{"days": "Di", "from": "09:00", "to": "12:00"}])
    conversation = records.conversation([("citizen", "Mensch")])

    with time_machine.travel(NIGHT, tick=False):
        person_ask(conversation.pk, "standard")

    told = Message.objects.get(author=Author.SYSTEM)
    assert told.topic == "handoff_hours"
    assert "Wieder offen ist morgen ab 9 Uhr." in told.text
    conversation.refresh_from_db()
    assert conversation.state == State.BOT


def test_cancelling_ends_the_waiting_and_nothing_else() -> None:
    diehl = records.member()
    presence_set(diehl, available=True)
    conversation_id = uuid.uuid4()
    person_cancel(conversation_id, "standard")
    person_ask(conversation_id, "standard")

    for _ in range(2):
        person_cancel(conversation_id, "standard")

    assert _messages(conversation_id) == [("system", "handoff_waiting"), ("system", "handoff_back")]


def _answered(handoff: dict[str, Any] | None) -> uuid.UUID:
    """A conversation in which the bot has answered a question so."""
    conversation_id = uuid.uuid4()
    conversations.message_add(conversation_id, Post(uuid.uuid4(), "Mensch", "en", redacted=False))
    message = conversations.message_claim(conversation_id)
    assert message is not None
    reply = Reply(Author.BOT, "Die Servicestelle hilft.", "en", "answer", "handoff")
    assert conversations.message_answer(message, [reply], handoff, None)
    return conversation_id


@pytest.mark.parametrize(
    ("is_there", "state", "told"), [(True, "requested", "handoff_waiting"), (False, "bot", "handoff_nobody")]
)
def test_hand_off_of_the_bot_asks_for_a_person(is_there: bool, state: str, told: str) -> None:
    presence_set(records.member(), available=is_there)

    conversation_id = _answered({"reason": "wish", "topic": None})

    assert _messages(conversation_id) == [("citizen", ""), ("bot", "handoff"), ("system", told)]
    assert Conversation.objects.get().state == state
    assert Message.objects.get(author=Author.SYSTEM).register == "en"


def test_answer_without_hand_off_asks_for_nobody() -> None:
    presence_set(records.member(), available=True)

    assert _messages(_answered(None)) == [("citizen", ""), ("bot", "handoff")]


def test_answer_that_comes_after_a_person_was_asked_for_is_not_stored() -> None:
    presence_set(records.member(), available=True)
    conversation_id = uuid.uuid4()
    conversations.message_add(conversation_id, Post(uuid.uuid4(), "Was ist die Allianz?", "standard", redacted=False))
    message = conversations.message_claim(conversation_id)
    assert message is not None

    person_ask(conversation_id, "standard")

    assert not conversations.message_answer(message, [Reply(Author.BOT, "Zu spät", "standard")], None, None)
    person_cancel(conversation_id, "standard")
    assert not conversations.message_answer(message, [Reply(Author.BOT, "Zu spät", "standard")], None, None)
    assert [author for author, _ in _messages(conversation_id)] == ["citizen", "system", "system"]


def test_message_to_a_closed_conversation_goes_to_the_bot_again() -> None:
    conversation = records.conversation([("citizen", "Danke")], state=State.CLOSED)

    conversations.message_add(conversation.pk, Post(uuid.uuid4(), "Noch eine Frage", "standard", redacted=False))

    conversation.refresh_from_db()
    assert conversation.state == State.BOT
    assert conversations.message_claim(conversation.pk) is not None
