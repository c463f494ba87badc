"""The way to the bot: Rasa's web channel. Slow, away or broken, it gives no answer; it never raises."""

from __future__ import annotations

import asyncio
import datetime
import http
import json
import logging
import uuid
from dataclasses import dataclass
from typing import Any, cast

import aiohttp
from django.conf import settings

from content import REGISTERS, Register

logger = logging.getLogger(__name__)

_FORGET_SECONDS = 3.0
_HEALTH_SECONDS = 2.0
_CONNECTIONS = 50
_UNREACHED = (asyncio.TimeoutError, aiohttp.ClientError, OSError)


@dataclass(frozen=True)
class BotReply:
    """One text of the bot and what it is about."""

    text: str
    topic: str
    zone: str
    register: Register
    buttons: tuple[dict[str, str], ...]
    source: dict[str, str] | None


@dataclass(frozen=True)
class Answer:
    """What the bot says to a message: at least one reply. `verdict`: the fields of `models.Verdict`."""

    replies: tuple[BotReply, ...]
    handoff: dict[str, Any] | None
    verdict: dict[str, Any] | None


class Bot:
    """Belongs to the event loop in which it was made; `close` it there."""

    def __init__(self) -> None:
        self._client = aiohttp.ClientSession(
            headers={"Authorization": f"Bearer {settings.WOHNLOTSE.bot_secret}"},
            connector=aiohttp.TCPConnector(limit=_CONNECTIONS),
        )

    async def ask(self, conversation: uuid.UUID, text: str, register: Register) -> Answer | None:
        """The bot's answer, or None where there is none within the patience that is set."""
        body = {"conversation": str(conversation), "message": text, "metadata": {"register": register}}
        try:
            status, answer = await self._request("POST", "/webhooks/web/webhook", settings.WOHNLOTSE.patience, body)
            if status == http.HTTPStatus.OK:
                return _answer(json.loads(answer))
            logger.error("the bot answered %s", status)
        except asyncio.TimeoutError:
            logger.error("the bot gave no answer within %s seconds", settings.WOHNLOTSE.patience)
        except (aiohttp.ClientError, OSError) as error:
            logger.error("the bot is not reached: %s", type(error).__name__)
        except (ValueError, KeyError, TypeError, AttributeError):
            logger.error("the bot's answer has the wrong form")
        return None

    async def forget(self, conversation: uuid.UUID) -> bool:
        """Whether the bot's memory of the conversation is gone."""
        try:
            status, _ = await self._request("DELETE", f"/webhooks/web/conversations/{conversation}", _FORGET_SECONDS)
        except _UNREACHED as error:
            logger.error("the bot's memory could not be deleted: %s", type(error).__name__)
            return False
        return status == http.HTTPStatus.OK

    async def health(self) -> dict[str, Any] | None:
        """What the channel says of itself ({"model": ...}), or None where Rasa is away."""
        try:
            _, answer = await self._request("GET", "/webhooks/web/health", _HEALTH_SECONDS)
            state: dict[str, Any] = json.loads(answer)
        except (*_UNREACHED, ValueError):
            return None
        return state if isinstance(state, dict) else None

    async def actions_are_up(self) -> bool:
        """Whether the action server answers."""
        try:
            status, _ = await self._request("GET", "/health", _HEALTH_SECONDS, of=settings.WOHNLOTSE.actions_url)
        except _UNREACHED:
            return False
        return status == http.HTTPStatus.OK

    async def close(self) -> None:
        await self._client.close()

    async def _request(
        self, method: str, path: str, seconds: float, body: dict[str, Any] | None = None, of: str = ""
    ) -> tuple[int, bytes]:
        """Status and body of what Rasa, or the server `of`, answers. Raises what `_UNREACHED` names."""
        url = f"{of or settings.WOHNLOTSE.rasa_url}{path}"
        async with self._client.request(method, url, json=body, timeout=aiohttp.ClientTimeout(total=seconds)) as response:
            return response.status, await response.read()


async def ask_once(text: str, register: Register) -> Answer | None:
    """The answer to a question that belongs to no conversation; nothing of it is remembered."""
    bot = Bot()
    conversation = uuid.uuid4()
    try:
        answer = await bot.ask(conversation, text, register)
        await bot.forget(conversation)
    finally:
        await bot.close()
    return answer


def _answer(body: Any) -> Answer:
    """Raises ValueError, KeyError, TypeError or AttributeError for what is no answer."""
    replies = tuple(
        BotReply(
            text=_text(reply["text"]),
            topic=_string(reply["topic"]),
            zone=_zone(reply["zone"]),
            register=_register(reply["register"]),
            buttons=tuple({"title": _string(each["title"]), "payload": _string(each["payload"])} for each in reply["buttons"]),
            source=_source(reply["source"], reply["stand"]),
        )
        for reply in body["replies"]
    )
    if not replies:
        raise ValueError("no reply")
    return Answer(replies, body["handoff"], body["verdict"])


def _text(text: Any) -> str:
    if not _string(text).strip():
        raise ValueError("a reply without text")
    return _string(text)


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("not a text")
    return value


def _zone(value: Any) -> str:
    if value not in ("answer", "clarify", "decline", "guard", ""):
        raise ValueError("no zone")
    return _string(value)


def _register(value: Any) -> Register:
    if value not in REGISTERS:
        raise ValueError("no register")
    return cast(Register, value)


def _source(source: Any, stand: Any) -> dict[str, str] | None:
    """The schema `Source`; a source without its date is none."""
    if source is None or stand is None:
        return None
    date = datetime.date.fromisoformat(stand)
    return {"title": _string(source["title"]), "url": _string(source["url"]), "stand": date.isoformat()}
