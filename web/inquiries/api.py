"""Leaving word out of the chat: `POST /api/v1/inquiries` of `docs/openapi.yaml`. Also while the chat is switched off."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, JsonResponse

from content import Register
from web.chat.database import query
from web.chat.errors import ChatError
from web.chat.keys import KeyRefused, read_key
from web.chat.limits import AddressLimit, address_of
from web.chat.requests import a_register, a_switch, a_text, a_uuid, api, body_of
from web.inquiries import wording
from web.inquiries.entries import Invalid, checked
from web.inquiries.inquiries import inquiry_leave
from web.inquiries.models import Inquiry

#: Of the page without JavaScript, too.
address_limit = AddressLimit(settings.WOHNLOTSE.inquiries_per_minute)


async def post_inquiry(request: HttpRequest) -> HttpResponseBase:
    body = body_of(request, _FIELDS, required={"id"})
    register: Register = body.get("register", "standard")
    try:
        entries = checked({field: body.get(field, "") for field in _TEXTS}, body.get("consent", False))
    except Invalid as invalid:
        message = f"{wording.text('check', register)}."
        return _json(
            {"error": {"code": "invalid", "message": message, "fields": wording.errors(invalid, register)}}, status=422
        )
    if not address_limit.takes(address_of(request)):
        raise ChatError("too_many")
    inquiry = await query(inquiry_leave, entries, body["id"], register, _conversation_of(request))
    return _json({"reference": inquiry.reference, "text": " ".join(received(inquiry, register))}, status=201)


inquiries_view = api(POST=post_inquiry)


def received(inquiry: Inquiry, register: Register) -> list[str]:
    """What the citizen is told once it is stored."""
    parts = [wording.text("received", register, reference=inquiry.reference), wording.text("keep", register)]
    return parts if inquiry.email or inquiry.phone else [*parts, wording.text("no_answer", register)]


def _conversation_of(request: HttpRequest) -> uuid.UUID | None:
    """A key that is too old only loses the way back to the conversation: whoever leaves word is not sent away for it."""
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    try:
        return read_key(key.strip()) if scheme.lower() == "bearer" else None
    except KeyRefused:
        return None


def _an_optional_text(value: Any) -> str:
    return "" if value is None else a_text(value)


_TEXTS = ("concern", "name", "email", "phone")
_FIELDS: dict[str, Callable[[Any], Any]] = {
    "id": a_uuid,
    **dict.fromkeys(_TEXTS, _an_optional_text),
    "consent": a_switch,
    "register": a_register,
}


def _json(body: dict[str, Any], status: int) -> JsonResponse:
    return JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})
