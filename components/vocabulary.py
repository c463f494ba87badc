"""Words that people use, in the languages in which citizens ask: what is no slip although no training question has it."""

from __future__ import annotations

import functools

import wordfreq

LANGUAGES = ("de", "en", "fr", "tr", "pl", "uk", "ar")


@functools.lru_cache(maxsize=4)
def common_words(zipf: float) -> frozenset[str]:
    """All words, in small letters, that stand at least 10 ** `zipf` times in a thousand million words of one language.

    Source: Speer 2022, "rspeer/wordfreq"; the scale is van Heuven and others 2014, "SUBTLEX-UK". The lists come without
    the library's own table of frequencies, which would hold every word of every language in memory.
    """
    return frozenset().union(*_common(zipf).values())


@functools.lru_cache(maxsize=1)
def telling_words(zipf: float = 5.5) -> dict[str, frozenset[str]]:
    """For each language the words that are so common there (see `common_words`; some 300) and in none of the others."""
    common = _common(zipf)
    return {
        language: words.difference(*(others for other, others in common.items() if other != language))
        for language, words in common.items()
    }


def _common(zipf: float) -> dict[str, frozenset[str]]:
    least = round((9 - zipf) * 100)  # the place in the list is how much rarer than every word it is, in hundredths
    found = {}
    for language in LANGUAGES:
        buckets = wordfreq.get_frequency_list(language, "small")[: least + 1]
        found[language] = frozenset(word for bucket in buckets for word in bucket)
    wordfreq.get_frequency_list.cache_clear()
    return found
