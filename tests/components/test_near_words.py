"""All words within one slip or two are found, whatever the slip, and no others."""

from __future__ import annotations

import random

import pytest
from rapidfuzz.distance import OSA

from components.near_words import NearWords

_LETTERS = "abcdeü"


def _made_up(number: int, longest: int) -> list[str]:
    made = random.Random(7)
    return sorted({"".join(made.choices(_LETTERS, k=made.randint(1, longest))) for _ in range(number)})


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("telefon", {"telefon"}),
        ("telefn", {"telefon"}),
        ("telefoon", {"telefon"}),
        ("telefin", {"telefon"}),
        ("etlefon", {"telefon"}),
        ("telefonnumemr", {"telefonnummer"}),
        ("tlefo", set[str]()),
        ("хто", {"хто"}),
    ],
)
def test_word_is_found_one_slip_away(typed: str, found: set[str]) -> None:
    assert set(NearWords(["telefon", "telefonnummer", "хто"]).of(typed, 1)) == found


@pytest.mark.parametrize("slips", [1, 2])
@pytest.mark.parametrize("longest", [4, 9, 14])
def test_exactly_the_words_within_the_distance_are_found(slips: int, longest: int) -> None:
    words = _made_up(1500, longest)
    near = NearWords(words)

    for typed in [each for each in _made_up(400, longest)[::4] + words[::8] if len(each) > 2]:
        assert sorted(near.of(typed, slips)) == [word for word in words if OSA.distance(typed, word) <= slips]


def test_no_words_give_none() -> None:
    assert NearWords([]).of("telefon", 2) == []
