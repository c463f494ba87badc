"""What the widget is told."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.web import records
from web.chat.models import Author, Conversation, Message
from web.handoff.machine import conversation_hand
from web.handoff.presence import presence_set
from web.handoff.signs import citizen_types, staff_types
from web.handoff.status import handoff_json

pytestmark = pytest.mark.django_db

BOT: dict[str, Any] = {"state": "bot", "place": None, "staff": "", "typing": False, "available": False, "offered": False}


def _conversation(*zones: str) -> Conversation:
    """One in which the bot has answered a question in each zone."""
    conversation = records.conversation()
    for zone in zones:
        records.message(conversation, "Frage")
        records.message(conversation, "Antwort", Author.BOT, zone=zone)
    return conversation


def test_conversation_that_has_not_begun_is_with_the_bot() -> None:
    assert handoff_json(uuid.uuid4()) == BOT
    presence_set(records.member(), available=True)
    assert handoff_json(uuid.uuid4()) == {**BOT, "available": True}


@pytest.mark.parametrize(
    ("zones", "offered"),
    [
        ([], False),
        (["decline"], False),
        (["decline", "decline"], True),
        (["answer", "decline", "decline"], True),
        (["decline", "answer", "decline"], False),
        (["decline", "decline", "answer"], False),
        (["decline", "clarify"], False),
    ],
)
def test_person_is_offered_after_two_declines_in_a_row(zones: list[str], offered: bool) -> None:
    assert handoff_json(_conversation(*zones).pk) == {**BOT, "offered": offered}


def test_one_message_with_two_questions_is_one_decline() -> None:
    conversation = records.conversation([("citizen", "Zwei Fragen?")])
    records.message(conversation, "Nein.", Author.BOT, zone="decline", last=False)
    records.message(conversation, "Nein.", Author.BOT, zone="decline")

    assert not handoff_json(conversation.pk)["offered"]


def test_whole_way_to_a_person_and_back() -> None:
    diehl = records.member()
    presence_set(diehl, available=True)
    other, conversation = _conversation(), _conversation("decline", "decline")
    at_the_bot = {**BOT, "available": True}

    conversation_hand(other.pk, "ask")
    conversation_hand(conversation.pk, "ask")
    assert handoff_json(conversation.pk) == {**at_the_bot, "state": "requested", "place": 2}
    conversation_hand(other.pk, "cancel")
    assert handoff_json(conversation.pk) == {**at_the_bot, "state": "requested", "place": 1}
    conversation_hand(conversation.pk, "take", diehl)
    with_staff = {**at_the_bot, "state": "staff", "staff": "Frau Diehl von der Servicestelle"}
    assert handoff_json(conversation.pk) == with_staff
    staff_types(conversation.pk, diehl)
    assert handoff_json(conversation.pk) == {**with_staff, "typing": True}
    Message.objects.update(register="en")
    assert handoff_json(conversation.pk)["staff"] == "Frau Diehl from the Servicestelle"
    conversation_hand(conversation.pk, "close", diehl)
    assert handoff_json(conversation.pk) == {**at_the_bot, "state": "closed"}


def test_only_those_who_talk_to_each_other_are_seen_typing() -> None:
    diehl, piesk = records.member(), records.member("piesk")
    conversation = _conversation()
    citizen_types(conversation.pk)
    conversation_hand(conversation.pk, "step_in", diehl)

    staff_types(conversation.pk, piesk)

    conversation.refresh_from_db()
    assert (conversation.citizen_types_until, conversation.staff_types_until) == (None, None)
    citizen_types(conversation.pk)
    conversation.refresh_from_db()
    assert conversation.citizen_types_until is not None


def test_status_costs_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    conversation = conversation_hand(_conversation().pk, "step_in", records.member())

    with django_assert_num_queries(1):
        handoff_json(conversation.pk)
