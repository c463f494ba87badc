from __future__ import annotations

import pytest

from web.privacy.contact import emails, phones


@pytest.mark.parametrize(
    "written", ["a.b@web.de", "a.b (at) web.de", "a.b[at]web[dot]de", "a.b at web.de", "a.b at firma punkt de", "a.b@web,de"]
)
def test_an_address_is_found_however_its_sign_is_written(written: str) -> None:
    text = f"an {written} bitte"
    assert [text[each.start : each.end] for each in emails(text)] == [written]


@pytest.mark.parametrize(
    "text", ["3 Stück @ 5 Euro", "@hessen", "I looked at hessen.de", "wohnungsbau.hessen.de", "Stand at punkt 5"]
)
def test_what_only_has_a_sign_or_a_host_is_no_address(text: str) -> None:
    assert list(emails(text)) == []


def test_a_number_without_area_code_is_found_after_a_word_for_it_only() -> None:
    assert [each.kind for each in phones("Tel. 34 56 78")] == ["phone"]
    assert list(phones("Nimm 34 56 78")) == []


def test_an_extension_belongs_to_the_number() -> None:
    text = "0611 815-2018 Durchwahl 12."
    assert [text[each.start : each.end] for each in phones(text)] == ["0611 815-2018 Durchwahl 12"]


@pytest.mark.parametrize("text", ["Aktenzeichen 0611 8152018", "Kundennummer: 030123456", "192.168.178.25"])
def test_numbers_of_files_and_machines_are_none(text: str) -> None:
    assert list(phones(text)) == []
