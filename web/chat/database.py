"""Database work from async code: in a thread, with a connection that goes back to the pool at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from asgiref.sync import sync_to_async
from django.db import connections

P = ParamSpec("P")
T = TypeVar("T")

#: No more threads than the pool of connections has: a thread without a connection would only wait.
_THREADS = ThreadPoolExecutor(max_workers=12, thread_name_prefix="database")


async def query(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What `function`, which uses the ORM, returns."""

    def run() -> T:
        try:
            return function(*args, **kwargs)
        finally:
            connections.close_all()  # an open stream or a slow bot must not keep one

    return await sync_to_async(run, thread_sensitive=False, executor=_THREADS)()
