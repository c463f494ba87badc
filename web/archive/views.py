"""The list of conversations, one of them, and what can be done with them."""

from __future__ import annotations

import uuid
from typing import cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from web.accounts.changes import change_add
from web.archive.conversations import Place, neighbours, page
from web.archive.export import FORMATS, export
from web.archive.filters import Filters
from web.archive.queues import queues
from web.archive.rows import rows
from web.archive.seen import seen_set
from web.archive.transcript import transcript
from web.chat.conversations import conversation_delete
from web.chat.models import Conversation
from web.review.panel import panel
from web.rights.reading import reading_add

#: What stands in the address of the list beside the filters.
_PLACES = ("before", "after")


def show_list(request: HttpRequest) -> HttpResponseBase:
    """The conversations that fit the filters, newest first. That their questions were read is recorded."""
    if any(not value for value in request.GET.values()):  # what an empty field of the form leaves in the address
        return redirect(f"{request.path}?{_without_empty(request.GET).urlencode()}")
    user = _user(request)
    filters = Filters.read(request.GET)
    reading_add(user, "list", f"Gespräche: {filters.recorded or 'alle'}")
    before, after = (Place.read(request.GET.get(name, "")) for name in _PLACES)
    found = page(filters, user, after=after, before=before)
    context = {
        "filters": filters,
        "queues": queues(user),
        "rows": rows(found.conversations, filters),
        "newer": found.newer,
        "older": found.older,
        "is_first": before is None and after is None,
    }
    return render(request, "archive/list.html", context)


def show_conversation(request: HttpRequest, conversation_id: uuid.UUID) -> HttpResponseBase:
    """The transcript. That it was read is recorded."""
    user = _user(request)
    conversation = _conversation(conversation_id)
    filters = Filters.read(request.GET)
    reading_add(user, "conversation", str(conversation.id))
    said = transcript(conversation, filters.values.get("text", ""))
    newer, older = neighbours(conversation, filters, user)
    seen_set(user, conversation)
    context = {
        "conversation": conversation,
        "filters": filters,
        "messages_of_conversation": said.messages,
        "last_steps": said.last_steps,
        "newer": newer,
        "older": older,
        **panel(conversation, user),
    }
    return render(request, "archive/conversation.html", context)


def ask_delete(request: HttpRequest, conversation_id: uuid.UUID) -> HttpResponseBase:
    """Whether the conversation is really to be deleted."""
    return render(request, "archive/delete.html", {"conversation": _conversation(conversation_id)})


def delete(request: HttpRequest, conversation_id: uuid.UUID) -> HttpResponseBase:
    """Deletes it; what the bot remembers of it is deleted by the chat's sweeper."""
    conversation = _conversation(conversation_id)
    deletion = conversation_delete(conversation.id)
    change_add(_user(request), "deletion", str(conversation.id), f"Gespräch mit {deletion.messages} Nachrichten gelöscht")
    messages.success(
        request,
        f"Das Gespräch mit {deletion.messages} Nachrichten ist gelöscht. "
        "Was der Bot sich davon gemerkt hat, wird in den nächsten Sekunden gelöscht.",
    )
    return redirect("archive")


def export_list(request: HttpRequest, form: str) -> HttpResponseBase:
    """The conversations that fit the filters as a file. That they were read is recorded."""
    if form not in FORMATS:
        raise Http404
    user = _user(request)
    filters = Filters.read(request.GET)
    reading_add(user, "export", f"{form}: {filters.recorded}")
    chosen = FORMATS[form]
    name = f"gespraeche-{timezone.localtime():%Y-%m-%d}.{chosen.ending}"
    return StreamingHttpResponse(
        export(chosen, filters, user),
        content_type=chosen.content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _conversation(conversation_id: uuid.UUID) -> Conversation:
    return get_object_or_404(Conversation, pk=conversation_id)


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)


def _without_empty(parameters: QueryDict) -> QueryDict:
    kept = QueryDict(mutable=True)
    for name, value in parameters.items():
        if value:
            kept[name] = str(value)
    return kept
