"""Serves a channel as Rasa does, over a real port of this machine."""

from __future__ import annotations

import asyncio
import itertools
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rasa.core.channels.channel import InputChannel, register
from sanic import Sanic

_NUMBERS = itertools.count()

# Sanic rewrites its own methods when an app starts; only in this mode it can do so for a second app of the same process.
Sanic.test_mode = True


@contextmanager
def served(channel: InputChannel, agent: Any) -> Iterator[str]:
    """The address of `channel`, registered as Rasa registers it, with `agent` behind it, while the block runs."""
    app = Sanic(f"channel_test_{next(_NUMBERS)}", configure_logging=False)
    app.ctx.agent = agent
    register([channel], app, route="/webhooks/")
    listening = socket.create_server(("127.0.0.1", 0))
    loop = asyncio.new_event_loop()
    started = threading.Event()

    async def serve() -> None:
        server = await app.create_server(sock=listening, return_asyncio_server=True, access_log=False)
        assert server is not None
        await server.startup()
        await server.start_serving()
        started.set()

    def run() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(serve())
        loop.run_forever()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        assert started.wait(30), "the channel did not start"
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/webhooks/{channel.name()}"
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        listening.close()
