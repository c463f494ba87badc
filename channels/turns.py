"""One message after the other, each from its beginning to its end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Turns:
    """Lets the messages of all conversations through in the order in which they came.

    Rasa computes in one thread, so that several messages at once are not answered sooner; but whenever one waits for the
    action server, the next begin, and all are done when the last one is. One after the other, each waits only for those
    before it.
    """

    def __init__(self, patience: float) -> None:
        """`patience`: seconds after which a message no longer waits for the others: one of them may hang."""
        self._patience = patience
        self._running = asyncio.Lock()

    @asynccontextmanager
    async def next(self) -> AsyncIterator[None]:
        """The block runs when it is its turn."""
        try:
            await asyncio.wait_for(self._running.acquire(), self._patience)
        except asyncio.TimeoutError:
            yield
            return
        try:
            yield
        finally:
            self._running.release()
