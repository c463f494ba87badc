"""A judgement, and how it is taken back."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection

from tests.web import records
from web.chat.conversations import conversation_delete
from web.chat.models import Author, Message
from web.review.judging import AlreadyReviewed, last_batch, review_add, review_undo, review_withdraw
from web.review.models import Outcome, Review, Suggestion
from web.review.refusal import Refused
from web.review.suggestions import suggestion_confirm

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def diehl() -> User:
    return records.member("diehl")


def _question(text: str = "Wofür ist das gut?", intent: str = "alliance_definition") -> Message:
    question = records.conversation([(Author.CITIZEN, text)]).messages.get()
    records.verdict(question, intent)
    return question


def _reviews() -> list[tuple[str, str, str, str]]:
    rows = Review.objects.order_by("message_id").values_list("message__text", "outcome", "topic", "by__username")
    return list(rows)


def _suggestions() -> list[tuple[str, str, bool, str]]:
    return list(Suggestion.objects.order_by("text").values_list("text", "intent", "is_new_topic", "status"))


@pytest.mark.parametrize(
    ("outcome", "topic", "kept", "suggested"),
    [
        (Outcome.ACCEPTED, "", "alliance_definition", []),
        (Outcome.CORRECTED, "alliance_goals", "alliance_goals", [("Wofür?", "alliance_goals", False, "draft")]),
        (
            Outcome.NEW_TOPIC,
            " Wer bekommt  Wohngeld? ",
            "Wer bekommt Wohngeld?",
            [("Wofür?", "Wer bekommt Wohngeld?", True, "draft")],
        ),
        (Outcome.OUT_OF_SCOPE, "oos_money", "oos_money", [("Wofür?", "oos_money", False, "draft")]),
        (Outcome.IGNORED, "whatever", "", []),
    ],
)
def test_each_outcome_is_kept_and_each_correction_becomes_a_draft(
    diehl: User, outcome: Outcome, topic: str, kept: str, suggested: list[Any]
) -> None:
    review_add(_question("Wofür?").pk, outcome, diehl, topic=topic)

    assert _reviews() == [("Wofür?", outcome, kept, "diehl")]
    assert _suggestions() == suggested


def test_correction_to_what_the_bot_had_understood_is_an_acceptance(diehl: User) -> None:
    review_add(_question().pk, Outcome.CORRECTED, diehl, topic="alliance_definition")

    assert _reviews() == [("Wofür ist das gut?", "accepted", "alliance_definition", "diehl")]
    assert _suggestions() == []


def test_accepted_one_becomes_a_draft_where_that_is_asked_for(diehl: User) -> None:
    review_add(_question().pk, Outcome.ACCEPTED, diehl, as_example=True)

    assert _suggestions() == [("Wofür ist das gut?", "alliance_definition", False, "draft")]


def test_similar_ones_are_judged_by_what_the_bot_made_of_each(diehl: User) -> None:
    first, right, wrong = _question("a"), _question("b", "alliance_goals"), _question("c", "alliance_reason")

    judged = review_add(first.pk, Outcome.CORRECTED, diehl, topic="alliance_goals", similar=[wrong.pk, right.pk])

    assert [review.message for review in judged.reviews] == [first, right, wrong]
    assert judged.skipped == 0
    assert _reviews() == [
        ("a", "corrected", "alliance_goals", "diehl"),
        ("b", "accepted", "alliance_goals", "diehl"),
        ("c", "corrected", "alliance_goals", "diehl"),
    ]
    assert _suggestions() == [("a", "alliance_goals", False, "draft"), ("c", "alliance_goals", False, "draft")]


@pytest.mark.parametrize(
    ("outcome", "topic", "field"),
    [
        (Outcome.CORRECTED, "no_such_topic", "topic"),
        (Outcome.CORRECTED, "", "topic"),
        (Outcome.OUT_OF_SCOPE, "alliance_goals", "reason"),
        (Outcome.NEW_TOPIC, "ab", "title"),
        (Outcome.NEW_TOPIC, "x" * 81, "title"),
        (Outcome.NEW_TOPIC, "welche ziele hat die allianz?", "title"),
        (Outcome.NEW_TOPIC, "Frage von erika.muster@example.org", "title"),
    ],
)
def test_what_there_is_not_is_refused_and_nothing_is_kept(diehl: User, outcome: Outcome, topic: str, field: str) -> None:
    with pytest.raises(Refused) as refused:
        review_add(_question().pk, outcome, diehl, topic=topic)

    assert refused.value.field == field
    assert (_reviews(), _suggestions()) == ([], [])


def test_second_person_is_told_and_changes_nothing(diehl: User) -> None:
    question = _question()
    review_add(question.pk, Outcome.CORRECTED, diehl, topic="alliance_goals")

    with pytest.raises(AlreadyReviewed, match="Das hat inzwischen jemand geprüft: anderes Thema"):
        review_add(question.pk, Outcome.IGNORED, records.member("piesk"))

    assert _reviews() == [("Wofür ist das gut?", "corrected", "alliance_goals", "diehl")]


def test_two_people_at_the_same_moment_make_one_review() -> None:
    question = _question()
    people = [records.member("diehl"), records.member("piesk")]
    start = threading.Barrier(2)
    told: list[str] = []

    def judge(by: User) -> None:
        start.wait()
        try:
            review_add(question.pk, Outcome.CORRECTED, by, topic="alliance_goals")
        except AlreadyReviewed as refused:
            told.append(refused.message)
        finally:
            connection.close()

    threads = [threading.Thread(target=judge, args=(by,)) for by in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert told == ["Das hat inzwischen jemand geprüft: anderes Thema."]
    assert Review.objects.count() == 1


def test_similar_ones_that_somebody_judged_meanwhile_keep_their_judgement(diehl: User) -> None:
    first, judged_before, gone = _question("a"), _question("b"), _question("c")
    review_add(judged_before.pk, Outcome.IGNORED, records.member("piesk"))
    conversation_delete(gone.conversation_id)

    judged = review_add(first.pk, Outcome.CORRECTED, diehl, topic="alliance_goals", similar=[judged_before.pk, gone.pk])

    assert judged.skipped == 2
    assert _reviews() == [("a", "corrected", "alliance_goals", "diehl"), ("b", "ignored", "", "piesk")]


def test_message_of_a_deleted_conversation_is_refused(diehl: User) -> None:
    question = _question()
    conversation_delete(question.conversation_id)

    with pytest.raises(Refused, match="wurde gelöscht"):
        review_add(question.pk, Outcome.ACCEPTED, diehl)


def test_only_citizens_messages_are_judged(diehl: User) -> None:
    answer = records.conversation([(Author.BOT, "Die Antwort.")]).messages.get()

    with pytest.raises(Refused):
        review_add(answer.pk, Outcome.IGNORED, diehl)


def test_undo_takes_back_the_whole_batch_and_then_the_one_before(diehl: User) -> None:
    earlier, first, second = _question("früher"), _question("a"), _question("b")
    review_add(earlier.pk, Outcome.IGNORED, diehl)
    review_add(first.pk, Outcome.NEW_TOPIC, diehl, topic="Wer bekommt Wohngeld?", similar=[second.pk])
    assert [review.message for review in last_batch(diehl)] == [first, second]

    assert review_undo(diehl, last_batch(diehl)[0].batch) == [first, second]
    assert _reviews() == [("früher", "ignored", "", "diehl")]
    assert _suggestions() == []

    batch = last_batch(diehl)[0].batch
    assert review_undo(diehl, batch) == [earlier]
    assert _reviews() == []
    with pytest.raises(Refused, match="nichts mehr"):
        review_undo(diehl, batch)


def test_undo_takes_back_what_was_shown_or_nothing(diehl: User) -> None:
    piesk = records.member("piesk")
    review_add(_question("a").pk, Outcome.IGNORED, diehl)
    [shown] = last_batch(diehl)
    review_add(_question("b").pk, Outcome.IGNORED, diehl)
    review_add(_question("c").pk, Outcome.IGNORED, piesk)
    [others] = last_batch(piesk)

    for batch in (shown.batch, others.batch):
        with pytest.raises(Refused, match="inzwischen etwas anderes geprüft"):
            review_undo(diehl, batch)

    assert [text for text, *_ in _reviews()] == ["a", "b", "c"]


def test_what_somebody_is_judging_anew_is_not_taken_back(diehl: User) -> None:
    question = _question()
    [review] = review_add(question.pk, Outcome.IGNORED, diehl).reviews
    review_withdraw(question.pk)

    with pytest.raises(Refused, match="nichts mehr"):
        review_undo(diehl, review.batch)


def test_undo_leaves_alone_what_others_judged_and_what_is_confirmed(diehl: User) -> None:
    piesk = records.member("piesk")
    mine, others = _question("meine"), _question("andere")
    review_add(mine.pk, Outcome.CORRECTED, diehl, topic="alliance_goals")
    review_add(others.pk, Outcome.CORRECTED, piesk, topic="alliance_reason")
    suggestion_confirm(Suggestion.objects.get(message=mine).pk, "meine", piesk, anonymous=True)

    review_undo(diehl, last_batch(diehl)[0].batch)

    assert _reviews() == [("andere", "corrected", "alliance_reason", "piesk")]
    assert _suggestions() == [("andere", "alliance_reason", False, "draft"), ("meine", "alliance_goals", False, "confirmed")]


def test_undo_brings_back_the_same_draft_when_it_is_judged_again(diehl: User) -> None:
    question = _question("a")
    review_add(question.pk, Outcome.CORRECTED, diehl, topic="alliance_goals")
    review_undo(diehl, last_batch(diehl)[0].batch)

    review_add(question.pk, Outcome.CORRECTED, diehl, topic="alliance_reason")

    assert _suggestions() == [("a", "alliance_reason", False, "draft")]


def test_one_message_of_a_batch_can_be_judged_anew(diehl: User) -> None:
    first, second = _question("a"), _question("b")
    review_add(first.pk, Outcome.CORRECTED, diehl, topic="alliance_goals", similar=[second.pk])

    review_withdraw(second.pk)

    assert _reviews() == [("a", "corrected", "alliance_goals", "diehl")]
    assert _suggestions() == [("a", "alliance_goals", False, "draft")]
    with pytest.raises(Refused, match="nicht geprüft"):
        review_withdraw(second.pk)
