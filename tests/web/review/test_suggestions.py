"""Suggestions: confirmed by a person, without personal data, without a way back."""

from __future__ import annotations

import datetime
import json
import uuid

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import IntegrityError
from django.utils import timezone

from tests.web import records
from web.chat.conversations import conversation_delete
from web.chat.models import Author, Message
from web.review.models import Status, Suggestion
from web.review.refusal import Refused
from web.review.suggestions import (
    confirmed,
    drafts,
    json_lines,
    new_topics,
    suggestion_confirm,
    suggestion_delete,
    suggestion_make,
    suggestion_reject,
    suggestion_reopen,
    suggestions_mark_imported,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def redaktion() -> User:
    return records.member("piesk", "Redaktion")


def _draft(by: User, text: str = "Was macht ihr so?", intent: str = "alliance_goals", is_new_topic: bool = False) -> Suggestion:
    message: Message = records.conversation([(Author.CITIZEN, text)]).messages.get()
    made = suggestion_make(message, intent, is_new_topic, by)
    assert made is not None
    return made


def test_draft_goes_with_its_conversation_and_a_confirmed_one_stays(redaktion: User) -> None:
    draft, stays = _draft(redaktion, "die eine"), _draft(redaktion, "die andere")
    conversations = [each.message.conversation_id for each in (draft, stays) if each.message]
    suggestion_confirm(stays.pk, "die andere", redaktion, anonymous=True)

    for conversation in conversations:
        conversation_delete(conversation)

    assert list(Suggestion.objects.values_list("text", "status", "message")) == [("die andere", "confirmed", None)]


def test_confirmed_text_is_what_the_person_left_of_it(redaktion: User) -> None:
    with time_machine.travel("2026-11-23T10:00:00+00:00", tick=False):
        confirmed_one = suggestion_confirm(
            _draft(redaktion).pk, " Was macht\n die Al\u00adlianz?\u200b\0 ", redaktion, anonymous=True
        )

    confirmed_one.refresh_from_db()
    assert confirmed_one.text == "Was macht die Allianz?"
    assert (confirmed_one.status, confirmed_one.confirmed_by, confirmed_one.message) == (Status.CONFIRMED, redaktion, None)
    assert confirmed_one.confirmed_at == datetime.datetime(2026, 11, 23, 10, tzinfo=datetime.timezone.utc)


@pytest.mark.parametrize(
    ("text", "anonymous", "field", "said"),
    [
        ("Was macht ihr?", False, "anonymous", "Bitte bestätigen Sie zuerst"),
        ("  ", True, "text", "Ohne Text"),
        ("x" * 501, True, "text", "501 von höchstens 500"),
        ("Rufen Sie mich an: 0611 1234567", True, "text", "(Telefonnummer)"),
        ("Schreiben Sie an erika@example.org", True, "text", "(E-Mail-Adresse)"),
        ("IBAN DE89 3704 0044 0532 0130 00", True, "text", "(Kontonummer (IBAN))"),
        ("Ich heiße Erika Mustermann, was macht ihr?", True, "text", "(Name)"),
        ("Ich wohne in der Hauptstraße 5, 65183 Wiesbaden", True, "text", "(Anschrift)"),
        ("Schreiben Sie an erika@exam\u200bple.org", True, "text", "(E-Mail-Adresse)"),
        ("Rufen Sie mich an: 06\u200d11 12\u00ad34567", True, "text", "(Telefonnummer)"),
        ("\u200b", True, "text", "Ohne Text"),
    ],
)
def test_nothing_is_confirmed_unread_or_with_personal_data(
    redaktion: User, text: str, anonymous: bool, field: str, said: str
) -> None:
    draft = _draft(redaktion)

    with pytest.raises(Refused) as refused:
        suggestion_confirm(draft.pk, text, redaktion, anonymous=anonymous)

    assert refused.value.field == field
    assert said in refused.value.message
    draft.refresh_from_db()
    assert (draft.status, draft.text) == (Status.DRAFT, "Was macht ihr so?")


def test_placeholders_of_what_was_replaced_may_stay(redaktion: User) -> None:
    suggestion_confirm(_draft(redaktion).pk, "Hier ist [Name], was macht ihr?", redaktion, anonymous=True)

    assert confirmed().get().text == "Hier ist [Name], was macht ihr?"


def test_title_of_a_new_topic_is_free_of_personal_data_too(redaktion: User) -> None:
    draft = _draft(redaktion, intent="Wohngeld", is_new_topic=True)

    with pytest.raises(Refused) as refused:
        suggestion_confirm(draft.pk, draft.text, redaktion, anonymous=True, title="Anfrage von erika@example.org")
    assert refused.value.field == "title"

    suggestion_confirm(draft.pk, draft.text, redaktion, anonymous=True, title="Wer bekommt\u200b Wohn\u00adgeld?")
    assert confirmed().get().intent == "Wer bekommt Wohngeld?"


def test_same_words_are_shown_once_and_decided_together(redaktion: User) -> None:
    first, _, other = (
        _draft(redaktion, "wohngeld?"),
        _draft(redaktion, "Wohngeld?"),
        _draft(redaktion, "Wohngeld?", "oos_money"),
    )
    assert list(drafts()) == [first, other]

    suggestion_confirm(first.pk, "Wohngeld?", redaktion, anonymous=True)

    assert list(drafts()) == [other]
    assert Suggestion.objects.count() == 2


def test_text_that_is_confirmed_already_is_no_second_suggestion(redaktion: User) -> None:
    suggestion_confirm(_draft(redaktion, "Wohngeld?").pk, "Wohngeld?", redaktion, anonymous=True)
    message = records.conversation([(Author.CITIZEN, "wohngeld?")]).messages.get()

    assert suggestion_make(message, "alliance_goals", False, redaktion) is None
    other = suggestion_make(message, "oos_money", False, redaktion)
    assert other is not None
    with pytest.raises(Refused, match="Diesen Text gibt es schon als bestätigten Vorschlag, für „alliance_goals“"):
        suggestion_confirm(other.pk, "wohngeld?", redaktion, anonymous=True)


def test_message_has_one_draft_however_often_it_is_judged(redaktion: User) -> None:
    message = records.conversation([(Author.CITIZEN, "Wohngeld?")]).messages.get()
    suggestion_make(message, "alliance_goals", False, redaktion)
    suggestion_make(message, "Wohngeld", True, redaktion)

    assert list(Suggestion.objects.values_list("intent", "is_new_topic")) == [("Wohngeld", True)]


def test_rejected_ones_are_kept_out_and_can_be_taken_up_again(redaktion: User) -> None:
    draft, twin = _draft(redaktion, "a"), _draft(redaktion, "A")

    suggestion_reject(draft.pk)
    assert list(Suggestion.objects.values_list("status", flat=True)) == ["rejected", "rejected"]
    assert list(drafts()) == []

    suggestion_reopen(twin.pk)
    assert list(drafts()) == [twin]


def test_what_somebody_else_decided_meanwhile_is_said(redaktion: User) -> None:
    draft = _draft(redaktion)
    suggestion_confirm(draft.pk, draft.text, redaktion, anonymous=True)

    for decide in (suggestion_reject, suggestion_reopen):
        with pytest.raises(Refused, match="inzwischen jemand anderes entschieden: bestätigt"):
            decide(draft.pk)
    with pytest.raises(Refused, match="gibt es nicht mehr"):
        suggestion_delete(uuid.uuid4())


def test_confirmed_one_can_be_deleted(redaktion: User) -> None:
    draft = _draft(redaktion)
    suggestion_confirm(draft.pk, draft.text, redaktion, anonymous=True)

    suggestion_delete(draft.pk)

    assert not Suggestion.objects.exists()


def test_database_itself_keeps_no_link_from_a_confirmed_one(redaktion: User) -> None:
    draft = _draft(redaktion)

    with pytest.raises(IntegrityError):
        Suggestion.objects.filter(pk=draft.pk).update(status=Status.CONFIRMED)


def test_lines_hold_what_the_training_needs_and_nothing_more(redaktion: User) -> None:
    with time_machine.travel("2026-11-23T10:00:00+00:00", tick=False):
        one = suggestion_confirm(
            _draft(redaktion, "Geld für Bäder?", "Bäder", True).pk, "Geld für Bäder?", redaktion, anonymous=True
        )

    assert [json.loads(line) for line in json_lines(confirmed()).splitlines()] == [
        {
            "id": str(one.pk),
            "text": "Geld für Bäder?",
            "intent": "Bäder",
            "is_new_topic": True,
            "confirmed_at": "2026-11-23T10:00:00+00:00",
        }
    ]
    assert "Bäder" in json_lines(confirmed())


def test_confirmed_ones_can_be_asked_for_by_their_day_and_leave_the_list_when_imported(redaktion: User) -> None:
    for day, text in ((1, "alt"), (20, "neu")):
        with time_machine.travel(datetime.datetime(2026, 11, day, 12, tzinfo=datetime.timezone.utc), tick=False):
            suggestion_confirm(_draft(redaktion, text).pk, text, redaktion, anonymous=True)
    since = timezone.make_aware(datetime.datetime(2026, 11, 20))

    assert [each.text for each in confirmed(since)] == ["neu"]
    assert suggestions_mark_imported([each.pk for each in confirmed(since)]) == 1
    assert [each.text for each in confirmed()] == ["alt"]
    assert [each.text for each in confirmed(status=Status.IMPORTED)] == ["neu"]


def test_titles_of_new_topics_are_offered_again(redaktion: User) -> None:
    for text, title in (("a", "wohngeld"), ("b", "Balkonkraftwerk"), ("c", "wohngeld")):
        _draft(redaktion, text, title, True)
    suggestion_reject(_draft(redaktion, "d", "Unsinn", True).pk)

    assert new_topics() == ["Balkonkraftwerk", "wohngeld"]
