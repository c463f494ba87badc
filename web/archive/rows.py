"""A line of the list: what helps to decide which conversation to open."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from web.archive.conversations import TAKEN
from web.archive.filters import Filters
from web.archive.search import Piece, marked
from web.chat import facts
from web.chat.models import Author, Message, Reason, State
from web.review.intents import intent_title

#: Letters of a question that are shown, and those before the first find.
_LENGTH = 160
_BEFORE = 40
#: Topics that are named.
_TOPICS = 3

Tone = Literal["", "good", "warn", "error"]


@dataclass(frozen=True)
class Mark:
    text: str
    tone: Tone = ""


@dataclass(frozen=True)
class Row:
    """`conversation`: as `web.archive.conversations.described`. `question`: the first one, or what was searched for."""

    conversation: Any
    question: list[Piece]
    topics: list[str]
    marks: list[Mark]
    is_unread: bool


def rows(conversations: Sequence[Any], filters: Filters) -> list[Row]:
    """One for each conversation, in their order."""
    content = facts.content()
    found = _found([each.id for each in conversations], filters.values["text"]) if "text" in filters.values else {}
    return [
        Row(
            conversation=each,
            question=_excerpt(found.get(each.id) or ([Piece(each.question, False)] if each.question else [])),
            topics=[intent_title(intent, content) for intent in _topics(each.intents)],
            marks=_marks(each),
            is_unread=(each.seen_seq or 0) < each.last_seq,
        )
        for each in conversations
    ]


def _topics(intents: Iterable[str]) -> list[str]:
    """Each once, in the order in which they came up."""
    return list(dict.fromkeys(intents))[:_TOPICS]


def _marks(conversation: Any) -> list[Mark]:
    marks = []
    if conversation.state != State.BOT:
        marks.append(Mark(State(conversation.state).label, "warn" if conversation.state == State.REQUESTED else ""))
    if any(event in TAKEN for event in conversation.events):
        marks.append(Mark("übernommen"))
    elif "ask" in conversation.events and conversation.state != State.REQUESTED:
        marks.append(Mark("nach einer Person gefragt", "warn"))
    if conversation.has_inquiry:
        marks.append(Mark("Anliegen hinterlassen"))
    for reason in dict.fromkeys(conversation.thumbs):
        marks.append(Mark("hat nicht geholfen" + (f": {Reason(reason).label}" if reason else ""), "error"))
    if conversation.is_reviewed and not conversation.to_review:
        marks.append(Mark("geprüft", "good"))
    return [*marks, *(Mark(f"#{name}") for name in conversation.tag_names)]


def _found(ids: list[uuid.UUID], search: str) -> dict[uuid.UUID, list[Piece]]:
    """In each conversation the first text with something that was searched for."""
    said = list(
        Message.objects.filter(conversation__in=ids, author__in=(Author.CITIZEN, Author.STAFF))
        .order_by("conversation", "seq")
        .values_list("conversation_id", "text")
    )
    texts: dict[uuid.UUID, list[list[Piece]]] = defaultdict(list)
    for (conversation_id, _), pieces in zip(said, marked([text for _, text in said], search)):
        texts[conversation_id].append(pieces)
    return {
        conversation_id: next((each for each in several if any(piece.found for piece in each)), several[0])
        for conversation_id, several in texts.items()
    }


def _excerpt(pieces: list[Piece]) -> list[Piece]:
    """About `_LENGTH` letters, the first find among them."""
    first = next((index for index, piece in enumerate(pieces) if piece.found), 0)
    before = "".join(piece.text for piece in pieces[:first])
    start = f"… {before[-_BEFORE:].partition(' ')[2]}" if len(before) > _BEFORE else before
    excerpt = [Piece(start, False)] if start else []
    left = _LENGTH - len(start)
    for piece in pieces[first:]:
        if len(piece.text) > left:
            return [*excerpt, Piece(piece.text[:left].rstrip() + " …", piece.found)]
        excerpt.append(piece)
        left -= len(piece.text)
    return excerpt
