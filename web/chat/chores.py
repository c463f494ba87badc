"""What is done again and again in each worker: one loop for each chore, so that a slow one keeps no other waiting."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial

from web.archive.documents import documents_index
from web.chat.conversations import deletions_prune
from web.chat.database import query
from web.chat.faults import described
from web.handoff.sweep import Watch
from web.inquiries.mail import inquiries_notify
from web.rights.retention import retention_run_when_due

logger = logging.getLogger(__name__)

#: Seconds between two times.
EVERY = 5.0

#: Each may run in several workers at the same time.
_CHORES: tuple[Callable[[], object], ...] = (
    deletions_prune,
    retention_run_when_due,
    documents_index,
    inquiries_notify,
)


class Chores:
    """One per worker, in its event loop."""

    def __init__(self) -> None:
        self._loops: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self._loops = [asyncio.create_task(repeat(partial(query, chore))) for chore in (Watch().look, *_CHORES)]

    async def stop(self) -> None:
        for loop in self._loops:
            loop.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)


async def repeat(chore: Callable[[], Awaitable[object]]) -> None:
    """Does it until it is cancelled; what goes wrong once may go well the next time."""
    while True:
        try:
            await chore()
        except Exception as error:
            logger.error("%s", described(error))
        await asyncio.sleep(EVERY)
