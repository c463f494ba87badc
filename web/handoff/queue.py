"""Who waits for a person, in the order in which they asked."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass

from django.db.models import OuterRef, Q, QuerySet, Subquery

from web.chat.models import Author, Conversation, Message, State


@dataclass(frozen=True)
class Waiting:
    """`since`: when the citizen asked. `text`, `register`: of the citizen's last message; empty where there is none yet."""

    conversation_id: uuid.UUID
    since: datetime.datetime
    place: int
    text: str
    register: str


def queue_waiting() -> list[Waiting]:
    """Everybody who waits, the first first."""
    last = Message.objects.filter(conversation=OuterRef("pk"), author=Author.CITIZEN).order_by("-seq")
    rows = _requested().annotate(text=Subquery(last.values("text")[:1]), register=Subquery(last.values("register")[:1]))
    return [
        Waiting(row.pk, row.state_since, place, row.text or "", row.register or "")
        for place, row in enumerate(rows.order_by("state_since", "pk"), start=1)
    ]


def place_of(conversation_id: uuid.UUID, since: datetime.datetime) -> int:
    """The place in the queue of a conversation that waits since `since`, 1 being the next."""
    earlier = Q(state_since__lt=since)
    same = Q(state_since=since, pk__lt=conversation_id)
    return _requested().filter(earlier | same).count() + 1


def _requested() -> QuerySet[Conversation]:
    return Conversation.objects.filter(state=State.REQUESTED)
