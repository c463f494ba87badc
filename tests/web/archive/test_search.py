"""The search and its index: what finds what."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.http import QueryDict

from tests.web.records import conversation, member, message
from web.archive.conversations import conversations_matching
from web.archive.documents import BATCH, documents_index
from web.archive.filters import Filters
from web.archive.models import Document
from web.archive.search import Piece, marked
from web.chat.models import Conversation

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def reader() -> User:
    return member()


def _found(reader: User, search: str) -> list[str]:
    filters = Filters.read(QueryDict(mutable=True) | {"text": search})
    found = conversations_matching(filters, reader).order_by("active_at")
    return [each.messages.order_by("seq")[0].text for each in found]


@pytest.mark.parametrize(
    ("search", "text"),
    [
        ("Förderung", "Gibt es eine Wohnungsbauförderung?"),
        ("Wohnungsbau", "Gibt es eine Wohnungsbauförderung?"),
        ("Foerderung", "Gibt es eine Wohnungsbauförderung?"),
        ("foerderung", "Wo finde ich Förderungen?"),
        ("Förderung", "Gibt es Wohnungsbaufoerderung?"),
        ("Wohnungsbauförderung", "Welche Förderung gibt es für den Bau einer Wohnung?"),
        ("Mietpreisbremse", "Gilt die Mietpreis-Bremse?"),
        ("Mietpreis-Bremse", "Gilt die Mietpreisbremse?"),
        ("Miete", "Wer senkt die Mietpreise?"),
        ("Strasse", "An welcher Straßenbahn liegt das?"),
        ("straße", "Ich wohne in der Bahnhofstrasse."),
        ("treffen", "Wann trifft sich die Allianz? Wir treffen uns oft."),
        ('"bezahlbarer Wohnraum"', "Mehr bezahlbarer Wohnraum!"),
        ("„bezahlbarer Wohnraum“", "Mehr bezahlbarer Wohnraum!"),
        ("Allianz -Kommune", "Was macht die Allianz?"),
        ("Kommune or Allianz", "Was macht die Allianz?"),
    ],
)
def test_search_finds(reader: User, search: str, text: str) -> None:
    conversation([("citizen", text)])
    conversation([("citizen", "Guten Tag!")])
    documents_index()

    assert _found(reader, search) == [text]


@pytest.mark.parametrize(
    ("search", "text"),
    [
        ("Förderung", "Was ist die Allianz?"),
        ("Wohnungsbauförderung", "Wer macht den Wohnungsbau?"),
        ('"Wohnraum bezahlbarer"', "Mehr bezahlbarer Wohnraum!"),
        ("Allianz -Kommune", "Arbeitet die Allianz mit jeder Kommune?"),
        ("darm", "Ich wohne in Darmstadt."),
    ],
)
def test_search_does_not_find(reader: User, search: str, text: str) -> None:
    conversation([("citizen", text)])
    documents_index()

    assert _found(reader, search) == []


@pytest.mark.parametrize("search", ['"', "-", "''", "&|!():*<->", "\\", "%", "\x00", "💶", "a" * 200, "und der die"])
def test_search_for_anything_is_no_error(reader: User, search: str) -> None:
    conversation([("citizen", "Was ist die Allianz?")])
    documents_index()

    assert _found(reader, search) in ([], ["Was ist die Allianz?"])


def test_words_may_stand_in_different_messages_of_a_conversation(reader: User) -> None:
    conversation([("citizen", "Ich suche eine Förderung."), ("bot", "Wofür?"), ("citizen", "Für eine Wärmepumpe.")])
    documents_index()

    assert _found(reader, "Förderung Pumpe") == ["Ich suche eine Förderung."]


def test_answers_of_the_bot_are_not_searched_but_those_of_staff_are(reader: User) -> None:
    conversation([("citizen", "Guten Tag!"), ("bot", "Die Allianz gibt es seit 2015.")])
    conversation([("citizen", "Hallo!"), ("staff", "Die Allianz trifft sich im Frühjahr.")])
    documents_index()

    assert _found(reader, "Allianz") == ["Hallo!"]


def test_conversation_that_went_on_is_indexed_again(reader: User) -> None:
    made = conversation([("citizen", "Guten Tag!")])
    first = documents_index()
    again = documents_index()
    message(made, "Was ist der Regulierungscheck?")
    third = documents_index()

    assert (first, again, third) == (1, 0, 1)
    assert _found(reader, "Regulierung") == ["Guten Tag!"]
    assert Document.objects.get().seq == 2


def test_index_catches_up_with_more_than_one_batch(reader: User) -> None:
    for number in range(BATCH + 3):
        conversation([("citizen", f"Frage {number}")])

    assert documents_index() == BATCH + 3
    assert Document.objects.count() == BATCH + 3


def test_conversation_longer_than_postgres_takes_is_indexed_as_far_as_it_goes(reader: User) -> None:
    made = conversation([("citizen", "Regulierungscheck")])
    for start in range(0, 90_000, 1000):
        message(made, " ".join(f"w{number:x}zzzzz" for number in range(start, start + 1000)))

    assert documents_index() == 1
    assert _found(reader, "Regulierung") == ["Regulierungscheck"]


def test_document_goes_with_its_conversation() -> None:
    made = conversation([("citizen", "Guten Tag!")])
    documents_index()
    made.delete()

    assert not Document.objects.exists()
    assert not Conversation.objects.exists()


def test_finds_are_marked_also_within_compounds() -> None:
    found = marked(["Gibt es Wohnungsbauförderung? Die Förderung fehlt.", "Nein <b>"], "foerderung -nein")

    assert found == [
        [
            Piece("Gibt es ", False),
            Piece("Wohnungsbauförderung", True),
            Piece("? Die ", False),
            Piece("Förderung", True),
            Piece(" fehlt.", False),
        ],
        [Piece("Nein <b>", False)],
    ]


def test_nothing_is_marked_where_there_is_nothing_to_search_for() -> None:
    assert marked(["Was ist das?", ""], "und") == [[Piece("Was ist das?", False)], []]
