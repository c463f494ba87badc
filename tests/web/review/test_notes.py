"""Notes and tags of a conversation, and the panel that shows them."""

from __future__ import annotations

import uuid

import pytest
from django.contrib.auth.models import User

from tests.web import records
from web.chat.conversations import conversation_delete
from web.chat.models import Author, Conversation
from web.review.models import Note, Review, Tag
from web.review.notes import note_add, note_delete, tag_add, tag_remove
from web.review.panel import Panel, panel
from web.review.refusal import Refused

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def diehl() -> User:
    return records.member("diehl")


@pytest.fixture
def talk() -> Conversation:
    return records.conversation([(Author.CITIZEN, "Was ist das?"), (Author.CITIZEN, "Und das?")])


def test_panel_shows_notes_tags_and_how_much_is_reviewed(diehl: User, talk: Conversation) -> None:
    first, second = talk.messages.order_by("seq")
    records.verdict(first)
    records.verdict(second)
    Review.objects.create(message=first, outcome="accepted")
    note = note_add(talk.pk, " Rückruf erledigt. ", diehl)
    tag = tag_add(talk.pk, "Wohngeld")
    tag_add(records.conversation().pk, "Balkon")

    assert panel(talk, diehl) == {
        "review_panel": Panel(
            conversation=talk,
            notes=[note],
            tags=[tag],
            known_tags=["Balkon", "Wohngeld"],
            reviewed=1,
            to_review=1,
            removes_all=False,
        )
    }
    assert (note.text, note.by) == ("Rückruf erledigt.", diehl)
    assert panel(talk, records.member("leitung", "Leitung"))["review_panel"].removes_all


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 2001])
def test_note_has_some_words_and_not_too_many(diehl: User, talk: Conversation, text: str) -> None:
    with pytest.raises(Refused):
        note_add(talk.pk, text, diehl)

    assert not Note.objects.exists()


def test_note_is_removed_by_its_author_or_by_who_manages(diehl: User, talk: Conversation) -> None:
    mine, other = note_add(talk.pk, "a", diehl), note_add(talk.pk, "b", diehl)

    with pytest.raises(Refused, match="von jemand anderem"):
        note_delete(mine.pk, records.member("piesk", "Redaktion"))
    note_delete(mine.pk, diehl)
    assert list(Note.objects.all()) == [other]
    note_delete(other.pk, records.member("leitung", "Leitung"))
    note_delete(other.pk, diehl)
    assert not Note.objects.exists()


def test_tags_that_differ_in_their_case_are_one(talk: Conversation) -> None:
    other = records.conversation()

    assert tag_add(talk.pk, "  Wohn   geld ") == tag_add(other.pk, "wohn geld")
    assert [(tag.name, tag.conversations.count()) for tag in Tag.objects.all()] == [("Wohn geld", 2)]


@pytest.mark.parametrize("name", ["", "   ", "x" * 41])
def test_tag_has_a_name_of_some_length(talk: Conversation, name: str) -> None:
    with pytest.raises(Refused):
        tag_add(talk.pk, name)

    assert not Tag.objects.exists()


def test_tag_that_nothing_carries_any_more_is_forgotten(talk: Conversation) -> None:
    other = records.conversation()
    tag = tag_add(talk.pk, "Wohngeld")
    tag_add(other.pk, "Wohngeld")

    tag_remove(talk.pk, tag.pk)
    assert list(tag.conversations.all()) == [other]
    tag_remove(other.pk, tag.pk)
    tag_remove(other.pk, tag.pk)
    assert not Tag.objects.exists()


@pytest.mark.parametrize("name", ["Ich heiße Petersen", "0561 7871234", "petra@example.org"])
def test_tag_names_no_person(talk: Conversation, name: str) -> None:
    with pytest.raises(Refused, match="persönliche Angaben") as refused:
        tag_add(talk.pk, name)

    assert refused.value.field == "tag"
    assert not Tag.objects.exists()


def test_tag_goes_with_the_last_conversation_that_has_it(talk: Conversation) -> None:
    other = records.conversation()
    for name, talks in {"Wohngeld": (talk, other), "Balkon": (talk,)}.items():
        for each in talks:
            tag_add(each.pk, name)

    conversation_delete(talk.pk)
    assert [tag.name for tag in Tag.objects.all()] == ["Wohngeld"]
    conversation_delete(other.pk)
    assert not Tag.objects.exists()


def test_both_go_with_their_conversation_and_come_to_no_deleted_one(diehl: User, talk: Conversation) -> None:
    note_add(talk.pk, "a", diehl)
    conversation_delete(talk.pk)

    assert not Note.objects.exists()
    for add in (lambda: note_add(talk.pk, "b", diehl), lambda: tag_add(uuid.uuid4(), "b")):
        with pytest.raises(Refused, match="gelöscht"):
            add()
