"""Which message comes next."""

from __future__ import annotations

import datetime
import uuid

import pytest
from django.utils import timezone

from tests.web import records
from web.chat.models import Author, Feedback, Message
from web.handoff.models import Transition
from web.review.models import Review
from web.review.queue import Filters, context_of, next_message, reviewed_today, to_review

pytestmark = pytest.mark.django_db(transaction=True)


def _understood(text: str, zone: str = "answer", shares: tuple[float, float] = (0.9, 0.05)) -> Message:
    """A question in a conversation of its own, with the bot's answer and its two best guesses."""
    talk = records.conversation([(Author.CITIZEN, text), (Author.BOT, "Die Antwort.")])
    question, answer = talk.messages.order_by("seq")
    Message.objects.filter(pk=answer.pk).update(reply_to=question.seq)
    ranking = [{"name": "alliance_goals", "confidence": shares[0]}, {"name": "alliance_reason", "confidence": shares[1]}]
    records.verdict(question, "alliance_goals", zone, ranking=ranking)
    return question


def _order(filters: Filters | None = None) -> list[str]:
    """The texts as they come when each is skipped."""
    texts: list[str] = []
    message = next_message(filters or Filters())
    while message is not None:
        texts.append(message.text)
        message = next_message(filters or Filters(), after=message.pk)
    return texts


def test_what_a_judgement_gains_most_from_comes_first() -> None:
    _understood("sicher")
    _understood("knapp", shares=(0.45, 0.4))
    _understood("nachgefragt", "clarify", (0.5, 0.2))
    _understood("abgelehnt", "decline", (0.5, 0.2))
    unhelped = _understood("hat nicht geholfen")
    answer = unhelped.conversation.messages.get(author=Author.BOT)
    Feedback.objects.create(message=answer, helpful=False)

    assert _order() == ["hat nicht geholfen", "abgelehnt", "nachgefragt", "knapp", "sicher"]


def test_second_decline_in_a_conversation_and_a_wish_for_a_person_come_before_a_single_decline() -> None:
    once = _understood("einmal", "decline")
    again = _understood("zum ersten Mal", "decline", (0.99, 0.0))
    second = records.message(again.conversation, "zum zweiten Mal")
    records.verdict(
        second, zone="decline", ranking=[{"name": "oos_money", "confidence": 0.9}, {"name": "a", "confidence": 0.05}]
    )
    asked = _understood("will zu einem Menschen", "decline", (0.91, 0.05))
    Transition.objects.create(conversation=asked.conversation, event="ask", before="bot", after="requested")
    Transition.objects.update(at=timezone.now() + datetime.timedelta(minutes=1))

    assert _order() == ["zum zweiten Mal", "will zu einem Menschen", once.text, "zum ersten Mal"]


def test_equal_gain_takes_the_newest_first() -> None:
    for text in ("erste", "zweite", "dritte"):
        _understood(text)

    assert _order() == ["dritte", "zweite", "erste"]


def test_only_unjudged_messages_of_citizens_that_the_bot_has_read_are_to_review() -> None:
    judged = _understood("geprüft")
    Review.objects.create(message=judged, outcome="accepted")
    records.conversation([(Author.CITIZEN, "nicht gelesen"), (Author.STAFF, "Guten Tag")])
    open_one = _understood("offen")

    assert list(to_review()) == [open_one]


def test_filters_narrow_the_queue_down_together() -> None:
    _understood("beantwortet")
    declined = _understood("abgelehnt", "decline")
    also = _understood("auch abgelehnt", "decline")
    Feedback.objects.create(message=also.conversation.messages.get(author=Author.BOT), helpful=False)

    assert _order(Filters(zone="decline")) == ["auch abgelehnt", "abgelehnt"]
    assert _order(Filters(conversation=declined.conversation_id)) == ["abgelehnt"]
    assert _order(Filters(zone="decline", unhelped=True)) == ["auch abgelehnt"]
    assert _order(Filters(zone="clarify")) == []


def test_filters_are_read_from_an_address_and_written_back() -> None:
    conversation = uuid.uuid4()

    filters = Filters.read({"zone": "decline", "conversation": str(conversation), "unhelped": "1", "other": "x"})

    assert filters == Filters("decline", conversation, True)
    assert filters.query == f"zone=decline&conversation={conversation}&unhelped=1"
    assert Filters().query == ""


def test_what_is_wrong_in_an_address_is_left_out_and_named() -> None:
    assert Filters.read({"zone": "'; drop table", "conversation": "17"}) == Filters(
        problems=(
            "Diesen Ausgang gibt es nicht, er wurde nicht beachtet.",
            "Dieses Gespräch gibt es nicht, es wurde nicht beachtet.",
        )
    )


def test_progress_counts_the_reviews_of_everybody_since_midnight() -> None:
    for name in ("diehl", "piesk"):
        Review.objects.create(message=_understood(name), outcome="accepted", by=records.member(name))
    old = Review.objects.create(message=_understood("gestern"), outcome="accepted")
    Review.objects.filter(pk=old.pk).update(at=timezone.now() - datetime.timedelta(days=1))

    assert reviewed_today() == 2


def test_context_is_what_was_said_around_the_message() -> None:
    talk = records.conversation([(Author.CITIZEN if each % 2 else Author.BOT, str(each)) for each in range(1, 12)])
    message = talk.messages.get(seq=6)

    assert [each.text for each in context_of(message, before=2, after=1)] == ["4", "5", "6", "7"]
