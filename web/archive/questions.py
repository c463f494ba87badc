"""What citizens asked the bot of late, for developers who try a new model on it: redacted texts, nothing of who and when."""

from __future__ import annotations

import datetime
import json
import uuid
from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone

from web.chat.models import Author, Conversation, Message
from web.rights.reading import reading_add

_BATCH = 200


def questions(days: int) -> Iterator[str]:
    """A line of JSON for each conversation that was active in the last `days` days, the oldest first: {turns: [{text,
    register, zone, topics}]}, what the bot was asked in it, redacted, and what it answered. Records that it was read.

    What nobody but a person answered is left out: the bot has not heard it. Neither ids nor times are handed out.
    """
    reading_add(None, "command", f"Fragen der letzten {days} Tage")
    since = timezone.now() - datetime.timedelta(days=days)
    active = Conversation.objects.filter(active_at__gte=since).order_by("active_at", "id")
    ids = list(active.values_list("id", flat=True))
    for start in range(0, len(ids), _BATCH):
        for conversation in _conversations(ids[start : start + _BATCH]):
            turns = list(_turns(conversation))
            if turns:
                yield json.dumps({"turns": turns}, ensure_ascii=False) + "\n"


def _conversations(ids: list[uuid.UUID]) -> list[Conversation]:
    """Without those that are deleted meanwhile."""
    said = Message.objects.filter(author__in=(Author.CITIZEN, Author.BOT)).order_by("seq")
    found = Conversation.objects.prefetch_related(Prefetch("messages", said)).in_bulk(ids)
    return [found[id] for id in ids if id in found]


def _turns(conversation: Conversation) -> Iterator[dict[str, Any]]:
    messages = list(conversation.messages.all())
    for asked in messages:
        replies = [each for each in messages if each.author == Author.BOT and each.reply_to == asked.seq]
        if asked.author == Author.CITIZEN and replies:
            yield {
                "text": asked.text,
                "register": asked.register,
                "zone": replies[0].zone,
                "topics": [each.topic for each in replies if each.topic],
            }
