"""Slips that people make cost less than others."""

from __future__ import annotations

from itertools import pairwise

import pytest

from components.keyboard import NEIGHBOURS, slip_cost


def test_right_word_costs_nothing() -> None:
    assert slip_cost("allianz", "allianz") == 0.0


@pytest.mark.parametrize(
    ("likely", "unlikely", "meant"),
    [
        ("wqnn", "wpnn", "wann"),  # a neighbouring key, a far one
        ("wnan", "wxzn", "wann"),  # swapped, something else
        ("wan", "wannn", "wann"),  # one left out, one too many
        ("wannb", "wannx", "wann"),  # one too many beside the key, a far one
    ],
)
def test_likely_slip_costs_less(likely: str, unlikely: str, meant: str) -> None:
    assert 0 < slip_cost(likely, meant) < slip_cost(unlikely, meant)


def test_every_slip_adds_up() -> None:
    assert slip_cost("allanzz", "allianz") == slip_cost("allanz", "allianz") + slip_cost("allianzz", "allianz")


def test_empty_words_cost_their_letters() -> None:
    assert slip_cost("", "ab") > 0
    assert slip_cost("ab", "") > 0


def test_neighbours_are_mutual_for_letters_of_one_row() -> None:
    for row in ("qwertzuiop", "asdfghjkl", "yxcvbnm"):
        for left, right in pairwise(row):
            assert right in NEIGHBOURS[left]
            assert left in NEIGHBOURS[right]
