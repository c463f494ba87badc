"""The hand-off in the chat protocol: `docs/openapi.yaml`."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse

from content import Register
from web.chat.database import query
from web.chat.requests import a_register, api, body_of, channel_of, check_address, check_switch, conversation_of
from web.chat.service import running
from web.handoff.asking import person_ask, person_cancel
from web.handoff.signs import citizen_types
from web.handoff.status import handoff_json


async def post_handoff(request: HttpRequest) -> HttpResponseBase:
    conversation_id = conversation_of(request)
    body = body_of(request, {"action": _an_action, "register": a_register}, required={"action"})
    register: Register = body.get("register", "standard")
    if body["action"] == "ask":
        await check_switch()
        check_address(request)
        await query(person_ask, conversation_id, register, channel_of(request))
    else:
        await query(person_cancel, conversation_id, register)
        running().answering.wake(conversation_id)  # what was asked while waiting
    return JsonResponse(await query(handoff_json, conversation_id), json_dumps_params={"ensure_ascii": False})


async def post_typing(request: HttpRequest) -> HttpResponseBase:
    conversation_id = conversation_of(request)
    body_of(request, {}, required=set())
    await query(citizen_types, conversation_id)
    return HttpResponse(status=204)


handoff_view = api(POST=post_handoff)
typing_view = api(POST=post_typing)


def _an_action(value: Any) -> str:
    if value not in ("ask", "cancel"):
        raise ValueError("muss ask oder cancel sein")
    return str(value)
