"""How a server is asked, with a server that answers as it is told."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from benchmarks.processes import CommandFailed
from benchmarks.servers import turn_times, write_endpoints


@contextmanager
def _server(asked: list[dict[str, Any]]) -> Iterator[int]:
    """Notes what it is asked; answers „still“ with nothing, „kaputt“ with an error, all else with one message."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append({"path": self.path, **body})
            answer = b"[]" if body["message"] == "still" else b'[{"text": "Ja."}]'
            self.send_response(500 if body["message"] == "kaputt" else 200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:
            """Keeps the test output clean."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def test_each_conversation_has_five_turns_and_a_sender_of_its_own(tmp_path: Path) -> None:
    asked: list[dict[str, Any]] = []
    questions = [f"Frage {number}" for number in range(12)]

    with _server(asked) as port:
        times, silent = turn_times(port, tmp_path / "log", questions)

    assert [each["message"] for each in asked] == questions
    assert {each["path"] for each in asked} == {"/webhooks/rest/webhook"}
    assert list(Counter(each["sender"] for each in asked).values()) == [5, 5, 2]
    assert len(times) == 12
    assert silent == 0


def test_turn_without_an_answer_is_counted(tmp_path: Path) -> None:
    with _server([]) as port:
        _, silent = turn_times(port, tmp_path / "log", ["Hallo", "still", "still"])

    assert silent == 2


def test_error_status_shows_the_end_of_the_servers_log(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("ParsingError: the reason", encoding="utf-8")

    with _server([]) as port, pytest.raises(CommandFailed, match=r"answered 500[\s\S]*ParsingError: the reason"):
        turn_times(port, log, ["kaputt"])


def test_endpoints_name_the_action_server_of_this_run_and_no_stores(tmp_path: Path) -> None:
    content = {
        "action_endpoint": {"url": "http://127.0.0.1:5055/webhook"},
        "tracker_store": {"type": "SQL"},
        "lock_store": {"type": "redis"},
        "nlg": {"url": "http://127.0.0.1:1/nlg"},
    }
    (tmp_path / "endpoints.yml").write_text(json.dumps(content), encoding="utf-8")

    written = json.loads(write_endpoints(tmp_path, 6001).read_text(encoding="utf-8"))

    assert written == {"action_endpoint": {"url": "http://127.0.0.1:6001/webhook"}, "nlg": content["nlg"]}


def test_endpoints_of_a_project_without_actions_stay_empty(tmp_path: Path) -> None:
    (tmp_path / "endpoints.yml").write_text("{}", encoding="utf-8")

    assert json.loads(write_endpoints(tmp_path, None).read_text(encoding="utf-8")) == {}
