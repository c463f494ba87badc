"""What a citizen's widget is told about the hand-off."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Subquery
from django.utils import timezone

from web.chat.models import Author, Conversation, Message, State
from web.handoff.presence import hours_allow, present, staff_there
from web.handoff.queue import place_of
from web.handoff.speaker import speaker

#: So many times in a row the bot did not know, before a person is offered.
_DECLINES = ["decline", "decline"]


def handoff_json(conversation_id: uuid.UUID) -> dict[str, Any]:
    """The schema `Handoff` of docs/openapi.yaml; read anew, in one query unless the citizen waits."""
    messages = Message.objects.filter(conversation=OuterRef("pk")).order_by("-seq")
    answers = messages.filter(author=Author.BOT, last=True)
    conversation = (
        Conversation.objects.filter(pk=conversation_id)
        .annotate(
            present=Exists(present()),
            zones=ArraySubquery(answers.values("zone")[: len(_DECLINES)]),
            register=Subquery(messages.values("register")[:1]),
        )
        .select_related("owner__profile")
        .first()
    )
    if conversation is None:  # nothing was said yet
        return _json(State.BOT, available=staff_there())
    state = State(conversation.state)
    typing = conversation.staff_types_until
    return _json(
        state,
        available=conversation.present and hours_allow(),
        place=place_of(conversation) if state == State.REQUESTED else None,
        staff=speaker(conversation.owner, conversation.register or "standard") if state == State.STAFF else "",
        typing=typing is not None and typing > timezone.now(),
        offered=state == State.BOT and conversation.zones == _DECLINES,
    )


def _json(
    state: State, available: bool, place: int | None = None, staff: str = "", typing: bool = False, offered: bool = False
) -> dict[str, Any]:
    return {"state": state, "place": place, "staff": staff, "typing": typing, "available": available, "offered": offered}
