"""Tells open streams that their conversation has something new: one listening database connection per worker.

What PostgreSQL sends is only a wake-up, and may be lost; a reader always looks into the table for what comes after its
last number.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg

from web.chat.database import direct_connection
from web.chat.rows import CHANNEL

logger = logging.getLogger(__name__)

_LONGEST_PAUSE = 5.0


class Wakeup:
    """One per worker, in its event loop."""

    def __init__(self) -> None:
        self._readers: defaultdict[uuid.UUID | None, set[asyncio.Event]] = defaultdict(set)
        self._listener: asyncio.Task[None] | None = None

    @property
    def readers(self) -> int:
        return sum(len(events) for events in self._readers.values())

    def start(self) -> None:
        self._listener = asyncio.create_task(self._listen())

    async def stop(self) -> None:
        if self._listener is not None:
            self._listener.cancel()
            with suppress(asyncio.CancelledError):
                await self._listener

    @contextmanager
    def reader(self, conversation_id: uuid.UUID | None) -> Iterator[asyncio.Event]:
        """An event that is set whenever the conversation may have something new; None: any conversation, or who of the
        staff is there. The reader clears it."""
        event = asyncio.Event()
        self._readers[conversation_id].add(event)
        try:
            yield event
        finally:
            events = self._readers[conversation_id]
            events.discard(event)
            if not events:
                del self._readers[conversation_id]

    async def _listen(self) -> None:
        pause = 0.2
        while True:
            try:
                async with await direct_connection() as listening:
                    await listening.execute(f"listen {CHANNEL}")
                    self._wake_all()  # what came while nobody listened
                    pause = 0.2
                    async for notice in listening.notifies():
                        self._wake(notice.payload)
            except (psycopg.Error, OSError) as error:
                logger.error("listening to the database ended: %s", type(error).__name__)
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    def _wake(self, payload: str) -> None:
        conversation_id = uuid.UUID(payload) if payload else None
        for key in {conversation_id, None}:
            for event in self._readers.get(key, ()):
                event.set()

    def _wake_all(self) -> None:
        for events in self._readers.values():
            for event in events:
                event.set()
