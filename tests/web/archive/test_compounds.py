"""What German words are made of."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from web.archive.compounds import parts, spelled

_ROWS = (Path(__file__).parent / "compounds.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("row", [row for row in _ROWS if not row.startswith("#")])
def test_compound_is_split_into_words_of_a_dictionary(row: str) -> None:
    compound, *words = row.split()

    assert parts(compound) == tuple(words)


@pytest.mark.parametrize("text", ["", "§", "2024", "wohnung-bau", "квартира", "wohnung" * 1000])
def test_what_is_no_german_word_stays_whole(text: str) -> None:
    assert parts(text) == ()


def test_longest_word_is_split_at_once() -> None:
    started = time.perf_counter()

    assert set(parts("wohnungsbau" * 5)) == {"wohnung", "bau"}
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Foerderung", "förderung"),
        ("Bueroflaeche", "bürofläche"),
        ("Straße", "strasse"),
        ("GEBÄUDE", "gebäude"),
        ("bauen", "bauen"),
        ("neue", "neue"),
        ("Steuer", "steuer"),
        ("Quellen", "quellen"),
        ("Michael", "michael"),
    ],
)
def test_umlauts_come_back_where_that_makes_a_word(word: str, expected: str) -> None:
    assert spelled(word) == expected
