"""Puts misspelt words right: „wo ist di sericestelle“ is read as the training questions would say it.

A noisy channel (Kernighan, Church and Gale 1990, "A Spelling Correction Program Based on a Noisy Channel Model"): what
was meant is the words that people ask with, in an order in which they ask, from which the typed ones are likely slips.
"""

from __future__ import annotations

import functools
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain, pairwise
from typing import NamedTuple

import numpy as np
import simplemma

from components.folding import fold
from components.keyboard import slip_cost
from components.lines import packed, unpacked
from components.near_words import NearWords
from components.vocabulary import common_words

_WORD = re.compile(r"[^\W\d_]+")
_INFLECTED = ("de", "en")  # the languages whose rarer forms are looked up, too
#: How common a word must be, in any language, to be no slip (of one or two letters, as word lists are full of such), and to
#: be what a slip was meant to be.
_COMMON, _COMMON_SHORT, _VERY_COMMON = 3.5, 5.5, 4.5
_START, _END = "^", "$"
_LONG = 5  # letters from which two slips in an unknown word are looked for, not one
_SHORTEST = 4  # letters of a word that no question has, but somebody may have meant
_MOST = 8  # readings of a word that are weighed up
#: How often a word is taken to stand in the questions although it never does: as typed where it is one, as typed where
#: nobody knows it, and as what somebody may have meant. From few questions little is put right.
_USUAL = 10.0
_UNKNOWN = 0.0005
_MEANT = 0.2
#: A slip seldom makes another word: how unlikely that is beside a slip that makes none, as a negative logarithm.
_KEPT = 3.0
#: How much the word before counts beside how frequent the word is, and how many sights of it that takes.
_CONTEXT = 0.7
_SIGHTS = 2.0
_NEVER = 1e-12


class _Reading(NamedTuple):
    word: str  # folded
    cost: float  # negative logarithm of the chance to type what was typed
    often: float


class _Path(NamedTuple):
    """A row of folded words, and what is known of what follows the last one."""

    cost: float
    words: tuple[str, ...]
    behind: Mapping[str, int]
    sights: float


