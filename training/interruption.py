"""Ctrl-C and the other signals that end a process, held back while something must not be half done."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Signals that end the process wait until the block is through; in the main thread only.

    Blocking them in this thread would not do: another thread would take them, and Python would act on them here.
    """
    caught: list[int] = []
    before = {each: signal.signal(each, lambda number, frame: caught.append(number)) for each in _STOPPING}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
    for number in caught:
        signal.raise_signal(number)
