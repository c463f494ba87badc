"""The staff's pages: the list of inquiries, and one of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast
from urllib.parse import quote

import phonenumbers
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from web.inquiries.contents import Contents, contents_of
from web.inquiries.inquiries import Refused, inquiry_reopen, inquiry_settle, inquiry_take
from web.inquiries.listing import filters, inquiries_page
from web.inquiries.mail import mails_are_late
from web.inquiries.models import Inquiry, Progress
from web.inquiries.retention import deletion_day
from web.inquiries.vault import Sealed
from web.rights.periods import days
from web.rights.reading import reading_add


def show_list(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("stand", Progress.OPEN)
    progress = asked if asked in Progress.values else ""
    context = {
        "progress": progress,
        "filters": filters(),
        "page": inquiries_page(progress, request.GET.get("seite")),
        "mails_are_off": not settings.WOHNLOTSE.smtp_url,
        "mails_are_late": mails_are_late(),
    }
    return render(request, "inquiries/list.html", context)


def show(request: HttpRequest, reference: str) -> HttpResponse:
    inquiry = Inquiry.objects.select_related("by").filter(reference=reference).first()
    if inquiry is None:
        raise Http404
    reading_add(cast(User, request.user), "inquiry", reference)
    context = {
        "inquiry": inquiry,
        "is_own": inquiry.by == request.user,
        "deletion_day": deletion_day(inquiry, days("inquiry")),
        **_readable(inquiry),
    }
    return render(request, "inquiries/inquiry.html", context)


def change(request: HttpRequest, reference: str) -> HttpResponse:
    """Takes it, settles it or opens it again, and says how it went."""
    step = _STEPS.get(request.POST.get("schritt", ""))
    if step is None:
        raise Http404
    do, done = step
    try:
        do(reference, cast(User, request.user))
    except Inquiry.DoesNotExist:
        raise Http404 from None
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
    return HttpResponseRedirect(reverse("inquiry", args=[reference]))


_STEPS: dict[str, tuple[Callable[[str, User], Inquiry], str]] = {
    "take": (inquiry_take, "Sie bearbeiten dieses Anliegen jetzt."),
    "settle": (inquiry_settle, "Das Anliegen ist erledigt."),
    "reopen": (lambda reference, by: inquiry_reopen(reference), "Das Anliegen ist wieder offen."),
}


def _readable(inquiry: Inquiry) -> dict[str, Any]:
    """What was left, with the addresses of the links, or that the key for it is missing."""
    try:
        contents = contents_of(inquiry)
    except Sealed:
        return {"is_sealed": True}
    return {"contents": contents, "mail_link": _mail_link(contents, inquiry.reference), "phone_link": _phone_link(contents)}


def _mail_link(contents: Contents, reference: str) -> str:
    return f"mailto:{quote(contents.email, safe='@')}?subject={quote(f'Ihr Anliegen {reference}')}"


def _phone_link(contents: Contents) -> str:
    """RFC 3966."""
    if not contents.phone:
        return ""
    return phonenumbers.format_number(phonenumbers.parse(contents.phone), phonenumbers.PhoneNumberFormat.RFC3966)
