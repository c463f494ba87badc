"""Leaving word without JavaScript: a form, and a page with the reference, which stays when it is loaded again."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe
from psycopg_pool import PoolTimeout

from content import Register
from web.chat.database import query
from web.chat.limits import address_of
from web.chat.origin import is_allowed
from web.chat.requests import a_uuid
from web.inquiries import wording
from web.inquiries.api import address_limit, received
from web.inquiries.entries import LONGEST, Entries, Invalid, checked
from web.inquiries.inquiries import inquiry_leave
from web.inquiries.models import Inquiry
from web.pages.views import page, register_of
from web.rights.periods import days

#: Characters that the field takes beyond the limit: what is a little too long comes back with an error, not cut off.
_SURPLUS = 500
_AUTOCOMPLETE = {"name": "name", "email": "email", "phone": "tel"}
_KINDS = {"name": "text", "email": "email", "phone": "tel"}


@require_http_methods(["GET", "HEAD", "POST"])
async def leave_word(request: HttpRequest) -> HttpResponse:
    """The form. Nothing of what is entered gets into an address."""
    if request.method != "POST":
        return await _form(request, register_of(request.GET.get("sprache")))
    register = register_of(request.POST.get("sprache"))
    if not is_allowed(request):
        return await _form(request, register, 403, problem="foreign")
    try:
        entries = checked(request.POST.dict(), request.POST.get("consent") == "1")
    except Invalid as invalid:
        return await _form(request, register, 422, wrong=wording.errors(invalid, register))
    if not address_limit.takes(address_of(request)):
        return await _form(request, register, 429, problem="too_many")
    return await _store(request, register, entries)


@require_safe
async def word_left(request: HttpRequest, reference: str) -> HttpResponse:
    """That it has arrived, and under which reference."""
    register = register_of(request.GET.get("sprache"))
    try:
        inquiry = await query(Inquiry.objects.filter(reference=reference).first)
    except (DatabaseError, PoolTimeout):  # it was there a moment ago
        inquiry = Inquiry(reference=reference)
    if inquiry is None:
        raise Http404
    texts = _texts(register, "received_title", "title")
    return page(request, "word_left", texts=texts, said=received(inquiry, register))


async def _store(request: HttpRequest, register: Register, entries: Entries) -> HttpResponse:
    try:
        inquiry = await query(inquiry_leave, entries, _post_id(request), register, None)
    except (DatabaseError, PoolTimeout):
        return await _form(request, register, 503, problem="unavailable")
    address = reverse("word_left", args=[inquiry.reference])
    language = "" if register == "standard" else f"?sprache={register}"
    return HttpResponseRedirect(address + language, status=303)


async def _form(
    request: HttpRequest, register: Register, status: int = 200, problem: str = "", wrong: dict[str, str] | None = None
) -> HttpResponse:
    """`problem`: why it was not taken, by its name in wording.yml; `wrong`: fields with what is wrong."""
    wrong = wrong or {}
    texts = _texts(
        *(register, "title", "intro", "privacy", "privacy_link", "concern", "contact", "contact_hint", "consent", "send"),
        *("check", "problem"),
    )
    contact = [
        {**_field(request, name, wrong), "label": wording.text(name, register), "kind": kind, "fill": _AUTOCOMPLETE[name]}
        for name, kind in _KINDS.items()
    ]
    return page(
        *(request, "leave_word", status, register),
        texts=texts,
        retention=await _retention(register),
        concern_hint=wording.text("concern_hint", register, limit=LONGEST["concern"]),
        concern=_field(request, "concern", wrong),
        most=LONGEST["concern"] + _SURPLUS,
        contact=contact,
        consent={**_field(request, "consent", wrong), "given": request.POST.get("consent") == "1"},
        wrong=wrong,
        problem=wording.error(problem, register) if problem else "",
        post_id=_post_id(request),
    )


def _field(request: HttpRequest, name: str, wrong: dict[str, str]) -> dict[str, Any]:
    return {"name": name, "value": request.POST.get(name, ""), "error": wrong.get(name, "")}


def _texts(register: Register, *names: str) -> dict[str, str]:
    return {name: wording.text(name, register) for name in names}


async def _retention(register: Register) -> str:
    """How long it is kept; "" where nobody can tell now."""
    try:
        return wording.text("retention", register, days=await query(days, "inquiry"))
    except (DatabaseError, PoolTimeout):
        return ""


def _post_id(request: HttpRequest) -> uuid.UUID:
    """Of the form: sent twice, it is stored once."""
    try:
        return a_uuid(request.POST.get("id"))
    except ValueError:
        return uuid.uuid4()
