"""The shredder contract: no field that can hold a citizen's words is forgotten, and nothing of them is left in any table."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.apps import apps
from django.contrib.postgres.search import SearchVectorField
from django.db import connection, models
from pgvector.django import VectorField

from tests.web.records import conversation, member, verdict
from web.archive.models import Document
from web.chat.models import Feedback
from web.handoff.models import Transition
from web.inquiries.entries import Entries
from web.inquiries.inquiries import inquiry_leave
from web.review.models import Note, Review, Suggestion, Tag
from web.rights.shredders import HARMLESS, SHREDDERS
from web.rights.subjects import Subject, readable, subject_delete, subject_find, subject_hand_over, subject_sizes

_TEXTS = (
    models.CharField,
    models.TextField,
    models.JSONField,
    models.BinaryField,
    models.GenericIPAddressField,
    models.FileField,
    SearchVectorField,
    VectorField,
)


def _text_fields() -> set[str]:
    """All fields of all tables that can hold text, save those that hold one of their choices."""
    return {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model._meta.managed
        for field in model._meta.get_fields()
        if isinstance(field, _TEXTS) and not field.choices
    }


def test_each_field_that_can_hold_text_is_shredded_or_harmless() -> None:
    shredded = {f"{each.model._meta.label}.{field}" for each in SHREDDERS for field in each.fields}

    assert shredded & HARMLESS.keys() == set()
    assert sorted(_text_fields() - shredded - HARMLESS.keys()) == []
    assert sorted((shredded | HARMLESS.keys()) - _text_fields()) == []  # nor is one named that is gone


def test_each_harmless_field_says_why() -> None:
    assert [name for name, reason in HARMLESS.items() if len(reason.split()) < 2] == []


pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def full() -> Subject:
    """A conversation with a row in each table, the word „Zimtstern“ in each field that can hold it."""
    mark = "Zimtstern"
    talk = conversation([("citizen", f"{mark} eins"), ("bot", f"{mark} zwei")])
    question, answer = talk.messages.all()
    answer.topic = mark
    answer.buttons = [{"title": mark, "payload": mark}]
    answer.source = {"title": mark, "url": mark}
    answer.handoff = {"reason": mark, "topic": mark}
    answer.save()
    verdict(question, mark, topics=[mark], ranking=[{"name": mark, "confidence": 0.5}])
    Feedback.objects.create(message=answer, helpful=False, reason="wrong")
    Document.objects.create(conversation=talk, seq=2, words="'zimtstern':1")
    Review.objects.create(message=question, outcome="new_topic", topic=mark)
    Suggestion.objects.create(message=question, text=mark, intent=mark)
    Note.objects.create(conversation=talk, text=mark)
    Transition.objects.create(conversation=talk, event="ask", before="bot", after="requested")
    Tag.objects.create(name="Wohngeld").conversations.add(talk)
    found = subject_find(str(talk.pk))
    assert found is not None
    return found


def _holders(word: str) -> list[str]:
    """Tables with a row that holds the word anywhere, whatever the case."""
    with connection.cursor() as cursor:
        found = []
        for table in connection.introspection.table_names(cursor):
            name = connection.ops.quote_name(table)
            cursor.execute(f"select count(*) from {name} as row where row::text ilike %s", [f"%{word}%"])
            if cursor.fetchone()[0]:
                found.append(table)
    return found


def test_hand_over_holds_every_field_of_every_table(full: Subject) -> None:
    parts = subject_hand_over(full, member())

    assert set(parts) == {"Angaben", "Gelesen"} | {each.title for each in SHREDDERS if each.kind == "conversation"}
    for each in SHREDDERS:
        if each.kind == "conversation" and {"text", "words", "topic", "intent"} & set(each.fields):
            assert "zimtstern" in str(parts[each.title]).lower(), each.title
    assert parts["Angaben"]["Schlagwörter"] == ["Wohngeld"]
    assert len(parts["Was der Bot verstanden hat"][0]["Zahlen, die den Sinn des Satzes beschreiben"]) == 512
    assert [each["von"] for each in parts["Gelesen"]] == ["Servicestelle"]  # this very reading
    assert "diehl" not in str(parts).lower()


def test_deletion_leaves_the_words_in_no_table(full: Subject) -> None:
    assert {"chat_message", "chat_verdict", "archive_document", "review_note"} <= set(_holders("zimtstern"))

    subject_delete(full, member())

    assert _holders("zimtstern") == []
    assert _holders("wohngeld") == []
    assert subject_find(full.number) is None
    assert subject_sizes(full) == {}


def test_inquiry_outlives_its_conversation_and_is_shredded_by_its_own_number() -> None:
    talk = conversation([("citizen", "Ich möchte mit jemandem sprechen.")])
    entries = Entries("Bitte rufen Sie an.", "Petra Beispiel", "petra@example.de", "+49 611 123456")
    inquiry = inquiry_leave(entries, uuid.uuid4(), "standard", talk.pk)
    of_talk, of_inquiry = subject_find(str(talk.pk)), subject_find(inquiry.reference)
    assert of_talk is not None
    assert of_inquiry is not None
    assert of_talk.related == (inquiry.reference,)

    subject_delete(of_talk, member())
    parts = subject_hand_over(of_inquiry, member("weber"))
    assert (parts["Anliegen"][0]["Name"], parts["Anliegen"][0]["E-Mail-Adresse"]) == ("Petra Beispiel", "petra@example.de")
    subject_delete(of_inquiry, member("leitung", "Leitung"))

    assert subject_find(inquiry.reference) is None
    assert "inquiries_inquiry" not in _holders(inquiry.reference)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"a": ["x", "y"]}, {"a": "x, y"}),
        ([{"a": [0.1, 0.2]}], [{"a": "2 Zahlen; sie stehen in der Datei für Programme"}]),
        ([], ""),
        (7, 7),
    ],
)
def test_lists_are_words_where_people_read(value: Any, expected: Any) -> None:
    assert readable(value) == expected
