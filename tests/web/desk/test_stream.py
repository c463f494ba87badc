from __future__ import annotations

import asyncio
import datetime
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import pytest
import time_machine
from django.contrib.auth import login
from django.contrib.auth.models import Group, User
from django.contrib.sessions.backends.db import SessionStore
from django.db import OperationalError
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils import timezone

from tests.web import records
from web.chat import service
from web.chat.conversations import conversation_delete
from web.chat.models import Conversation
from web.chat.service import Service
from web.desk import stream
from web.desk.board import board
from web.desk.stream import BEAT, Desk, events
from web.desk.workspace import conversation_of, messages_json, situation
from web.handoff.machine import conversation_hand
from web.handoff.messages import staff_say
from web.handoff.models import Presence
from web.handoff.signs import citizen_types
from web.rights.models import Reading

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def conversation() -> Conversation:
    return records.conversation([("citizen", "Guten Tag"), ("bot", "Guten Tag!"), ("citizen", "Wer sind Sie?")])


def _request(user: User, conversation: Conversation | None = None, after: int = 0, last: str = "") -> HttpRequest:
    parameters = {"conversation": str(conversation.id), "after": str(after)} if conversation else {}
    request = RequestFactory().get("/team/beratung/stream", parameters, headers={"Last-Event-ID": last} if last else {})
    request.session = SessionStore()
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    request.session.save()
    return request


def _parsed(found: list[bytes]) -> list[tuple[str, Any]]:
    """Name and data of each event."""
    lines = [event.decode().removesuffix("\n\n").split("\n") for event in found]
    return [(each[-2].removeprefix("event: "), json.loads(each[-1].removeprefix("data: "))) for each in lines]


@contextmanager
def _later(desk: Desk) -> Iterator[None]:
    """As if the next beat were due."""
    with time_machine.travel(timezone.now() + datetime.timedelta(seconds=BEAT), tick=False):
        desk._beat_at = 0.0
        yield


def test_the_first_look_tells_everything(diehl: User, conversation: Conversation) -> None:
    conversation_hand(conversation.id, "step_in", diehl)
    found = _parsed(Desk(_request(diehl, conversation, after=1)).look())
    told = conversation_of(conversation.id)
    messages = [("message", message) for message in messages_json(told, 1, diehl)]
    assert len(messages) == 3
    state = ("state", asdict(situation(told, diehl)))
    assert found == [("beat", {}), *messages, state, ("queue", json.loads(json.dumps(asdict(board(diehl)))))]


def test_a_message_carries_its_number(diehl: User, conversation: Conversation) -> None:
    found = Desk(_request(diehl, conversation, after=2)).look()
    assert [event.split(b"\n")[0] for event in found if b"event: message" in event] == [b"id: 3"]


def test_only_what_is_new_is_told(diehl: User, conversation: Conversation) -> None:
    conversation_hand(conversation.id, "step_in", diehl)
    desk = Desk(_request(diehl, conversation))
    desk.look()
    assert desk.look() == []
    staff_say(conversation.id, diehl, "Ich bin es.", conversation.id, 4)
    assert [(name, data.get("text")) for name, data in _parsed(desk.look())] == [("message", "Ich bin es."), ("queue", None)]


def test_it_goes_on_after_the_last_event(diehl: User, conversation: Conversation) -> None:
    found = _parsed(Desk(_request(diehl, conversation, after=1, last="2")).look())
    assert [data["seq"] for name, data in found if name == "message"] == [3]


@pytest.mark.parametrize("parameters", [{}, {"conversation": "x"}, {"conversation": "", "after": "y"}])
def test_without_a_conversation_only_the_board_is_told(diehl: User, parameters: dict[str, str]) -> None:
    request = _request(diehl)
    request.GET = RequestFactory().get("/", parameters).GET
    assert [name for name, _ in _parsed(Desk(request).look())] == ["beat", "queue"]


