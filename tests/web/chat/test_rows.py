"""What is stored without Django's own way of writing SQL is what Django would store."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.forms.models import model_to_dict
from django.utils import timezone

from tests.web import records
from web.chat.models import DIMENSIONS, Author, Conversation, Message, State, Verdict
from web.chat.rows import insert, update

pytestmark = pytest.mark.django_db


def _message(conversation: Conversation, seq: int, **fields: Any) -> Message:
    return Message(conversation=conversation, seq=seq, author=Author.BOT, text="100 %", register="standard", **fields)


def _stored(row: Any) -> dict[str, Any]:
    """All fields as they are read again, but for the key and the time."""
    fresh = type(row).objects.get(pk=row.pk)
    return {**model_to_dict(fresh, exclude=["id"]), "at": None}


def test_inserted_row_is_the_one_that_django_makes() -> None:
    conversation = records.conversation()
    fields = {"buttons": [{"title": "Ziele"}], "source": {"title": "Die Seite"}, "client_id": uuid.uuid4(), "pending": True}
    ours = _message(conversation, 1, **fields)
    djangos = _message(records.conversation(), 1, **fields)

    insert([ours])
    djangos.save()

    assert ours == Message.objects.get(conversation=conversation)
    assert ours.at == Message.objects.get(pk=ours.pk).at
    assert {**_stored(ours), "conversation": None} == {**_stored(djangos), "conversation": None}


def test_rows_inserted_together_have_their_own_keys() -> None:
    conversation = records.conversation()
    rows = [_message(conversation, seq) for seq in (1, 2, 3)]

    insert(rows)

    assert [Message.objects.get(pk=row.pk).seq for row in rows] == [1, 2, 3]


def test_verdict_is_inserted_with_its_vector() -> None:
    message = _message(records.conversation(), 1)
    insert([message])
    known = {"intent": "greet", "confidence": 0.5, "zone": "answer", "ranking": [], "topics": ["x"], "model": "m"}

    insert([Verdict(message=message, vector=[0.25] * DIMENSIONS, **known)])

    assert list(Verdict.objects.get(message=message).vector) == [0.25] * DIMENSIONS


def test_updated_row_has_all_that_was_changed_and_no_other_row_has() -> None:
    row, other = records.conversation(), records.conversation()
    before, row.state, row.last_seq, row.leased_until = row.active_at, State.CLOSED, 7, timezone.now()

    update(row)

    fresh = Conversation.objects.get(pk=row.pk)
    assert (fresh.state, fresh.last_seq, fresh.leased_until) == (State.CLOSED, 7, row.leased_until)
    assert fresh.active_at > before
    assert Conversation.objects.get(pk=other.pk).last_seq == 0


def test_row_that_is_there_is_left_alone_and_said_to_be_there() -> None:
    there = records.conversation(last_seq=3)
    new = Conversation(id=uuid.uuid4())

    made = [insert([row], unless_there=True) for row in (Conversation(id=there.pk), new)]

    assert made == [False, True]
    assert Conversation.objects.get(pk=there.pk).last_seq == 3
    assert Conversation.objects.get(pk=new.pk) == new
