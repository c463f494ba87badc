"""Finds conversations: those that fit the filters, a page of them, and the neighbours of one."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from web.archive.filters import Filters
from web.archive.models import Document, Seen
from web.archive.search import query
from web.chat.models import Author, Conversation, Feedback, Message, Verdict
from web.handoff.models import Transition
from web.inquiries.models import Inquiry
from web.review.models import Review, Tag

PAGE = 25
#: Below this probability of the most likely intent an answer counts as unsure.
UNSURE = 0.5

#: Events of `Transition` by which a person took a conversation.
TAKEN = ("take", "step_in", "take_over")


@dataclass(frozen=True)
class Place:
    """A conversation's place in the list, newest first: where a page starts or ends."""

    active_at: datetime.datetime
    id: uuid.UUID

    @classmethod
    def read(cls, text: str) -> Place | None:
        """From an address; None for what is no place."""
        at, _, id = text.partition("_")
        try:
            place = cls(datetime.datetime.fromisoformat(at), uuid.UUID(id))
        except ValueError:
            return None
        return place if timezone.is_aware(place.active_at) else None

    def __str__(self) -> str:
        return f"{self.active_at.astimezone(datetime.timezone.utc).isoformat()}_{self.id}"


@dataclass(frozen=True)
class Page:
    """`newer`, `older`: where the page before it ends and the page after it starts; None where there is none."""

    conversations: list[Conversation]
    newer: Place | None
    older: Place | None


def conversations_matching(filters: Filters, user: User) -> QuerySet[Conversation]:
    """The conversations that fit all filters, in no order. What is unread is so for `user`."""
    found = Conversation.objects.filter(last_seq__gt=0)
    for condition in _conditions(filters.values, user):
        found = found.filter(condition)
    return found


def page(filters: Filters, user: User, after: Place | None = None, before: Place | None = None) -> Page:
    """The conversations that follow `after` in the list, or that stand before `before`; else the first ones.

    Each as `described`. Pages are found by the place where they start, so the hundredth takes no longer than the first.
    """
    found = conversations_matching(filters, user)
    if before is not None:
        places = _places(_newer(found, before)[: PAGE + 1])
        has_newer, places = len(places) > PAGE, places[:PAGE][::-1]
        has_older = bool(places)
    else:
        places = _places(_older(found, after)[: PAGE + 1])
        has_older, places = len(places) > PAGE, places[:PAGE]
        has_newer = after is not None and bool(places)
    rows = described(user).in_bulk([place.id for place in places])
    return Page(
        [rows[place.id] for place in places if place.id in rows],
        places[0] if has_newer else None,
        places[-1] if has_older else None,
    )


def neighbours(conversation: Conversation, filters: Filters, user: User) -> tuple[uuid.UUID | None, uuid.UUID | None]:
    """The conversations before and after `conversation` in the list: the next newer and the next older one."""
    found = conversations_matching(filters, user)
    place = Place(conversation.active_at, conversation.id)
    newer, older = (each.values_list("id", flat=True).first() for each in (_newer(found, place), _older(found, place)))
    return newer, older


def described(user: User) -> QuerySet[Conversation, Any]:
    """Conversations with what the list says of each: `question` (the first one), `zone` (the last one), `intents`, `thumbs`
    (the reasons of those down, "" for none given), `events` (of the hand-off), `has_inquiry`, `to_review`, `is_reviewed`,
    `tag_names`, `seen_seq` (how far `user` has read)."""
    verdicts = Verdict.objects.filter(message__conversation=OuterRef("pk")).order_by("message__seq")
    asked = Message.objects.filter(conversation=OuterRef("pk"), author=Author.CITIZEN).order_by("seq")
    down = Feedback.objects.filter(message__conversation=OuterRef("pk"), helpful=False).order_by("message__seq")
    return Conversation.objects.annotate(
        question=Subquery(asked.values("text")[:1]),
        zone=Subquery(verdicts.reverse().values("zone")[:1]),
        intents=ArraySubquery(verdicts.values("intent")),
        thumbs=ArraySubquery(down.values(given=Coalesce("reason", Value("")))),
        events=ArraySubquery(Transition.objects.filter(conversation=OuterRef("pk")).order_by("id").values("event")),
        has_inquiry=Exists(Inquiry.objects.filter(conversation=OuterRef("pk"))),
        to_review=_LEFT_TO_REVIEW,
        is_reviewed=Exists(Review.objects.filter(message__conversation=OuterRef("pk"))),
        tag_names=ArraySubquery(Tag.objects.filter(conversations=OuterRef("pk")).order_by("name").values("name")),
        seen_seq=Subquery(Seen.objects.filter(user=user, conversation=OuterRef("pk")).values("seq")),
    )


