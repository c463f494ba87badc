"""Tells open streams that their conversation has something new: one listening database connection per worker.

What PostgreSQL sends is only a wake-up, and may be lost; a reader then looks into the table for what comes after its last
number. What this process has written itself is handed to its readers, who need not look: that is nearly every message.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

import psycopg

from web.chat.database import direct_connection
from web.chat.rows import CHANNEL, WRITER

logger = logging.getLogger(__name__)

_LONGEST_PAUSE = 5.0
#: Seconds in which what this process has written is handed over; whoever does not have it by then looks.
_HANDED_WITHIN = 1.0


class News(NamedTuple):
    """Committed messages of a conversation, in order, each as the schema `Message`; `handoff`: how it stands with them, as the
    schema `Handoff`, None: as before."""

    messages: Sequence[dict[str, Any]]
    handoff: dict[str, Any] | None = None


class Reader(asyncio.Event):
    """An open stream. Set whenever there may be something new; `last`: the number of the message that it has sent last."""

    def __init__(self, last: int = 0) -> None:
        super().__init__()
        self.last = last
        self._must_look = True
        self._handed: list[News] = []

    def look(self) -> None:
        """There may be something that nobody hands over."""
        self._must_look = True
        self.set()

    def hand(self, news: News) -> None:
        """There is this, and more only where the numbers have a gap."""
        self._handed.append(news)
        self.set()

    def take(self) -> News | None:
        """What was handed over and is not sent yet; None: it has to look into the table, where all of that is as well."""
        self.clear()
        handed, self._handed = self._handed, []
        must_look, self._must_look = self._must_look, False
        fresh = [news for news in handed if news.messages[0]["seq"] > self.last]
        messages = [message for news in fresh for message in news.messages]
        has_gap = any(message["seq"] != number for number, message in enumerate(messages, self.last + 1))
        if must_look or has_gap:
            return None
        handoffs = [news.handoff for news in fresh if news.handoff is not None]
        return News(messages, handoffs[-1] if handoffs else None)


class Wakeup:
    """One per worker, in its event loop."""

    def __init__(self) -> None:
        self._readers: defaultdict[uuid.UUID | None, set[Reader]] = defaultdict(set)
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
    def reader(self, conversation_id: uuid.UUID | None, last: int = 0) -> Iterator[Reader]:
        """Set whenever the conversation may have something new after number `last`; None: any conversation, or who of the
        staff is there."""
        reader = Reader(last)
        self._readers[conversation_id].add(reader)
        try:
            yield reader
        finally:
            readers = self._readers[conversation_id]
            readers.discard(reader)
            if not readers:
                del self._readers[conversation_id]

    def hand(self, conversation_id: uuid.UUID, news: News) -> None:
        """Gives the readers of the conversation what this process has committed, as `append` was told that it would."""
        for reader in self._readers.get(conversation_id, ()):
            reader.hand(news)

    async def _listen(self) -> None:
        pause = 0.2
        while True:
            try:
                async with await direct_connection() as listening:
                    await listening.execute(f"listen {CHANNEL}")
                    self._wake_all()  # what came while nobody listened
                    pause = 0.2
                    async for notice in listening.notifies():
                        self._hear(notice.payload)
            except (psycopg.Error, OSError) as error:
                logger.error("listening to the database ended: %s", type(error).__name__)
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    def _hear(self, payload: str) -> None:
        """Reads what `web.chat.rows.notify` has written."""
        conversation, *handed = payload.split(" ")
        for desk in self._readers.get(None, ()):
            desk.look()
        if not conversation:
            return
        conversation_id = uuid.UUID(conversation)
        if not handed:
            self._wake(conversation_id)
        elif handed[1] != WRITER:
            self._wake(conversation_id, int(handed[0]))
        else:  # whoever was to hand it over may have been cut off
            asyncio.get_running_loop().call_later(_HANDED_WITHIN, self._wake, conversation_id, int(handed[0]))

    def _wake(self, conversation_id: uuid.UUID, last: int | None = None) -> None:
        """Lets the readers look; with `last` those who do not have that number yet."""
        for reader in self._readers.get(conversation_id, ()):
            if last is None or reader.last < last:
                reader.look()

    def _wake_all(self) -> None:
        for readers in self._readers.values():
            for reader in readers:
                reader.look()
