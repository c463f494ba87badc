from __future__ import annotations

import datetime
from collections.abc import Iterator

import pytest
import time_machine
from django.utils import timezone

from tests.web.records import conversation, member, message, verdict
from web.chat.models import Author, Conversation, Feedback, Message, State
from web.dashboard.figures import Share, Waits, Work, figures, work
from web.handoff.models import Transition
from web.inquiries.entries import Entries
from web.inquiries.inquiries import inquiry_leave
from web.inquiries.models import Inquiry, Progress
from web.review.models import Review, Status, Suggestion

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.timezone.utc)
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def _step(made: Conversation, event: str, after: datetime.timedelta) -> None:
    step = Transition.objects.create(conversation=made, event=event, before=State.BOT, after=State.BOT)
    Transition.objects.filter(pk=step.pk).update(at=NOW - DAY + after)


def _leave_word() -> Inquiry:
    return inquiry_leave(Entries("Bitte rufen Sie an.", "", "", ""), conversation().id, "standard", None)


def test_empty_database_has_days_without_anything() -> None:
    found = figures(7)

    assert found.volume == [((NOW - number * DAY).date(), 0) for number in range(6, -1, -1)]
    assert (found.conversations, found.questions, found.declined.percent) == (0, 0, 0)
    assert found.topics == []
    assert found.feedback == []
    assert found.waits == Waits(None, None, 0)
    assert [share.count for share in found.handoffs] == [0, 0, 0, 0, 0]


def test_conversations_count_on_the_day_they_began_in_german_time() -> None:
    conversation(at=datetime.datetime(2026, 11, 22, 23, 30, tzinfo=datetime.timezone.utc))  # 0:30 on the 23rd
    conversation(at=datetime.datetime(2026, 11, 22, 22, 30, tzinfo=datetime.timezone.utc))
    conversation(at=datetime.datetime(2026, 11, 16, 22, 59, tzinfo=datetime.timezone.utc))  # 23:59 on the 16th: too early

    volume = dict(figures(7).volume)

    assert (volume[datetime.date(2026, 11, 22)], volume[datetime.date(2026, 11, 23)], sum(volume.values())) == (1, 1, 2)


def test_zones_are_shares_of_the_questions() -> None:
    made = conversation()
    for zone in ("answer", "answer", "answer", "decline"):
        verdict(message(made, "Was?"), zone=zone)

    found = figures(30)

    assert found.zones == [Share("beantwortet", 3, 4), Share("nachgefragt", 0, 4), Share("nicht beantwortet", 1, 4)]
    assert (found.declined.percent, found.questions) == (25, 4)


def test_topics_are_named_by_their_titles_and_the_most_frequent_comes_first() -> None:
    made = conversation()
    for topic in ("service_fax", "alliance_definition", "alliance_definition"):
        message(made, "…", Author.BOT, zone="answer", topic=topic)
    message(made, "…", Author.BOT, zone="decline", topic="oos_money")
    message(made, "…", Author.BOT, zone="answer", topic="goodbye")

    assert figures(30).topics == [
        Share("Was ist die Allianz für Wohnen in Hessen?", 2, 3),
        Share("Welche Faxnummer hat die Servicestelle?", 1, 3),
    ]


def test_feedback_is_counted_by_topic() -> None:
    made = conversation()
    for topic, helpful in (("alliance_definition", True), ("alliance_definition", False), ("oos_money", True)):
        zone = "decline" if topic == "oos_money" else "answer"
        Feedback.objects.create(message=message(made, "…", Author.BOT, zone=zone, topic=topic), helpful=helpful)

    assert figures(30).feedback == [Share("Was ist die Allianz für Wohnen in Hessen?", 1, 2)]


def test_wait_is_the_time_from_the_last_request_to_the_person() -> None:
    for seconds in (60, 120, 180):
        made = conversation()
        _step(made, "ask", datetime.timedelta())
        _step(made, "cancel", datetime.timedelta(hours=1))
        _step(made, "ask", datetime.timedelta(hours=2))
        _step(made, "take", datetime.timedelta(hours=2, seconds=seconds))
    stepped_in = conversation()
    _step(stepped_in, "take", datetime.timedelta())

    assert figures(30).waits == Waits(datetime.timedelta(seconds=120), datetime.timedelta(seconds=168), 3)


def test_handoffs_are_counted_by_how_they_ended() -> None:
    for event in ("take", "take", "nobody_came", "cancel"):
        made = conversation()
        _step(made, "ask", datetime.timedelta())
        _step(made, event, datetime.timedelta(minutes=1))
    _leave_word()

    assert [(share.title, share.count, share.whole) for share in figures(30).handoffs] == [
        ("nach einer Person gefragt", 4, 4),
        ("übernommen", 2, 4),
        ("niemand kam rechtzeitig", 1, 4),
        ("Wunsch zurückgenommen", 1, 4),
        ("Anliegen hinterlassen", 1, 4),
    ]


def test_what_lies_before_the_period_does_not_count() -> None:
    made = conversation(at=NOW - 8 * DAY)
    question = verdict(message(made, "Was?")).message
    answer = message(made, "…", Author.BOT, zone="answer", topic="service_fax")
    Feedback.objects.create(message=answer, helpful=True)
    Feedback.objects.update(at=NOW - 8 * DAY)
    Message.objects.filter(pk__in=(question.pk, answer.pk)).update(at=NOW - 8 * DAY)

    found, longer = figures(7), figures(30)

    assert (found.conversations, found.questions, found.topics, found.feedback) == (0, 0, [], [])
    assert (longer.conversations, longer.questions, len(longer.topics), len(longer.feedback)) == (1, 1, 1, 1)


def test_work_is_what_waits_for_somebody() -> None:
    staff = member()
    conversation(state=State.REQUESTED)
    made = conversation()
    reviewed, waiting = (verdict(message(made, text)).message for text in ("Eins?", "Zwei?"))
    Review.objects.create(message=reviewed, outcome="accepted", by=staff)
    Suggestion.objects.create(message=waiting, text=waiting.text, intent="greet", status=Status.DRAFT)
    twin = verdict(message(conversation(), waiting.text)).message
    Review.objects.create(message=twin, outcome="accepted", by=staff)
    Suggestion.objects.create(message=twin, text=twin.text, intent="greet", status=Status.DRAFT)
    Suggestion.objects.create(text="Drei?", intent="greet", status=Status.CONFIRMED)
    Inquiry.objects.filter(pk=_leave_word().pk).update(progress=Progress.DONE, done_at=timezone.now())
    inquiry_leave(Entries("Noch eins.", "", "", ""), made.id, "standard", None)

    assert work() == Work(waiting=1, inquiries=1, to_review=1, drafts=1)


def test_number_of_queries_does_not_grow(django_assert_max_num_queries: object) -> None:
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        figures(90)
        work()
