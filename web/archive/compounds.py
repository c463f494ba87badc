"""What German words are made of, so that „Förderung“ finds „Wohnungsbauförderung“ and „Foerderung“."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from pathlib import Path

import wordfreq


def _read(name: str) -> frozenset[str]:
    rows = (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines()
    return frozenset(word for row in rows if not row.startswith("#") for word in row.split())


#: What may stand between two parts.
_LINKS = ("s", "es", "n", "en", "er", "e")
#: What a part that is not the last may have lost, as in „Miet|preis“, „Wohn|geld“ and „Förder|mittel“.
_LOST = ("e", "en", "n")
_SHORTEST = 4
_SHORT = _read("short_parts.txt")
_LINKS_OF_SHORT = ("s", "es")
_NO_PART = _read("no_parts.txt")
_WORD = re.compile(r"[a-zäöü]{5,60}")
_DIGRAPHS = re.compile(r"[aou]e")
_UMLAUTS = {"ae": "ä", "oe": "ö", "ue": "ü"}

#: The sum of the parts' frequencies, and the parts.
_Split = tuple[float, tuple[str, ...]]


@functools.lru_cache(maxsize=50_000)
def parts(word: str) -> tuple[str, ...]:
    """The words that `word` is made of, in small letters and as a dictionary lists them; empty where it is no compound.

    Of all ways to split it, that with the highest geometric mean of its parts' frequencies, if that is higher than the
    frequency of the whole: Koehn and Knight 2003, "Empirical Methods for Compound Splitting".
    """
    return _parts(spelled(word))


@functools.lru_cache(maxsize=50_000)
def spelled(word: str) -> str:
    """`word` in small letters, with umlauts where somebody had none on the keyboard („foerderung“), and with ss for ß."""
    word = word.lower().replace("ß", "ss")
    if word in _frequencies() or not _DIGRAPHS.search(word) or _parts(word):
        return word
    with_umlauts = _DIGRAPHS.sub(lambda match: _UMLAUTS[match[0]], word)
    return with_umlauts if with_umlauts in _frequencies() or _parts(with_umlauts) else word


def _parts(word: str) -> tuple[str, ...]:
    if not _WORD.fullmatch(word):
        return ()
    best = max((split for split in _splits(word) if len(split[1]) > 1), key=_mean, default=None)
    if best is None or _mean(best) <= _frequencies().get(word, 0.0):
        return ()
    return best[1]


def _mean(split: _Split) -> float:
    return split[0] / len(split[1])


@functools.lru_cache(maxsize=50_000)
def _splits(word: str) -> tuple[_Split, ...]:
    """The best way to split it into each number of parts, one part included."""
    best: dict[int, _Split] = {1: (_frequencies()[word], (word,))} if _is_part(word) else {}
    for cut in range(min(map(len, _SHORT)), len(word) - 1):
        first = max(_firsts(word[:cut]), key=lambda part: _frequencies()[part], default=None)
        if first is None:
            continue
        for weight, rest in _splits(word[cut:]):
            split = (_frequencies()[first] + weight, (first, *rest))
            best[len(split[1])] = max(best.get(len(split[1]), split), split)
    return tuple(best.values())


def _firsts(text: str) -> Iterator[str]:
    """What `text`, which another part follows, may be in the dictionary."""
    if _is_part(text):
        yield text
    if len(text) >= _SHORTEST:
        yield from (text + lost for lost in _LOST if _is_part(text + lost))
    for link in _LINKS:
        part = text.removesuffix(link)
        if part != text and _is_part(part) and (len(part) >= _SHORTEST or link in _LINKS_OF_SHORT):
            yield part


def _is_part(word: str) -> bool:
    return (len(word) >= _SHORTEST or word in _SHORT) and word in _frequencies() and word not in _NO_PART


@functools.lru_cache(maxsize=1)
def _frequencies() -> dict[str, float]:
    """How often 39 000 German words stand in a thousand million, as powers of ten: Speer 2022, "rspeer/wordfreq".

    The list comes without the library's own table of frequencies, which would hold every word of every language in memory.
    """
    buckets = wordfreq.get_frequency_list("de", "small")
    frequencies = {word: 9 - place / 100 for place, words in enumerate(buckets) for word in words}
    wordfreq.get_frequency_list.cache_clear()
    return frequencies
