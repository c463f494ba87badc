"""Numbers that carry check digits: bank accounts, bank cards, tax numbers. One that fails its check is none."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stdnum import iban, luhn
from stdnum.de import idnr

from web.privacy.finding import Finding

_BETWEEN = r"(?:[^\S\n]?[-./][^\S\n]?|\s{1,2})?"  # how people group digits
_NOT_INSIDE = r"(?<![^\W_])"
# Zero-width, since a number can start within what looks like the start of another: „ab 12 DE89 ...“.
_IBAN = re.compile(
    rf"{_NOT_INSIDE}(?=([A-Z]{{2}}{_BETWEEN}[0-9]{{2}}(?:{_BETWEEN}[A-Z0-9]){{11,30}}))", re.IGNORECASE | re.ASCII
)
_CARD = re.compile(rf"{_NOT_INSIDE}(?=([2-6](?:{_BETWEEN}[0-9]){{12,18}}))", re.ASCII)
_TAX_ID = re.compile(rf"{_NOT_INSIDE}(?=([1-9](?:{_BETWEEN}[0-9]){{10}}))", re.ASCII)

#: First digits and lengths of Visa, Mastercard, American Express, Diners, Discover, JCB, UnionPay and Maestro
#: (ISO/IEC 7812): one of ten random digit strings passes the Luhn check, so that the check alone is not enough.
_ISSUER = re.compile(
    r"4\d{12}(?:\d{3}){0,2}|(?:5[1-5]|2[2-7])\d{14}|3[47]\d{13}|3[068]\d{12}|35\d{14}|5[06-9]\d{14,17}|6\d{15,18}"
)


def ibans(text: str) -> Iterator[Finding]:
    """International bank account numbers (ISO 13616) whose length is their country's and whose remainder is right."""
    for start, end, number in _numbers(_IBAN, text):
        if iban.is_valid(number, check_country=False):
            yield Finding(start, end, "iban")


def cards(text: str) -> Iterator[Finding]:
    """Numbers of payment cards (ISO/IEC 7812) whose Luhn digit is right."""
    for start, end, number in _numbers(_CARD, text):
        if _ISSUER.fullmatch(number) and luhn.is_valid(number):
            yield Finding(start, end, "card")


def tax_ids(text: str) -> Iterator[Finding]:
    """German tax identification numbers (§ 139b AO) whose check digit is right."""
    for start, end, number in _numbers(_TAX_ID, text):
        if len(number) == 11 and idnr.is_valid(number):
            yield Finding(start, end, "tax_id")


def _numbers(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and letters and digits of all that may be a number: words can follow it without a stop."""
    for match in pattern.finditer(text):
        start, longest = match.span(1)
        for end in range(longest, start, -1):
            if text[end - 1].isalnum() and not text[end : end + 1].isalnum():
                yield start, end, re.sub(r"[\W_]", "", text[start:end])
