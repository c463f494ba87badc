"""What a citizen can ask for by its number: to get a copy (Art. 15 and 20 DSGVO) and to have it deleted (Art. 17)."""

from __future__ import annotations

import datetime
import re
import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from web.accounts.changes import change_add
from web.chat.conversations import conversation_delete
from web.chat.models import Conversation
from web.inquiries.inquiries import inquiry_delete
from web.inquiries.models import Inquiry
from web.review.models import Tag
from web.rights.models import Reading
from web.rights.reading import reading_add
from web.rights.shredders import SHREDDERS, Kind


@dataclass(frozen=True)
class Subject:
    """`number`: what the citizen names; `key`: of the row. `related`: numbers of inquiries out of the conversation."""

    kind: Kind
    number: str
    key: Any
    since: datetime.datetime
    related: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return "Gespräch" if self.kind == "conversation" else "Anliegen"


def subject_find(text: str) -> Subject | None:
    """What is meant by a number as people copy or spell it: with or without hyphens, spaces and capitals."""
    signs = re.sub(r"[^0-9A-Z]", "", text.upper())
    if re.fullmatch(r"[0-9A-F]{32}", signs):
        conversation = Conversation.objects.filter(pk=uuid.UUID(signs)).first()
        if conversation is None:
            return None
        related = conversation.inquiries.order_by("id").values_list("reference", flat=True)
        return Subject("conversation", str(conversation.pk), conversation.pk, conversation.opened_at, tuple(related))
    inquiry = Inquiry.objects.filter(reference=f"{signs[:2]}-{signs[2:6]}-{signs[6:]}").first()
    return Subject("inquiry", inquiry.reference, inquiry.pk, inquiry.at) if inquiry else None


def subject_sizes(subject: Subject) -> dict[str, int]:
    """How many rows of each kind there are, by their German titles; what is empty is left out."""
    sizes = {each.title: each.rows(subject.key).count() for each in SHREDDERS if each.kind == subject.kind}
    return {title: size for title, size in sizes.items() if size}


def subject_hand_over(subject: Subject, by: User) -> dict[str, Any]:
    """All that is kept of it, under German names, and when it was read. That `by` read it now is recorded. Raises Sealed."""
    reading_add(by, subject.kind, subject.number)
    parts = {
        each.title: [each.hand_over(row) for row in each.rows(subject.key)] for each in SHREDDERS if each.kind == subject.kind
    }
    readings = Reading.objects.filter(subject=subject.number).order_by("at").values_list("at", flat=True)
    head: dict[str, Any] = {
        "Art": subject.title,
        "Nummer": subject.number,
        "begonnen": _time(subject.since),
        "Stand dieser Auskunft": _time(timezone.now()),
    }
    if subject.kind == "conversation":
        head["Schlagwörter"] = list(
            Tag.objects.filter(conversations=subject.key).order_by("name").values_list("name", flat=True)
        )
        head["zugehörige Anliegen"] = list(subject.related)
    read = [{"Zeit": _time(at), "von": "Servicestelle"} for at in readings]
    return {"Angaben": head, **{title: rows for title, rows in parts.items() if rows}, "Gelesen": read}


def readable(value: Any) -> Any:
    """What `subject_hand_over` gives, with words in place of lists, for a page that people read."""
    if isinstance(value, dict):
        return {name: readable(each) for name, each in value.items()}
    if not isinstance(value, list):
        return value
    if value and isinstance(value[0], dict):
        return [readable(each) for each in value]
    if value and isinstance(value[0], float):
        return f"{len(value)} Zahlen; sie stehen in der Datei für Programme"
    return ", ".join(value)


def subject_delete(subject: Subject, by: User) -> str:
    """Deletes it for good, and returns the sentence of the receipt. That it was asked for is recorded, without a text."""
    if subject.kind == "conversation":
        deletion = conversation_delete(subject.key)
        receipt = f"Das Gespräch mit {deletion.messages} Nachrichten ist gelöscht."
        if not deletion.memory_deleted:  # the chat's sweeper tells the bot
            receipt += " Was der Bot sich davon gemerkt hat, wird gelöscht, sobald er erreichbar ist."
    else:
        inquiry_delete(subject.number)
        receipt = "Das Anliegen mit allen Kontaktangaben ist gelöscht."
    change_add(by, "deletion", subject.number, f"{subject.title} auf Verlangen gelöscht")
    return receipt


def _time(at: datetime.datetime) -> str:
    return timezone.localtime(at).strftime("%d.%m.%Y, %H:%M:%S")