class Spelling:
    """The words of the training questions and which follows which. Other words and names mostly stay."""

    def __init__(self, arrays: Mapping[str, np.ndarray]) -> None:
        """`arrays`: those of another one. Raises KeyError or ValueError where they do not fit together.

        Takes no step of Python for each word: in those, messages would wait for a model that is loaded.
        """
        self.arrays = dict(arrays)
        folded, spelt, self._followers = (unpacked(arrays[name]) for name in ("folded", "spelt", "followers"))
        often, self._starts, self._seen = (arrays[name].tolist() for name in ("often", "starts", "seen"))
        if not len(folded) == len(spelt) == len(often) == len(self._starts) - 1:
            raise ValueError("the words and what is known of them are not the same number")
        if not len(self._followers) == len(self._seen) == self._starts[-1]:
            raise ValueError("the pairs of words and how often they were seen are not the same number")
        self._words = frozenset(unpacked(arrays["words"]))
        self._spelt = dict(zip(folded, spelt))
        self._places = dict(zip(folded, range(len(folded))))
        self._behind: dict[str, tuple[Mapping[str, int], float]] = {}
        self._total = max(int(arrays["total"]), 1)
        self._end = _Reading(_END, 0.0, sum(self._known(_START)[0].values()))
        self._readings = functools.lru_cache(maxsize=5_000)(_Readings(dict(zip(folded, often))).of)

    @classmethod
    def learn(cls, texts: Sequence[str]) -> Spelling:
        words = [_WORD.findall(text) for text in texts]
        rows = [[_START, *filter(None, map(_joined, row)), _END] for row in words]
        return cls.counted(
            Counter(word.lower() for word in chain.from_iterable(words)),
            Counter(f"{left} {right}" for row in rows for left, right in pairwise(row)),
        )

    @classmethod
    def counted(cls, words: Mapping[str, int], pairs: Mapping[str, int]) -> Spelling:
        """`words`: how often each word, in small letters, stands in the questions; `pairs`: how often two folded words,
        joined by a blank, stand in a row, „^“ before the first and „$“ behind the last."""
        spelt: dict[str, str] = {}
        often: dict[str, float] = {}
        for word, count in sorted(words.items(), key=lambda item: (-item[1], item[0])):
            spelt.setdefault(_joined(word), word)
            often[_joined(word)] = often.get(_joined(word), 0) + count
        for folded, word in _meant_at_times().items():
            spelt.setdefault(folded, word)
            often.setdefault(folded, _MEANT)
        spelt[_START], often[_START] = _START, 0.0
        followers: dict[str, dict[str, int]] = {folded: {} for folded in spelt}
        for pair, count in pairs.items():
            last, word = pair.split(" ")
            followers[last][word] = count
        return cls(
            {
                "words": packed(words),
                "folded": packed(spelt),
                "spelt": packed(spelt.values()),
                "often": np.array([often[folded] for folded in spelt]),
                "starts": np.cumsum([0, *map(len, followers.values())]),
                "followers": packed(chain.from_iterable(followers.values())),
                "seen": np.array([count for each in followers.values() for count in each.values()], dtype=np.int64),
                "total": np.array(sum(words.values())),
            }
        )

    def correct(self, text: str) -> str:
        """`text` with misspelt words put right; everything else, capitals included, stays."""
        typed = _WORD.findall(text)
        meant = iter(map(self._written, typed, self._meant(typed)))
        return _WORD.sub(lambda _: next(meant), text)

    def _meant(self, typed: Sequence[str]) -> list[str]:
        """The likeliest row of folded words (Viterbi's search)."""
        paths = [_Path(0.0, (_START,), *self._known(_START))]
        for word in typed:
            found = [self._extended(paths, reading) for reading in self._readings(word)]
            paths = [_Path(cost, words, *self._known(words[-1])) for cost, words in found]
        _, words = self._extended(paths, self._end)
        return list(words[1:-1])

    def _known(self, word: str) -> tuple[Mapping[str, int], float]:
        """What follows `word` how often, and the sights of it. Put together when it is first asked for."""
        known = self._behind.get(word)
        if known is not None:
            return known
        place = self._places.get(word)
        if place is None:
            return {}, _SIGHTS
        start, end = self._starts[place : place + 2]
        followers = dict(zip(self._followers[start:end], self._seen[start:end]))
        self._behind[word] = followers, sum(followers.values()) + _SIGHTS
        return self._behind[word]

    def _extended(self, paths: Sequence[_Path], reading: _Reading) -> tuple[float, tuple[str, ...]]:
        """The likeliest of `paths` with the reading behind it, and its cost; of two alike the first by letters."""
        rare = (1 - _CONTEXT) * reading.often / self._total
        alone = math.log(rare + _NEVER)
        best, found = math.inf, tuple[str, ...]()
        for cost, words, behind, sights in paths:
            seen = behind.get(reading.word)
            log = math.log(_CONTEXT * (seen / sights) + rare + _NEVER) if seen else alone
            total = cost + reading.cost - log
            if total < best or (total == best and words < found):
                best, found = total, words
        return best, (*found, reading.word)

    def _written(self, typed: str, meant: str) -> str:
        """The word as the questions spell it; as typed where it is no slip but another spelling that German has."""
        if meant not in self._spelt or (meant == _joined(typed) and (typed.lower() in self._words or _is_word(typed))):
            return typed
        right = self._spelt[meant]
        return right.capitalize() if typed[0].isupper() else right


def load_dictionaries() -> None:
    """Reads from disk what else the first slip of a process waits for, one to two seconds."""
    for language in _INFLECTED:
        simplemma.is_known("qx", lang=language)


class _Readings:
    """What a word may have been meant to be. Knows nothing of `Spelling`, which keeps the answers: in a circle of the two
    a model that is no longer served would keep its index."""

    def __init__(self, often: Mapping[str, float]) -> None:
        self._often = often
        self._near = NearWords(list(often))

    def of(self, word: str) -> list[_Reading]:
        typed = _joined(word)
        often = self._often.get(typed, 0.0)
        known = often > 0 or _is_word(word)
        own = _Reading(typed, 0.0, often or (_USUAL if known else _UNKNOWN))
        if len(typed) < 2:
            return [own]
        slips = 2 if len(typed) >= _LONG and not known else 1
        kept = _KEPT if known else 0.0
        others = [
            _Reading(each, slip_cost(typed, each) + kept, self._often[each])
            for each in self._near.of(typed, slips)
            if each != typed
        ]
        return [own, *sorted(others, key=lambda reading: (reading.cost - math.log(reading.often), reading.word))[:_MOST]]


@functools.lru_cache(maxsize=10_000)
def _joined(word: str) -> str:
    return fold(word).replace(" ", "")


@functools.lru_cache(maxsize=1)
def _meant_at_times() -> dict[str, str]:
    """The very common words of all languages, folded, and how each is spelt."""
    spelt: dict[str, str] = {}
    for word in sorted(common_words(_VERY_COMMON)):
        if len(word) >= _SHORTEST and word.isalpha():
            spelt.setdefault(_joined(word), word)
    return spelt


def _is_word(word: str) -> bool:
    forms = (word, word.lower(), word.capitalize())
    if len(word) <= 2:
        return word.lower() in common_words(_COMMON_SHORT)
    return word.lower() in common_words(_COMMON) or any(simplemma.is_known(form, lang=_INFLECTED) for form in forms)
