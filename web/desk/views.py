"""The pages of the desk. Each form works without a script; where the script sends one, the answer is JSON."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from typing import Any, cast, get_args

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from web.chat import facts
from web.chat.models import Conversation
from web.chat.requests import a_number, a_uuid
from web.chat.rows import Deleted
from web.desk.beat import standing, user_beat, user_opens
from web.desk.board import board
from web.desk.canned import canned
from web.desk.workspace import conversation_of, messages_of, register_of, situation
from web.handoff.machine import Event, Refused, conversation_hand
from web.handoff.messages import Personal, staff_say
from web.handoff.presence import presence_set
from web.handoff.signs import staff_types
from web.rights.reading import reading_add

#: What the buttons of a conversation ask for, with what is said when it is done.
_DONE: dict[str, str] = {
    "take": "",
    "step_in": "",
    "give_back": "Der Bot antwortet in diesem Gespräch wieder.",
}


def show_board(request: HttpRequest) -> HttpResponse:
    return render(request, "desk/desk.html", {"board": board(_user(request))})


def beat(request: HttpRequest) -> HttpResponse:
    """A page of the console is open."""
    user_beat(_user(request))
    return JsonResponse(asdict(standing(_user(request))))


def open_page(request: HttpRequest) -> HttpResponse:
    """A page of the console was opened in which no script runs: it asks for this as for an image."""
    user_opens(_user(request))
    return HttpResponse(status=204)


def set_presence(request: HttpRequest) -> HttpResponseBase:
    presence_set(_user(request), request.POST.get("available") == "1")
    return redirect("desk")


def show_conversation(request: HttpRequest, conversation_id: uuid.UUID) -> HttpResponse:
    return _page(request, conversation_id)


def hand(request: HttpRequest, conversation_id: uuid.UUID) -> HttpResponseBase:
    """Take, step in, give back."""
    event = request.POST.get("event", "")
    if event not in _DONE:
        raise Http404
    if not _handed(request, conversation_id, cast(Event, event)):
        return redirect("desk_conversation", conversation_id)
    if _DONE[event]:
        messages.success(request, _DONE[event])
        return redirect("desk")
    return _to_answer(conversation_id)


def ask_take_over(request: HttpRequest, conversation_id: uuid.UUID) -> HttpResponseBase:
    """Asks whether a colleague's conversation is to be taken over."""
    conversation = _conversation(conversation_id)
    seen = situation(conversation, _user(request))
    if seen.panel != "colleague":
        return redirect("desk_conversation", conversation_id)
    return render(request, "desk/take_over.html", {"conversation": conversation, "situation": seen})


def take_over(request: HttpRequest, conversation_id: uuid.UUID) -> HttpResponseBase:
    if _handed(request, conversation_id, "take_over", confirmed=True):
        return _to_answer(conversation_id)
    return redirect("desk_conversation", conversation_id)


def ask_close(request: HttpRequest, conversation_id: uuid.UUID) -> HttpResponseBase:
    """Asks whether the conversation is to be ended."""
    conversation = _conversation(conversation_id)
    if situation(conversation, _user(request)).panel != "mine":
        return redirect("desk_conversation", conversation_id)
    return render(request, "desk/close.html", {"conversation": conversation})


def close(request: HttpRequest, conversation_id: uuid.UUID) -> HttpResponseBase:
    if _handed(request, conversation_id, "close"):
        messages.success(request, "Das Gespräch ist beendet.")
        return redirect("desk")
    return redirect("desk_conversation", conversation_id)


def say(request: HttpRequest, conversation_id: uuid.UUID) -> HttpResponseBase:
    """An answer to the citizen. What cannot be sent comes back to whoever wrote it, with the reason."""
    text, personal = request.POST.get("text", ""), _personal(request)
    try:
        client_id, after = a_uuid(request.POST.get("id")), a_number(int(request.POST.get("after", "")))
    except ValueError:
        raise Http404 from None
    try:
        message = staff_say(conversation_id, _user(request), text, client_id, after, personal)
    except Refused as refused:
        status = 422 if refused.code in ("empty", "too_long", "personal_data") else 409
        if _is_script(request):
            return JsonResponse({"error": {"code": refused.code, "message": refused.message}}, status=status)
        is_personal = refused.code == "personal_data"
        return _page(request, conversation_id, status=status, draft=text, error=refused.message, is_personal=is_personal)
    except Deleted:
        raise Http404 from None
    if _is_script(request):
        return JsonResponse({"seq": message.seq})
    return _to_answer(conversation_id)


def _to_answer(conversation_id: uuid.UUID) -> HttpResponseBase:
    """To the conversation, with the focus where one writes."""
    return redirect(reverse("desk_conversation", args=[conversation_id]) + "#text")


def _personal(request: HttpRequest) -> Personal:
    chosen = request.POST.get("personal", "")
    return cast(Personal, chosen) if chosen in get_args(Personal) else "ask"


def note_typing(request: HttpRequest, conversation_id: uuid.UUID) -> HttpResponse:
    """The user is writing; nothing of it is kept."""
    staff_types(conversation_id, _user(request))
    return HttpResponse(status=204)


def _handed(request: HttpRequest, conversation_id: uuid.UUID, event: Event, confirmed: bool = False) -> bool:
    """Whether it was done; else the next page says why not."""
    try:
        conversation_hand(conversation_id, event, _user(request), confirmed=confirmed)
    except Refused as refused:
        messages.error(request, refused.message)
        return False
    except Deleted:
        raise Http404 from None
    return True


def _page(request: HttpRequest, conversation_id: uuid.UUID, status: int = 200, **more: Any) -> HttpResponse:
    conversation = _conversation(conversation_id)
    register = register_of(conversation)
    said = messages_of(conversation)
    reading_add(_user(request), "conversation", str(conversation_id))
    context = {
        "conversation": conversation,
        "situation": situation(conversation, _user(request)),
        "messages_of_conversation": said,
        "after": said[-1].seq if said else 0,
        "canned": canned(facts.content(), register),
        "canned_language": "en" if register == "en" else "de",
        "client_id": uuid.uuid4(),
        "longest": settings.WOHNLOTSE.characters,
        "board": board(_user(request)),
        **more,
    }
    return render(request, "desk/conversation.html", context, status=status)


def _conversation(conversation_id: uuid.UUID) -> Conversation:
    try:
        return conversation_of(conversation_id)
    except Deleted:
        raise Http404 from None


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)


def _is_script(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")
