"""A connection to the action server that serves message after message."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager, nullcontext

import aiohttp
from rasa.core.constants import DEFAULT_REQUEST_TIMEOUT
from rasa.utils.endpoints import EndpointConfig

#: Seconds after which a connection that nobody used is not used again: the action server closes it after five.
_KEPT = 2.0


def keep_connections() -> None:
    """From now on Rasa keeps the connections to its endpoints for the next message; it opens one for each, which takes longer
    than the question itself. Doing it twice does no harm."""
    EndpointConfig.session = _session


async def close_connections(endpoint: EndpointConfig) -> None:
    """Whoever asks `endpoint` again opens new ones."""
    _, session = vars(endpoint).pop("_kept", (None, None))
    if session is not None:
        await session.close()


def _session(endpoint: EndpointConfig) -> AbstractAsyncContextManager[aiohttp.ClientSession]:
    """What Rasa's `session` returns, but one for all, which is not closed when it is left."""
    loop, session = vars(endpoint).get("_kept", (None, None))
    if loop is not asyncio.get_running_loop():
        login = endpoint.basic_auth and aiohttp.BasicAuth(endpoint.basic_auth["username"], endpoint.basic_auth["password"])
        session = aiohttp.ClientSession(
            headers=endpoint.headers,
            auth=login or None,
            timeout=aiohttp.ClientTimeout(total=DEFAULT_REQUEST_TIMEOUT),
            connector=aiohttp.TCPConnector(keepalive_timeout=_KEPT),
        )
        endpoint._kept = (asyncio.get_running_loop(), session)
    return nullcontext(session)
