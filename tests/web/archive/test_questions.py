"""What developers get of the conversations: what was asked and answered, and nothing of who and when."""

from __future__ import annotations

import datetime
import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from tests.web.records import conversation, member, message
from training.release.shadow import Asked, read_conversations
from web.archive.questions import questions
from web.chat.models import Conversation
from web.rights.models import Reading

pytestmark = pytest.mark.django_db


def _asked(text: str, days_ago: float = 0, zone: str = "answer", topics: tuple[str, ...] = ("alliance_lead",)) -> Conversation:
    made = conversation([("citizen", text)], at=timezone.now() - datetime.timedelta(days=days_ago))
    for topic in topics:
        message(made, "Antwort", "bot", reply_to=1, zone=zone, topic=topic)
    _back(made, days_ago)
    return made


def _back(made: Conversation, days: float) -> None:
    Conversation.objects.filter(pk=made.pk).update(active_at=timezone.now() - datetime.timedelta(days=days))


def _printed(days: int) -> list[Any]:
    return [json.loads(line) for line in questions(days)]


def test_line_holds_what_was_asked_and_answered_and_nothing_else() -> None:
    made = _asked("Ich bin [Name]. Wer leitet sie, und wo?", topics=("alliance_lead", "service_address"))
    message(made, "vielen dank", register="einfach")
    message(made, "Gern.", "bot", reply_to=made.last_seq, zone="answer", topic="thanks", register="einfach")

    assert _printed(1) == [
        {
            "turns": [
                {
                    "text": "Ich bin [Name]. Wer leitet sie, und wo?",
                    "register": "standard",
                    "zone": "answer",
                    "topics": ["alliance_lead", "service_address"],
                },
                {"text": "vielen dank", "register": "einfach", "zone": "answer", "topics": ["thanks"]},
            ]
        }
    ]


def test_conversations_of_the_last_days_come_with_the_oldest_first() -> None:
    _asked("gestern", 1)
    _asked("vor langer Zeit", 8)
    _asked("letzte Woche", 6)

    assert [line["turns"][0]["text"] for line in _printed(7)] == ["letzte Woche", "gestern"]


def test_what_the_bot_did_not_hear_is_left_out() -> None:
    made = _asked("an den Bot")
    message(made, "an Frau Diehl")
    message(made, "Guten Tag, hier ist Diehl.", "staff", by=member())
    conversation([("citizen", "nur an eine Person")])

    assert [line["turns"] for line in _printed(1)] == [
        [{"text": "an den Bot", "register": "standard", "zone": "answer", "topics": ["alliance_lead"]}]
    ]


def test_command_prints_json_lines_and_that_is_recorded() -> None:
    _asked("Wer leitet die Allianz?")
    printed = StringIO()

    call_command("questions", "--days", "3", stdout=printed)

    assert [json.loads(line)["turns"][0]["text"] for line in printed.getvalue().splitlines()] == ["Wer leitet die Allianz?"]
    assert list(Reading.objects.values_list("user", "kind", "subject")) == [(None, "command", "Fragen der letzten 3 Tage")]


@pytest.mark.django_db(transaction=True)  # pages run in a thread
def test_record_says_that_a_command_has_read_it(client: Client) -> None:
    call_command("questions", stdout=StringIO())
    client.force_login(member("leitung", "Leitung"))

    page = client.get("/team/rechte/gelesen/").content.decode()

    assert "<td>Kommandozeile</td><td>Ausleitung</td><td>Fragen der letzten 7 Tage</td>" in page


def test_shadow_evaluation_reads_what_is_printed() -> None:
    message(_asked("Wer leitet sie?"), "Danke", register="einfach")
    _asked("Wo?")

    assert read_conversations("".join(questions(1))) == [[Asked("Wer leitet sie?", "standard")], [Asked("Wo?", "standard")]]


def test_command_refuses_less_than_a_day() -> None:
    with pytest.raises(CommandError, match="1 or more"):
        call_command("questions", "--days", "0")
    assert not Reading.objects.exists()
