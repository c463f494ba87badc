"""What colleagues say about a conversation, beside its transcript: notes, tags, and how much of it is reviewed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User

from web.chat.models import Conversation
from web.review.models import Note, Review, Tag
from web.review.queue import to_review


@dataclass(frozen=True)
class Panel:
    """`known_tags`: all that are in use, to choose from. `reviewed`, `to_review`: numbers of messages."""

    conversation: Conversation
    notes: list[Note]
    tags: list[Tag]
    known_tags: list[str]
    reviewed: int
    to_review: int
    removes_all: bool


def panel(conversation: Conversation, user: User) -> dict[str, Any]:
    """For the context of a page that includes `review/panel.html`: `{**panel(conversation, user), ...}`."""
    return {
        "review_panel": Panel(
            conversation=conversation,
            notes=list(conversation.notes.select_related("by").order_by("id")),
            tags=list(conversation.tags.order_by("name")),
            known_tags=list(Tag.objects.order_by("name").values_list("name", flat=True)),
            reviewed=Review.objects.filter(message__conversation=conversation).count(),
            to_review=to_review().filter(conversation=conversation).count(),
            removes_all=user.has_perm("accounts.manage"),
        )
    }
