"""The page of retention, of what a citizen asks for by number, and of who read what."""

from __future__ import annotations

import json
from typing import cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string

from web.accounts.changes import changes
from web.inquiries.vault import Sealed
from web.rights import periods
from web.rights.forms import PeriodsForm
from web.rights.reading import readings
from web.rights.retention import RULES, proofs, retention_preview
from web.rights.subjects import Subject, readable, subject_delete, subject_find, subject_hand_over, subject_sizes


def show(request: HttpRequest) -> HttpResponseBase:
    return _page(request, PeriodsForm())


def set_periods(request: HttpRequest) -> HttpResponseBase:
    form = PeriodsForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    for kind in periods.KINDS:
        periods.period_set(kind, form.cleaned_data[kind], _user(request))
    messages.success(request, "Die Fristen sind gespeichert. Sie gelten ab dem nächsten Löschlauf.")
    return redirect("rights")


def show_subject(request: HttpRequest) -> HttpResponseBase:
    """What is kept under the number in `nummer`: how much, not what."""
    number = request.GET.get("nummer", "").strip()
    subject = subject_find(number)
    context = {"number": number, "subject": subject, "sizes": subject_sizes(subject) if subject else {}}
    return render(request, "rights/subject.html", context, status=200 if subject or not number else 404)


def hand_over(request: HttpRequest, form: str) -> HttpResponseBase:
    """The copy for the citizen as a file, JSON or a page to read."""
    subject = _subject(request)
    try:
        parts = subject_hand_over(subject, _user(request))
    except Sealed:
        messages.error(
            request, "Das Anliegen lässt sich nicht entschlüsseln: Der Schlüssel fehlt. Bitte wenden Sie sich an die Technik."
        )
        return redirect("rights")
    if form == "json":
        body, kind = json.dumps(parts, ensure_ascii=False, indent=2), "application/json"
    elif form == "html":
        body = render_to_string("rights/hand_over.html", {"subject": subject, "parts": readable(parts)})
        kind = "text/html; charset=utf-8"
    else:
        raise Http404
    name = f"auskunft-{subject.number}.{form}"
    return HttpResponse(body, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def delete_subject(request: HttpRequest) -> HttpResponseBase:
    """Deletes what the confirmed form names, and shows the receipt."""
    subject = _subject(request)
    if request.POST.get("sure") != "on":
        messages.error(request, "Es wurde nichts gelöscht: Bitte bestätigen Sie zuerst, dass Sie löschen wollen.")
        return redirect(f"{request.path}?nummer={subject.number}")
    receipt = subject_delete(subject, _user(request))
    return render(request, "rights/receipt.html", {"subject": subject, "receipt": receipt})


def show_readings(request: HttpRequest) -> HttpResponseBase:
    """Who read what, the newest first; of one number where `nummer` names one. There is no list by person on purpose."""
    number = request.GET.get("nummer", "").strip()
    return render(request, "rights/readings.html", {"number": number, "readings": readings(number)[:200]})


def _page(request: HttpRequest, form: PeriodsForm) -> HttpResponse:
    titles = {rule.kind: rule.title for rule in RULES}
    context = {
        "form": form,
        "outcomes": retention_preview(),
        "changes": changes("period")[:20],
        "proofs": [{"proof": proof, "title": titles.get(proof.kind, proof.kind)} for proof in proofs()[:80]],
    }
    return render(request, "rights/retention.html", context)


def _subject(request: HttpRequest) -> Subject:
    subject = subject_find(request.POST.get("nummer") or request.GET.get("nummer", ""))
    if subject is None:
        raise Http404
    return subject


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)
