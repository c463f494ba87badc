from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from training.demo import Dialogue, chosen, is_made_with, write
from training.processes import HOST
from training.serving.service import Bot


class _Channel(BaseHTTPRequestHandler):
    """Answers as the web channel does, with what it was asked."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        verdict = {"model": "first.tar.gz", "intent": asked["metadata"]["register"]}
        answer = {"replies": [{"text": asked["message"].upper()}], "handoff": None, "verdict": verdict}
        body = json.dumps(answer).encode() if self.headers["Authorization"] == "Bearer geheim" else b"{}"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        pass


@contextmanager
def _bot() -> Iterator[Bot]:
    server = ThreadingHTTPServer((HOST, 0), _Channel)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield cast(Bot, SimpleNamespace(rasa_port=server.server_address[1], secret="geheim"))
    finally:
        server.shutdown()
        server.server_close()


def test_questions_are_the_same_each_time_and_none_comes_twice() -> None:
    dialogues = chosen()
    texts = [text for dialogue in dialogues for text in dialogue.texts]

    assert dialogues == chosen()
    assert len(set(texts)) == len(texts)
    assert 1400 <= len(texts) <= 1700


def test_questions_are_in_all_registers_and_many_languages_and_hold_those_without_an_answer() -> None:
    dialogues = chosen()

    assert {dialogue.register for dialogue in dialogues} == {"standard", "einfach", "en"}
    assert {"de", "en", "tr", "uk", "ar", "pl", "fr"} <= {dialogue.language for dialogue in dialogues}
    assert Dialogue("de", "standard", ("Wie beantrage ich Wohngeld?",)) in dialogues


def test_each_turn_is_written_with_what_the_bot_says(tmp_path: Path) -> None:
    path = tmp_path / "var" / "demo.jsonl"

    with _bot() as bot:
        write(bot, [Dialogue("de", "einfach", ("eins", "zwei"))], path)

    [line] = path.read_text("utf-8").splitlines()
    verdict = {"model": "first.tar.gz", "intent": "einfach"}
    turns = [
        {"text": text, "replies": [{"text": said}], "handoff": None, "verdict": verdict}
        for text, said in (("eins", "EINS"), ("zwei", "ZWEI"))
    ]
    assert json.loads(line) == {"language": "de", "register": "einfach", "turns": turns}
    assert [each.name for each in path.parent.iterdir()] == ["demo.jsonl"]


@pytest.mark.parametrize(("model", "made"), [("first.tar.gz", True), ("second.tar.gz", False)])
def test_answers_are_kept_until_there_is_another_model(tmp_path: Path, model: str, made: bool) -> None:
    path = tmp_path / "demo.jsonl"
    turns = [{"text": "", "verdict": None}, {"text": "eins", "verdict": {"model": "first.tar.gz"}}]
    path.write_text(json.dumps({"turns": turns}) + "\n", encoding="utf-8")

    assert is_made_with(path, model) == made
    assert not is_made_with(tmp_path / "missing.jsonl", model)
