"""Figures of a period, counted in the database. None of them is about a single member of staff (duty P11)."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from content import ContentError
from web.chat import facts
from web.chat.models import Author, Conversation, Feedback, Message, State, Verdict
from web.handoff.models import Transition
from web.inquiries.models import Inquiry, Progress
from web.review.queue import ZONES, to_review
from web.review.suggestions import drafts

#: Rows of the lists of topics.
_TOPICS = 12
#: Where counting what is to be done ends: more is more than anybody does in a day.
MOST = 999

#: Seconds from the last request to the moment when somebody took the conversation.
_WAITS = """
    select percentile_cont(0.5) within group (order by seconds), percentile_cont(0.9) within group (order by seconds), count(*)
    from (
        select extract(epoch from taken.at - max(asked.at)) as seconds
        from handoff_transition taken
        join handoff_transition asked on asked.conversation_id = taken.conversation_id
            and asked.event = 'ask' and asked.id < taken.id
        where taken.event = 'take' and taken.at >= %s
        group by taken.id, taken.at
    ) waits
"""


@dataclass(frozen=True)
class Share:
    """`count` of `whole`."""

    title: str
    count: int
    whole: int

    @property
    def percent(self) -> int:
        return round(100 * self.count / self.whole) if self.whole else 0


@dataclass(frozen=True)
class Waits:
    """How long citizens waited for a person who came: the middle one, and nine of ten at most; None without any."""

    median: datetime.timedelta | None
    nine_of_ten: datetime.timedelta | None
    count: int


@dataclass(frozen=True)
class Figures:
    """`volume`: conversations that began on each day; `zones`: of questions; `feedback`: helpful ones of all, by topic."""

    volume: list[tuple[datetime.date, int]]
    zones: list[Share]
    topics: list[Share]
    handoffs: list[Share]
    waits: Waits
    feedback: list[Share]

    @property
    def conversations(self) -> int:
        return sum(count for _, count in self.volume)

    @property
    def questions(self) -> int:
        return sum(share.count for share in self.zones)

    @property
    def declined(self) -> Share:
        return next(share for share in self.zones if share.title == ZONES["decline"])


@dataclass(frozen=True)
class Work:
    """What is to be done now, each up to `MOST`."""

    waiting: int
    inquiries: int
    to_review: int
    drafts: int


def figures(days: int) -> Figures:
    """Of the last `days`, today among them."""
    today = timezone.localdate()
    first = today - datetime.timedelta(days=days - 1)
    since = timezone.make_aware(datetime.datetime.combine(first, datetime.time.min))
    return Figures(
        _volume(first, today, since), _zones(since), _topics(since), _handoffs(since), _waits(since), _feedback(since)
    )


def work() -> Work:
    """What waits for somebody."""
    return Work(
        waiting=Conversation.objects.filter(state=State.REQUESTED)[:MOST].count(),
        inquiries=Inquiry.objects.filter(progress=Progress.OPEN)[:MOST].count(),
        to_review=to_review()[:MOST].count(),
        drafts=drafts()[:MOST].count(),
    )


def _volume(first: datetime.date, last: datetime.date, since: datetime.datetime) -> list[tuple[datetime.date, int]]:
    begun = Conversation.objects.filter(opened_at__gte=since).annotate(day=TruncDate("opened_at")).values("day")
    counts = dict(begun.annotate(count=Count("pk")).values_list("day", "count"))
    days = (first + datetime.timedelta(days=number) for number in range((last - first).days + 1))
    return [(day, counts.get(day, 0)) for day in days]


def _zones(since: datetime.datetime) -> list[Share]:
    found = Verdict.objects.filter(message__at__gte=since).values("zone").annotate(count=Count("pk"))
    counts = dict(found.values_list("zone", "count"))
    whole = sum(counts.get(zone, 0) for zone in ZONES)
    return [Share(title, counts.get(zone, 0), whole) for zone, title in ZONES.items()]


def _topics(since: datetime.datetime) -> list[Share]:
    titles = _titles()
    answers = Message.objects.filter(author=Author.BOT, zone="answer", topic__in=titles, at__gte=since)
    found = answers.values_list("topic").annotate(count=Count("pk")).order_by("-count", "topic")[:_TOPICS]
    whole = answers.count()
    return [Share(titles[topic], count, whole) for topic, count in found]


def _handoffs(since: datetime.datetime) -> list[Share]:
    found = Transition.objects.filter(at__gte=since).values("event").annotate(count=Count("pk"))
    counts = dict(found.values_list("event", "count"))
    asked = counts.get("ask", 0)
    ends = (
        ("nach einer Person gefragt", asked),
        ("übernommen", counts.get("take", 0)),
        ("niemand kam rechtzeitig", counts.get("nobody_came", 0)),
        ("Wunsch zurückgenommen", counts.get("cancel", 0)),
        ("Anliegen hinterlassen", Inquiry.objects.filter(at__gte=since).count()),
    )
    return [Share(title, count, max(asked, *(each for _, each in ends))) for title, count in ends]


def _waits(since: datetime.datetime) -> Waits:
    with connection.cursor() as cursor:
        cursor.execute(_WAITS, [since])
        median, nine_of_ten, count = cursor.fetchone()
    return Waits(_duration(median), _duration(nine_of_ten), count)


def _duration(seconds: float | None) -> datetime.timedelta | None:
    return None if seconds is None else datetime.timedelta(seconds=round(seconds))


def _feedback(since: datetime.datetime) -> list[Share]:
    titles = _titles()
    given = Feedback.objects.filter(at__gte=since, message__zone="answer", message__topic__in=titles)
    counts = given.values_list("message__topic").annotate(whole=Count("pk"), count=Count("pk", filter=Q(helpful=True)))
    return [Share(titles[topic], count, whole) for topic, whole, count in counts.order_by("-whole", "message__topic")[:_TOPICS]]


def _titles() -> dict[str, str]:
    """Of the topics; what is said out of politeness is none."""
    try:
        return {topic.id: topic.title for topic in facts.content().topics.values()}
    except ContentError:
        return {}
