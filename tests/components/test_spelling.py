"""Misspelt words of the training questions are put right, everything else is left alone."""

from __future__ import annotations

import pytest

from components.spelling import Spelling

_SPELLING = Spelling.learn(
    [
        "Wann wurde die Allianz gegründet?",
        "Welche Telefonnummer hat die Servicestelle?",
        "Öffnungszeiten der Servicestelle",
        "Wer leitet das Bündnis?",
    ]
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("gegrundet", "gegründet"),
        ("gegruendet", "gegründet"),
        ("oeffnungszeitn", "öffnungszeiten"),
        ("Telefonumer", "Telefonnummer"),
        ("serviecstelle", "servicestelle"),
        ("alianz", "allianz"),
    ],
)
def test_misspelt_word_is_put_right(typed: str, meant: str) -> None:
    assert fold_case(_SPELLING.correct(typed)) == fold_case(meant)


def fold_case(word: str) -> str:
    return word.casefold()


@pytest.mark.parametrize("text", ["Vonovia", "Kassel", "Leiter", "ist", "wer", "2019", "👍", "", "Allianz!", "من أسس هذا"])
def test_other_words_stay_as_they_are(text: str) -> None:
    assert _SPELLING.correct(text) == text


def test_capitals_and_punctuation_stay() -> None:
    assert _SPELLING.correct("Wer leited das Bündnsi, bitte?") == "Wer leitet das Bündnis, bitte?"


def test_right_text_stays_the_same() -> None:
    assert _SPELLING.correct("Wann wurde die Allianz gegründet?") == "Wann wurde die Allianz gegründet?"


def test_stored_counts_give_the_same_corrections() -> None:
    again = Spelling(**_SPELLING.counts())
    assert again.correct("wann gegrundet") == _SPELLING.correct("wann gegrundet")


def test_short_word_is_put_right_where_its_neighbours_tell() -> None:
    assert _SPELLING.correct("Wann wurde di Allianz gegründet?") == "Wann wurde die Allianz gegründet?"


def test_words_of_another_language_stay() -> None:
    assert _SPELLING.correct("Allianz ne zaman kuruldu, ağustosta mı?") == "Allianz ne zaman kuruldu, ağustosta mı?"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("gebauut", "gebaut"), ("bugüün", "bugün"), ("aroudn", "around"), ("teeraz", "teraz"), ("зоовсім", "зовсім")],
)
def test_common_word_that_no_question_has_is_put_right_where_there_are_many_questions(typed: str, meant: str) -> None:
    words, pairs = _SPELLING.counts().values()
    many = Spelling({word: 500 * count for word, count in words.items()}, {pair: 500 * count for pair, count in pairs.items()})

    assert many.correct(typed) == meant
