"""The console of another machine. The commands of this one's are tested in tests/web/review/test_commands.py."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from training.serving.console import ConsoleError, suggestions_from

_TOKEN = "ein Schlüssel für Tests".encode().hex()
_LINES = '{"text": "Wo ist das Büro?"}\n'


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status = 404 if self.path != "/api/v1/suggestions" else 200
        if status == 200 and self.headers["Authorization"] != f"Bearer {_TOKEN}":
            status = 401
        self.send_response(status)
        self.end_headers()
        if status == 200:
            self.wfile.write(_LINES.encode())

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), _Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_suggestions_are_fetched_with_the_token(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WOHNLOTSE_IMPORT_TOKEN", _TOKEN)

    assert suggestions_from(address + "/") == _LINES


def test_wrong_token_is_told(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WOHNLOTSE_IMPORT_TOKEN", raising=False)

    with pytest.raises(ConsoleError, match=r"hands out nothing: WOHNLOTSE_IMPORT_TOKEN is missing or wrong\."):
        suggestions_from(address)


def test_console_without_a_token_is_told(address: str) -> None:
    with pytest.raises(ConsoleError, match="its API is closed"):
        suggestions_from(f"{address}/elsewhere")


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "nonsense", "ftp://127.0.0.1:1"])
def test_address_that_does_not_answer_is_told(url: str) -> None:
    with pytest.raises(ConsoleError, match="does not answer"):
        suggestions_from(url)
