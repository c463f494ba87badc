"""Old sources, and topics that nobody asks for."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.utils import timezone

from content import Content, read_content
from tests.web import records
from web.chat.models import Author
from web.gaps.knowledge import stale_sources, topics_never_asked

pytestmark = pytest.mark.django_db(transaction=True)


def _compared(content: Content, **dates: str) -> Content:
    """The content with sources that were compared on these days."""
    changed = {
        name: source.copy(update={"date": datetime.date.fromisoformat(dates[name])}) if name in dates else source
        for name, source in content.sources.items()
    }
    return content.copy(update={"sources": changed})


def test_source_is_stale_after_180_days() -> None:
    content = _compared(read_content(), page="2026-05-27", chat="2026-05-28")

    with time_machine.travel("2026-11-24T12:00:00+01:00", tick=False):
        [stale] = stale_sources(content)

    assert (stale.source, stale.days) == (content.sources["page"], 181)
    assert stale.topics == [topic for topic in content.topics.values() if topic.source == "page"]


def test_oldest_source_comes_first_and_fresh_ones_do_not_come() -> None:
    content = _compared(read_content(), page="2026-01-01", chat="2025-01-01")

    with time_machine.travel("2026-11-24T12:00:00+01:00", tick=False):
        assert [each.source for each in stale_sources(content)] == [content.sources["chat"], content.sources["page"]]
    with time_machine.travel("2025-01-02T12:00:00+01:00", tick=False):
        assert stale_sources(content) == []


def test_topic_was_asked_for_where_it_was_understood_or_answered_in_the_period() -> None:
    content = read_content()
    all_titles = sorted(topic.title for topic in content.topics.values())
    talk = records.conversation([(Author.CITIZEN, "Welche Ziele?")])
    records.verdict(talk.messages.get(), "alliance_goals")
    records.message(talk, "So erreichen Sie uns.", Author.BOT, topic="service_contact")
    old = records.conversation([(Author.CITIZEN, "Warum?")], at=timezone.now() - datetime.timedelta(days=31))
    records.verdict(old.messages.get(), "alliance_reason")

    never = [topic.title for topic in topics_never_asked(content, 30)]

    asked = {content.topics[name].title for name in ("alliance_goals", "service_contact")}
    assert never == [title for title in all_titles if title not in asked]
    assert content.topics["alliance_reason"] not in topics_never_asked(content, 90)
