"""The stream itself: its bytes, its heartbeat, its end."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from django.db import OperationalError

from web.chat import stream
from web.chat.conversations import Deleted
from web.chat.models import Author, Message
from web.chat.stream import events
from web.chat.wakeup import Wakeup


def _message(seq: int) -> Message:
    from django.utils import timezone

    return Message(seq=seq, author=Author.CITIZEN, text="Zwei\nZeilen", register="standard", at=timezone.now())


def _read(monkeypatch: pytest.MonkeyPatch, looks: list[Callable[[], list[Message]]], count: int) -> list[str]:
    """The first `count` pieces of a stream that finds `looks` in the table, one after the other."""
    left = iter(looks)

    async def query(function: object, conversation: uuid.UUID, after: int) -> list[Message]:
        return next(left)()

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


def _refuse(error: Exception) -> Callable[[], list[Message]]:
    def look() -> list[Message]:
        raise error

    return look


def test_message_is_one_event_with_one_line_of_data(monkeypatch: pytest.MonkeyPatch) -> None:
    [retry, event] = _read(monkeypatch, [lambda: [_message(7)]], 2)
    assert retry == "retry: 2000\n\n"
    assert event.startswith('id: 7\nevent: message\ndata: {"seq": 7, ')
    assert event.endswith("}\n\n")
    assert event.count("\n") == 4


def test_silence_is_broken_by_comments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "HEARTBEAT", 0.01)
    assert _read(monkeypatch, [list], 4) == ["retry: 2000\n\n", *[": still here\n\n"] * 3]


def test_heartbeat_comes_as_often_as_the_contract_says() -> None:
    assert stream.HEARTBEAT == 15


def test_stream_of_a_deleted_conversation_says_so_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[Callable[[], list[Message]]] = [_refuse(Deleted())]
    assert _read(monkeypatch, looks, 99) == ["retry: 2000\n\n", "event: deleted\ndata: {}\n\n"]


def test_stream_ends_when_the_database_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _read(monkeypatch, [_refuse(OperationalError())], 99) == ["retry: 2000\n\n"]
