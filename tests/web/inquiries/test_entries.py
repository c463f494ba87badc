from __future__ import annotations

import pytest

from web.inquiries.entries import Entries, Invalid, checked

_CONCERN = "Bitte rufen Sie mich an."


def _wrong(consent: bool = True, **typed: str) -> dict[str, str]:
    """What is wrong with what was typed."""
    with pytest.raises(Invalid) as invalid:
        checked({"concern": _CONCERN, **typed}, consent)
    return invalid.value.fields


def test_entries_come_back_clean() -> None:
    typed = {
        "concern": "  Guten Tag,\r\n\r\nich frage\x00 nach\u2028dem Bündnis.  ",
        "name": " Erika\tMustermann\n",
        "email": " erika@example.org ",
        "phone": "0611 / 12 34 56",
    }
    assert checked(typed, consent=True) == Entries(
        "Guten Tag,\n\nich frage nach\ndem Bündnis.", "Erika Mustermann", "erika@example.org", "+49 611 123456"
    )


def test_only_the_concern_is_needed() -> None:
    assert checked({"concern": _CONCERN}, consent=True) == Entries(_CONCERN, "", "", "")


@pytest.mark.parametrize("text", ["", "  \n ", "\u200b\u200d", "\x00"])
def test_concern_in_which_nothing_can_be_read_is_empty(text: str) -> None:
    assert _wrong(concern=text) == {"concern": "concern_empty"}


def test_limits_are_told_and_just_reached() -> None:
    assert checked({"concern": "x" * 2000, "name": "y" * 100}, consent=True) == Entries("x" * 2000, "y" * 100, "", "")
    assert _wrong(concern="x" * 2001) == {"concern": "concern_too_long"}
    assert _wrong(name="y" * 101) == {"name": "name_too_long"}
    assert _wrong(email=f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.de") == {"email": "email_wrong"}


@pytest.mark.parametrize("email", ["erika", "erika@", "@example.org", "erika@example", "a@b.de, c@d.de", "erika @example.org"])
def test_address_that_no_mail_reaches_is_told(email: str) -> None:
    assert _wrong(email=email) == {"email": "email_wrong"}


@pytest.mark.parametrize(
    ("phone", "kept"),
    [
        ("0611123456", "+49 611 123456"),
        ("+49 (0)611 123456", "+49 611 123456"),
        ("0049 171 1234567", "+49 171 1234567"),
        ("+44 20 7946 0000", "+44 20 7946 0000"),
        ("0611 123456-12", "+49 611 12345612"),
    ],
)
def test_number_is_kept_as_it_is_called_from_anywhere(phone: str, kept: str) -> None:
    assert checked({"concern": _CONCERN, "phone": phone}, consent=True).phone == kept


@pytest.mark.parametrize("phone", ["123", "keine", "0611", "+999 123456789", "0" * 40, "1" * 400])
def test_number_that_cannot_exist_is_told(phone: str) -> None:
    assert _wrong(phone=phone) == {"phone": "phone_wrong"}


def test_all_that_is_wrong_is_told_at_once_in_the_order_of_the_form() -> None:
    wrong = _wrong(consent=False, concern="", name="y" * 101, email="x", phone="x")
    assert list(wrong) == ["concern", "name", "email", "phone", "consent"]
    assert wrong["consent"] == "consent_missing"
