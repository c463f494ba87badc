"""What staff say: once, by the owner alone, and not past a colleague."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from tests.web import records
from web.chat.models import Author, Conversation
from web.handoff.machine import Refused, conversation_hand
from web.handoff.messages import Personal, staff_say

pytestmark = pytest.mark.django_db


@pytest.fixture
def diehl() -> User:
    return records.member()


@pytest.fixture
def piesk() -> User:
    return records.member("piesk")


@pytest.fixture
def taken(diehl: User) -> Conversation:
    """Diehl's conversation, in which a question and the note of the take-over stand."""
    conversation = records.conversation([("citizen", "Guten Tag")])
    return conversation_hand(conversation.pk, "step_in", diehl)


def _code(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.code


def test_owner_says_something(taken: Conversation, diehl: User) -> None:
    message = staff_say(taken.pk, diehl, "  Gern.\r\nWorum geht es?\x00 ", uuid.uuid4(), after=2)

    message.refresh_from_db()
    assert (message.seq, message.author, message.text, message.by) == (3, Author.STAFF, "Gern.\nWorum geht es?", diehl)


def test_sent_twice_is_said_once_also_after_the_conversation_was_given_back(taken: Conversation, diehl: User) -> None:
    client_id = uuid.uuid4()
    first = staff_say(taken.pk, diehl, "Gern.", client_id, after=2)
    conversation_hand(taken.pk, "give_back", diehl)

    assert staff_say(taken.pk, diehl, "Gern.", client_id, after=2) == first
    assert taken.messages.filter(author=Author.STAFF).count() == 1


def test_only_the_owner_speaks(taken: Conversation, diehl: User, piesk: User) -> None:
    assert _code(lambda: staff_say(taken.pk, piesk, "Gern.", uuid.uuid4(), after=2)) == "not_owner"
    conversation_hand(taken.pk, "give_back", diehl)
    assert _code(lambda: staff_say(taken.pk, diehl, "Gern.", uuid.uuid4(), after=2)) == "not_owner"


def test_nobody_answers_past_what_a_colleague_has_answered(taken: Conversation, diehl: User, piesk: User) -> None:
    said = staff_say(taken.pk, diehl, "Das klären wir.", uuid.uuid4(), after=2)
    conversation_hand(taken.pk, "take_over", piesk, confirmed=True)

    assert _code(lambda: staff_say(taken.pk, piesk, "Geht nicht.", uuid.uuid4(), after=2)) == "answered_meanwhile"
    assert staff_say(taken.pk, piesk, "Geht doch.", uuid.uuid4(), after=said.seq).seq == 5


@pytest.mark.parametrize(("text", "code"), [("", "empty"), (" \u200b\n", "empty"), ("a" * 2001, "too_long")])
def test_text_that_nobody_can_read_is_refused(taken: Conversation, diehl: User, text: str, code: str) -> None:
    assert _code(lambda: staff_say(taken.pk, diehl, text, uuid.uuid4(), after=2)) == code
    assert not taken.messages.filter(author=Author.STAFF).exists()


_NUMBER = "Das Wohnungsamt erreichen Sie unter 0561 7871234."


def test_personal_data_are_named_and_not_said(taken: Conversation, diehl: User) -> None:
    with pytest.raises(Refused) as refused:
        staff_say(taken.pk, diehl, f"{_NUMBER} Oder schreiben Sie an amt@example.org.", uuid.uuid4(), after=2)

    assert (refused.value.code, refused.value.message) == (
        "personal_data",
        "In Ihrer Antwort stehen wohl persönliche Angaben: „0561 7871234“ (Telefonnummer), „amt@example.org“ (E-Mail-Adresse). "
        "Sie ist noch nicht gesendet.",
    )
    assert not taken.messages.filter(author=Author.STAFF).exists()


@pytest.mark.parametrize(
    ("personal", "said", "redacted"),
    [("keep", _NUMBER, False), ("redact", "Das Wohnungsamt erreichen Sie unter [Telefonnummer].", True)],
)
def test_staff_choose_what_is_done_with_personal_data(
    taken: Conversation, diehl: User, personal: Personal, said: str, redacted: bool
) -> None:
    message = staff_say(taken.pk, diehl, _NUMBER, uuid.uuid4(), after=2, personal=personal)

    assert (message.text, message.redacted) == (said, redacted)


def test_saying_something_is_a_sign_of_life_and_ends_the_typing(taken: Conversation, diehl: User) -> None:
    before = taken.owned_until
    assert before is not None

    staff_say(taken.pk, diehl, "Gern.", uuid.uuid4(), after=2)

    taken.refresh_from_db()
    assert taken.owned_until is not None
    assert taken.owned_until > before
    assert taken.staff_types_until is None
