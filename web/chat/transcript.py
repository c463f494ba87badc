"""A citizen's copy of the conversation."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from content import Register
from web.chat.models import Author, Message

_SPEAKERS = {
    Author.CITIZEN: ("Sie", "You"),
    Author.BOT: ("Wohnlotse (automatischer Assistent)", "Wohnlotse (automatic assistant)"),
    Author.STAFF: ("Servicestelle Wohnen", "Servicestelle Wohnen"),
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
            _SPEAKERS[Author(message.author)][english],
            message.text,
            _source(message, english),
            "" if message.author == Author.CITIZEN else ("en" if message.register == "en" else "de"),
        )
        for message in messages
    ]


def _source(message: Message, english: bool) -> str:
    if not message.source:
        return ""
    stand = datetime.date.fromisoformat(message.source["stand"])
    return _SOURCE[english].format(**{**message.source, "stand": f"{stand:%d.%m.%Y}"})
