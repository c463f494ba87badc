"""The chat protocol: `docs/openapi.yaml` describes every request and answer."""

from __future__ import annotations

from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render

from content import Register
from web.chat import conversations, facts
from web.chat.conversations import Post, SwitchedOff, TooMany, Unknown
from web.chat.database import query
from web.chat.errors import ChatError
from web.chat.event_stream import event_response
from web.chat.keys import new_key
from web.chat.models import Reason
from web.chat.protocol import feedback_json, message_json
from web.chat.requests import (
    a_number,
    a_register,
    a_switch,
    a_text,
    a_uuid,
    api,
    body_of,
    channel_of,
    check_address,
    check_switch,
    conversation_of,
    number_of,
    register_of,
)
from web.chat.service import running
from web.chat.stream import events, look
from web.chat.terms import terms
from web.chat.text import visible
from web.chat.transcript import transcript_lines, transcript_number
from web.chat.wakeup import News
from web.handoff.machine import is_with_a_person
from web.pages.frame import widget
from web.privacy import LABELS, Finding, find, redact


async def read_widget(request: HttpRequest) -> HttpResponseBase:
    register = register_of(request)
    now = await terms()
    frame = widget(register, facts.content(), settings.WOHNLOTSE, now.days)
    return _json({"enabled": now.switch.on, "switched_off": "" if now.switch.on else now.switch.comment, **frame})


async def open_conversation(request: HttpRequest) -> HttpResponseBase:
    await check_switch()
    check_address(request)
    conversation_id, key = new_key()
    return _json({"id": str(conversation_id), "key": key}, status=201)


async def delete_conversation(request: HttpRequest) -> HttpResponseBase:
    conversation_id = conversation_of(request)
    register = register_of(request)
    deletion = await query(conversations.conversation_delete, conversation_id)
    forgotten = deletion.memory_deleted or await running().answering.forget(conversation_id)
    receipt = {
        "id": str(conversation_id),
        "deleted_at": deletion.at.isoformat(),
        "messages": deletion.messages,
        "memory": "deleted" if forgotten else "pending",
        "text": _receipt(register, deletion.messages, forgotten),
    }
    return _json(receipt)


async def post_message(request: HttpRequest) -> HttpResponseBase:
    conversation_id = conversation_of(request)
    body = body_of(request, {"id": a_uuid, "text": a_text, "register": a_register, "redact": a_switch}, required={"id", "text"})
    service = running()
    if service.answering.is_full and not await query(is_with_a_person, conversation_id):
        raise ChatError("busy")  # before any other work: many come back again and again then
    check_address(request)
    text = _cleaned(body["text"])
    findings = find(text, facts.content())
    register: Register = body.get("register", "standard")
    if findings and not body.get("redact", False):
        raise ChatError("personal_data", _found(text, findings, register))
    post = Post(body["id"], redact(text, findings), register, redacted=bool(findings), channel=channel_of(request))
    try:
        added = await query(conversations.message_add, conversation_id, post, claim=service.answering.has_time)
    except TooMany:
        raise ChatError("too_many") from None
    except SwitchedOff as off:
        raise ChatError("switched_off", comment=off.comment) from None
    stored = message_json(added.message)
    if added.is_new:
        service.wakeup.hand(conversation_id, News([stored]))
        service.answering.wake(conversation_id, added.message if added.is_claimed else None)
    return _json(stored, status=202)


async def put_feedback(request: HttpRequest, seq: int) -> HttpResponseBase:
    conversation_id = conversation_of(request)
    body = body_of(request, {"helpful": a_switch, "reason": _a_reason}, required={"helpful"})
    reason = body.get("reason")
    if body["helpful"] and reason is not None:
        raise ChatError("invalid", {"fields": {"reason": "nur bei einer Antwort, die nicht geholfen hat"}})
    try:
        feedback = await query(conversations.feedback_set, conversation_id, a_number(seq), body["helpful"], reason)
    except (Unknown, ValueError):
        raise ChatError("not_found") from None
    return _json(feedback_json(feedback))


async def read_events(request: HttpRequest) -> HttpResponseBase:
    conversation_id = conversation_of(request)
    after = _after(request)
    messages, handoff = await query(look, conversation_id, after)
    if "text/event-stream" not in request.headers.get("Accept", ""):
        return _json({"messages": messages, "handoff": handoff})
    wakeup = running().wakeup
    if wakeup.readers >= settings.WOHNLOTSE.streams:
        raise ChatError("busy")
    return event_response(events(wakeup, conversation_id, after))


async def read_transcript(request: HttpRequest) -> HttpResponseBase:
    conversation_id = conversation_of(request)
    register = register_of(request)
    form = request.GET.get("format", "text")
    if form not in ("text", "html"):
        raise ChatError("invalid", {"fields": {"format": "muss text oder html sein"}})
    lines = transcript_lines(await query(conversations.messages_after, conversation_id, 0), register)
    number = transcript_number(conversation_id, register)
    if form == "html":
        context = {"lines": lines, "number": number, "language": "en" if register == "en" else "de"}
        return render(request, "chat/transcript.html", context)
    text = "\n\n".join(
        f"{line.when:%d.%m.%Y, %H:%M} · {line.speaker}:\n{line.text}" + (f"\n{line.source}" if line.source else "")
        for line in lines
    )
    return HttpResponse(f"{text}\n\n{number}\n", content_type="text/plain; charset=utf-8")


async def nothing_here(request: HttpRequest) -> HttpResponseBase:
    raise ChatError("not_found")


widget_view = api(GET=read_widget)
conversations_view = api(POST=open_conversation)
conversation_view = api(DELETE=delete_conversation)
messages_view = api(POST=post_message)
feedback_view = api(PUT=put_feedback)
events_view = api(GET=read_events)
transcript_view = api(GET=read_transcript)
unknown_view = api(GET=nothing_here, POST=nothing_here, PUT=nothing_here, DELETE=nothing_here)


def _json(body: dict[str, Any], status: int = 200) -> JsonResponse:
    return JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})


def _cleaned(text: str) -> str:
    kept = visible(text)
    if not kept:
        raise ChatError("empty")
    limit = settings.WOHNLOTSE.characters
    if len(kept) > limit:
        raise ChatError("too_long", limit=limit)
    return kept


def _found(text: str, findings: list[Finding], register: Register) -> dict[str, Any]:
    """`text`, the finds in it, and how it would be kept."""
    listed = [
        {"kind": each.kind, "label": LABELS[each.kind][register], "start": each.start, "end": each.end} for each in findings
    ]
    return {"text": text, "findings": listed, "redacted": redact(text, findings)}


def _a_reason(value: Any) -> str | None:
    if value is not None and value not in Reason.values:
        raise ValueError("diesen Grund gibt es nicht")
    return cast("str | None", value)


def _after(request: HttpRequest) -> int:
    last = request.headers.get("Last-Event-ID")
    if last is None:
        return number_of(request, "after")
    try:
        return a_number(int(last))
    except ValueError:
        raise ChatError("invalid", {"fields": {"Last-Event-ID": "muss eine ganze Zahl sein"}}) from None


def _receipt(register: Register, messages: int, forgotten: bool) -> str:
    if register == "en":
        memory = "" if forgotten else " What the bot remembers of it will be deleted as soon as the bot can be reached again."
        return f"The conversation with {messages} messages was deleted.{memory}"
    memory = "" if forgotten else " Was der Bot sich davon gemerkt hat, wird gelöscht, sobald er wieder erreichbar ist."
    return f"Die Unterhaltung mit {messages} Nachrichten wurde gelöscht.{memory}"
