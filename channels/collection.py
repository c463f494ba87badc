"""Keeps Python's garbage collector from stopping the server.

A bot with its model is more than a million objects. Each full collection looks at all of them, half a second on a quiet
machine, and nobody gets an answer in that time; there is nothing to find in what lives as long as the process.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


def settle() -> None:
    """Collects once, and from now on leaves alone what is there now. What was left alone before is looked at again."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


@contextmanager
def undisturbed() -> Iterator[None]:
    """No collection while the block runs, however many objects it makes."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
