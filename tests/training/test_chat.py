"""`make chat`: the bot in the terminal."""

from __future__ import annotations

import io
import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from training.chat import main
from training.processes import free_port

_ANSWER = [
    {"text": "Das Ministerium.", "buttons": [{"title": "Wer noch?", "payload": "Wer noch?"}]},
    {"custom": {"answer": {"source": {"title": "Die Seite", "url": "https://example.org"}, "stand": "2026-11-22"}}},
]


@pytest.fixture
def bot() -> Iterator[tuple[int, list[Any]]]:
    """The port of a bot that always says the same, and what it was asked."""
    asked: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(_ANSWER).encode())

        def log_message(self, format: str, *args: object) -> None:
            """Keeps the test output clean."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port, asked
        server.shutdown()


def _chat(monkeypatch: pytest.MonkeyPatch, port: str, typed: str, *options: str) -> int:
    monkeypatch.setenv("WOHNLOTSE_RASA_PORT", port)
    monkeypatch.setattr(sys, "argv", ["chat", *options])
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    return main()


def test_answer_is_shown_with_buttons_and_source(
    bot: tuple[int, list[Any]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    port, asked = bot

    assert _chat(monkeypatch, str(port), "Wer leitet das?\nUnd nun?\n", "--register", "einfach") == 0

    assert capsys.readouterr().out.count("Das Ministerium.\n  [Wer noch?]\n  (Die Seite, Stand 2026-11-22)\n") == 2
    assert [(each["message"], each["metadata"]["register"]) for each in asked] == [
        ("Wer leitet das?", "einfach"),
        ("Und nun?", "einfach"),
    ]
    assert len({each["sender"] for each in asked}) == 1


def test_bot_that_is_away_is_told_and_the_next_try_goes_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _chat(monkeypatch, str(free_port()), "Hallo\nHallo?\n") == 0
    assert capsys.readouterr().err.splitlines() == ["Der Bot ist nicht erreichbar. Läuft `make run`?"] * 2


def test_port_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert _chat(monkeypatch, "achtzig", "Hallo\n") == 1
    assert "WOHNLOTSE_RASA_PORT is „achtzig“" in capsys.readouterr().err
