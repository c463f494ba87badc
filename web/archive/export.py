"""The conversations of a list as a file, a few at a time, so that any number of them fits into memory."""

from __future__ import annotations

import csv
import io
import json
import uuid
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Prefetch
from django.utils import timezone

from web.archive.conversations import conversations_matching
from web.archive.filters import Filters
from web.archive.redaction import text_to_export
from web.archive.stories import stories, stories_head
from web.archive.templatetags.transcript import intent, zone
from web.chat.database import console_query
from web.chat.models import Conversation, Message

_BATCH = 200


@dataclass(frozen=True)
class Format:
    """A kind of file: what stands at its start, and what stands in it for some conversations."""

    ending: str
    content_type: str
    head: Callable[[], str]
    body: Callable[[list[Conversation]], str]


async def export(form: Format, filters: Filters, user: User) -> AsyncIterator[bytes]:
    """The file in pieces: conversations in the order of the list, with the texts of their messages redacted.

    Which ones they are is settled at the start; one that is deleted meanwhile is left out.
    """
    ids = await console_query(_ids, filters, user)
    yield form.head().encode()
    for start in range(0, len(ids), _BATCH):
        piece = await console_query(lambda some: form.body(_conversations(some)), ids[start : start + _BATCH])
        yield piece.encode()


def _ids(filters: Filters, user: User) -> list[uuid.UUID]:
    return list(conversations_matching(filters, user).order_by("-active_at", "-id").values_list("id", flat=True))


def _conversations(ids: list[uuid.UUID]) -> list[Conversation]:
    messages = (
        Message.objects.select_related("verdict", "feedback", "review", "by__profile").defer("verdict__vector").order_by("seq")
    )
    found = Conversation.objects.prefetch_related(Prefetch("messages", messages), "tags").in_bulk(ids)
    return [found[id] for id in ids if id in found]


_COLUMNS = (
    "Gespräch",
    "Nummer",
    "Zeit",
    "Von",
    "Text",
    "Sprache",
    "Verstanden als",
    "Sicherheit",
    "Ausgang",
    "Geholfen",
    "Grund",
    "Prüfung",
    "Richtiges Thema",
    "Zustand des Gesprächs",
    "Kanal",
    "Schlagwörter",
)


def _csv_head() -> str:
    return "\ufeff" + _csv([_COLUMNS])  # the mark makes Excel read UTF-8


def _csv_body(conversations: list[Conversation]) -> str:
    return _csv(_row(conversation, message) for conversation in conversations for message in conversation.messages.all())


def _row(conversation: Conversation, message: Message) -> list[str]:
    verdict, feedback, review = (getattr(message, name, None) for name in ("verdict", "feedback", "review"))
    return [
        str(conversation.id),
        str(message.seq),
        f"{timezone.localtime(message.at):%d.%m.%Y %H:%M:%S}",
        message.get_author_display(),
        text_to_export(message),
        message.get_register_display(),
        intent(verdict.intent) if verdict else "",
        f"{verdict.confidence:.3f}".replace(".", ",") if verdict else "",
        zone(verdict.zone) if verdict else zone(message.zone) if message.zone else "",
        ("ja" if feedback.helpful else "nein") if feedback else "",
        feedback.get_reason_display() or "" if feedback else "",
        review.get_outcome_display() if review else "",
        intent(review.topic) if review else "",
        conversation.get_state_display(),
        conversation.get_channel_display(),
        ", ".join(sorted(tag.name for tag in conversation.tags.all())),
    ]


def _csv(lines: Iterable[Iterable[str]]) -> str:
    """Semicolons, as German Excel expects. No cell is taken for a formula: OWASP, "CSV Injection"."""
    file = io.StringIO()
    csv.writer(file, delimiter=";", lineterminator="\r\n").writerows([_harmless(cell) for cell in line] for line in lines)
    return file.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")) else cell


def _jsonl_body(conversations: list[Conversation]) -> str:
    return "".join(f"{json.dumps(_as_json(each), ensure_ascii=False)}\n" for each in conversations)


def _as_json(conversation: Conversation) -> dict[str, Any]:
    return {
        "id": str(conversation.id),
        "opened_at": conversation.opened_at.isoformat(),
        "active_at": conversation.active_at.isoformat(),
        "state": conversation.state,
        "channel": conversation.channel,
        "tags": sorted(tag.name for tag in conversation.tags.all()),
        "messages": [dict(_message_items(message)) for message in conversation.messages.all()],
    }


def _message_items(message: Message) -> Iterator[tuple[str, Any]]:
    """What is stored, except who of the staff spoke; what a message does not have is left out."""
    verdict, feedback, review = (getattr(message, name, None) for name in ("verdict", "feedback", "review"))
    text = text_to_export(message)
    yield from {
        "seq": message.seq,
        "at": message.at.isoformat(),
        "author": message.author,
        "text": text,
        "register": message.register,
        "redacted": message.redacted or text != message.text,
    }.items()
    for name in ("reply_to", "zone", "topic", "buttons", "source", "handoff"):
        value = getattr(message, name)
        if value:
            yield name, value
    if verdict:
        names = ("intent", "confidence", "zone", "ranking", "topics", "model")
        yield "verdict", {name: getattr(verdict, name) for name in names}
    if feedback:
        yield "feedback", {"helpful": feedback.helpful, "reason": feedback.reason}
    if review:
        yield "review", {"outcome": review.outcome, "topic": review.topic}


#: By the name that stands in the address.
FORMATS = {
    "csv": Format("csv", "text/csv; charset=utf-8", _csv_head, _csv_body),
    "jsonl": Format("jsonl", "application/jsonl; charset=utf-8", str, _jsonl_body),
    "rasa": Format("yml", "application/yaml; charset=utf-8", stories_head, stories),
}
