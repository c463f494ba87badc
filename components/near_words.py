"""Finds the words that a typed one is a slip away from, or two.

Two words that are a slip or two apart become the same where letters of both are left out (Garbe 2012, "SymSpell"). All
words with letters left out are numbers in one sorted array, which is made without a step of Python for each word. Only the
beginnings of words are looked up: with them alone it stays small.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from itertools import combinations

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

_SLIPS = 2
_BEGINNING = 7  # letters
_PLACES = np.uint64(0xFFFFFFFF)  # the lower half of the bits
_FACTOR = 0x9E3779B97F4A7C15  # odd, with its bits well mixed (Knuth, The Art of Computer Programming, volume 3, 6.4)


class NearWords:
    """An index of words."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = words
        letters = _letters(words)
        lengths = np.count_nonzero(letters, axis=1)
        groups = [(length, np.flatnonzero(lengths == length)) for length in range(1, _BEGINNING + 1)]
        keys = [_keys(letters[places, :length], _SLIPS) | places[:, None].astype(np.uint64) for length, places in groups]
        #: A key in the upper half of the bits, the place of a word in the lower one.
        self._entries = np.concatenate([each.ravel() for each in keys])
        self._entries.sort()

    def of(self, typed: str, slips: int) -> list[str]:
        """The words, `typed` itself among them, that are at most `slips` (1 or 2) letters left out, added, replaced or swapped
        with the next one away from `typed`, which has at least two letters; in no order."""
        keys = _keys(_letters([typed])[:, : len(typed)], slips)[0]
        starts = np.searchsorted(self._entries, keys).tolist()
        ends = np.searchsorted(self._entries, keys | _PLACES, side="right").tolist()
        found = [self._entries[start:end] for start, end in zip(starts, ends) if start < end]
        places = set((np.concatenate(found) & _PLACES).tolist()) if found else set[int]()
        alike = [word for word in map(self._words.__getitem__, places) if abs(len(word) - len(typed)) <= slips]
        return [word for word, _, _ in process.extract(typed, alike, scorer=OSA.distance, score_cutoff=slips, limit=None)]


def _letters(words: Sequence[str]) -> np.ndarray:
    """The beginnings of `words`, shape (words, _BEGINNING), 0 behind the end of a word."""
    return np.array(words, dtype=f"U{_BEGINNING}").view(np.uint32).reshape(-1, _BEGINNING)


def _keys(letters: np.ndarray, slips: int) -> np.ndarray:
    """A number for each way to leave out up to `slips` of the letters of each row, shape (rows, ways), with its lower half
    empty. Different letters have the same number so seldom that it costs nothing to look at a word in vain."""
    numbers: np.ndarray = letters.astype(np.uint64) @ _weights(letters.shape[1], slips)
    return numbers & ~_PLACES


@functools.lru_cache(maxsize=2 * _BEGINNING)
def _weights(length: int, slips: int) -> np.ndarray:
    """What each of `length` letters counts, 0 where it is left out, shape (length, ways), uint64."""
    ways = [kept for left_out in range(slips + 1) for kept in combinations(range(length), max(length - left_out, 0))]
    weights = np.zeros((length, len(ways)), dtype=np.uint64)
    for way, kept in enumerate(ways):
        for place, letter in enumerate(kept, start=1):
            weights[letter, way] = pow(_FACTOR, place, 2**64)
    return weights
