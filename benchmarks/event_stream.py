"""Server-sent events (HTML Standard, section 9.2), as far as the chat protocol uses them."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Event:
    """`id`: empty for an event without one."""

    name: str
    id: str
    data: str


async def read_events(chunks: AsyncIterable[bytes]) -> AsyncGenerator[Event, None]:
    """Each whole event as soon as it is there, wherever the chunks are cut. Comments and `retry` are left out."""
    rest = b""
    async for chunk in chunks:
        *blocks, rest = (rest + chunk).split(b"\n\n")
        for block in blocks:
            event = _event(block.decode())
            if event is not None:
                yield event


def _event(block: str) -> Event | None:
    """None for a block without data, which is no event."""
    name, id, data = "message", "", []
    for line in block.split("\n"):  # not splitlines: a text may hold other breaks
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "event":
            name = value
        elif field == "id":
            id = value
        elif field == "data":
            data.append(value)
    return Event(name, id, "\n".join(data)) if data else None
