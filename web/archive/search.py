"""Full-text search in German over words and the parts of their compounds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery
from django.db import connection

from web.archive.compounds import parts, spelled

CONFIGURATION = "german"

#: Letters of a conversation that are searched: PostgreSQL takes a megabyte of words, and this is a long booklet.
LONGEST = 100_000

#: A phrase in quotation marks, a word that must not be there, or any other word.
_TERM = re.compile(r'"[^"]*"?|(?<!\w)-\w[\w-]*|\w+')
_QUOTES = str.maketrans("„“”»«", '"""""')
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Piece:
    """A part of a text; `found`: it is what was searched for."""

    text: str
    found: bool


def searchable(texts: Iterable[str]) -> str:
    """The texts, then what stands for each word whose spelling or make-up differs from how it is searched."""
    text = "\n".join(texts)[:LONGEST]
    more = (each for word in sorted(set(_WORD.findall(text))) for each in _also(word))
    return f"{text}\n{' '.join(more)}"


def query(text: str) -> SearchQuery:
    """What somebody typed: all words, "a phrase", -without, this or that. A compound is searched by its parts."""
    return SearchQuery(" ".join(_terms(text)), config=CONFIGURATION, search_type="websearch")


def marked(texts: Sequence[str], text: str) -> list[list[Piece]]:
    """Each of the texts in pieces, those found that `query(text)` searches for, also within compounds. One query in all."""
    wanted = _lexemes({word for term in _terms(text) if not term.startswith("-") for word in _WORD.findall(term)})
    words = {word for each in texts for word in _WORD.findall(each)}
    forms = {word: {word, *_also(word)} for word in words}
    lexemes = _lexemes(set().union(*forms.values()))
    searched = set().union(*wanted.values())
    found = {word for word in words if any(lexemes[form] & searched for form in forms[word])}
    return [list(_pieces(each, found)) for each in texts]


def _also(word: str) -> tuple[str, ...]:
    """What a text with `word` is found by, beside the word itself."""
    written = spelled(word)
    return parts(word) or ((written,) if written != word.lower() else ())


def _terms(text: str) -> Iterator[str]:
    """`text` in the language of PostgreSQL's websearch_to_tsquery."""
    for term in _TERM.findall(text.translate(_QUOTES)):
        if term.startswith(('"', "-")):
            yield term
        else:
            yield from parts(term) or (spelled(term),)


def _lexemes(words: set[str]) -> dict[str, frozenset[str]]:
    """What PostgreSQL makes of each word: nothing for one as frequent as „und“."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select word, tsvector_to_array(to_tsvector(%s, word)) from unnest(%s::text[]) as word",
            [CONFIGURATION, sorted(words)],
        )
        return {word: frozenset(lexemes) for word, lexemes in cursor.fetchall()}


def _pieces(text: str, found: set[str]) -> Iterator[Piece]:
    """Neighbours of a kind are one piece."""
    end = 0
    for match in _WORD.finditer(text):
        if match[0] in found:
            if match.start() > end:
                yield Piece(text[end : match.start()], False)
            yield Piece(match[0], True)
            end = match.end()
    if end < len(text):
        yield Piece(text[end:], False)
