"""Rows for tests: conversations as if they had happened, and members of staff."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from typing import Any

import numpy as np
from django.contrib.auth.models import Group, User
from django.utils import timezone

from web.accounts.models import Profile
from web.chat.models import DIMENSIONS, Author, Conversation, Message, Verdict


def member(name: str = "diehl", role: str = "Beratung", shown_as: str = "Frau Diehl", **fields: Any) -> User:
    """A member of staff with the password „geheim-und-lang“."""
    user = User.objects.create_user(name, password="geheim-und-lang", **fields)
    user.groups.add(Group.objects.get(name=role))
    Profile.objects.create(user=user, shown_as=shown_as)
    return user


def conversation(texts: Sequence[tuple[str, str]] = (), at: datetime.datetime | None = None, **fields: Any) -> Conversation:
    """A conversation of (author, text) pairs, a second between them from `at` on (default: now)."""
    made = Conversation.objects.create(**fields)
    start = at or timezone.now()
    for text_author, text in texts:
        message(made, text, text_author)
    for each in made.messages.all():
        Message.objects.filter(pk=each.pk).update(at=start + datetime.timedelta(seconds=each.seq))
    Conversation.objects.filter(pk=made.pk).update(opened_at=start, active_at=start + datetime.timedelta(seconds=made.last_seq))
    made.refresh_from_db()
    return made


def message(conversation: Conversation, text: str, author: str = Author.CITIZEN, **fields: Any) -> Message:
    """One more message at the end."""
    conversation.last_seq += 1
    conversation.save(update_fields=["last_seq"])
    defaults = {"register": "standard", "client_id": uuid.uuid4() if author == Author.CITIZEN else None}
    return Message.objects.create(
        conversation=conversation, seq=conversation.last_seq, author=author, text=text, **{**defaults, **fields}
    )


def verdict(message: Message, intent: str = "alliance_definition", zone: str = "answer", **fields: Any) -> Verdict:
    """What the bot understood; the vector is that of the text's letters, so equal texts have equal vectors."""
    vector = np.random.default_rng([ord(letter) for letter in message.text or " "]).normal(size=DIMENSIONS)
    defaults = {
        "confidence": 0.9,
        "ranking": [{"name": intent, "confidence": fields.get("confidence", 0.9)}],
        "topics": [intent],
        "model": "test",
        "vector": vector / np.linalg.norm(vector),
    }
    return Verdict.objects.create(message=message, intent=intent, zone=zone, **{**defaults, **fields})
