from __future__ import annotations

import pytest

from web.privacy.address import addresses


def found(text: str) -> list[str]:
    return [text[each.start : each.end] for each in addresses(text)]


def test_flat_postcode_and_town_belong_to_the_street() -> None:
    assert found("Goethestr. 5, 3. OG, 60313 Frankfurt am Main, bitte") == ["Goethestr. 5, 3. OG, 60313 Frankfurt am Main"]


def test_words_before_a_bare_street_belong_to_its_name() -> None:
    assert found("bei Konrad Adenauer Straße 5 vorbei") == ["Konrad Adenauer Straße 5"]


@pytest.mark.parametrize(
    "text", ["In der Goethestraße 12 Wohnungen", "Hauptstraße 3,5 km", "Talweg 12 Uhr", "Die Goethestraße", "Bundesstraße 3"]
)
def test_a_number_that_counts_is_no_house_number(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Am alten Markt 3 ist schön", []),
        ("Ich wohne am alten Markt 3", ["am alten Markt 3"]),
        ("Das Haus Am alten Markt 3", ["Am alten Markt 3"]),
        ("Am alten Markt 3, 34613 Schwalmstadt", ["Am alten Markt 3, 34613 Schwalmstadt"]),
    ],
)
def test_a_street_with_a_preposition_needs_something_that_says_so(text: str, expected: list[str]) -> None:
    assert found(text) == expected
