from __future__ import annotations

import datetime
import uuid

import pytest
import time_machine
from django.contrib.auth.models import User

from tests.web import records
from web.chat.models import Conversation
from web.chat.rows import Deleted
from web.desk.workspace import Situation, conversation_of, messages_json, register_of, situation
from web.handoff.machine import conversation_hand

pytestmark = pytest.mark.django_db(transaction=True)

#: A Tuesday, 14:00 in Wiesbaden.
NOW = datetime.datetime(2026, 11, 24, 13, 0, tzinfo=datetime.timezone.utc)


@pytest.fixture
def conversation() -> Conversation:
    return records.conversation([("citizen", "Guten Tag")])


def _situation(conversation: Conversation, user: User) -> Situation:
    return situation(conversation_of(conversation.id), user)


def test_with_the_bot(conversation: Conversation, diehl: User) -> None:
    assert (_situation(conversation, diehl).panel, _situation(conversation, diehl).who) == ("bot", "")


def test_in_the_queue_the_place_is_told(conversation: Conversation, diehl: User) -> None:
    earlier = records.conversation([("citizen", "Guten Tag")])
    conversation_hand(earlier.id, "ask")
    conversation_hand(conversation.id, "ask")
    seen = _situation(conversation, diehl)
    assert (seen.panel, seen.place) == ("requested", 2)


def test_mine_and_a_colleagues(conversation: Conversation, diehl: User, piesk: User) -> None:
    with time_machine.travel(NOW, tick=False):
        conversation_hand(conversation.id, "step_in", piesk)
        assert _situation(conversation, piesk) == Situation("mine", "", "14:00 Uhr", 0)
        assert _situation(conversation, diehl) == Situation("colleague", "Frau Piesk von der Servicestelle", "14:00 Uhr", 0)


def test_colleague_without_a_name_for_citizens_is_known_by_the_account(conversation: Conversation, diehl: User) -> None:
    nameless = records.member("weber", shown_as="", first_name="Jo", last_name="Weber")
    conversation_hand(conversation.id, "step_in", nameless)
    assert _situation(conversation, diehl).who == "Jo Weber von der Servicestelle"
    nameless.last_name = nameless.first_name = ""
    nameless.save()
    assert _situation(conversation, diehl).who == "weber von der Servicestelle"


def test_closed(conversation: Conversation, diehl: User) -> None:
    conversation_hand(conversation.id, "step_in", diehl)
    conversation_hand(conversation.id, "close", diehl)
    assert _situation(conversation, diehl).panel == "closed"


def test_a_conversation_that_is_not_there() -> None:
    with pytest.raises(Deleted):
        conversation_of(uuid.uuid4())


def test_the_language_is_that_of_the_citizens_last_message(conversation: Conversation) -> None:
    assert register_of(conversation) == "standard"
    records.message(conversation, "Hello", register="en")
    records.message(conversation, "Hallo", "staff")
    assert register_of(conversation) == "en"


def test_without_a_message_the_language_is_standard() -> None:
    assert register_of(records.conversation()) == "standard"


def test_messages_after_a_number_as_the_script_shows_them(diehl: User, piesk: User) -> None:
    with time_machine.travel(NOW, tick=False):
        conversation = records.conversation()
        question = records.message(conversation, "Was wollen Sie?", redacted=True)
        records.verdict(question, intent="alliance_goals", zone="clarify")
        records.message(conversation, "Dies.", "bot", reply_to=1)
        records.message(conversation, "Good day", "staff", by=piesk, register="en")
        records.message(conversation, "Guten Tag", "staff", by=diehl)
    common = {"at": "2026-11-24T13:00:00+00:00", "when": "24.11.2026, 14:00 Uhr", "redacted": False, "reply_to": None}
    said = [
        {
            **common,
            "seq": 2,
            "author": "bot",
            "speaker": "Wohnlotse",
            "mine": False,
            "text": "Dies.",
            "lang": "de",
            "reply_to": 1,
            "understood": "Verstanden als Welche Ziele hat die Allianz?, Sicherheit 90\u202f%, nachgefragt",
        },
        {
            **common,
            "seq": 3,
            "author": "staff",
            "speaker": "Frau Piesk, Servicestelle",
            "mine": False,
            "text": "Good day",
            "lang": "en",
            "understood": "",
        },
        {
            **common,
            "seq": 4,
            "author": "staff",
            "speaker": "Frau Diehl, Servicestelle",
            "mine": True,
            "text": "Guten Tag",
            "lang": "de",
            "understood": "",
        },
    ]
    assert messages_json(conversation, 1, diehl) == said


def test_the_citizens_words_are_of_no_known_language(conversation: Conversation, diehl: User) -> None:
    [message] = messages_json(conversation, 0, diehl)
    assert (message["speaker"], message["lang"], message["redacted"]) == ("Bürgerin oder Bürger", "", False)
