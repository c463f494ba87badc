"""What somebody wrote into a form that cannot be taken any more, because the log-in has ended: it is shown, to be copied."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from web.chat.origin import is_elsewhere

#: Fields of passwords, which may have several words, too.
_SECRET = ("password", "old", "new", "csrfmiddlewaretoken")


def kept_for_login(request: HttpRequest) -> HttpResponse | None:
    """The page for a form of somebody who is not logged in any more; None where there was no text in it."""
    kept = "\n\n".join(_texts(request))
    if not kept:
        return None
    text = "Ihr Text ist noch nicht gespeichert. Kopieren Sie ihn, melden Sie sich an, und fügen Sie ihn wieder ein."
    address = f"{reverse('login')}?{urlencode({'next': _form_of(request)})}"
    context = {"title": "Sie sind nicht mehr angemeldet", "text": text, "kept": kept, "address": address, "link": "Anmelden"}
    return render(request, "console/kept.html", context, status=401)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's CSRF_FAILURE_VIEW: a form without the token of this log-in. What another site sent is not shown."""
    title = "Diese Seite war nicht mehr aktuell"
    text = "Es wurde nichts gespeichert, weil Sie sich inzwischen neu angemeldet haben. Bitte öffnen Sie die Seite noch einmal."
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"error": {"code": 403, "message": f"{title}. {text}"}}, status=403)
    kept = "" if is_elsewhere(request) else "\n\n".join(_texts(request))
    context = {"title": title, "text": text, "kept": kept, "address": _form_of(request), "link": "Seite öffnen"}
    return render(request, "console/kept.html", context, status=403)


def _texts(request: HttpRequest) -> Iterator[str]:
    """What has several words: no button, number or key."""
    for name, values in request.POST.lists():
        if name not in _SECRET:
            yield from (str(value) for value in values if len(str(value).split()) > 1)


def _form_of(request: HttpRequest) -> str:
    """The address of the page on which the form stood."""
    try:
        parts = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return reverse("team")
    is_ours = parts.netloc == request.get_host() and parts.path.startswith("/team/")
    return parts._replace(scheme="", netloc="").geturl() if is_ours else reverse("team")
