"""Rasa's REST channel, guarded: the same address and JSON, but never silent, never a shared conversation, no commands."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.channels.rest import RestInput
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from channels.exchange import Exchange
from channels.request import Malformed, json_object
from content import REGISTERS, Register

_SENDER_LIMIT = 200

OnNewMessage = Callable[[UserMessage], Awaitable[Any]]


class GuardedRestInput(RestInput):
    """`POST /webhooks/rest/webhook` with {"sender", "message", "metadata": {"register"}}: a list of Rasa messages.

    400 with {"error"} for a body that is no JSON object or names no sender: Rasa's own channel would put all of those
    into one conversation called "default".
    """

    def __init__(self) -> None:
        self._exchange = Exchange()

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
            try:
                body = json_object(request.body)
                sender = _sender(body)
            except Malformed as problem:
                return response.json({"error": str(problem)}, status=400)
            return response.json(await self._answer(on_new_message, sender, body))

        return blueprint

    async def _answer(self, on_new_message: OnNewMessage, sender: str, body: dict[str, Any]) -> list[dict[str, Any]]:
        given: dict[str, Any] = body["metadata"] if isinstance(body.get("metadata"), dict) else {}
        register = _register(given)
        metadata = {**given, "register": register}

        async def pass_on(text: str, collector: CollectingOutputChannel) -> None:
            await on_new_message(UserMessage(text, collector, sender, input_channel=self.name(), metadata=metadata))

        return await self._exchange.messages(body.get("message"), sender, register, pass_on)


def _sender(body: dict[str, Any]) -> str:
    sender = body.get("sender")
    # PostgreSQL's driver raises ValueError for NUL and surrogates, at which Rasa's SQL tracker store ends the process.
    if not isinstance(sender, str) or not sender.strip() or len(sender) > _SENDER_LIMIT or not sender.isprintable():
        raise Malformed("Die Anfrage braucht das Feld „sender“ mit dem Namen der Unterhaltung.")
    return sender


def _register(metadata: dict[str, Any]) -> Register:
    register = metadata.get("register")
    return register if register in REGISTERS else "standard"
