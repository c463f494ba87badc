"""How easy a German text is to read."""

from __future__ import annotations

import re
from collections.abc import Collection

#: A full stop, an exclamation or question mark or a colon, with the quotation marks and brackets that close behind it.
_END = re.compile(r"[.!?:]+[“”\"’)\]]*(?=\s|$)")
_WORD = re.compile(r"\w+(?:[-/’']\w+)*")
_LONG = 6


def lix(text: str, names: Collection[str] = ()) -> float:
    """The readability index LIX: words per sentence plus the percentage of words with more than six letters.

    Below 40 reads like a book for young people, 40 to 50 like a newspaper, above 60 like a law. A sentence also ends with
    a colon, as Björnsson counts. Each of `names` counts as one short word: nobody can shorten an official name.
    Raises ValueError for a text without a word.

    Source: C. H. Björnsson, Läsbarhet, Liber, Stockholm 1968.
    """
    found = words(text, names)
    if not found:
        raise ValueError("a text without a word has no LIX")
    long = sum(1 for word in found if sum(letter.isalpha() for letter in word) > _LONG)
    return len(found) / len(sentences(text)) + 100 * long / len(found)


def words_per_sentence(text: str, names: Collection[str] = ()) -> float:
    """Average length of the sentences in words; raises ValueError for a text without a word."""
    found = words(text, names)
    if not found:
        raise ValueError("a text without a word has no sentence")
    return len(found) / len(sentences(text))


def sentences(text: str) -> list[str]:
    """The sentences of `text` that hold a word, without the marks at their end."""
    return [part.strip() for part in _END.split(text) if _WORD.search(part)]


def words(text: str, names: Collection[str] = ()) -> list[str]:
    """The words of `text`, each of `names` as the one word "Name"; what is hyphenated is one word."""
    return _WORD.findall(shorten(text, names))


def shorten(text: str, names: Collection[str]) -> str:
    """`text` with the word "Name" for each of `names`, the longest first, as whole words only."""
    if not names:
        return text
    longest_first = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.sub(rf"(?<!\w)(?:{longest_first})(?!\w)", "Name", text)
