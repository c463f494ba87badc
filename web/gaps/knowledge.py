"""What the bot knows and perhaps should not any more: old sources, and topics that nobody asks for."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.utils import timezone

from content import Content, Source, Topic
from web.chat.models import Author, Message, Verdict

#: Days after which somebody should compare a source with the topics again.
STALE_DAYS = 180


@dataclass(frozen=True)
class StaleSource:
    """A source that nobody has compared for `days` days, and what rests on it. `name`: of its entry in the content."""

    name: str
    source: Source
    days: int
    topics: list[Topic]


def stale_sources(content: Content) -> list[StaleSource]:
    """The oldest first."""
    today = timezone.localdate()
    found = [
        StaleSource(name, source, (today - source.date).days, [each for each in content.topics.values() if each.source == name])
        for name, source in content.sources.items()
        if (today - source.date).days > STALE_DAYS
    ]
    return sorted(found, key=lambda each: -each.days)


def topics_never_asked(content: Content, days: int) -> list[Topic]:
    """Topics that no question of the last `days` days was about, by title."""
    since = timezone.now() - datetime.timedelta(days=days)
    asked = set(Verdict.objects.filter(message__at__gte=since).values_list("intent", flat=True).distinct())
    answers = Message.objects.filter(author=Author.BOT, at__gte=since).exclude(topic="")
    asked |= set(answers.values_list("topic", flat=True).distinct())
    return sorted((each for each in content.topics.values() if each.id not in asked), key=lambda each: each.title)
