"""Inquiries for tests, left as citizens leave them."""

from __future__ import annotations

import uuid
from typing import Any

from content import Register
from web.inquiries.entries import checked
from web.inquiries.inquiries import inquiry_leave
from web.inquiries.models import Inquiry

TYPED = {
    "concern": "Meine Vermieterin antwortet nicht.\nWas kann ich tun?",
    "name": "Erika Mustermann",
    "email": "erika@example.org",
    "phone": "0611 123456",
}
#: What none but the staff may read.
PERSONAL = ("Vermieterin", "Mustermann", "erika", "example.org", "123456")


def left(
    post_id: uuid.UUID | None = None, register: Register = "standard", conversation_id: uuid.UUID | None = None, **typed: str
) -> Inquiry:
    """An inquiry with all contact data, unless `typed` says otherwise."""
    return inquiry_leave(checked({**TYPED, **typed}, True), post_id or uuid.uuid4(), register, conversation_id)


def changed(inquiry: Inquiry, **fields: Any) -> Inquiry:
    """The same row as it would be after something happened to it that takes time."""
    Inquiry.objects.filter(pk=inquiry.pk).update(**fields)
    inquiry.refresh_from_db()
    return inquiry
