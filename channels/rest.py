"""Rasa's REST channel, guarded: the same address and JSON, but never silent, never a shared conversation, no commands."""

from __future__ import annotations

import asyncio
import json
import logging
import traceback
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.channels.rest import RestInput
from sanic import Blueprint, response
from sanic.exceptions import InvalidUsage
from sanic.request import Request
from sanic.response import HTTPResponse

from channels.guard import LIMIT, clean, refusal
from content import Content, ContentReader, Register

#: Seconds after which a citizen is told that no answer comes.
PATIENCE = 20.0
_SENDER_LIMIT = 200

logger = logging.getLogger(__name__)

OnNewMessage = Callable[[UserMessage], Awaitable[Any]]


class GuardedRestInput(RestInput):
    """`POST /webhooks/rest/webhook` with {"sender", "message", "metadata": {"register"}}: a list of Rasa messages.

    400 with {"error"} for a body that is no JSON object or names no sender: Rasa's own channel would put all of those
    into one conversation called "default".
    """

    def __init__(self) -> None:
        self._reader = ContentReader()

    @classmethod
    def name(cls) -> str:
        return "rest"

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        blueprint = Blueprint("guarded_rest", __name__)

        @blueprint.route("/", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            agent = getattr(request.app.ctx, "agent", None)
            ready = agent is not None and agent.is_ready()
            return response.json({"status": "ok" if ready else "no model"}, status=200 if ready else 503)

        @blueprint.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            problem, sender, body = _body(request)
            if problem:
                return response.json({"error": problem}, status=400)
            return response.json(await self._answer(on_new_message, sender, body))

        return blueprint

    async def _answer(self, on_new_message: OnNewMessage, sender: str, body: dict[str, Any]) -> list[dict[str, Any]]:
        content = self._reader.current()
        metadata: dict[str, Any] = body["metadata"] if isinstance(body.get("metadata"), dict) else {}
        register = _register(metadata)
        message = body.get("message")
        if message is not None and not isinstance(message, str):
            return self._said(content, sender, register, "guard_invalid")
        text = clean(message or "")
        reason = refusal(text)
        if reason:
            return self._said(content, sender, register, reason)
        collector = CollectingOutputChannel()
        try:
            await asyncio.wait_for(
                on_new_message(
                    UserMessage(text, collector, sender, input_channel=self.name(), metadata={**metadata, "register": register})
                ),
                PATIENCE,
            )
        except asyncio.TimeoutError:
            logger.error("no answer within %s seconds", PATIENCE)
        except Exception as error:  # whatever happened, the citizen gets a sentence; the text is not logged
            logger.error("a message could not be handled: %s", _cause(error))
        messages: list[dict[str, Any]] = collector.messages
        if not any(each.get("text") for each in messages):
            return self._said(content, sender, register, "unavailable")
        return messages

    def _said(self, content: Content, sender: str, register: Register, name: str) -> list[dict[str, Any]]:
        more = {"limit": str(LIMIT)} if name == "guard_long" else {}
        zone = "unavailable" if name == "unavailable" else "guard"
        answer = {"topic": name, "zone": zone, "source": None, "stand": None, "register": register}
        return [
            {"recipient_id": sender, "text": content.reply(name, register, **more)},
            {"recipient_id": sender, "custom": {"answer": answer}},
        ]


def _cause(error: BaseException) -> str:
    """Kind and place of the innermost error, without its message: that may quote the citizen."""
    while error.__cause__ is not None:
        error = error.__cause__
    frames = traceback.extract_tb(error.__traceback__)
    return type(error).__name__ + (f" in {frames[-1].filename}:{frames[-1].lineno}" if frames else "")


def _body(request: Request) -> tuple[str, str, dict[str, Any]]:
    """(what is wrong with it, the sender, the body)."""
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError, InvalidUsage):
        return "Die Anfrage ist kein gültiges JSON.", "", {}
    if not isinstance(body, dict):
        return "Die Anfrage muss ein JSON-Objekt sein.", "", {}
    sender = body.get("sender")
    if not isinstance(sender, str) or not sender.strip() or len(sender) > _SENDER_LIMIT:
        return "Die Anfrage braucht das Feld „sender“ mit dem Namen der Unterhaltung.", "", {}
    return "", sender, body


def _register(metadata: dict[str, Any]) -> Register:
    register = metadata.get("register")
    return register if register in ("standard", "einfach", "en") else "standard"
