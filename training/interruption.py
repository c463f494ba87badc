"""Ctrl-C and the other signals that end a process, held back while something must not be half done."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Signals that end the process wait until the block is through. In another thread than the main one nothing is to be
    done: Python acts on signals in the main one only.

    Blocking them in this thread would not do: another thread would take them, and Python would act on them here.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    caught: list[int] = []
    before = {each: signal.signal(each, lambda number, frame: caught.append(number)) for each in _STOPPING}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
    for number in caught:
        signal.raise_signal(number)
