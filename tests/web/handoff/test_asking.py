"""A citizen asks for a person."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

import pytest
import time_machine

from tests.web import records
from tests.web.handoff.conftest import Opens
from web.chat import conversations, switch
from web.chat.conversations import Overtaken, Post, Reply
from web.chat.models import Author, Channel, Conversation, Message, State
from web.handoff.asking import person_ask, person_cancel
from web.handoff.machine import conversation_hand
from web.handoff.messages import staff_say
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
    assert "Geöffnet ist wieder morgen ab 9 Uhr." in told.text
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
    conversations.message_answer(message, [reply], handoff, None)
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

    with pytest.raises(Overtaken):
        conversations.message_answer(message, [Reply(Author.BOT, "Zu spät", "standard")], None, None)
    assert [author for author, _ in _messages(conversation_id)] == ["citizen", "system"]


def _post(conversation_id: uuid.UUID, text: str) -> None:
    conversations.message_add(conversation_id, Post(uuid.uuid4(), text, "standard", redacted=False))


def _answer_all(conversation_id: uuid.UUID, handoff: dict[str, Any] | None = None) -> list[str]:
    """What the bot was asked, one after the other; it answered each."""
    asked = []
    while (message := conversations.message_claim(conversation_id)) is not None:
        asked.append(message.text)
        conversations.message_answer(message, [Reply(Author.BOT, "Antwort", "standard")], handoff, None)
    return asked


def test_bot_answers_what_was_asked_while_waiting_once_and_in_order() -> None:
    presence_set(records.member(), available=True)
    conversation_id = uuid.uuid4()
    _post(conversation_id, "beantwortet")
    _answer_all(conversation_id)
    _post(conversation_id, "beim Bot, als nach einer Person gefragt wurde")
    person_ask(conversation_id, "standard")
    for text in ("gewartet 1", "gewartet 2"):
        _post(conversation_id, text)
    assert _answer_all(conversation_id) == []

    person_cancel(conversation_id, "standard")

    assert _answer_all(conversation_id) == ["beim Bot, als nach einer Person gefragt wurde", "gewartet 1", "gewartet 2"]
    person_ask(conversation_id, "standard")
    person_cancel(conversation_id, "standard")
    assert _answer_all(conversation_id) == []


def test_bot_does_not_answer_what_a_person_has_answered() -> None:
    diehl = records.member()
    presence_set(diehl, available=True)
    conversation_id = uuid.uuid4()
    _post(conversation_id, "an die Person")
    person_ask(conversation_id, "standard")
    conversation_hand(conversation_id, "take", diehl)
    staff_say(conversation_id, diehl, "Gern.", uuid.uuid4(), after=9)
    _post(conversation_id, "danach")
    Conversation.objects.update(owned_until=None)
    conversation_hand(conversation_id, "lease_lost")

    person_cancel(conversation_id, "standard")

    assert _answer_all(conversation_id) == ["danach"]


def test_nothing_is_asked_of_a_bot_that_is_switched_off() -> None:
    presence_set(records.member(), available=True)
    conversation_id = uuid.uuid4()
    person_ask(conversation_id, "standard")
    _post(conversation_id, "gewartet")
    switch.turn(False, "Wartung.", "Test")

    person_cancel(conversation_id, "standard")

    assert _answer_all(conversation_id) == []


def test_wish_for_a_person_that_was_written_while_waiting_does_not_ask_for_one_again() -> None:
    presence_set(records.member(), available=True)
    conversation_id = uuid.uuid4()
    person_ask(conversation_id, "standard")
    _post(conversation_id, "Ist da ein Mensch?")
    person_cancel(conversation_id, "standard")

    assert _answer_all(conversation_id, {"reason": "wish", "topic": None}) == ["Ist da ein Mensch?"]

    assert Conversation.objects.get().state == State.BOT
    _post(conversation_id, "Doch, bitte einen Menschen.")
    _answer_all(conversation_id, {"reason": "wish", "topic": None})
    assert Conversation.objects.get().state == State.REQUESTED


def test_message_to_a_closed_conversation_goes_to_the_bot_again() -> None:
    conversation = records.conversation([("citizen", "Danke")], state=State.CLOSED)

    conversations.message_add(conversation.pk, Post(uuid.uuid4(), "Noch eine Frage", "standard", redacted=False))

    conversation.refresh_from_db()
    assert conversation.state == State.BOT
    assert conversations.message_claim(conversation.pk) is not None
