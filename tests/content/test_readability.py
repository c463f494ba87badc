"""The expected values are counted by hand."""

from __future__ import annotations

import pytest

from content.readability import lix, sentences, shorten, words, words_per_sentence


def test_lix_adds_words_per_sentence_and_share_of_long_words() -> None:
    # 8 words in 2 sentences, 2 of them longer than six letters: 8 / 2 + 100 * 2 / 8
    assert lix("Die Wohnungen sind gut. Wir bauen sie gemeinsam.") == 4 + 25


def test_word_of_six_letters_is_short_and_of_seven_is_long() -> None:
    assert lix("Häuser") == 1
    assert lix("Häusern") == 1 + 100


def test_hyphen_joins_a_word_and_is_no_letter() -> None:
    assert words("die E-Mail-Adresse") == ["die", "E-Mail-Adresse"]
    assert lix("Ab-bau-en") == 1 + 100
    assert lix("Ab-bau") == 1


def test_number_is_a_short_word() -> None:
    assert lix("seit 20152019") == 2


def test_sentence_ends_with_a_colon_or_behind_a_quotation_mark() -> None:
    assert sentences("Er sagt: „Komm.“ Ich komme! Warum? So") == ["Er sagt", "„Komm", "Ich komme", "Warum", "So"]


def test_point_within_a_word_ends_no_sentence() -> None:
    assert sentences("Die Seite hessen.de hilft.") == ["Die Seite hessen.de hilft"]


def test_name_counts_as_one_short_word() -> None:
    text = "Die Wirtschafts- und Infrastrukturbank Hessen hilft."

    assert words(text, ["Wirtschafts- und Infrastrukturbank Hessen"]) == ["Die", "Name", "hilft"]
    assert lix(text, ["Wirtschafts- und Infrastrukturbank Hessen"]) == 3


def test_longest_name_is_shortened_and_no_part_of_a_word() -> None:
    assert (
        shorten("Die Allianz für Wohnen und das Allianzhaus", ["Allianz", "Allianz für Wohnen"])
        == "Die Name und das Allianzhaus"
    )


def test_words_per_sentence_is_the_average() -> None:
    assert words_per_sentence("Eins zwei drei. Vier.") == 2


@pytest.mark.parametrize("text", ["", " ", "...", "?!"])
def test_text_without_a_word_has_no_readability(text: str) -> None:
    with pytest.raises(ValueError, match="without a word"):
        lix(text)
    with pytest.raises(ValueError, match="without a word"):
        words_per_sentence(text)
