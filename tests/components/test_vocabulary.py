"""The words that count as words although no training question has them."""

from __future__ import annotations

import pytest

from components.vocabulary import LANGUAGES, common_words, telling_words


@pytest.mark.parametrize("word", ["gebaut", "around", "aujourd'hui", "bugün", "teraz", "зовсім", "اليوم"])
def test_common_word_of_each_language_is_known(word: str) -> None:
    assert word in common_words(3.5)


@pytest.mark.parametrize("word", ["gebauut", "sericestelle", "Gebaut", ""])
def test_slip_or_capital_is_no_common_word(word: str) -> None:
    assert word not in common_words(3.5)


def test_more_common_words_are_fewer_and_among_the_others() -> None:
    assert common_words(4.5) < common_words(3.5)


@pytest.mark.parametrize(
    ("word", "language"), [("nicht", "de"), ("how", "en"), ("est", "fr"), ("bir", "tr"), ("czy", "pl"), ("що", "uk")]
)
def test_telling_word_belongs_to_one_language(word: str, language: str) -> None:
    assert [name for name in LANGUAGES if word in telling_words()[name]] == [language]


@pytest.mark.parametrize("word", ["in", "was", "mietvertrag"])
def test_word_of_several_languages_and_a_rare_one_tell_nothing(word: str) -> None:
    assert [name for name in LANGUAGES if word in telling_words()[name]] == []
