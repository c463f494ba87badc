"""One message of a citizen through Rasa, and what comes back: guarded, within a time limit, never silent."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel

from channels.action_connection import keep_connections
from channels.action_response import check_quickly
from channels.discretion import cause, keep_texts_out_of_the_log
from channels.guard import LIMIT, clean, refusal
from content import Content, Register, shared_reader

#: Seconds after which a citizen is told that no answer comes.
PATIENCE = 20.0

logger = logging.getLogger(__name__)

#: Hands the cleaned text to Rasa, which sends its messages to the collector.
PassOn = Callable[[str, CollectingOutputChannel], Awaitable[None]]


class Exchange:
    """Looks at each message before Rasa does, and speaks where Rasa does not."""

    def __init__(self) -> None:
        """Raises ContentError where `content/` is not valid."""
        self._reader = shared_reader()
        keep_texts_out_of_the_log()
        check_quickly()
        keep_connections()

    @property
    def content(self) -> Content:
        """What the bot may say right now."""
        return self._reader.current()

    def problems(self) -> list[str]:
        """What is wrong with the files of the content as they lie there now; the bot goes on with the last good ones."""
        self._reader.current()
        return self._reader.problems

    async def messages(self, message: object, sender: str, register: Register, pass_on: PassOn) -> list[dict[str, Any]]:
        """What `sender` hears to `message`, in the shape of Rasa's REST channel; at least one has a text.

        What is no question is not passed on. Where nothing is said within PATIENCE, and whatever `pass_on` raises, the
        last words are the postal address.
        """
        content = self.content
        if message is not None and not isinstance(message, str):
            return _said(content, sender, register, "guard_invalid")
        text = clean(message or "")
        reason = refusal(text)
        if reason:
            return _said(content, sender, register, reason)
        collector = CollectingOutputChannel()
        try:
            await asyncio.wait_for(pass_on(text, collector), PATIENCE)
        except asyncio.TimeoutError:
            logger.error("no answer within %s seconds", PATIENCE)
        except Exception as error:  # whatever happened, the citizen gets a sentence; the text is not logged
            logger.error("a message could not be handled: %s", cause(error))
        messages: list[dict[str, Any]] = collector.messages
        if not any(each.get("text") for each in messages):
            return _said(content, sender, register, "unavailable")
        return messages


def _said(content: Content, sender: str, register: Register, name: str) -> list[dict[str, Any]]:
    more = {"limit": str(LIMIT)} if name == "guard_long" else {}
    zone = "unavailable" if name == "unavailable" else "guard"
    answer = {"topic": name, "zone": zone, "source": None, "stand": None, "register": register}
    return [
        {"recipient_id": sender, "text": content.reply(name, register, **more)},
        {"recipient_id": sender, "custom": {"answer": answer}},
    ]
