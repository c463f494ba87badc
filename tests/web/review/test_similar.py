"""Messages that say nearly the same."""

from __future__ import annotations

import numpy as np
import pytest

from tests.web import records
from web.chat.models import DIMENSIONS, Author, Message
from web.review.models import Review
from web.review.similar import NEAR, SHOWN, similar_messages

pytestmark = pytest.mark.django_db(transaction=True)


def _at(distance: float, text: str = "") -> Message:
    """A question whose vector has this cosine distance from the one at 0."""
    question = records.conversation([(Author.CITIZEN, text or str(distance))]).messages.get()
    vector = np.zeros(DIMENSIONS)
    vector[0], vector[1] = 1 - distance, np.sqrt(1 - (1 - distance) ** 2)
    records.verdict(question, vector=vector)
    return question


def test_nearest_come_first_and_what_is_far_does_not_come() -> None:
    message = _at(0)
    _, middle, near = _at(NEAR + 0.01), _at(NEAR - 0.01), _at(0.01)

    assert similar_messages(message) == [near, middle]


def test_judged_ones_do_not_come() -> None:
    message, judged = _at(0), _at(0.01)
    Review.objects.create(message=judged, outcome="ignored")

    assert similar_messages(message) == []


def test_no_more_come_than_a_person_reads() -> None:
    message = _at(0)
    for each in range(SHOWN + 1):
        _at(each / 1000, f"Frage {each}")

    assert [each.text for each in similar_messages(message)] == [f"Frage {each}" for each in range(SHOWN)]


def test_message_that_the_bot_did_not_read_has_none() -> None:
    _at(0)

    assert similar_messages(records.conversation([(Author.CITIZEN, "Hallo?")]).messages.get()) == []
