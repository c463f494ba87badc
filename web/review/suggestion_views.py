"""Training suggestions: a person confirms that a text names nobody; what is confirmed is handed out."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass
from typing import cast

from django.contrib import messages as notices
from django.contrib.auth.models import User
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from content import Content
from web import privacy
from web.chat import facts
from web.review.intents import intent_title
from web.review.models import Status, Suggestion
from web.review.refusal import Refused
from web.review.suggestions import (
    confirmed,
    drafts,
    json_lines,
    new_topics,
    suggestion_confirm,
    suggestion_delete,
    suggestion_reject,
    suggestion_reopen,
    suggestions_mark_imported,
)
from web.rights.reading import reading_add

#: Drafts on a page, and rows of each other list.
_DRAFTS = 10
_ROWS = 100


@dataclass(frozen=True)
class Draft:
    """A draft as its form shows it: `text` and `title` as they were entered, `parts` with what looks personal marked."""

    suggestion: Suggestion
    text: str
    title: str
    topic: str
    parts: list[tuple[str, str]]
    is_own: bool
    refused: Refused | None


def show(request: HttpRequest) -> HttpResponse:
    """The suggestions. That their texts were read is recorded."""
    reading_add(cast(User, request.user), "list", "Trainingsvorschläge")
    return _page(request)


def decide(request: HttpRequest, suggestion_id: uuid.UUID) -> HttpResponse:
    """Confirms, rejects or takes back one."""
    done = {"reject": suggestion_reject, "reopen": suggestion_reopen}
    said = {"reject": "Verworfen.", "reopen": "Der Vorschlag liegt wieder vor."}
    pressed = request.POST.get("action", "confirm")
    try:
        if pressed in done:
            done[pressed](suggestion_id)
            notices.success(request, said[pressed])
        else:
            text, title = request.POST.get("text", ""), request.POST.get("title", "")
            by = cast(User, request.user)
            suggestion_confirm(suggestion_id, text, by, anonymous="anonymous" in request.POST, title=title)
            notices.success(request, "Bestätigt. Der Vorschlag ist jetzt ohne Verbindung zum Gespräch.")
    except Refused as refused:
        if refused.field:
            return _page(request, suggestion_id, refused)
        notices.warning(request, refused.message)
    return HttpResponseRedirect(reverse("suggestions") + _query(_drafts_page(request).number))


def ask_delete(request: HttpRequest, suggestion_id: uuid.UUID) -> HttpResponse:
    """Asks whether a confirmed suggestion is to be deleted."""
    suggestion = Suggestion.objects.filter(pk=suggestion_id, status=Status.CONFIRMED).first()
    if suggestion is None:
        return HttpResponseRedirect(reverse("suggestions"))
    context = {"suggestion": suggestion, "topic": intent_title(suggestion.intent, facts.content())}
    return render(request, "review/delete_suggestion.html", context)


def delete(request: HttpRequest, suggestion_id: uuid.UUID) -> HttpResponse:
    try:
        suggestion_delete(suggestion_id)
        notices.success(request, "Der Vorschlag ist gelöscht.")
    except Refused as refused:
        notices.warning(request, refused.message)
    return HttpResponseRedirect(reverse("suggestions"))


def mark_imported(request: HttpRequest) -> HttpResponse:
    """Those that were confirmed when the page was opened are marked as taken over."""
    try:
        until = datetime.datetime.fromisoformat(request.POST.get("until", ""))
    except ValueError:
        notices.error(request, "Das hat nicht geklappt. Bitte versuchen Sie es noch einmal.")
    else:
        number = suggestions_mark_imported(confirmed().filter(confirmed_at__lte=until).values_list("pk", flat=True))
        notices.success(request, f"Als übernommen vermerkt: {number}.")
    return HttpResponseRedirect(reverse("suggestions"))


def download(request: HttpRequest) -> HttpResponse:
    """The confirmed ones as JSON Lines."""
    reading_add(cast(User, request.user), "export", "Trainingsvorschläge")
    headers = {"Content-Disposition": 'attachment; filename="vorschlaege.jsonl"'}
    return HttpResponse(json_lines(confirmed()), content_type="application/x-ndjson; charset=utf-8", headers=headers)


def _page(request: HttpRequest, refused_id: uuid.UUID | None = None, refused: Refused | None = None) -> HttpResponse:
    content = facts.content()
    page = _drafts_page(request)
    waiting = list(page.object_list)
    if refused_id and all(each.pk != refused_id for each in waiting):  # a twin of one that is shown, or of a later page
        waiting = [*Suggestion.objects.filter(pk=refused_id).select_related("by", "message"), *waiting]
    done = confirmed()
    newest = done.last()
    found = {
        "drafts": [_draft(request, each, content, refused if each.pk == refused_id else None) for each in waiting],
        "page": page,
        "query": _query(page.number),
        "new_topics": new_topics(),
        "confirmed": [(each, intent_title(each.intent, content)) for each in done[:_ROWS]],
        "confirmed_count": done.count(),
        "until": newest.confirmed_at.isoformat() if newest and newest.confirmed_at else "",
        "imported": confirmed(status=Status.IMPORTED).count(),
        "rejected": [
            (each, intent_title(each.intent, content))
            for each in Suggestion.objects.filter(status=Status.REJECTED).order_by("-at")[:_ROWS]
        ],
    }
    return render(request, "review/suggestions.html", found, status=422 if refused else 200)


def _drafts_page(request: HttpRequest) -> Page[Suggestion]:
    """The drafts that the address asks for; where the last of a page were decided, those before them."""
    return Paginator(drafts(), _DRAFTS).get_page(request.GET.get("seite"))


def _query(number: int) -> str:
    return f"?seite={number}" if number > 1 else ""


def _draft(request: HttpRequest, suggestion: Suggestion, content: Content, refused: Refused | None) -> Draft:
    text = request.POST.get("text", "") if refused else suggestion.text
    return Draft(
        suggestion=suggestion,
        text=text,
        title=request.POST.get("title", "") if refused else suggestion.intent,
        topic=intent_title(suggestion.intent, content),
        parts=_parts(text, content),
        is_own=suggestion.by_id == request.user.pk,
        refused=refused,
    )


def _parts(text: str, content: Content) -> list[tuple[str, str]]:
    """`text` in pieces, each with what it was found to be, or ""; nothing where nothing was found."""
    parts: list[tuple[str, str]] = []
    position = 0
    for finding in privacy.find(text, content):
        label = privacy.LABELS[finding.kind]["standard"]
        parts += [(text[position : finding.start], ""), (text[finding.start : finding.end], label)]
        position = finding.end
    return [*parts, (text[position:], "")] if parts else []
