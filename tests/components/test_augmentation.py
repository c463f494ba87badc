"""Misspelling is repeatable, changes what its name says, and leaves the rest alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from components.augmentation import PERTURBATIONS, lower_case, phone_typed, with_typos, without_punctuation, without_umlauts

_TEXT = "Können Sie mir sagen, wer die Allianz für Wohnen leitet?"


@pytest.mark.parametrize("perturbation", [*PERTURBATIONS.values(), phone_typed], ids=[*PERTURBATIONS, "phone"])
def test_perturbation_is_the_same_for_the_same_seed(perturbation: Callable[[str, int], str]) -> None:
    assert perturbation(_TEXT, 7) == perturbation(_TEXT, 7)


@pytest.mark.parametrize("perturbation", [with_typos, without_umlauts, phone_typed])
def test_perturbation_differs_between_seeds(perturbation: Callable[[str, int], str]) -> None:
    assert len({perturbation(_TEXT, seed) for seed in range(20)}) > 1


@pytest.mark.parametrize("perturbation", [*PERTURBATIONS.values(), phone_typed], ids=[*PERTURBATIONS, "phone"])
@pytest.mark.parametrize("text", ["", "2019", "🙂", " "])
def test_text_without_letters_gets_no_letters(perturbation: Callable[[str, int], str], text: str) -> None:
    assert perturbation(text, 1).strip() == text.strip()


def test_typos_change_letters_only() -> None:
    for seed in range(50):
        typed = with_typos("wer macht da mit im jahr 2019?", seed)
        assert typed != "wer macht da mit im jahr 2019?"
        assert [char for char in typed if char in "2019?"] == list("2019?")


def test_typos_are_one_edit_per_eight_letters() -> None:
    for seed in range(50):
        assert abs(len(with_typos("abcdefgh" * 4, seed)) - 32) <= 4


def test_one_letter_is_never_lost() -> None:
    assert all(with_typos("a", seed) for seed in range(50))


def test_umlauts_become_a_plain_letter_or_two() -> None:
    assert {without_umlauts("Größe", seed) for seed in range(20)} == {"Grose", "Groesse"}


def test_lower_case_keeps_everything_but_the_size() -> None:
    assert lower_case("Ärger im VdK?", 1) == "ärger im vdk?"


def test_punctuation_goes_and_words_stay_apart() -> None:
    assert without_punctuation("Hallo,wer leitet „das“ – und seit wann?!", 1) == "Hallo wer leitet das und seit wann"


def test_phone_typing_mixes_the_perturbations() -> None:
    typed = [phone_typed(_TEXT, seed) for seed in range(60)]

    assert any(text == text.lower() for text in typed)
    assert any(text != text.lower() for text in typed)
    assert any("?" not in text for text in typed)
    assert any("?" in text for text in typed)
    assert any("ö" not in text for text in typed)
