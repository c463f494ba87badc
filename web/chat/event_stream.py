"""Server-sent events (HTML Standard, section 9.2), of the citizens' chat and of the desk."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

from django.http import StreamingHttpResponse

#: The first bytes of a stream: a client whose stream ended comes back after 2 seconds.
RETRY = b"retry: 2000\n\n"


def event(name: str, data: dict[str, Any], number: int | None = None) -> bytes:
    """One event with `data` as JSON; with a `number` the client can go on after it (`Last-Event-ID`)."""
    identity = f"id: {number}\n" if number else ""
    return f"{identity}event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


def event_response(events: AsyncIterator[bytes]) -> StreamingHttpResponse:
    """The response that no proxy keeps or holds back."""
    headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
    return StreamingHttpResponse(events, content_type="text/event-stream", headers=headers)
