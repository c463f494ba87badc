"""Finds known names in a text although they are misspelt: „wibnak“, „Mieterbundd“, „Frau Pisk“."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from components.folding import fold

_WORD = re.compile(r"[\w&+'’-]+")
_LONGEST = 7  # words of the longest name that is looked for
_ALIKE = 82.0  # of 100
#: Words that a name may stand with, and that do not make it another name.
_ARTICLES = frozenset(
    [
        "der",
        "die",
        "das",
        "den",
        "dem",
        "des",
        "ein",
        "eine",
        "einen",
        "einem",
        "einer",
        "der's",
        "im",
        "in",
        "am",
        "an",
        "beim",
        "vom",
        "zum",
        "zur",
        "the",
        "a",
        "la",
        "le",
        "les",
        "l",
        "el",
    ]
)


@dataclass(frozen=True)
class Match:
    """A known name in a text: text[start:end], whose it is, how alike it is (0 to 100)."""

    start: int
    end: int
    key: str
    score: float


class NameIndex:
    """Names and to whom they belong. A name of up to four letters must stand exactly."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        """`names`: (name or alias, key) pairs; the first of two alike ones wins."""
        self._keys: dict[str, str] = {}
        for name, key in names:
            folded = _plain(name)
            if folded:
                self._keys.setdefault(folded, key)
        self._names = list(self._keys)

    def best(self, name: str) -> Match | None:
        """The known name that `name` as a whole stands for, or None."""
        [found] = self._owners([_plain(name)])
        return Match(0, len(name), *found) if found else None

    def find(self, text: str) -> list[Match]:
        """All known names in `text`, by place; of overlapping ones the longer, then the more alike."""
        words = [(word, fold(word.group().replace("-", " "))) for word in _WORD.finditer(text)]
        spans = [
            (word.start(), end.end(), " ".join(filter(None, (plain for _, plain in words[first : last + 1]))))
            for first, (word, _) in enumerate(words)
            if word.group().casefold() not in _ARTICLES
            for last, (end, _) in enumerate(words[first : first + _LONGEST], start=first)
            if end.group().casefold() not in _ARTICLES
        ]
        owners = self._owners([plain for _, _, plain in spans])
        found = [Match(start, end, *owner) for (start, end, _), owner in zip(spans, owners) if owner is not None]
        found.sort(key=lambda match: (-round(match.score / 8), match.start - match.end, match.start))
        kept: list[Match] = []
        for match in found:
            if all(match.end <= other.start or match.start >= other.end for other in kept):
                kept.append(match)
        return sorted(kept, key=lambda match: match.start)

    def _owners(self, plains: Sequence[str]) -> list[tuple[str, float] | None]:
        """Whose name each of `plains` is, and how alike it is (0 to 100). All at once: a letter has some hundred of them."""
        if not plains or not self._names:
            return [None] * len(plains)
        likeness = process.cdist(plains, self._names, scorer=fuzz.ratio, score_cutoff=_ALIKE, dtype=np.float64)
        nearest = likeness.argmax(axis=1)
        return [
            self._owner(plain, self._names[index], float(row[index])) for plain, index, row in zip(plains, nearest, likeness)
        ]

    def _owner(self, plain: str, name: str, score: float) -> tuple[str, float] | None:
        """`name`: the known one that is most like `plain`; of several the first."""
        is_its = plain == name or (score >= _ALIKE and _alike(plain, name))
        return (self._keys[name], score) if plain and is_its else None


def _plain(name: str) -> str:
    words = fold(name.replace("-", " ")).split()
    while words and words[0] in _ARTICLES:
        words.pop(0)
    return " ".join(words)


def _alike(one: str, other: str) -> bool:
    """Word by word, so that „Hamburg“ is no misspelt „Marburg“; as one word where a blank is missing or too many."""
    words, others = one.split(), other.split()
    if len(words) == len(others):
        return all(_close(word, each) for word, each in zip(words, others))
    return _close("".join(words), "".join(others))


def _close(word: str, other: str) -> bool:
    """At most one edit for five to eight letters, two up to fourteen, three beyond; none below five; same first letter."""
    shorter = min(len(word), len(other))
    allowed = 0 if shorter < 5 else 1 if shorter <= 8 else 2 if shorter <= 14 else 3
    return word[0] == other[0] and int(OSA.distance(word, other, score_cutoff=allowed)) <= allowed
