"""Spellings that are one word for us fold to one, and others do not."""

from __future__ import annotations

import pytest

from components.folding import fold


@pytest.mark.parametrize(
    "spellings",
    [
        ["Öffnungszeiten", "oeffnungszeiten", "OFFNUNGSZEITEN", "ÖFFNUNGSZEITEN", "Offnungszeiten", "o\u0308ffnungszeiten"],
        ["Straße", "STRASSE", "strasse", "Strase", "STRAẞE"],
        ["Ämter", "Aemter", "Amter"],
        ["hallo", "halo", "Hallooooo", "HALLO!!!"],
        ["Mieter-Bund", "mieter bund", "mieter  bund?"],
        ["Café", "cafe"],
        ["１１８", "118"],
    ],
)
def test_spellings_of_one_word_fold_to_one(spellings: list[str]) -> None:
    assert len({fold(spelling) for spelling in spellings}) == 1


@pytest.mark.parametrize(("one", "other"), [("Miete", "Mitte"), ("Haus", "Maus"), ("2015", "2019"), ("wer", "wie")])
def test_different_words_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_repeated_digits_stay() -> None:
    assert fold("Mainzer Straße 118, 65189") == "mainzer strase 118 65189"


def test_signs_inside_names_stay() -> None:
    assert fold("Haus & Grund") == "haus & grund"


def test_words_have_one_blank_between_and_none_around() -> None:
    assert fold("  wer,\n\tleitet_das ?! ") == "wer leitet das"


def test_other_scripts_keep_their_letters() -> None:
    assert fold("Хто керуй?") == "хто керуи"
    assert fold("من يقود") == "من يقود"


@pytest.mark.parametrize("text", ["", "?!", "🙂", "\u200b", "___"])
def test_text_without_a_word_folds_to_nothing(text: str) -> None:
    assert fold(text) == ""
