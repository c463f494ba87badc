"""Keeps the index of the full-text search up to date, beside the chat: posting a message costs nothing more."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence

from django.contrib.postgres.search import SearchVector
from django.db import IntegrityError, transaction
from django.db.models import F, Q, Value

from web.archive.models import Document
from web.archive.search import CONFIGURATION, searchable
from web.chat.models import Author, Conversation, Message

#: Conversations in one transaction.
BATCH = 200
#: Conversations in one call, so that whoever calls gets to its other work.
_MOST = 2000


def documents_index() -> int:
    """Indexes conversations in which something was said since they were indexed, the latest first; how many there were.

    What people wrote is indexed; the bot's answers are those of `content/`, and found by their topic. Called again and
    again it catches up with any number. A conversation that is deleted meanwhile leaves its batch to the next call.
    """
    stale = _stale()[:_MOST]
    indexed = 0
    for start in range(0, len(stale), BATCH):
        batch = stale[start : start + BATCH]
        try:
            _index(batch)
        except IntegrityError:
            continue
        indexed += len(batch)
    return indexed


def _stale() -> list[tuple[uuid.UUID, int]]:
    """Without a limit PostgreSQL reads both tables once; with one it would look up the document of each conversation."""
    stale = Conversation.objects.filter(Q(document__isnull=True) | Q(document__seq__lt=F("last_seq")), last_seq__gt=0)
    return list(stale.order_by("-active_at", "-id").values_list("id", "last_seq"))


@transaction.atomic
def _index(conversations: Sequence[tuple[uuid.UUID, int]]) -> None:
    texts: dict[uuid.UUID, list[str]] = defaultdict(list)
    said = Message.objects.filter(
        conversation__in=[id for id, _ in conversations], author__in=(Author.CITIZEN, Author.STAFF)
    ).order_by("seq")
    for conversation_id, text in said.values_list("conversation_id", "text"):
        texts[conversation_id].append(text)
    documents = [
        Document(conversation_id=id, seq=seq, words=SearchVector(Value(searchable(texts[id])), config=CONFIGURATION))
        for id, seq in conversations
    ]
    Document.objects.bulk_create(
        documents, update_conflicts=True, unique_fields=["conversation"], update_fields=["seq", "words"]
    )
