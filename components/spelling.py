"""Puts misspelt words right: „wo ist di sericestelle“ is read as the training questions would say it.

A noisy channel (Kernighan, Church and Gale 1990, "A Spelling Correction Program Based on a Noisy Channel Model"): what
was meant is the words that people ask with, in an order in which they ask, from which the typed ones are likely slips.
"""

from __future__ import annotations

import functools
import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import chain, pairwise
from typing import NamedTuple

import simplemma
from symspellpy import SymSpell, Verbosity

from components.folding import fold
from components.keyboard import slip_cost
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


class Spelling:
    """The words of the training questions and which follows which. Other words and names mostly stay."""

    def __init__(self, words: Mapping[str, int], pairs: Mapping[str, int]) -> None:
        """`words`: how often each word, in small letters, stands in the questions; `pairs`: how often two folded words,
        joined by a blank, stand in a row, „^“ before the first and „$“ behind the last."""
        self._words = dict(words)
        self._pairs = dict(pairs)
        self._spelt: dict[str, str] = {}
        self._counts: dict[str, float] = {}
        for word, count in sorted(self._words.items(), key=lambda item: (-item[1], item[0])):
            self._spelt.setdefault(_joined(word), word)
            self._counts[_joined(word)] = self._counts.get(_joined(word), 0) + count
        self._before: Counter[str] = Counter()
        self._followers: defaultdict[str, dict[str, int]] = defaultdict(dict)
        for pair, count in self._pairs.items():
            last, word = pair.split(" ")
            self._before[last] += count
            self._followers[last][word] = count
        self._total = max(sum(self._counts.values()), 1)
        self._counts[_END] = self._before[_START]
        for folded, word in _meant_at_times().items():
            self._counts.setdefault(folded, _MEANT)
            self._spelt.setdefault(folded, word)
        self._readings = functools.lru_cache(maxsize=5_000)(_Readings(self._counts).of)

    @classmethod
    def learn(cls, texts: Sequence[str]) -> Spelling:
        words = [_WORD.findall(text) for text in texts]
        rows = [[_START, *filter(None, map(_joined, row)), _END] for row in words]
        return cls(
            Counter(word.lower() for word in chain.from_iterable(words)),
            Counter(f"{left} {right}" for row in rows for left, right in pairwise(row)),
        )

    def counts(self) -> dict[str, dict[str, int]]:
        """`words` and `pairs`, from which the same can be made again."""
        return {"words": self._words, "pairs": self._pairs}

    def correct(self, text: str) -> str:
        """`text` with misspelt words put right; everything else, capitals included, stays."""
        typed = _WORD.findall(text)
        meant = iter(map(self._written, typed, self._meant(typed)))
        return _WORD.sub(lambda _: next(meant), text)

    def _meant(self, typed: Sequence[str]) -> list[str]:
        """The likeliest row of folded words (Viterbi's search)."""
        paths: dict[str, tuple[float, tuple[str, ...]]] = {_START: (0.0, ())}
        for word in typed:
            paths = {reading.word: self._extended(paths, reading) for reading in self._readings(word)}
        _, path = self._extended(paths, _Reading(_END, 0.0, self._counts[_END]))
        return list(path[:-1])

    def _extended(self, paths: Mapping[str, tuple[float, tuple[str, ...]]], reading: _Reading) -> tuple[float, tuple[str, ...]]:
        """The likeliest of `paths`, by their last words, with the reading behind it; of two alike the first by letters."""
        rare = (1 - _CONTEXT) * reading.often / self._total
        alone = math.log(rare + _NEVER)
        best, found = math.inf, tuple[str, ...]()
        for last, (cost, path) in paths.items():
            seen = self._followers[last].get(reading.word) if last in self._followers else None
            log = math.log(_CONTEXT * (seen / (self._before[last] + _SIGHTS)) + rare + _NEVER) if seen else alone
            total = cost + reading.cost - log
            if total < best or (total == best and path < found):
                best, found = total, path
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
    a model that is no longer served would keep its index of half a million objects."""

    def __init__(self, counts: Mapping[str, float]) -> None:
        self._counts = counts

    def of(self, word: str) -> list[_Reading]:
        typed = _joined(word)
        count = self._counts.get(typed, 0.0)
        known = count > 0 or _is_word(word)
        own = _Reading(typed, 0.0, count or (_USUAL if known else _UNKNOWN))
        if len(typed) < 2:
            return [own]
        slips = 2 if len(typed) >= _LONG and not known else 1
        found = self._index.lookup(typed, Verbosity.ALL, max_edit_distance=slips)
        kept = _KEPT if known else 0.0
        others = [
            _Reading(each.term, slip_cost(typed, each.term) + kept, self._counts[each.term])
            for each in found
            if each.term != typed
        ]
        return [own, *sorted(others, key=lambda reading: (reading.cost - math.log(reading.often), reading.word))[:_MOST]]

    @functools.cached_property
    def _index(self) -> SymSpell:
        """Made when it is first asked: it takes half a second, and most models are only trained and stored."""
        index = SymSpell(max_dictionary_edit_distance=2, prefix_length=7)
        for word, often in self._counts.items():
            if word and word != _END:
                index.create_dictionary_entry(word, math.ceil(often))
        return index


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