def _older(found: QuerySet[Conversation], place: Place | None) -> QuerySet[Conversation]:
    if place is not None:  # an index is walked by the second condition alone, not by one with an alternative
        same = Q(active_at=place.active_at, id__lt=place.id)
        found = found.filter(Q(active_at__lt=place.active_at) | same, active_at__lte=place.active_at)
    return found.order_by("-active_at", "-id")


def _newer(found: QuerySet[Conversation], place: Place) -> QuerySet[Conversation]:
    same = Q(active_at=place.active_at, id__gt=place.id)
    found = found.filter(Q(active_at__gt=place.active_at) | same, active_at__gte=place.active_at)
    return found.order_by("active_at", "id")


def _places(conversations: QuerySet[Conversation]) -> list[Place]:
    return [Place(active_at, id) for active_at, id in conversations.values_list("active_at", "id")]


def _conditions(values: dict[str, Any], user: User) -> Iterator[Q]:
    """One for each kind of filter. Topic, zone and confidence are those of one message."""
    if "text" in values:
        yield _has(Document.objects.filter(words=query(values["text"])))
    start = _start(values)
    if start is not None:
        yield Q(active_at__gte=start)
    if "until" in values:
        yield Q(active_at__lt=_midnight(values["until"] + datetime.timedelta(days=1)))
    understood = _understood(values)
    if understood:
        yield _verdict(understood)
    if "answer" in values:
        yield _ANSWERS[values["answer"]]
    if "feedback" in values or "reason" in values:
        feedback = Q(helpful=values.get("feedback") == "up") if "feedback" in values else Q(helpful=False)
        if "reason" in values:
            feedback &= Q(reason=values["reason"])
        yield _has(Feedback.objects.filter(feedback), "message__conversation")
    if "handoff" in values:
        yield _HANDOFFS[values["handoff"]]
    if "reviewed" in values:
        reviewed = _has(Review.objects.all(), "message__conversation")
        yield _LEFT_TO_REVIEW if values["reviewed"] == "no" else reviewed & ~_LEFT_TO_REVIEW
    if "register" in values:
        yield _has(Message.objects.filter(author=Author.CITIZEN, register=values["register"]))
    if "tag" in values:
        yield _has(Tag.conversations.through.objects.filter(tag__name=values["tag"]))
    for name in ("channel", "state"):
        if name in values:
            yield Q(**{name: values[name]})
    if "unread" in values:
        yield ~_has(Seen.objects.filter(user=user, seq__gte=OuterRef("last_seq")))


def _start(values: dict[str, Any]) -> datetime.datetime | None:
    """The later one of the two starts that may be set; a period of one day is today."""
    days = [values["since"]] if "since" in values else []
    if "period" in values:
        days.append(timezone.localdate() - datetime.timedelta(days=int(values["period"]) - 1))
    return _midnight(max(days)) if days else None


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))


def _understood(values: dict[str, Any]) -> Q:
    """What the bot made of a message, confidence in percent."""
    understood = Q()
    if "topic" in values:
        understood &= Q(intent=values["topic"])
    if "zone" in values:
        understood &= Q(zone=values["zone"])
    if "above" in values:
        understood &= Q(confidence__gte=values["above"] / 100)
    if "below" in values:
        understood &= Q(confidence__lt=values["below"] / 100)
    return understood


def _verdict(condition: Q) -> Q:
    return _has(Verdict.objects.filter(condition), "message__conversation")


def _event(*events: str) -> Q:
    return _has(Transition.objects.filter(event__in=events))


def _has(rows: QuerySet[Any], path: str = "conversation") -> Q:
    """That one of `rows` belongs to the conversation, by `path`."""
    return Q(Exists(rows.filter(**{path: OuterRef("pk")})))


#: As `web.review.queue.to_review`, but in a form of which PostgreSQL can tell how many there are.
_LEFT_TO_REVIEW = _verdict(~Q(Exists(Review.objects.filter(message=OuterRef("message")))))
_LEFT_WORD = _has(Inquiry.objects.all())
_ANSWERS = {
    "unsure": _verdict(Q(zone="clarify") | Q(confidence__lt=UNSURE)),
    "none": _has(Message.objects.filter(zone__in=("decline", "unavailable"))),
}
_HANDOFFS = {
    "any": _event("ask", *TAKEN) | _LEFT_WORD,
    "asked": _event("ask"),
    "taken": _event(*TAKEN),
    "word": _LEFT_WORD,
}
