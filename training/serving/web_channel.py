"""Puts a message to a running bot as the web process does: the answer comes with what NLU made of the message."""

from __future__ import annotations

import json
import urllib.request
from typing import Any, Protocol

from content import Register
from training.processes import HOST


class Listener(Protocol):
    """A bot that runs on this machine: the port of its Rasa, and the secret of its channel to the web process."""

    @property
    def rasa_port(self) -> int: ...

    @property
    def secret(self) -> str: ...


def ask(bot: Listener, conversation: str, text: str, register: Register = "standard", timeout: float = 60.0) -> dict[str, Any]:
    """{replies, handoff, verdict} of `channels.web`; `conversation`: a UUID. Raises urllib.error.URLError."""
    body = {"conversation": conversation, "message": text, "metadata": {"register": register}}
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {bot.secret}"}
    url = f"http://{HOST}:{bot.rasa_port}/webhooks/web/webhook"
    with urllib.request.urlopen(urllib.request.Request(url, json.dumps(body).encode(), headers), timeout=timeout) as response:
        answer: dict[str, Any] = json.load(response)
        return answer
