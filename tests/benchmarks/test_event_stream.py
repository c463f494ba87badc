"""Server-sent events are read whole, however the network cuts them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from benchmarks.event_stream import Event, read_events

_STREAM = (
    'retry: 2000\n\nid: 1\nevent: message\ndata: {"text": "Grüße\u2028an alle"}\n\n: still here\n\nevent: deleted\ndata: {}\n\n'
)


def _read(stream: bytes, size: int) -> list[Event]:
    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(stream), size):
            yield stream[start : start + size]

    async def read() -> list[Event]:
        return [event async for event in read_events(chunks())]

    return asyncio.run(read())


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_events_are_the_same_wherever_the_chunks_are_cut(size: int) -> None:
    assert _read(_STREAM.encode(), size) == [
        Event("message", "1", '{"text": "Grüße\u2028an alle"}'),
        Event("deleted", "", "{}"),
    ]


def test_lines_of_data_belong_together() -> None:
    assert _read(b"data: one\ndata: two\n\n", 100) == [Event("message", "", "one\ntwo")]


def test_event_that_was_cut_off_at_the_end_is_none() -> None:
    assert _read(b"id: 1\ndata: one\n\nid: 2\ndata: tw", 100) == [Event("message", "1", "one")]
