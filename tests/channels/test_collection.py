"""What is there once the server runs is left alone by the garbage collector; what comes later is not."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from channels.collection import settle, young_only


class _Node:
    def __init__(self) -> None:
        self.itself = self


class _Leaf:
    pass


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    thresholds = gc.get_threshold()
    yield
    gc.unfreeze()
    assert gc.get_threshold() == thresholds


def test_circle_that_was_there_is_left_alone() -> None:
    node = _Node()
    gone = weakref.ref(node)
    settle()
    del node
    gc.collect()
    assert gone() is not None


def test_what_came_later_is_collected() -> None:
    settle()
    gone = weakref.ref(_Node())
    gc.collect()
    assert gone() is None


def test_short_lived_circles_of_the_block_are_collected_and_the_rest_is_left_alone() -> None:
    with young_only():
        short, kept = weakref.ref(_Node()), _Node()
        lists = [[each] for each in range(100_000)]
        assert short() is None
    assert len(lists) == 100_000
    gone = weakref.ref(kept)
    del kept
    gc.collect()
    assert gone() is not None


def test_no_full_collection_happens_in_the_block() -> None:
    gc.collect()
    before = gc.get_stats()[2]["collections"]
    with young_only():
        lists = [[each] for each in range(500_000)]
    assert len(lists) == 500_000
    assert gc.get_stats()[2]["collections"] == before


def test_what_is_left_alone_is_freed_when_nobody_refers_to_it() -> None:
    leaf = _Leaf()
    gone = weakref.ref(leaf)
    settle()
    del leaf
    assert gone() is None
