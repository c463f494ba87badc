"""The channel of the web process: one message in, the replies and the NLU verdict out; and a conversation deleted.

A dialogue may last as long as it likes. Rasa's session (`session_expiration_time: 60` in domain.yml) ends after an hour
without a message, and with it goes the memory of what was spoken of: „Und seit wann?“ a day later has nothing to refer to,
and the tracker that is read for each message stays short. Nothing else hangs on it: who owns a conversation stands in the
web's database, Rasa's pause, which an expired session would undo, is not used, and deleting takes all sessions.
"""

from __future__ import annotations

import hmac
import itertools
import logging
import os
import uuid
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from channels.action_connection import close_connections
from channels.collection import settle
from channels.discretion import cause
from channels.exchange import Exchange
from channels.model import ModelRefused, Models
from channels.request import Malformed, json_object
from channels.tracker import UnknownStore, forget
from channels.turns import Turns
from components.encoder import encode
from components.spelling import load_dictionaries
from content import REGISTERS, Content, Register

SECRET = "WOHNLOTSE_BOT_SECRET"
#: Bytes that a request may have: 2 000 characters are 24 000 at most, escaped as JSON.
BODY_LIMIT = 64 * 1024
#: Seconds between two looks at whether a conversation's turn has ended.
_LOOK = 0.05
#: Seconds that a message waits for those before it; a turn takes 0.05.
_QUEUE = 1.0

logger = logging.getLogger(__name__)

OnNewMessage = Callable[[UserMessage], Awaitable[Any]]


