"""The real Rasa server with the real action server and the live model, once for all dialogue tests.

`wohnlotse promote` lets another model be tested, which WOHNLOTSE_TESTED_MODEL names.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.wire import addressed, watched
from training.chat import ask
from training.live import live_model
from training.promotion import TESTED_MODEL
from training.service import Bot, running_bot


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


@pytest.fixture(scope="session")
def _live_bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    model = Path(os.environ[TESTED_MODEL]) if TESTED_MODEL in os.environ else live_model()
    assert model is not None, "no model is live: `make models/live` makes one"
    folder = tmp_path_factory.mktemp("bot")
    with ExitStack() as stack:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in watched(folder / "wire").items():
                patch.setenv(name, value)
            running = stack.enter_context(running_bot(model, folder))
        yield running
    assert addressed(folder / "wire") == [], "the bot spoke to somebody elsewhere"


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
