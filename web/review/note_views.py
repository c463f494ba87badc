"""Notes and tags, changed from whichever page shows them."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from web.review.notes import note_add, note_delete, tag_add, tag_remove
from web.review.refusal import Refused


def add_note(request: HttpRequest, conversation_id: uuid.UUID) -> HttpResponse:
    return _done(request, lambda: note_add(conversation_id, request.POST.get("note", ""), cast(User, request.user)))


def delete_note(request: HttpRequest, conversation_id: uuid.UUID, note_id: int) -> HttpResponse:
    return _done(request, lambda: note_delete(note_id, cast(User, request.user)))


def add_tag(request: HttpRequest, conversation_id: uuid.UUID) -> HttpResponse:
    return _done(request, lambda: tag_add(conversation_id, request.POST.get("tag", "")))


def remove_tag(request: HttpRequest, conversation_id: uuid.UUID, tag_id: int) -> HttpResponse:
    return _done(request, lambda: tag_remove(conversation_id, tag_id))


def _done(request: HttpRequest, change: Callable[[], Any]) -> HttpResponse:
    """Back to the page that the form stood on; what is wrong stands at its top."""
    target = request.POST.get("next", "")
    try:
        change()
    except Refused as refused:
        messages.error(request, refused.message)
        target = target.partition("#")[0]
    if not (target.startswith("/team/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None)):
        target = reverse("review")
    return HttpResponseRedirect(target)