def test_a_change_of_hand_is_told(diehl: User, piesk: User, conversation: Conversation) -> None:
    conversation_hand(conversation.id, "step_in", diehl)
    desk = Desk(_request(diehl, conversation))
    desk.look()
    conversation_hand(conversation.id, "take_over", piesk, confirmed=True)
    states = [data for name, data in _parsed(desk.look()) if name == "state"]
    assert [(state["panel"], state["who"]) for state in states] == [("colleague", "Frau Piesk von der Servicestelle")]


def test_the_citizen_types(diehl: User, conversation: Conversation) -> None:
    conversation_hand(conversation.id, "step_in", diehl)
    desk = Desk(_request(diehl, conversation))
    desk.look()
    citizen_types(conversation.id)
    [(name, data)] = _parsed(desk.look())
    assert name == "typing"
    assert 5 < data["seconds"] <= 6
    assert desk.look() == []


def test_a_deleted_conversation_is_told_once(diehl: User, conversation: Conversation) -> None:
    desk = Desk(_request(diehl, conversation))
    desk.look()
    conversation_delete(conversation.id)
    assert [name for name, _ in _parsed(desk.look())] == ["deleted", "queue"]
    assert desk.look() == []


def test_a_line_that_holds_keeps_nobody_there(diehl: User, conversation: Conversation) -> None:
    conversation_hand(conversation.id, "step_in", diehl)
    held, there = conversation_of(conversation.id).owned_until, Presence.objects.get(user=diehl).there_until
    desk = Desk(_request(diehl, conversation))
    with _later(desk):
        assert _parsed(desk.look())[0] == ("beat", {})
        assert "beat" not in dict(_parsed(desk.look()))
    assert conversation_of(conversation.id).owned_until == held
    assert Presence.objects.get(user=diehl).there_until == there


@pytest.mark.parametrize("why", ["logged out", "no longer allowed", "no longer here"])
def test_the_stream_ends_with_the_log_in(diehl: User, conversation: Conversation, why: str) -> None:
    request = _request(diehl, conversation)
    desk = Desk(request)
    desk.look()
    if why == "logged out":
        SessionStore(request.session.session_key).delete()
    elif why == "no longer allowed":
        diehl.groups.remove(Group.objects.get(name="Beratung"))
    else:
        User.objects.filter(pk=diehl.pk).update(is_active=False)
    records.message(conversation, "Das geht Sie nichts mehr an.")
    with _later(desk):
        assert desk.look() == []
    assert desk.is_closed


def test_whoever_reads_the_stream_alone_is_recorded_once(diehl: User, conversation: Conversation) -> None:
    for _ in range(2):
        desk = Desk(_request(diehl, conversation))
        desk.look()
        desk.look()
    assert list(Reading.objects.values_list("user", "kind", "subject")) == [(diehl.pk, "conversation", str(conversation.id))]


def _stream(request: HttpRequest, monkeypatch: pytest.MonkeyPatch, looks: list[Any], count: int) -> list[bytes]:
    """The first `count` pieces of a stream that finds `looks`, one after the other; an error is raised."""
    left = iter(looks)

    async def query(look: object) -> list[bytes]:
        found = next(left)
        if isinstance(found, Exception):
            raise found
        assert isinstance(found, list)
        return found

    async def read() -> list[bytes]:
        running = Service()
        monkeypatch.setattr(service, "_running", running)
        pieces = []
        async for piece in events(request):
            pieces.append(piece)
            if len(pieces) == count:
                break
        await running.bot.close()
        return pieces

    monkeypatch.setattr(stream, "console_query", query)
    monkeypatch.setattr(stream, "BEAT", 0.01)
    return asyncio.run(asyncio.wait_for(read(), 5))


def test_the_stream_says_when_to_come_back_and_goes_on_by_itself(diehl: User, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = [[b"one", b"two"], [], [b"three"]]
    assert _stream(_request(diehl), monkeypatch, looks, 4) == [b"retry: 2000\n\n", b"one", b"two", b"three"]


def test_the_stream_ends_where_the_database_is_away(diehl: User, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _stream(_request(diehl), monkeypatch, [[b"one"], OperationalError()], 9) == [b"retry: 2000\n\n", b"one"]
