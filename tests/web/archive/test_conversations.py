"""Each filter alone and together with others, the pages of the list, and what it says of a conversation."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.web.records import conversation, member, message, verdict
from web.archive.conversations import PAGE, Page, Place, conversations_matching, neighbours, page
from web.archive.documents import documents_index
from web.archive.filters import Filters
from web.archive.queues import QUEUES, Queue, queues
from web.archive.rows import rows
from web.archive.seen import seen_set
from web.chat.models import Conversation, Feedback, State
from web.handoff.models import Transition
from web.inquiries.models import Inquiry
from web.review.models import Review, Tag

pytestmark = pytest.mark.django_db(transaction=True)

Make = Callable[[], Conversation]

_NUMBER = "5e1f0000-0000-4000-8000-000000000000"


@pytest.fixture
def reader() -> User:
    return member()


def filters(query: str = "") -> Filters:
    return Filters.read(QueryDict(query))


def _found(query: str, reader: User) -> list[uuid.UUID]:
    return [each.id for each in conversations_matching(filters(query), reader).order_by("-active_at", "-id")]


def _asked(text: str = "Was ist die Allianz?", **fields: Any) -> Conversation:
    """A question, understood as `fields` say, and the answer."""
    made = conversation()
    question = message(made, text, register=fields.pop("register", "standard"))
    understood = verdict(question, **fields)
    message(made, "Antwort.", "bot", reply_to=1, zone=understood.zone)
    return made


def _rated(helpful: bool, reason: str | None = None) -> Conversation:
    made = _asked()
    Feedback.objects.create(message=made.messages.get(seq=2), helpful=helpful, reason=reason)
    return made


def _handed(event: str, before: str = "bot", after: str = "requested") -> Conversation:
    made = _asked()
    Transition.objects.create(conversation=made, event=event, before=before, after=after)
    return made


def _reviewed() -> Conversation:
    made = _asked()
    Review.objects.create(message=made.messages.get(seq=1), outcome="accepted")
    return made


def _half_reviewed() -> Conversation:
    made = _reviewed()
    verdict(message(made, "Und die Ziele?"))
    return made


def _tagged(name: str) -> Conversation:
    made = _asked()
    Tag.objects.create(name=name).conversations.add(made)
    return made


def _with_inquiry() -> Conversation:
    made = _asked()
    Inquiry.objects.create(
        reference="WL-TEST-0001", post_id=uuid.uuid4(), conversation=made, concern=b"x", consented_at=timezone.now()
    )
    return made


def _unavailable() -> Conversation:
    made = conversation([("citizen", "Hallo?")])
    message(made, "Gerade gestört.", "system", reply_to=1, zone="unavailable")
    return made


def _made(**fields: Any) -> Conversation:
    return conversation([("citizen", "Was ist die Allianz?")], **fields)


#: A filter, a conversation that fits it, and one that does not.
_FILTERS: dict[str, tuple[Make, Make]] = {
    "topic=alliance_goals": (lambda: _asked(intent="alliance_goals"), lambda: _asked(intent="alliance_lead")),
    "zone=decline": (lambda: _asked(zone="decline"), lambda: _asked(zone="answer")),
    "below=50": (lambda: _asked(confidence=0.49), lambda: _asked(confidence=0.5)),
    "above=50": (lambda: _asked(confidence=0.5), lambda: _asked(confidence=0.49)),
    "answer=unsure": (lambda: _asked(zone="clarify"), lambda: _asked(zone="answer")),
    "answer=none": (lambda: _asked(zone="decline"), lambda: _asked(zone="clarify")),
    "answer=none&": (_unavailable, _asked),
    "feedback=down": (lambda: _rated(False), lambda: _rated(True)),
    "feedback=up": (lambda: _rated(True), lambda: _rated(False)),
    "reason=wrong": (lambda: _rated(False, "wrong"), lambda: _rated(False, "incomplete")),
    "handoff=asked": (lambda: _handed("ask"), lambda: _handed("step_in", after="staff")),
    "handoff=taken": (lambda: _handed("take", "requested", "staff"), lambda: _handed("ask")),
    "handoff=word": (_with_inquiry, _asked),
    "handoff=any": (_with_inquiry, lambda: _handed("close", after="closed")),
    "reviewed=yes": (_reviewed, _half_reviewed),
    "reviewed=no": (_half_reviewed, _reviewed),
    "register=einfach": (lambda: _asked(register="einfach"), lambda: _asked(register="en")),
    "channel=embedded": (lambda: _made(channel="embedded"), _made),
    "state=closed": (lambda: _made(state=State.CLOSED), _made),
    "tag=W%C3%A4rme": (lambda: _tagged("Wärme"), lambda: _tagged("Bau")),
    "text=F%C3%B6rderung": (lambda: _asked("Wohnungsbauförderung?"), _asked),
    "period=7": (
        lambda: _made(),
        lambda: conversation([("citizen", "Alt.")], at=timezone.now() - datetime.timedelta(days=8)),
    ),
    "since=2026-03-29&until=2026-03-29": (
        lambda: conversation(
            [("citizen", "Sommerzeit.")], at=datetime.datetime(2026, 3, 29, 21, 59, tzinfo=datetime.timezone.utc)
        ),
        lambda: conversation([("citizen", "Montag.")], at=datetime.datetime(2026, 3, 29, 22, 1, tzinfo=datetime.timezone.utc)),
    ),
}


@pytest.mark.parametrize("query", _FILTERS)
def test_filter_finds_what_fits_and_nothing_else(query: str, reader: User) -> None:
    fitting, _ = (make() for make in _FILTERS[query])
    documents_index()

    assert _found(query, reader) == [fitting.id]


def test_topic_zone_and_confidence_are_those_of_one_message(reader: User) -> None:
    made = _asked(intent="alliance_goals", zone="answer")
    verdict(message(made, "Und das Wohngeld?"), "oos_money", "decline")

    assert _found("topic=alliance_goals&zone=answer", reader) == [made.id]
    assert _found("topic=alliance_goals&zone=decline", reader) == []


def test_filters_narrow_each_other(reader: User) -> None:
    both = _asked(zone="decline", register="en")
    Tag.objects.create(name="Wärme").conversations.add(both)
    _asked(zone="decline")
    _asked(register="en")

    assert _found("zone=decline&register=en&tag=W%C3%A4rme&answer=none&reviewed=no", reader) == [both.id]
    assert _found("zone=decline&register=en&feedback=down", reader) == []


def test_unread_is_so_for_each_member_of_staff_until_something_new_is_said(reader: User) -> None:
    colleague = member("piesk")
    made = _asked()
    seen_set(reader, made)

    assert (_found("unread=1", reader), _found("unread=1", colleague)) == ([], [made.id])

    message(made, "Und wann?")

    assert _found("unread=1", reader) == [made.id]
    seen_set(reader, made)
    assert _found("unread=1", reader) == []


@time_machine.travel("2026-06-01T22:30:00+00:00", tick=False)
def test_today_begins_at_midnight_in_germany(reader: User) -> None:
    early = conversation([("citizen", "Früh.")], at=datetime.datetime(2026, 6, 1, 22, 5, tzinfo=datetime.timezone.utc))
    conversation([("citizen", "Gestern.")], at=datetime.datetime(2026, 6, 1, 21, 55, tzinfo=datetime.timezone.utc))

    assert _found("period=1", reader) == [early.id]


def test_conversation_in_which_nothing_was_said_is_not_listed(reader: User) -> None:
    Conversation.objects.create()

    assert _found("", reader) == []


def _hundred(count: int) -> list[uuid.UUID]:
    """So many conversations, many of them at the same time, as the list has them."""
    start = timezone.now().replace(microsecond=0)
    made = [
        Conversation(last_seq=1, active_at=start - datetime.timedelta(seconds=number // 7), opened_at=start)
        for number in range(count)
    ]
    for each in Conversation.objects.bulk_create(made):
        Conversation.objects.filter(pk=each.pk).update(active_at=each.active_at)
    stored = Conversation.objects.values_list("active_at", "id")
    return [id for _, id in sorted(stored, reverse=True)]


def _ids(found: Page) -> list[uuid.UUID]:
    return [each.id for each in found.conversations]


@pytest.mark.parametrize("count", [PAGE, PAGE * 2, PAGE * 3 + 7])
def test_pages_hold_each_conversation_once_forwards_and_backwards(count: int, reader: User) -> None:
    expected = _hundred(count)
    pages = [page(filters(), reader)]
    while pages[-1].older is not None:
        pages.append(page(filters(), reader, after=pages[-1].older))

    assert [id for each in pages for id in _ids(each)] == expected
    assert all(len(each.conversations) == PAGE for each in pages[:-1])
    assert pages[0].newer is None

    back = [pages[-1]]
    while back[-1].newer is not None:
        back.append(page(filters(), reader, before=back[-1].newer))

    assert [_ids(each) for each in back[::-1]] == [_ids(each) for each in pages]


def test_place_survives_the_way_through_an_address() -> None:
    place = Place(timezone.now(), uuid.uuid4())

    assert Place.read(str(place)) == place


@pytest.mark.parametrize("text", ["", "_", "2026-01-01_x", f"2026-01-01T00:00:00_{_NUMBER}", f"x_{_NUMBER}"])
def test_what_is_no_place_is_none(text: str) -> None:
    assert Place.read(text) is None


def test_neighbours_are_those_within_the_filters(reader: User) -> None:
    start = timezone.now()
    made = [
        conversation([("citizen", "Frage")], at=start - datetime.timedelta(minutes=number), channel=channel)
        for number, channel in enumerate(["widget", "embedded", "widget", "embedded", "widget"])
    ]

    assert neighbours(made[2], filters(), reader) == (made[1].id, made[3].id)
    assert neighbours(made[2], filters("channel=widget"), reader) == (made[0].id, made[4].id)
    assert neighbours(made[0], filters(), reader) == (None, made[1].id)
    assert neighbours(made[4], filters("channel=embedded"), reader) == (made[3].id, None)


def test_row_says_what_helps_to_choose(reader: User) -> None:
    made = _asked("Welche Ziele hat die Allianz?", intent="alliance_goals")
    Feedback.objects.create(message=made.messages.get(seq=2), helpful=False, reason="incomplete")
    verdict(message(made, "Gibt es Wohngeld?"), "oos_money", "decline")
    message(made, "Das weiß ich nicht.", "bot", zone="decline")
    Transition.objects.create(conversation=made, event="ask", before="bot", after="requested")
    Tag.objects.create(name="Wärme").conversations.add(made)

    [row] = rows(page(filters(), reader).conversations, filters())

    assert "".join(piece.text for piece in row.question) == "Welche Ziele hat die Allianz?"
    assert row.topics == ["Welche Ziele hat die Allianz?", "Geld, Zuschüsse und Darlehen"]
    assert [(mark.text, mark.tone) for mark in row.marks] == [
        ("nach einer Person gefragt", "warn"),
        ("hat nicht geholfen: Es fehlt etwas.", "error"),
        ("#Wärme", ""),
    ]
    assert (row.conversation.zone, row.conversation.last_seq, row.is_unread) == ("decline", 4, True)


def test_row_of_a_search_shows_the_place_that_was_found(reader: User) -> None:
    made = _asked("Guten Tag!")
    message(
        made, "Vor langer Zeit habe ich Ihnen schon einmal geschrieben. Es geht um die Wohnungsbauförderung. " + "Ach. " * 99
    )
    documents_index()
    wanted = filters("text=F%C3%B6rderung")

    [row] = rows(page(wanted, reader).conversations, wanted)

    assert [piece.text for piece in row.question if piece.found] == ["Wohnungsbauförderung"]
    shown = "".join(piece.text for piece in row.question)
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert len(shown) < 170


def test_list_takes_as_many_queries_for_a_full_page_as_for_one_row(reader: User) -> None:
    def queries() -> int:
        wanted = filters("text=Allianz")
        with CaptureQueriesContext(
            connection,
        ) as captured:
            rows(page(wanted, reader).conversations, wanted)
        return len(captured)

    _asked()
    documents_index()
    one = queries()
    for _ in range(PAGE):
        _asked()
    documents_index()

    assert queries() == one
    assert one <= 5


def test_queues_count_and_stop_at_ninety_nine(reader: User) -> None:
    _rated(False)
    _handed("ask")
    Conversation.objects.bulk_create([Conversation(last_seq=1) for _ in range(120)])

    assert [(each.title, each.count) for each in queues(reader)] == [
        ("Zu prüfen", "2"),
        ("Geringe Sicherheit", "0"),
        ("Unbeantwortet", "0"),
        ("Hat nicht geholfen", "1"),
        ("Übergaben", "1"),
        ("Ungelesen", "99+"),
    ]


def test_queues_are_filters_of_the_list(reader: User) -> None:
    assert [filters(query).query for _, query in QUEUES] == [query for _, query in QUEUES]
    assert all(isinstance(each, Queue) for each in queues(reader))
