"""What is there once the server runs is left alone by the garbage collector; what comes later is not."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from channels.collection import settle, undisturbed


class _Node:
    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    gc.unfreeze()
    gc.enable()


def test_what_was_there_is_left_alone_until_it_settles_again() -> None:
    node = _Node()
    gone = weakref.ref(node)
    settle()
    del node
    gc.collect()
    assert gone() is not None

    settle()
    assert gone() is None


def test_what_came_later_is_collected() -> None:
    settle()
    gone = weakref.ref(_Node())
    gc.collect()
    assert gone() is None


def test_nothing_is_collected_in_the_block_and_again_after_it() -> None:
    with undisturbed():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off() -> None:
    gc.disable()
    with undisturbed():
        pass
    assert not gc.isenabled()
