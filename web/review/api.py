"""Confirmed suggestions for the developers' command line, which has a token instead of a session."""

from __future__ import annotations

import datetime
import logging
import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils import timezone

from web.chat.database import console_query
from web.chat.errors import ChatError
from web.chat.requests import api
from web.review.models import Status
from web.review.suggestions import confirmed, json_lines

logger = logging.getLogger(__name__)


async def read_suggestions(request: HttpRequest) -> HttpResponseBase:
    """`GET /api/v1/suggestions?status=confirmed&since=2026-11-01`: JSON Lines. There is nothing where no token is set."""
    if not settings.WOHNLOTSE.import_token:
        raise ChatError("not_found")
    if not _has_token(request):
        error = {"code": "unauthorized", "message": "Der Schlüssel fehlt oder ist falsch."}
        return JsonResponse({"error": error}, status=401, headers={"WWW-Authenticate": "Bearer"})
    status = request.GET.get("status", Status.CONFIRMED)
    if status not in (Status.CONFIRMED, Status.IMPORTED):
        raise ChatError("invalid", {"fields": {"status": "muss confirmed oder imported sein"}})
    listed = await console_query(lambda: list(confirmed(_since(request), status)))
    logger.info("%d training suggestions were handed out", len(listed))
    return HttpResponse(json_lines(listed), content_type="application/x-ndjson; charset=utf-8")


suggestions_view = api(GET=read_suggestions)


def _has_token(request: HttpRequest) -> bool:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    known = [each.strip().encode() for each in settings.WOHNLOTSE.import_token.split(",") if each.strip()]
    return scheme.lower() == "bearer" and any(secrets.compare_digest(token.strip().encode(), each) for each in known)


def _since(request: HttpRequest) -> datetime.datetime | None:
    """The midnight with which the asked day begins. Raises ChatError."""
    day = request.GET.get("since", "")
    try:
        return timezone.make_aware(datetime.datetime.fromisoformat(f"{day}T00:00:00")) if day else None
    except ValueError:
        raise ChatError("invalid", {"fields": {"since": "muss ein Tag sein wie 2026-11-01"}}) from None
