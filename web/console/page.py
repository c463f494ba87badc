"""A page of the console: who may open it, in a thread with a connection of its own, with errors people can read."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    JsonResponse,
    QueryDict,
)
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.csrf import csrf_protect

from web.chat.database import console_query
from web.chat.event_stream import event_response
from web.chat.faults import DATABASE_FAULTS, described
from web.console.kept import kept_for_login
from web.console.roles import Permission

logger = logging.getLogger(__name__)

View = Callable[..., HttpResponseBase]
Page = Callable[..., Coroutine[Any, Any, HttpResponseBase]]


def page(permission: Permission | None, **views: View) -> Page:
    """One view out of one for each method: `page("read", GET=show, POST=change)`.

    The views are plain functions and may use the ORM. `permission` None: whoever is logged in. Who is not is sent to the
    log-in; who may not sees a page that says so. Where a script asks (`Accept: application/json`) both are JSON.
    """
    return _page(_answers(views, lambda request: _refusal(request, permission)), permission, is_public=False)


def public(**views: View) -> Page:
    """As `page`, for everybody: the log-in."""
    return _page(_answers(views, lambda request: None), None, is_public=True)


def stream(permission: Permission | None, open_stream: Callable[..., AsyncIterator[bytes]]) -> Page:
    """Server-sent events for those who have `permission`: `open_stream(request, **kwargs)` yields them."""
    allowed = page(permission, GET=lambda request, **kwargs: HttpResponse(status=204))

    async def view(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        refused = await allowed(request, **kwargs)
        if refused.status_code != 204:
            return refused
        return event_response(open_stream(request, **kwargs))

    return _marked(view, permission, is_public=False)


def _answers(views: dict[str, View], refusal: Callable[[HttpRequest], HttpResponseBase | None]) -> View:
    """The views behind Django's own middleware for sessions, users and messages, which only the console needs."""

    @csrf_protect
    def answer(request: HttpRequest) -> HttpResponseBase:
        request.GET, request.POST = _storable(request.GET), _storable(request.POST)  # type: ignore[assignment]
        refused = refusal(request)
        if refused is not None:
            return refused
        if request.method not in views:
            return HttpResponseNotAllowed(list(views))
        try:
            return views[request.method](request, **(request.resolver_match.kwargs if request.resolver_match else {}))
        except Http404:
            return problem(request, 404)
        except PermissionDenied:
            return problem(request, 403)

    return cast(View, SessionMiddleware(AuthenticationMiddleware(MessageMiddleware(answer))))


def _storable(values: QueryDict) -> QueryDict:
    """Without the one character that PostgreSQL keeps in no text; it comes along where somebody copies from a broken file."""
    if not any("\0" in value for _, several in values.lists() for value in several):
        return values
    cleaned = QueryDict(mutable=True)
    for name, several in values.lists():
        cleaned.setlist(name, [value.replace("\0", "") for value in several])
    return cleaned


def _refusal(request: HttpRequest, permission: Permission | None) -> HttpResponseBase | None:
    if not request.user.is_authenticated:
        return _to_login(request)
    if request.session.get("must_renew") and request.path not in (reverse("account"), reverse("logout")):
        return HttpResponseRedirect(reverse("account"))
    if permission is not None and not request.user.has_perm(f"accounts.{permission}"):
        return problem(request, 403)
    return None


def _page(answer: View, permission: Permission | None, is_public: bool) -> Page:
    async def view(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        try:
            response = await console_query(answer, request)
        except RequestDataTooBig:
            response = problem(request, 413)
        except Exception as error:
            logger.error("%s", described(error))
            response = problem(request, 503 if isinstance(error, DATABASE_FAULTS) else 500)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return _marked(view, permission, is_public)


def _marked(view: Page, permission: Permission | None, is_public: bool) -> Page:
    """Who may open it stands on the view: the test over all URLs reads it there."""
    view.permission = permission  # type: ignore[attr-defined]
    view.is_public = is_public  # type: ignore[attr-defined]
    view.csrf_exempt = True  # type: ignore[attr-defined]  # `_answers` does it itself
    return view


_PROBLEMS = {
    403: ("Das dürfen Sie nicht öffnen", "Ihre Rolle umfasst diese Seite nicht. Bitte fragen Sie die Leitung."),
    404: ("Das gibt es nicht", "Die Seite gibt es nicht, oder das Gespräch wurde inzwischen gelöscht."),
    413: ("Das ist zu viel Text auf einmal", "Es wurde nichts gespeichert. Bitte gehen Sie zurück und kürzen Sie Ihren Text."),
    500: ("Da ist etwas schiefgegangen", "Der Fehler liegt bei uns. Was Sie zuletzt gespeichert haben, ist erhalten."),
    503: ("Die Datenbank ist gerade nicht erreichbar", "Bitte versuchen Sie es in einer Minute noch einmal."),
}


def problem(request: HttpRequest, status: int) -> HttpResponse:
    """The page (or, for a script, the JSON) that says what went wrong."""
    title, text = _PROBLEMS[status]
    if _wants_json(request):
        return JsonResponse({"error": {"code": status, "message": f"{title}. {text}"}}, status=status)
    return HttpResponse(render_to_string("console/problem.html", {"title": title, "text": text}), status=status)


def _to_login(request: HttpRequest) -> HttpResponse:
    if _wants_json(request):
        return JsonResponse({"error": {"code": 401, "message": "Sie sind nicht mehr angemeldet."}}, status=401)
    if request.method == "POST" and (kept := kept_for_login(request)) is not None:
        return kept
    target = request.get_full_path() if request.method == "GET" else reverse("team")
    return HttpResponseRedirect(f"{reverse('login')}?{urlencode({'next': target})}")


def _wants_json(request: HttpRequest) -> bool:
    return any(kind in request.headers.get("Accept", "") for kind in ("application/json", "text/event-stream"))
