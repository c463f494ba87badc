"""Which message is worth a person's look next."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Case, Exists, Expression, FloatField, OuterRef, Q, QuerySet, Value, When
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from web.chat.models import Author, Feedback, Message
from web.handoff.models import Transition
from web.review.models import Review

#: What a person's judgement is expected to gain, in points that add up, beside the uncertainty of the verdict (0 where the
#: best intent has all probability, 1 where the second is as likely).
UNHELPED = 2.0
DECLINED = 1.0
ASKED_BACK = 0.5
DECLINED_AGAIN = 1.0
PERSON_ASKED = 1.0

#: How many of the newest messages that nobody has judged are ranked.
RANKED = 5000

ZONES = {"answer": "beantwortet", "clarify": "nachgefragt", "decline": "nicht beantwortet"}


@dataclass(frozen=True)
class Filters:
    """`problems`: what the address asked for and could not be understood, in words for staff."""

    zone: str = ""
    conversation: uuid.UUID | None = None
    unhelped: bool = False
    problems: tuple[str, ...] = ()

    @classmethod
    def read(cls, parameters: Mapping[str, str]) -> Filters:
        """From the query of an address. What is wrong in it is left out and named."""
        problems = []
        zone, conversation = parameters.get("zone", ""), parameters.get("conversation", "")
        found = None
        if zone and zone not in ZONES:
            problems.append("Diesen Ausgang gibt es nicht, er wurde nicht beachtet.")
            zone = ""
        try:
            found = uuid.UUID(conversation) if conversation else None
        except ValueError:
            problems.append("Dieses Gespräch gibt es nicht, es wurde nicht beachtet.")
        return cls(zone, found, parameters.get("unhelped") == "1", tuple(problems))

    @property
    def query(self) -> str:
        """The filters as the query of an address, without the question mark."""
        values = {"zone": self.zone, "conversation": self.conversation or "", "unhelped": "1" if self.unhelped else ""}
        return urlencode({name: value for name, value in values.items() if value})


def next_message(filters: Filters, after: int | None = None) -> Message | None:
    """The message with the highest expected gain, or the one that follows the message `after`, which was skipped."""
    newest = to_review(filters).order_by("-pk").values("pk")[:RANKED]
    ranked = Message.objects.filter(pk__in=newest).annotate(gain=_gain())
    if after is not None:
        skipped = Message.objects.filter(pk=after, verdict__isnull=False).annotate(gain=_gain()).first()
        if skipped is not None:
            ranked = ranked.filter(Q(gain__lt=skipped.gain) | Q(gain=skipped.gain, pk__lt=after))
    return ranked.select_related("verdict", "conversation").order_by("-gain", "-pk").first()


def to_review(filters: Filters | None = None) -> QuerySet[Message]:
    """Citizens' messages that the bot has understood somehow, and that nobody has judged."""
    messages = Message.objects.filter(author=Author.CITIZEN, verdict__isnull=False, review__isnull=True)
    if filters is None:
        return messages
    if filters.zone:
        messages = messages.filter(verdict__zone=filters.zone)
    if filters.conversation:
        messages = messages.filter(conversation=filters.conversation)
    if filters.unhelped:
        messages = messages.filter(_unhelped())
    return messages


def reviewed_today() -> int:
    """Messages that the whole team has judged since midnight."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return Review.objects.filter(at__gte=midnight).count()


def context_of(message: Message, before: int = 4, after: int = 4) -> list[Message]:
    """The messages around `message`, itself among them, in order."""
    return list(
        Message.objects.filter(
            conversation=message.conversation_id, seq__gte=message.seq - before, seq__lte=message.seq + after
        )
        .select_related("feedback")
        .order_by("seq")
    )


def _gain() -> Expression:
    declined = Q(verdict__zone="decline")
    earlier = Message.objects.filter(conversation=OuterRef("conversation"), seq__lt=OuterRef("seq"), verdict__zone="decline")
    asked = Transition.objects.filter(conversation=OuterRef("conversation"), event="ask", at__gte=OuterRef("at"))
    return (
        Value(1.0)
        - (_share(0) - _share(1))
        + _points(declined, DECLINED)
        + _points(Q(verdict__zone="clarify"), ASKED_BACK)
        + _points(_unhelped(), UNHELPED)
        + _points(declined & Q(Exists(earlier)), DECLINED_AGAIN)
        + _points(Exists(asked), PERSON_ASKED)
    )


def _share(place: int) -> Expression:
    """The confidence of the intent at a place of the verdict's ranking, 0 where it is shorter."""
    share = KeyTextTransform("confidence", KeyTransform(place, "verdict__ranking"))
    return Coalesce(Cast(share, FloatField()), Value(0.0))


def _points(condition: Q | Exists, points: float) -> Case:
    return Case(When(condition, then=Value(points)), default=Value(0.0), output_field=FloatField())


def _unhelped() -> Exists:
    return Exists(
        Feedback.objects.filter(
            message__conversation=OuterRef("conversation"), message__reply_to=OuterRef("seq"), helpful=False
        )
    )
