"""Misspelt words of the training questions are put right, everything else is left alone."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from types import FrameType
from typing import Any

import numpy as np
import pytest

from components.lines import packed, unpacked
from components.spelling import Spelling

_QUESTIONS = [
    "Wann wurde die Allianz gegründet?",
    "Welche Telefonnummer hat die Servicestelle?",
    "Öffnungszeiten der Servicestelle",
    "Wer leitet das Bündnis?",
]
_SPELLING = Spelling.learn(_QUESTIONS)


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


def test_stored_arrays_give_the_same_corrections() -> None:
    again = Spelling(_SPELLING.arrays)

    for text in ("wann gegrundet", "Wer leited das Bündnsi, bitte?", "Wann wurde di Allianz gegründet?", "gebauut"):
        assert again.correct(text) == _SPELLING.correct(text)


@pytest.mark.parametrize("name", ["spelt", "often", "followers", "seen"])
def test_arrays_of_another_length_are_refused(name: str) -> None:
    array = _SPELLING.arrays[name]
    changed = packed(unpacked(array)[:-1]) if array.dtype == np.uint8 else array[:-1]

    with pytest.raises(ValueError, match="not the same number"):
        Spelling({**_SPELLING.arrays, name: changed})


def test_from_no_questions_nothing_is_put_right() -> None:
    assert Spelling.learn([]).correct("Wer leited das Bündnsi?") == "Wer leited das Bündnsi?"


def test_short_word_is_put_right_where_its_neighbours_tell() -> None:
    assert _SPELLING.correct("Wann wurde di Allianz gegründet?") == "Wann wurde die Allianz gegründet?"


def test_words_of_another_language_stay() -> None:
    assert _SPELLING.correct("Allianz ne zaman kuruldu, ağustosta mı?") == "Allianz ne zaman kuruldu, ağustosta mı?"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("gebauut", "gebaut"), ("bugüün", "bugün"), ("aroudn", "around"), ("teeraz", "teraz"), ("зоовсім", "зовсім")],
)
def test_common_word_that_no_question_has_is_put_right_where_there_are_many_questions(typed: str, meant: str) -> None:
    many = Spelling.learn(500 * _QUESTIONS)

    assert many.correct(typed) == meant


def test_more_words_take_no_more_steps_of_python_to_load() -> None:
    """Each step of a model that is loaded makes the messages wait that the bot is answering meanwhile."""
    more = [*_QUESTIONS, *(f"Was heißt {a}{b}{c}o?" for a in "bdfgklmnprst" for b in "aeiou" for c in "bdfgklmnprst")]

    assert _steps(Spelling.learn(more).arrays) == _steps(_SPELLING.arrays)


def _steps(arrays: Mapping[str, np.ndarray]) -> int:
    """Lines of Python that are run, and run again in a loop, while a spelling is made of `arrays`."""
    steps = 0

    def count(frame: FrameType, event: str, argument: object) -> Callable[..., Any]:
        nonlocal steps
        steps += event == "line"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        Spelling(arrays)
    finally:
        sys.settrace(before)
    return steps