class WebInput(InputChannel):
    """`POST /webhooks/web/webhook` with {"conversation", "message", "metadata": {"register"}}, `DELETE
    /webhooks/web/conversations/<conversation>`, `GET /webhooks/web/health` and `PUT /webhooks/web/model` with {"model"}, for
    those who know the secret.

    Errors are {"error"}: 400 for a body that is wrong, 401 without the secret, 409 for a model that is not taken, 503 while
    no model is loaded, and for all requests where Rasa runs without a secret.
    """

    def __init__(self, secret: str = "") -> None:
        self._secret = secret
        self._exchange = Exchange()
        self._models = Models()
        self._turns = Turns(_QUEUE)

    @classmethod
    def name(cls) -> str:
        return "web"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> WebInput:
        """The secret comes from the environment: credentials.yml is in the repository."""
        return cls(os.environ.get(SECRET, ""))

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        blueprint = Blueprint("web_channel", __name__)

        @blueprint.middleware("request")
        async def admit(request: Request) -> HTTPResponse | None:
            if not self._secret:
                return _error(503, f"Der Kanal ist geschlossen: {SECRET} ist nicht gesetzt.")
            given = request.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
            if not hmac.compare_digest(given, f"Bearer {self._secret}".encode()):
                return _error(401, "Das Geheimnis des Kanals fehlt oder ist falsch.")
            return None

        @blueprint.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            try:
                conversation, message, register = _asked(request.body)
            except Malformed as problem:
                return _error(400, str(problem))
            agent = getattr(request.app.ctx, "agent", None)
            if agent is None or not agent.is_ready():
                return _error(503, "Es ist kein Modell geladen.")
            async with self._turns.next():
                answer = await self._answer(agent, conversation, message, register)
            return response.json(answer)

        @blueprint.route("/conversations/<conversation>", methods=["DELETE"])
        async def delete(request: Request, conversation: str) -> HTTPResponse:
            try:
                sender = _uuid(conversation)
            except Malformed as problem:
                return _error(400, str(problem))
            return await _deleted(request, sender)

        @blueprint.route("/health", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            agent = getattr(request.app.ctx, "agent", None)
            model = agent.model_name if agent is not None and agent.is_ready() else None
            content = "broken files, the last good ones are used" if self._exchange.problems() else "ok"
            well = model is not None and content == "ok"
            return response.json({"model": model, "content": content}, status=200 if well else 503)

        @blueprint.route("/model", methods=["PUT"])
        async def swap(request: Request) -> HTTPResponse:
            try:
                name = json_object(request.body).get("model")
                if not isinstance(name, str):
                    raise Malformed("Die Anfrage braucht das Feld „model“ mit dem Namen einer Datei.")
                await self._models.swap(request.app, name)
            except Malformed as problem:
                return _error(400, str(problem))
            except ModelRefused as problem:
                return _error(409, str(problem))
            return response.json({"model": name})

        @blueprint.listener("after_server_start")
        async def settle_down(app: Any, loop: Any) -> None:
            # Whoever writes in the meantime is answered; after a slip there somebody would wait for it.
            await loop.run_in_executor(None, load_dictionaries)
            settle()

        @blueprint.listener("before_server_stop")
        async def tidy_up(app: Any, loop: Any) -> None:
            agent = getattr(app.ctx, "agent", None)
            if agent is not None and agent.action_endpoint is not None:
                await close_connections(agent.action_endpoint)

        return blueprint

    async def _answer(self, agent: Any, conversation: str, message: str, register: Register) -> dict[str, Any]:
        understood: dict[str, Any] = {}

        async def pass_on(text: str, collector: CollectingOutputChannel) -> None:
            # With `parse_data` Rasa runs no NLU of its own: see MessageProcessor._handle_message_with_tracker.
            understood.update(await agent.parse_message(text))
            await agent.handle_message(  # the same agent, even where another model is loaded in between
                UserMessage(
                    text,
                    collector,
                    conversation,
                    parse_data=understood,
                    input_channel=self.name(),
                    metadata={"register": register},
                )
            )

        messages = await self._exchange.messages(message, conversation, register, pass_on)
        replies = list(_replies(messages, register))
        return {
            "replies": replies,
            "handoff": next((each["custom"]["handoff"] for each in messages if "handoff" in each.get("custom", {})), None),
            "verdict": _verdict(understood, replies, agent.model_name, self._exchange.content),
        }


def _asked(raw: bytes) -> tuple[str, str, Register]:
    """Conversation, message and register of a request's body. Raises Malformed."""
    if len(raw) > BODY_LIMIT:
        raise Malformed("Die Anfrage ist zu groß.")
    body = json_object(raw)
    conversation = _uuid(body.get("conversation"))
    message = body.get("message")
    if not isinstance(message, str):
        raise Malformed("Die Anfrage braucht das Feld „message“ mit einem Text.")
    metadata = body.get("metadata")
    register = metadata.get("register") if isinstance(metadata, dict) else None
    if register not in REGISTERS:
        raise Malformed("Die Anfrage braucht „metadata.register“: standard, einfach oder en.")
    return conversation, message, register


def _uuid(given: object) -> str:
    """The conversation in its one spelling, or it would be found under one and missed under another. Raises Malformed."""
    try:
        found = str(uuid.UUID(given if isinstance(given, str) else ""))
    except ValueError:
        found = ""
    if not found or found != str(given).lower():
        raise Malformed("Die Anfrage muss die Unterhaltung als UUID nennen.")
    return found


def _replies(messages: list[dict[str, Any]], register: Register) -> Iterator[dict[str, Any]]:
    """Each text with what it is about: the action sends all texts first, then what they are about in the same order."""
    texts = [each for each in messages if each.get("text")]
    about: list[dict[str, Any]] = []
    for custom in (each["custom"] for each in messages if each.get("custom")):
        about += [*([custom["answer"]] if custom.get("answer") else []), *custom.get("more", [])]
    unknown: dict[str, Any] = {"topic": "", "zone": "answer", "source": None, "stand": None, "register": register, "intent": ""}
    for text, known in itertools.zip_longest(texts, about[: len(texts)], fillvalue=unknown):
        buttons = [{"title": each["title"], "payload": each["payload"]} for each in text.get("buttons") or []]
        yield {"text": text["text"], "buttons": buttons, **{key: known.get(key, unknown[key]) for key in unknown}}


def _verdict(understood: dict[str, Any], replies: list[dict[str, Any]], model: str, content: Content) -> dict[str, Any] | None:
    """What NLU made of the message, and which of the content's topics were answered; None where it was not asked."""
    if not understood.get("questions"):
        return None
    answered = [reply["topic"] for reply in replies if reply["zone"] == "answer" and reply["topic"] in content.topics]
    # NLU has made this vector before, and the encoder of this process still has it. What a component hands out beside its
    # features would be stored in the tracker and sent to the action server with every message.
    [vector] = encode([understood["text"]])
    return {
        "intent": understood["intent"]["name"],
        "confidence": understood["intent"]["confidence"],
        "zone": understood["questions"][0]["zone"],
        "ranking": [{"name": each["name"], "confidence": each["confidence"]} for each in understood["intent_ranking"]],
        "topics": list(dict.fromkeys(answered)),
        "model": model,
        "vector": [round(float(each), 6) for each in vector],
    }


async def _deleted(request: Request, conversation: str) -> HTTPResponse:
    """Waits for the turn that runs, then deletes."""
    agent = getattr(request.app.ctx, "agent", None)
    if agent is None:
        return _error(503, "Rasa ist noch nicht bereit.")
    try:
        async with agent.lock_store.lock(conversation, wait_time_in_seconds=_LOOK):
            # Not that of `agent`: a model that was loaded in the meantime brought a store of its own, but kept the locks.
            deleted = forget(request.app.ctx.agent.tracker_store, conversation)
    except UnknownStore as problem:
        return _error(501, str(problem))
    except Exception as error:  # the lock is not free, the database is away: the web process asks again
        logger.error("a conversation could not be deleted: %s", cause(error))
        return _error(503, "Die Unterhaltung konnte nicht gelöscht werden.")
    return response.json({"deleted": deleted})


def _error(status: int, text: str) -> HTTPResponse:
    return response.json({"error": text}, status=status)
