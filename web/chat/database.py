"""Database work from async code: in a thread, with a connection that goes back to the pool at once."""

from __future__ import annotations

import functools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

import psycopg
from asgiref.sync import sync_to_async
from django.db import connection, connections

P = ParamSpec("P")
T = TypeVar("T")

#: Few: of more threads each waits for the others to let go of the interpreter, and the event loop for all of them. At 10
#: messages a second p95 is 1.2 s with twelve of them, 0.6 s with three (`make bench-web`).
_CHAT = ThreadPoolExecutor(max_workers=3, thread_name_prefix="database")
#: Of the console, whose searches and exports take long: no citizen waits behind one.
_CONSOLE = ThreadPoolExecutor(max_workers=4, thread_name_prefix="console")


async def query(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What `function`, which uses the ORM, returns."""
    return await _in_thread(_CHAT, functools.partial(function, *args, **kwargs))


async def console_query(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """The same for a page of the console."""
    return await _in_thread(_CONSOLE, functools.partial(function, *args, **kwargs))


async def direct_connection() -> psycopg.AsyncConnection:
    """A connection beside the pool and its threads, with each statement a transaction of its own. Raises psycopg.Error."""
    return await psycopg.AsyncConnection.connect(**_parameters(), autocommit=True)


def _parameters() -> dict[str, Any]:
    """How Django connects, without its pool."""
    parameters: dict[str, Any] = connection.get_connection_params()
    return {name: value for name, value in parameters.items() if name not in ("context", "cursor_factory", "pool")}


async def _in_thread(threads: ThreadPoolExecutor, function: Callable[[], T]) -> T:
    def run() -> T:
        try:
            return function()
        finally:
            connections.close_all()  # an open stream or a slow bot must not keep one

    return await sync_to_async(run, thread_sensitive=False, executor=threads)()
