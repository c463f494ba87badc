"""The fixed queues of the daily work, each with how much is in it."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.http import QueryDict

from web.archive.conversations import conversations_matching
from web.archive.filters import Filters

#: Where counting ends, so that it takes no longer the more there is: „99+“ says enough.
MOST = 99

#: Title and filters of each.
QUEUES = (
    ("Zu prüfen", "reviewed=no"),
    ("Geringe Sicherheit", "answer=unsure"),
    ("Unbeantwortet", "answer=none"),
    ("Hat nicht geholfen", "feedback=down"),
    ("Übergaben", "handoff=any"),
    ("Ungelesen", "unread=1"),
)


@dataclass(frozen=True)
class Queue:
    """`query`: of the list's address. `count`: in words, as „12“ or „99+“."""

    title: str
    query: str
    count: str


def queues(user: User) -> list[Queue]:
    """All of them, for a member of staff."""
    return [Queue(title, query, _count(query, user)) for title, query in QUEUES]


def _count(query: str, user: User) -> str:
    found = conversations_matching(Filters.read(QueryDict(query)), user)
    count = found.values("pk")[: MOST + 1].count()
    return f"{MOST}+" if count > MOST else str(count)
