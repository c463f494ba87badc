"""The ASGI application that uvicorn serves: Django, and around it what runs as long as the process does."""

from __future__ import annotations

import gc
import logging
import os
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "web.settings")

from django.conf import settings
from django.core.asgi import get_asgi_application
from django.core.signals import request_started
from django.db import close_old_connections, reset_queries

from web.chat.faults import described

_django = get_asgi_application()
# They tidy up connections, which are given back after each use here; and each open stream would keep a thread for it.
request_started.disconnect(close_old_connections)
request_started.disconnect(reset_queries)

logger = logging.getLogger(__name__)

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]


async def application(scope: Message, receive: Receive, send: Callable[[Mapping[str, Any]], Awaitable[None]]) -> None:
    """HTTP goes to Django; at start and end of the process the background work of the chat is started and stopped."""
    if scope["type"] != "lifespan":
        try:
            await _django(scope, _cut(receive, settings.WOHNLOTSE.body_bytes + 1), send)
        except Exception as error:  # of a response that had begun: uvicorn, which breaks the line off now, would log its text
            logger.error("%s", described(error))
        return
    from web.chat.service import Service  # only after Django is set up

    service = Service()
    while True:
        event = await receive()
        if event["type"] == "lifespan.startup":
            await service.start()
            gc.collect()
            gc.freeze()  # what is there now lives as long as the process: no collection need stop everybody to look at it
            await send({"type": "lifespan.startup.complete"})
        elif event["type"] == "lifespan.shutdown":
            await service.stop()
            await send({"type": "lifespan.shutdown.complete"})
            return


def _cut(receive: Receive, limit: int) -> Receive:
    """`receive` with at most `limit` bytes of a body. Django would write all of it to disk before anybody looks at its size,
    which a body sent in chunks does not tell in advance."""
    left, ended = limit, False

    async def cut() -> Message:
        nonlocal left, ended
        message = await receive()
        while ended and message["type"] == "http.request":
            message = await receive()
        if message["type"] != "http.request":
            return message
        body = message.get("body", b"")[:left]
        left -= len(body)
        ended = left == 0 or not message.get("more_body", False)
        return {**message, "body": body, "more_body": not ended}

    return cut
