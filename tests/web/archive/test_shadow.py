"""What citizens asked of late, from the console's database, put to a live model and to a candidate that mixes up two topics."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from content import read_content
from tests.training.stored import rewrite_model
from tests.web.records import conversation, message
from training.release.shadow import Changed, changes, read_conversations, replay
from training.serving.live import live_model
from training.serving.service import Bot, running_bot
from web.archive.questions import questions

_LEAD, _PHONE = "alliance_lead", "service_phone"
#: No titles: those are answered whatever the model says. By the days since they were asked.
_ASKED = [
    (6, ["Ich bin [Name]. Wer steht denn gerade an der Spitze der Allianz?", "vielen dank"]),
    (4, ["unter welcher nr kan ich da anrufn", "postanschrift der servicestelle bitte"]),
    (2, ["telefonnummer servicestelle"]),
    (1, ["Telefonnummer Servicestelle"]),
    (0, ["telefonnummer servicestelle", "Wie wird das Wetter morgen?"]),
    (9, ["telefonnummer servicestelle"]),
]


@pytest.fixture
def bots(_live_bot: Bot, tmp_path: Path) -> Iterator[tuple[Bot, Bot]]:
    """One that serves the live model, and one whose model takes the question who leads for the one after the telephone number,
    and the other way round."""
    live = live_model()
    assert live is not None
    mixed = rewrite_model(live, tmp_path / "mixed.tar.gz", "intents.json", _mixed_up)
    with running_bot(mixed, tmp_path / "bot") as candidate:
        yield _live_bot, candidate


def _mixed_up(stored: dict[str, Any]) -> dict[str, Any]:
    other = {_LEAD: _PHONE, _PHONE: _LEAD}
    return {**stored, "intents": [other.get(intent, intent) for intent in stored["intents"]]}


@pytest.mark.django_db
def test_questions_of_the_last_days_whose_answer_would_change_are_listed_most_frequent_first(bots: tuple[Bot, Bot]) -> None:
    for days, texts in _ASKED:
        made = conversation(at=timezone.now() - datetime.timedelta(days=days, hours=1))
        for text in texts:
            asked = message(made, text)
            message(made, "Antwort", "bot", reply_to=asked.seq, zone="answer", topic="thanks")
        type(made).objects.filter(pk=made.pk).update(active_at=timezone.now() - datetime.timedelta(days=days, hours=1))

    asked_of_late = read_conversations("".join(questions(7)))
    answered = replay(*bots, asked_of_late)

    assert [len(turns) for turns in asked_of_late] == [2, 2, 1, 1, 2]
    assert len(answered) == 8
    topics = read_content().topics
    lead, phone = topics[_LEAD].title, topics[_PHONE].title
    assert changes(answered, read_content()) == [
        Changed("telefonnummer servicestelle", 3, phone, lead),
        Changed("Ich bin [Name]. Wer steht denn gerade an der Spitze der Allianz?", 1, lead, phone),
        Changed("unter welcher nr kan ich da anrufn", 1, phone, lead),
    ]
