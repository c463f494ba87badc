"""The messages of a conversation as server-sent events (HTML Standard, section 9.2)."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import AsyncIterator
from time import monotonic
from typing import Any

from web.chat.conversations import messages_after
from web.chat.database import query
from web.chat.event_stream import RETRY, event
from web.chat.faults import DATABASE_FAULTS
from web.chat.models import WITH_A_PERSON
from web.chat.protocol import message_json
from web.chat.rows import Deleted
from web.chat.wakeup import News, Wakeup
from web.handoff.signs import TYPING, citizen_seen
from web.handoff.status import handoff_json

logger = logging.getLogger(__name__)

#: Seconds after which the stream of a citizen who wants a person ends, so that the widget comes back if it is still there: the
#: line to a telephone without network looks whole from here for a quarter of an hour.
SEEN_BY_STREAM = 120.0
#: Seconds of silence after which a comment is sent, so that a dead line is noticed on both sides.
HEARTBEAT = 15.0


async def events(wakeup: Wakeup, conversation_id: uuid.UUID, after: int) -> AsyncIterator[bytes]:
    """Every message with a number above `after`, those to come included, each once and in order; and the hand-off, at the
    start and whenever it has changed.

    Ends when the conversation is deleted or the database is away, and now and then while a person is asked for or there; the
    client comes back.
    """
    yield RETRY
    told: dict[str, Any] = {}
    opened = monotonic()
    with wakeup.reader(conversation_id, after) as reader:
        while True:
            try:
                news = reader.take()
                if news is None:
                    news = await query(look, conversation_id, reader.last)
            except Deleted:
                yield b"event: deleted\ndata: {}\n\n"
                return
            except DATABASE_FAULTS as error:
                logger.error("a stream ended: %s", type(error).__name__)
                return
            for message in news.messages:
                reader.last = message["seq"]
                yield event("message", message, message["seq"])
            if news.handoff is not None and news.handoff != told:
                told = news.handoff
                yield event("handoff", told)
            while not await _is_set(reader, TYPING.total_seconds() if told["typing"] else HEARTBEAT):
                yield b": still here\n\n"
                if told["state"] in WITH_A_PERSON:  # typing ends by itself, and the citizen is seen to be there
                    if monotonic() - opened > SEEN_BY_STREAM:
                        return
                    reader.look()


def look(conversation_id: uuid.UUID, after: int) -> News:
    """The messages with a number above `after`, and the hand-off; while a person is asked for or there, it is noted that
    the citizen looked. Raises Deleted."""
    messages = [message_json(message) for message in messages_after(conversation_id, after)]
    handoff = handoff_json(conversation_id)
    if handoff["state"] in WITH_A_PERSON:
        citizen_seen(conversation_id)
    return News(messages, handoff)


async def _is_set(news: asyncio.Event, seconds: float) -> bool:
    """Whether there is news within `seconds`."""
    try:
        return await asyncio.wait_for(news.wait(), seconds)
    except asyncio.TimeoutError:
        return False
