"""Keeps Python's garbage collector from stopping the server.

A bot with its model is half a million objects. Each full collection looks at all of them, and nobody gets an answer in
that time; there is nothing to find in what lives as long as the process.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

#: Collections of the middle generation after which a full one is due: more than there ever are.
_NEVER = 1_000_000


def settle() -> None:
    """Collects once, and from now on leaves alone what is there now."""
    gc.collect()
    gc.freeze()


@contextmanager
def young_only() -> Iterator[None]:
    """No full collection while the block runs; what is there at its end is left alone.

    What is left alone is freed all the same once nobody refers to it; only objects that refer to each other in a circle
    stay for ever, and no large part of a model is in one (tests/components/test_intent_model.py).
    """
    young, middle, full = gc.get_threshold()
    gc.set_threshold(young, middle, _NEVER)
    try:
        yield
    finally:
        gc.freeze()
        gc.set_threshold(young, middle, full)
