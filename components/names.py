"""Finds known names in a text although they are misspelt: „wibnak“, „Mieterbundd“, „Frau Pisk“."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from components.folding import fold

_WORD = re.compile(r"[\w&+'’-]+")
_LONGEST = 7  # words of the longest name that is looked for
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
        #: A misspelt name still begins with its letter.
        self._beginning: dict[str, list[str]] = {}
        for name in self._keys:
            self._beginning.setdefault(name[0], []).append(name)

    def best(self, name: str) -> Match | None:
        """The known name that `name` as a whole stands for, or None."""
        found = self._owner(_plain(name))
        return Match(0, len(name), *found) if found else None

    def find(self, text: str) -> list[Match]:
        """All known names in `text`, by place; of overlapping ones the longer, then the more alike."""
        words = [(word, fold(word.group().replace("-", " "))) for word in _WORD.finditer(text)]
        found: list[Match] = []
        for first, (word, _) in enumerate(words):
            if word.group().casefold() in _ARTICLES:
                continue
            named = ""
            for end, plain in words[first : first + _LONGEST]:
                named = f"{named} {plain}" if named and plain else named or plain
                if end.group().casefold() in _ARTICLES:
                    continue
                owner = self._owner(named)
                if owner is not None:
                    found.append(Match(word.start(), end.end(), *owner))
        found.sort(key=lambda match: (-round(match.score / 8), match.start - match.end, match.start))
        kept: list[Match] = []
        for match in found:
            if all(match.end <= other.start or match.start >= other.end for other in kept):
                kept.append(match)
        return sorted(kept, key=lambda match: match.start)

    def _owner(self, plain: str) -> tuple[str, float] | None:
        """Whose name `plain` is, and how alike it is (0 to 100)."""
        if not plain:
            return None
        if plain in self._keys:
            return self._keys[plain], 100.0
        found = process.extractOne(plain, self._beginning.get(plain[0], ()), scorer=fuzz.ratio, score_cutoff=82.0)
        return (self._keys[found[0]], float(found[1])) if found and _alike(plain, found[0]) else None


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
