"""Whether the German texts are worded well, and whether the rules for that find what they are for."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

import pytest

from content import Register, read_content
from content.readability import lix
from content.wording import OFFICIAL_NAMES, faults
from tests.content.statements import Statement, answers, statements

CONTENT = read_content()
GERMAN: tuple[Register, ...] = ("standard", "einfach")


def _german(*registers: Register) -> Iterator[Statement]:
    for register in registers or GERMAN:
        yield from answers(CONTENT, register)


@pytest.mark.parametrize("statement", _german(), ids=lambda each: f"{each.place}, {each.register}")
def test_answer_is_worded_well(statement: Statement) -> None:
    assert faults(statement.text, statement.register) == []


def test_easy_german_is_easier_than_standard_german() -> None:
    standard, einfach = (
        statistics.mean(lix(each.text, OFFICIAL_NAMES) for each in answers(CONTENT, register)) for register in GERMAN
    )

    assert einfach < standard - 5


def test_no_text_is_too_long_for_a_chat() -> None:
    assert [str(each) for each in statements(CONTENT) if faults(each.text, "en")] == []


@pytest.mark.parametrize(
    "text", ["Das ist fuer alle.", "Fragen ueber das Haus", "Staedte", "moechten", "Die Mainzer Strasse", "Es heisst so"]
)
def test_missing_umlaut_or_sharp_s_is_found(text: str) -> None:
    *_, fault = faults(text, "standard")  # a single word is hard to read, too

    assert fault.endswith("Bitte schreiben Sie Umlaute (ä, ö, ü) und ß.")


@pytest.mark.parametrize(
    "text",
    [
        "neue Wege",
        "auf Dauer",
        "zuerst",
        "die Quelle",
        "die Mauer",
        "grün, groß, Straße",
    ],
)
def test_word_that_only_looks_like_a_missing_umlaut_is_left_alone(text: str) -> None:
    assert faults(text, "standard") == []


@pytest.mark.parametrize(
    ("text", "word"),
    [("Was willst du hier?", "du"), ("Deine Frage", "Deine"), ("Ich helfe dir.", "dir"), ("Eure Ideen", "Eure")],
)
def test_informal_address_is_found(text: str, word: str) -> None:
    assert faults(text, "standard") == [f"„{word}“: Bitte sprechen Sie die Menschen mit „Sie“ an."]


def test_hard_text_is_found_and_an_official_name_does_not_make_it_hard() -> None:
    hard = "Verwaltungsvorschriften konkretisieren Ermessensspielräume."

    assert faults(hard, "standard") == [
        "Der Text ist zu schwer zu lesen: Lesbarkeitsindex LIX 103, weniger als 50 ist gut. "
        "Bitte schreiben Sie kürzere Sätze und Wörter."
    ]
    assert faults("Das ist die Servicestelle Wohnen.", "einfach") == []


def test_long_sentence_is_found_in_easy_german_only() -> None:
    text = "Wer in das Haus will, der geht am See vor bei und dann zum Tor."

    assert faults(text, "standard") == []
    assert faults(text, "einfach") == ["Die Sätze haben im Durchschnitt 15 Wörter. In Einfacher Sprache sind es höchstens 12."]


def test_english_is_only_looked_at_for_its_length() -> None:
    assert faults("Du heisst dear " + "x" * 585, "en") == []
    assert faults("x" * 601, "en") == ["Der Text hat 601 Zeichen. Mehr als 600 sind für einen Chat zu viel."]
