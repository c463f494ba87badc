"""The stream itself: its bytes, its heartbeat, its end."""

from __future__ import annotations

import asyncio
import datetime
import json
import uuid
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from django.db import OperationalError

from web.chat import stream
from web.chat.models import Author, Message
from web.chat.rows import Deleted
from web.chat.stream import events
from web.chat.wakeup import Wakeup


def _message(seq: int) -> Message:
    from django.utils import timezone

    return Message(seq=seq, author=Author.CITIZEN, text="Zwei\nZeilen", register="standard", at=timezone.now())


_AT_THE_BOT = {"state": "bot", "typing": False}


def _read(
    monkeypatch: pytest.MonkeyPatch,
    looks: list[Callable[[], list[Message]]],
    count: int,
    handoffs: list[dict[str, Any]] | None = None,
) -> list[str]:
    """The first `count` pieces of a stream that finds `looks` in the table, one after the other, and the hand-off as told."""
    left, told = iter(looks), iter(handoffs or [])

    async def query(function: object, conversation: uuid.UUID, after: int) -> tuple[list[Message], dict[str, Any]]:
        return next(left)(), next(told, _AT_THE_BOT)

    monkeypatch.setattr(stream, "query", query)

    async def read() -> list[str]:
        wakeup = Wakeup()
        pieces: AsyncIterator[Any] = events(wakeup, uuid.uuid4(), 0)
        return [piece.decode() async for piece in _first(pieces, count)]

    return asyncio.run(asyncio.wait_for(read(), 5))


async def _first(pieces: AsyncIterator[Any], count: int) -> AsyncIterator[Any]:
    async for piece in pieces:
        yield piece
        count -= 1
        if count == 0:
            return


_COMMENT = ": still here\n\n"


def _handoff(told: dict[str, Any]) -> str:
    return f"event: handoff\ndata: {json.dumps(told)}\n\n"


def _refuse(error: Exception) -> Callable[[], list[Message]]:
    def look() -> list[Message]:
        raise error

    return look


def test_message_is_one_event_with_one_line_of_data(monkeypatch: pytest.MonkeyPatch) -> None:
    [retry, event, _] = _read(monkeypatch, [lambda: [_message(7)]], 3)
    assert retry == "retry: 2000\n\n"
    assert event.startswith('id: 7\nevent: message\ndata: {"seq": 7, ')
    assert event.endswith("}\n\n")
    assert event.count("\n") == 4


def test_silence_is_broken_by_comments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "HEARTBEAT", 0.01)
    assert _read(monkeypatch, [list], 5) == ["retry: 2000\n\n", _handoff(_AT_THE_BOT), *[_COMMENT] * 3]


def test_hand_off_is_told_at_the_start_and_when_it_has_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "HEARTBEAT", 0.01)
    waiting = {"state": "requested", "place": 2, "typing": False}
    taken = {"state": "staff", "place": None, "typing": False}

    pieces = _read(monkeypatch, [list] * 3, 6, [waiting, waiting, taken])

    assert pieces == ["retry: 2000\n\n", _handoff(waiting), _COMMENT, _COMMENT, _handoff(taken), _COMMENT]


def test_end_of_typing_is_noticed_without_a_wake_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "TYPING", datetime.timedelta(seconds=0.01))
    typing = {"state": "staff", "typing": True}

    pieces = _read(monkeypatch, [list] * 2, 4, [typing, {**typing, "typing": False}])

    assert pieces[1:] == [_handoff(typing), _COMMENT, _handoff({**typing, "typing": False})]


def test_heartbeat_comes_as_often_as_the_contract_says() -> None:
    assert stream.HEARTBEAT == 15


def test_stream_of_a_deleted_conversation_says_so_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[Callable[[], list[Message]]] = [_refuse(Deleted())]
    assert _read(monkeypatch, looks, 99) == ["retry: 2000\n\n", "event: deleted\ndata: {}\n\n"]


def test_stream_ends_when_the_database_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _read(monkeypatch, [_refuse(OperationalError())], 99) == ["retry: 2000\n\n"]
