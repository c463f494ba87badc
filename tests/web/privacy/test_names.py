from __future__ import annotations

import pytest

from web.privacy.names import names


def found(text: str) -> list[str]:
    return [text[each.start : each.end] for each in sorted(set(names(text)))]


def test_titles_stay_and_only_the_name_is_found() -> None:
    assert found("Ich bin Frau Dr. Erika von der Au, guten Tag") == ["Erika von der Au"]


def test_a_name_ends_where_the_sentence_goes_on_without_a_stop() -> None:
    assert found("mein Name ist Erika Muster Ich wohne in Fulda") == ["Erika Muster"]


def test_small_letters_are_a_name_only_after_an_introduction() -> None:
    assert found("ich heiße erika muster und suche rat") == ["erika muster"]
    assert found("ich suche erika muster") == []


def test_gutheißen_and_willkommen_heißen_introduce_nobody() -> None:
    assert found("Ich heiße Neubauten gut. Ich heiße Gäste willkommen.") == []


@pytest.mark.parametrize(
    "sender", ["Referat II 4", "Amt für Stadtplanung", "Magistrat der Stadt Hanau", "Musterbau GmbH", "Ihre Nachbarin"]
)
def test_an_office_or_a_firm_that_signs_is_no_person(sender: str) -> None:
    assert found(f"Mit freundlichen Grüßen\n{sender}") == []


def test_thanks_need_a_first_name_after_them() -> None:
    assert found("Vielen Dank, Erika Muster") == ["Erika Muster"]
    assert found("Vielen Dank, Wohnlotse") == []


@pytest.mark.parametrize("name", ["Wieland", "Peter Sonntag", "Anna Neustadt", "Lang", "Bund-Krämer"])
def test_a_surname_that_resembles_an_office_is_found_after_an_introduction(name: str) -> None:
    assert found(f"Guten Tag, mein Name ist {name}.") == [name]
    assert found(f"Viele Grüße\nErika {name.split()[-1]}") == [f"Erika {name.split()[-1]}"]
