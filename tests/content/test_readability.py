"""Whether the German texts are plain enough. How plain: Björnsson's LIX, see training.readability."""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterator

import pytest

from content import Register, read_content
from tests.content.statements import OFFICIAL_NAMES, Statement, answers, statements
from training.readability import lix, words_per_sentence

CONTENT = read_content()
LONGEST = 600
GERMAN: tuple[Register, ...] = ("standard", "einfach")

_INFORMAL = re.compile(r"\b(du|dich|dir|dein\w*|euch|euer\w*|eure\w*|ihr habt|ihr könnt)\b", re.IGNORECASE)
#: ae, oe and ue where no German word has them: „neue“, „dauer“, „aktuell“ and the like are none.
_NO_UMLAUT = re.compile(r"[a-z]*(?:(?<![aeäqz])ue(?!ll)|ae|oe)[a-z]*", re.IGNORECASE)
_SHARP_S = re.compile(
    r"\b(strasse|gruess\w*|grosse?\w*|ausser\w*|heisst|heissen|weiss|schliessen|regelmaessig\w*)\b", re.IGNORECASE
)


def _german(*registers: Register) -> Iterator[Statement]:
    for register in registers or GERMAN:
        yield from answers(CONTENT, register)


@pytest.mark.parametrize("statement", _german("standard"), ids=lambda each: each.place)
def test_standard_german_reads_like_a_newspaper_or_easier(statement: Statement) -> None:
    assert lix(statement.text, OFFICIAL_NAMES) < 50, statement


@pytest.mark.parametrize("statement", _german("einfach"), ids=lambda each: each.place)
def test_easy_german_reads_like_a_book_for_the_young_or_easier(statement: Statement) -> None:
    assert lix(statement.text, OFFICIAL_NAMES) < 40, statement


@pytest.mark.parametrize("statement", _german("einfach"), ids=lambda each: each.place)
def test_easy_german_has_short_sentences(statement: Statement) -> None:
    assert words_per_sentence(statement.text, OFFICIAL_NAMES) <= 12, statement


def test_easy_german_is_easier_than_standard_german() -> None:
    standard, einfach = (
        statistics.mean(lix(each.text, OFFICIAL_NAMES) for each in answers(CONTENT, register)) for register in GERMAN
    )

    assert einfach < standard - 5


def test_no_text_is_too_long_for_a_chat() -> None:
    assert [str(each) for each in statements(CONTENT) if len(each.text) > LONGEST] == []


def test_citizen_is_addressed_with_sie() -> None:
    assert [str(each) for each in _german() if _INFORMAL.search(each.text)] == []


def test_german_is_written_with_umlauts_and_sharp_s() -> None:
    assert [str(each) for each in _german() if _misspelt(each.text)] == []


@pytest.mark.parametrize(
    "text", ["Das ist fuer alle.", "Fragen ueber Wohnungen", "Staedte", "moechten", "Die Mainzer Strasse", "Es heisst"]
)
def test_missing_umlaut_or_sharp_s_is_found(text: str) -> None:
    assert _misspelt(text)


@pytest.mark.parametrize(
    "text",
    [
        "neue Wege",
        "aktuelle Themen",
        "auf Dauer",
        "zuerst",
        "weiterzuentwickeln",
        "Quelle",
        "die Mauer",
        "grün, größer, Straße",
    ],
)
def test_word_that_only_looks_like_a_missing_umlaut_is_left_alone(text: str) -> None:
    assert not _misspelt(text)


@pytest.mark.parametrize("text", ["Was möchtest du wissen?", "Deine Frage", "Ich helfe dir.", "Eure Ideen"])
def test_informal_address_is_found(text: str) -> None:
    assert _INFORMAL.search(text)


def _misspelt(text: str) -> bool:
    return bool(_NO_UMLAUT.search(text) or _SHARP_S.search(text))
