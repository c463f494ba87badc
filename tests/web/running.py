"""A web process of a test's own, on a database of its own, with a stand-in for Rasa and the action server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psycopg

from tests.web.stand_in import StandIn
from training.processes import ROOT, Process, answers, free_port
from training.serving.database import Database

API = "/api/v1"

#: Limits are wide, so that tests do not hold each other up.
_VARIABLES = {
    "DJANGO_SETTINGS_MODULE": "web.settings",
    "WOHNLOTSE_SECRET_KEY": "a key for tests only, long enough to keep Django from warning about it",
    "WOHNLOTSE_BOT_SECRET": "a secret for tests only",
    "WOHNLOTSE_CONTACT_KEY": "a key for tests only that encrypts what citizens leave",
    "WOHNLOTSE_SITES": "https://www.example.de",
    "WOHNLOTSE_PATIENCE": "2",
    "WOHNLOTSE_MESSAGES_PER_MINUTE": "1000",
    "WOHNLOTSE_ADDRESS_PER_MINUTE": "100000",
    "WOHNLOTSE_INQUIRIES_PER_MINUTE": "100000",
}


@dataclass(frozen=True)
class Event:
    """One server-sent event; `id` as it stood there, or ""."""

    id: str
    event: str
    data: dict[str, Any]


@dataclass(frozen=True)
class Web:
    """A running web process: `client` talks to it, `bot` stands for Rasa and the action server."""

    client: httpx.Client
    bot: StandIn
    process: Process
    url: str
    variables: Mapping[str, str]

    def open(self) -> dict[str, str]:
        """The headers of a new conversation."""
        opened = self.client.post(f"{API}/conversations").json()
        return {"Authorization": f"Bearer {opened['key']}"}

    def post(self, key: dict[str, str], text: str = "Was ist die Allianz?", **fields: Any) -> httpx.Response:
        """Posts a message with an id of its own, unless `fields` names one."""
        return self.client.post(f"{API}/messages", json={"id": str(uuid.uuid4()), "text": text, **fields}, headers=key)

    def messages(self, key: dict[str, str], after: int = 0) -> list[dict[str, Any]]:
        """The messages after a number, asked for once."""
        response = self.client.get(f"{API}/events", params={"after": after}, headers=key)
        assert response.status_code == 200, response.text
        messages: list[dict[str, Any]] = response.json()["messages"]
        return messages

    @contextmanager
    def stream(
        self, key: dict[str, str], after: int = 0, last: int | None = None, handoffs: bool = False
    ) -> Iterator[Iterator[Event]]:
        """The events as they come, while the block runs; those of the hand-off only with `handoffs`. They end where the
        stream does. `last`: as Last-Event-ID."""
        asked = {**key, "Accept": "text/event-stream", **({} if last is None else {"Last-Event-ID": str(last)})}
        with self.client.stream("GET", f"{API}/events", params={"after": after}, headers=asked) as response:
            assert response.headers["Content-Type"] == "text/event-stream"
            yield (event for event in _events(response.iter_lines()) if handoffs or event.event != "handoff")

    def answer(self, key: dict[str, str], text: str = "Was ist die Allianz?", **fields: Any) -> dict[str, Any]:
        """Posts a message and waits for the end of the reply to it, which is returned."""
        response = self.post(key, text, **fields)
        assert response.status_code == 202, response.text
        seq = response.json()["seq"]
        until = time.monotonic() + 30
        while time.monotonic() < until:
            for message in self.messages(key, after=seq):
                if message["reply_to"] == seq and message["last"]:
                    return message
            time.sleep(0.02)
        raise AssertionError("no answer within 30 seconds")

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """What a statement finds in the database of the process."""
        with psycopg.connect(self.variables["WOHNLOTSE_DATABASE_URL"]) as connection:
            return connection.execute(statement.encode(), values).fetchall()

    def turn(self, on: bool, comment: str) -> None:
        """Turns the kill switch."""
        self.rows(
            'insert into chat_switch ("on", comment, by, at) values (%s, %s, %s, now()) returning id', on, comment, "Test"
        )

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`python -m web <arguments>` with the settings of the process."""
        return subprocess.run(
            [sys.executable, "-m", "web", *arguments],
            cwd=ROOT,
            env={**os.environ, **self.variables},
            capture_output=True,
            text=True,
            check=False,
        )


@dataclass(frozen=True)
class Fragile:
    """A web process of which each part can be broken alone: `content` is the folder that it reads."""

    web: Web
    database: Database
    rasa: StandIn
    actions: StandIn
    content: Path


@contextmanager
def running_web(
    folder: Path, database: str, bot: StandIn, variables: Mapping[str, str] | None = None, cwd: Path = ROOT
) -> Iterator[Web]:
    """uvicorn with the web process on the empty database `database`, while the block runs."""
    port = free_port()
    settings = {
        **_VARIABLES,
        "WOHNLOTSE_DATABASE_URL": database,
        "WOHNLOTSE_RASA_URL": bot.url,
        "WOHNLOTSE_ACTIONS_URL": bot.url,
        **(variables or {}),
    }
    migrate = [sys.executable, "-m", "web", "migrate", "--no-input"]
    migration = Process("migrate", migrate, folder / "migrate.log", variables=settings, cwd=cwd)
    migration.start()
    migration.finish()
    command = [sys.executable, "-m", "uvicorn", "web.asgi:application", "--port", str(port), "--ws", "none", "--lifespan", "on"]
    command += ["--no-access-log", "--no-server-header", "--no-proxy-headers", "--timeout-graceful-shutdown", "1"]
    ready = lambda: answers(port, "/health", only_ok=False)  # noqa: E731
    process = Process("web", command, folder / "web.log", ready, settings, cwd)
    process.start()
    try:
        process.wait()
        url = f"http://127.0.0.1:{port}"
        with httpx.Client(base_url=url, timeout=10, trust_env=False) as client:
            yield Web(client, bot, process, url, settings)
    finally:
        process.stop()


@contextmanager
def standing_in() -> Iterator[StandIn]:
    """A stand-in that answers while the block runs."""
    bot = StandIn()
    threading.Thread(target=bot.serve_forever, daemon=True).start()
    try:
        yield bot
    finally:
        bot.shutdown()
        bot.server_close()


def _events(lines: Iterator[str]) -> Iterator[Event]:
    fields: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(": ")
        if not line and "event" in fields:
            yield Event(fields.get("id", ""), fields["event"], json.loads(fields["data"]))
        fields = {**fields, name: value} if line else {}
