"""Stands for Rasa's web channel and the action server in tests of the web process: the same addresses and JSON, and faults
on demand."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class StandIn(ThreadingHTTPServer):
    """`fault`: "" (well), "slow", "error", "nothing" (no reply), "nonsense" (no JSON) or "away" (closes the connection)."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.recover()
        self._asked: list[dict[str, Any]] = []
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def asked(self) -> list[dict[str, Any]]:
        """The bodies of all messages, and {"forget": id} for deletions, in the order in which they came."""
        with self._lock:
            return list(self._asked)

    def recover(self) -> None:
        """Is well again, and answers at once with one reply."""
        self.fault = ""
        self.delay = 0.0
        self.model: str | None = "a-model"
        self.replies = 1
        #: Said instead of its own answer.
        self.said: Any = None

    def note(self, asked: dict[str, Any]) -> None:
        with self._lock:
            self._asked.append(asked)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: StandIn

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.note(body)
        if self._is_faulty():
            return
        time.sleep(self.server.delay)
        if self.server.said is not None:
            self._answer(self.server.said)
            return
        replies = [reply(body, number) for number in range(1, self.server.replies + 1)]
        self._answer({"replies": replies if self.server.fault != "nothing" else [], "handoff": None, "verdict": VERDICT})

    def do_DELETE(self) -> None:
        if not self._is_faulty():
            self.server.note({"forget": self.path.rsplit("/", 1)[1]})
            self._answer({"deleted": True})

    def do_GET(self) -> None:
        if not self._is_faulty():
            self._answer({"model": self.server.model}, 200 if self.server.model else 503)

    def _is_faulty(self) -> bool:
        """Does what the fault says instead of an answer."""
        if self.server.fault == "away":
            self.close_connection = True
        elif self.server.fault == "error":
            self._answer({"error": "broken"}, 500)
        elif self.server.fault == "nonsense":
            self._answer("<html>", 200)
        elif self.server.fault == "slow":
            time.sleep(4)
            self._answer({})
        return self.server.fault not in ("", "nothing")

    def _answer(self, body: Any, status: int = 200) -> None:
        data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""


def reply(body: dict[str, Any], number: int) -> dict[str, Any]:
    """One reply to a message, as the channel writes it."""
    return {
        "text": f"Antwort {number} auf: {body['message']}",
        "buttons": [{"title": "Ziele", "payload": "Ziele"}],
        "topic": "alliance_goals",
        "zone": "answer",
        "source": {"title": "Die Seite", "url": "https://www.example.de/"},
        "stand": "2026-11-22",
        "register": body["metadata"]["register"],
        "intent": "alliance_goals",
    }


VERDICT = {
    "intent": "alliance_goals",
    "confidence": 0.9,
    "zone": "answer",
    "ranking": [{"name": "alliance_goals", "confidence": 0.9}],
    "topics": ["alliance_goals"],
    "model": "a-model",
    "vector": [0.1] * 512,
}
