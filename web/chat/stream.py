"""The messages of a conversation as server-sent events (HTML Standard, section 9.2)."""

from __future__ import annotations

import asyncio
import json
import logging
import uuid
from collections.abc import AsyncIterator

from django.db import Error as DatabaseError
from psycopg_pool import PoolTimeout

from web.chat.conversations import Deleted, messages_after
from web.chat.database import query
from web.chat.models import Message
from web.chat.protocol import message_json
from web.chat.wakeup import Wakeup

logger = logging.getLogger(__name__)

#: Seconds of silence after which a comment is sent, so that a dead line is noticed on both sides.
HEARTBEAT = 15.0
#: Milliseconds after which a client whose stream ended comes back.
_RETRY = 2000


async def events(wakeup: Wakeup, conversation_id: uuid.UUID, after: int) -> AsyncIterator[bytes]:
    """Every message with a number above `after`, those to come included, each once and in order.

    Ends when the conversation is deleted or the database is away; the client comes back.
    """
    yield f"retry: {_RETRY}\n\n".encode()
    with wakeup.reader(conversation_id) as news:
        while True:
            news.clear()  # before the look into the table: what comes after it sets the event again
            try:
                messages = await query(messages_after, conversation_id, after)
            except Deleted:
                yield b"event: deleted\ndata: {}\n\n"
                return
            except (DatabaseError, PoolTimeout) as error:
                logger.error("a stream ended: %s", type(error).__name__)
                return
            for message in messages:
                after = message.seq
                yield _event(message)
            while not news.is_set():
                try:
                    await asyncio.wait_for(news.wait(), HEARTBEAT)
                except asyncio.TimeoutError:
                    yield b": still here\n\n"


def _event(message: Message) -> bytes:
    data = json.dumps(message_json(message), ensure_ascii=False)
    return f"id: {message.seq}\nevent: message\ndata: {data}\n\n".encode()
