"""What a citizen enters: cleaned, checked, and what is wrong with it in words that the citizen understands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from web.chat.text import visible

LONGEST = {"concern": 2000, "name": 100, "email": 254, "phone": 50}


class Invalid(Exception):
    """`fields`: the fields that are wrong, each with what is wrong: a name in `errors` of wording.yml."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields


@dataclass(frozen=True)
class Entries:
    """What may be stored; all but the concern may be empty. `phone` is international, for example „+49 611 123456“."""

    concern: str
    name: str
    email: str
    phone: str


def checked(typed: Mapping[str, str], consent: bool) -> Entries:
    """`typed` (concern, name, email, phone) as it may be stored. Raises Invalid."""
    texts = {field: visible(typed.get(field, "")) for field in LONGEST}
    texts |= {field: " ".join(texts[field].split()) for field in ("name", "email", "phone")}
    phone = _international(texts["phone"])
    problems = (
        ("concern", "concern_empty", not texts["concern"]),
        ("concern", "concern_too_long", len(texts["concern"]) > LONGEST["concern"]),
        ("name", "name_too_long", len(texts["name"]) > LONGEST["name"]),
        ("email", "email_wrong", texts["email"] != "" and not _is_email(texts["email"])),
        ("phone", "phone_wrong", texts["phone"] != "" and not phone),
        ("consent", "consent_missing", not consent),
    )
    wrong = {field: problem for field, problem, is_there in problems if is_there}
    if wrong:
        raise Invalid(wrong)
    return Entries(texts["concern"], texts["name"], texts["email"], phone)


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= LONGEST["email"]


def _international(text: str) -> str:
    """The number as it is called from anywhere, or "" where no such number can exist."""
    try:
        number = phonenumbers.parse(text, "DE")
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
