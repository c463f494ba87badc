"""Talks with the real Rasa server, the real action server and the live model."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from training.chat import ask
from training.serving.service import Bot


@dataclass(frozen=True)
class Said:
    """What the bot said to one message."""

    text: str
    buttons: list[dict[str, str]]
    custom: dict[str, Any]

    @property
    def topic(self) -> str:
        return str(self.custom.get("answer", {}).get("topic"))

    @property
    def zone(self) -> str:
        return str(self.custom.get("answer", {}).get("zone"))


Say = Callable[..., Said]


@pytest.fixture(scope="session")
def bot(_live_bot: Bot) -> Bot:
    return _live_bot


@pytest.fixture
def say(bot: Bot) -> Say:
    """Says something in a conversation of this test's own, and returns what the bot says."""
    sender = uuid.uuid4().hex

    def say(message: Any, register: str = "standard") -> Said:
        replies = ask(bot.url, sender, message, register)
        assert all("\n\n" not in reply.get("text", "") for reply in replies)
        customs = [reply["custom"] for reply in replies if reply.get("custom")]
        assert len(customs) == 1, replies
        assert replies[-1].get("custom") == customs[0]
        return Said(
            "\n".join(reply["text"] for reply in replies if reply.get("text")),
            [button for reply in replies for button in reply.get("buttons") or []],
            customs[0],
        )

    return say
