"""A citizen's copy of the conversation."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from content import Register
from web.chat.models import Author, Message
from web.chat.protocol import language
from web.handoff.speaker import speaker

_SPEAKERS = {
    Author.CITIZEN: ("Sie", "You"),
    Author.BOT: ("Wohnlotse (automatischer Assistent)", "Wohnlotse (automatic assistant)"),
    Author.SYSTEM: ("Hinweis", "Note"),
}
_SOURCE = ("Quelle: {title}, Stand {stand}, {url}", "Source: {title}, as of {stand}, {url}")


@dataclass(frozen=True)
class Line:
    """One message; `when` in local time, `language` an HTML language or "" where it is not known."""

    when: datetime.datetime
    speaker: str
    text: str
    source: str
    language: str


def transcript_lines(messages: Sequence[Message], register: Register) -> list[Line]:
    """The messages in the order in which they were written."""
    english = register == "en"
    return [
        Line(
            timezone.localtime(message.at),
            _speaker(message, register),
            _text(message),
            _source(message, english),
            language(message).replace("und", ""),
        )
        for message in messages
    ]


def _text(message: Message) -> str:
    """With the topics that a question back gives to choose from, or nobody could tell later what was meant."""
    choices = message.buttons if message.zone == "clarify" else []
    return "\n".join([message.text, *(f"– {button['title']}" for button in choices)])


def _speaker(message: Message, register: Register) -> str:
    if message.author == Author.STAFF:
        name = speaker(message.by, register)
        return name[0].upper() + name[1:]
    return _SPEAKERS[Author(message.author)][register == "en"]


def transcript_number(conversation_id: uuid.UUID, register: Register) -> str:
    """By which the citizen can ask the staff to hand the conversation over or to delete it (Art. 15 and 17 DSGVO)."""
    name = "Number of this conversation" if register == "en" else "Nummer dieser Unterhaltung"
    return f"{name}: {conversation_id}"


def _source(message: Message, english: bool) -> str:
    if not message.source:
        return ""
    stand = datetime.date.fromisoformat(message.source["stand"])
    return _SOURCE[english].format(**{**message.source, "stand": f"{stand:%d.%m.%Y}"})
