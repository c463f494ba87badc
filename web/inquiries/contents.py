"""What stands in an inquiry, for those who may read it."""

from __future__ import annotations

from dataclasses import dataclass

from web.inquiries.models import Inquiry
from web.inquiries.vault import unseal


@dataclass(frozen=True)
class Contents:
    """In clear; what was not given is empty."""

    concern: str
    name: str
    email: str
    phone: str


def contents_of(inquiry: Inquiry) -> Contents:
    """Decrypts. Raises Sealed where the key is missing. Whoever shows it to staff records that (`reading_add`)."""
    return Contents(
        *(unseal(bytes(each)) if each else "" for each in (inquiry.concern, inquiry.name, inquiry.email, inquiry.phone))
    )
