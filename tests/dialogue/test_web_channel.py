"""The web channel with the real Rasa and the live model: well, disturbed, slow, and what it leaves behind."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import sys
import threading
import uuid
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from rasa.core.agent import Agent
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor

from channels.web import WebInput
from components.intent_classifier import FaqIntentClassifier
from components.sentence_encoder import SentenceEncoder
from content import read_content
from tests.channels.conftest import served
from training.processes import HOST, ROOT, Process, answers, free_port
from training.serving.live import live_model
from training.serving.service import Bot

CONTENT = read_content()
_SECRET = "Geheimnis-des-Kanals"
#: A word that stands in no question, answer or log of its own.
_MARKER = "Quastenflosserzucht"


class _Conversation:
    """A conversation of a test's own, over the web channel."""

    def __init__(self, client: httpx.Client) -> None:
        self.id = str(uuid.uuid4())
        self._client = client

    def say(self, message: str, register: str = "standard") -> dict[str, Any]:
        body = {"conversation": self.id, "message": message, "metadata": {"register": register}}
        response = self._client.post("/webhook", json=body)
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    def delete(self) -> Any:
        return self._client.delete(f"/conversations/{self.id}").json()


class _Actions(ThreadingHTTPServer):
    """Our actions as the action server runs them, with faults on demand. `calls`: the bodies that Rasa sent."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__((HOST, 0), _ActionCall)
        self.executor = ActionExecutor()
        self.executor.register_package("actions")
        self.calls: list[dict[str, Any]] = []
        self.recover()

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.server_address[1]}/webhook"

    def recover(self) -> None:
        """Is well again and lets go whoever waits."""
        self.fault = ""
        self.begun, self.may_go_on = threading.Event(), threading.Event()
        self.may_go_on.set()


class _ActionCall(BaseHTTPRequestHandler):
    server: _Actions

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        call = json.loads(zlib.decompress(raw) if self.headers.get("Content-Encoding") == "deflate" else raw)
        self.server.calls.append(call)
        self.server.begun.set()
        assert self.server.may_go_on.wait(30)
        if self.server.fault == "error":  # as rasa_sdk answers when an action raises
            self._answer(500, {"error": "oh", "request_body": call})
        elif self.server.fault == "nonsense":
            self._answer(200, {"events": [], "responses": json.dumps(call)})
        else:
            self._answer(200, asyncio.run(self.server.executor.run(call)))

    def _answer(self, status: int, body: Any) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, format: str, *args: Any) -> None:
        """Keeps quiet."""


class _Rasa:
    """A Rasa of its own, whose trackers lie in a file and whose action server can be disturbed."""

    def __init__(self, client: httpx.Client, actions: _Actions, trackers: Path, log: Path) -> None:
        self.client = client
        self.actions = actions
        self._trackers = trackers
        self._log = log

    @property
    def log(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")

    def sql(self, statement: str, *values: Any) -> list[Any]:
        """Runs it on the file of the trackers."""
        with closing(sqlite3.connect(self._trackers, timeout=10)) as database, database:
            return database.execute(statement, values).fetchall()

    def events(self, conversation: _Conversation) -> list[Any]:
        """All that is stored of the conversation."""
        return [json.loads(data) for (data,) in self.sql("SELECT data FROM events WHERE sender_id = ?", conversation.id)]


@contextmanager
def _running_actions() -> Iterator[_Actions]:
    with _Actions() as actions:
        thread = threading.Thread(target=actions.serve_forever, daemon=True)
        thread.start()
        yield actions
        actions.may_go_on.set()
        actions.shutdown()


@pytest.fixture(scope="module")
def _running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Rasa]:
    folder, port = tmp_path_factory.mktemp("web_channel"), free_port()
    trackers, log, endpoints = folder / "trackers.db", folder / "rasa.log", folder / "endpoints.yml"
    command = [sys.executable, "-m", "rasa", "run", "--interface", HOST, "--port", str(port), "--model", str(live_model())]
    command += ["--endpoints", str(endpoints), "--credentials", str(ROOT / "credentials.yml")]
    process = Process("Rasa", command, log, lambda: answers(port, "/webhooks/rest/"), {"WOHNLOTSE_BOT_SECRET": _SECRET})
    with _running_actions() as actions, _client(port, _SECRET) as client:
        endpoints.write_text(
            f"action_endpoint:\n  url: {actions.url}\ntracker_store:\n  type: SQL\n  dialect: sqlite\n  db: {trackers}\n",
            encoding="utf-8",
        )
        process.start()
        try:
            process.wait()
            yield _Rasa(client, actions, trackers, log)
        finally:
            process.stop()


@pytest.fixture
def rasa(_running: _Rasa) -> Iterator[_Rasa]:
    yield _running
    _running.actions.may_go_on.set()
    _running.actions.recover()


@pytest.fixture
def conversation(rasa: _Rasa) -> _Conversation:
    return _Conversation(rasa.client)


@pytest.fixture
def simple(bot: Bot) -> Iterator[_Conversation]:
    """With the bot as it is run for measurements: real action server, trackers in memory."""
    with _client(bot.rasa_port, bot.secret) as client:
        yield _Conversation(client)


def _client(port: int, secret: str) -> httpx.Client:
    headers = {"Authorization": f"Bearer {secret}"}
    return httpx.Client(base_url=f"http://{HOST}:{port}/webhooks/web", timeout=60, trust_env=False, headers=headers)


def _vectors(found: Any) -> list[list[float]]:
    """Every long list of numbers anywhere in `found`."""
    if isinstance(found, dict):
        return [vector for value in found.values() for vector in _vectors(value)]
    if not isinstance(found, list):
        return []
    if len(found) > 100 and all(isinstance(each, (int, float)) for each in found):
        return [found]
    return [vector for value in found for vector in _vectors(value)]


# answers


def test_question_is_answered_with_source_date_and_verdict(simple: _Conversation) -> None:
    answer = simple.say("Wer leitet die Allianz für Wohnen in Hessen?")
    topic = CONTENT.topics["alliance_lead"]
    source = CONTENT.sources[topic.source]

    assert answer["replies"] == [
        {
            "text": CONTENT.answer("alliance_lead", "standard"),
            "buttons": [{"title": CONTENT.topics[each].title, "payload": CONTENT.topics[each].title} for each in topic.related],
            "topic": "alliance_lead",
            "zone": "answer",
            "source": {"title": source.title, "url": source.url},
            "stand": source.date.isoformat(),
            "register": "standard",
            "intent": "alliance_lead",
        }
    ]
    assert answer["handoff"] is None
    verdict = answer["verdict"]
    model = live_model()
    assert model is not None
    assert (verdict["intent"], verdict["zone"], verdict["topics"]) == ("alliance_lead", "answer", ["alliance_lead"])
    assert verdict["ranking"][0] == {"name": "alliance_lead", "confidence": verdict["confidence"]}
    assert verdict["model"] == model.name
    assert len(verdict["vector"]) == 512
    assert sum(each * each for each in verdict["vector"]) == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("register", ["standard", "einfach", "en"])
def test_register_reaches_the_answer(simple: _Conversation, register: Any) -> None:
    [reply] = simple.say("Wann wurde die Allianz gegründet?", register)["replies"]

    assert (reply["text"], reply["register"]) == (CONTENT.answer("alliance_founding_year", register), register)


def test_two_questions_have_a_reply_each_with_what_it_is_about(simple: _Conversation) -> None:
    answer = simple.say("Wer leitet die Allianz? Wie lautet die Anschrift der Servicestelle?")

    assert [(reply["topic"], reply["text"]) for reply in answer["replies"]] == [
        (topic, CONTENT.answer(topic, "standard")) for topic in ("alliance_lead", "service_address")
    ]
    assert answer["verdict"]["topics"] == ["alliance_lead", "service_address"]


def test_follow_up_is_answered_from_memory_and_its_topic_is_the_one_that_was_answered(simple: _Conversation) -> None:
    simple.say("Was ist die Allianz für Wohnen in Hessen?")
    answer = simple.say("Und seit wann?")

    assert answer["replies"][0]["text"] == CONTENT.answer("alliance_founding_year", "standard")
    assert (answer["verdict"]["intent"], answer["verdict"]["topics"]) == ("followup_when", ["alliance_founding_year"])


@pytest.mark.parametrize(
    ("message", "register"), [("Ich möchte mit einem Menschen sprechen", "standard"), ("I want to talk to a human being", "en")]
)
def test_hand_off_tells_its_reason_topic_and_language(simple: _Conversation, message: str, register: Any) -> None:
    simple.say("Wer macht bei der Allianz mit?")
    answer = simple.say(message)

    assert answer["handoff"] == {"reason": "wish", "topic": "participants_list"}
    assert [(reply["text"], reply["topic"], reply["zone"], reply["register"]) for reply in answer["replies"]] == [
        (CONTENT.reply("handoff", register), "handoff", "answer", register)
    ]


def test_question_beside_a_hand_off_keeps_its_source(simple: _Conversation) -> None:
    answer = simple.say("Wer leitet die Allianz? Kann ich bitte mit einem Menschen sprechen?")

    assert [(reply["topic"], bool(reply["source"])) for reply in answer["replies"]] == [
        ("alliance_lead", True),
        ("handoff", False),
    ]
    assert answer["handoff"] == {"reason": "wish", "topic": "alliance_lead"}
    assert answer["verdict"]["topics"] == ["alliance_lead"]


def test_what_is_no_question_leaves_the_conversation_as_it_was(simple: _Conversation) -> None:
    simple.say("Was ist die Allianz für Wohnen in Hessen?")
    for message in ("/restart", "", "🙂"):
        assert simple.say(message)["verdict"] is None

    assert simple.say("Und seit wann?")["replies"][0]["topic"] == "alliance_founding_year"


def test_conversation_in_memory_is_forgotten(simple: _Conversation) -> None:
    simple.say("Was ist die Allianz für Wohnen in Hessen?")

    assert simple.delete() == {"deleted": True}
    assert simple.delete() == {"deleted": False}
    assert simple.say("Und seit wann?")["replies"][0]["topic"] == "followup_nothing"


def test_health_names_the_live_model(bot: Bot) -> None:
    model = live_model()
    assert model is not None
    with _client(bot.rasa_port, bot.secret) as client:
        assert client.get("/health").json() == {"model": model.name, "content": "ok"}
    with _client(bot.rasa_port, "falsch") as client:
        assert client.get("/health").status_code == 401


def test_model_looks_at_each_message_once(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, list[str]] = {}
    for component in (SentenceEncoder, FaqIntentClassifier):
        _note(monkeypatch, component, seen)
    with _running_actions() as actions:
        agent = Agent.load(str(live_model()), action_endpoint=EndpointConfig(actions.url))
        with (
            served(WebInput(_SECRET), agent) as address,
            httpx.Client(
                base_url=address, timeout=60, trust_env=False, headers={"Authorization": f"Bearer {_SECRET}"}
            ) as client,
        ):
            conversation = _Conversation(client)
            for message in ("Wer leitet die Allianz?", "Und seit wann?"):
                assert conversation.say(message)["verdict"]["vector"]

    assert seen == {name: ["Wer leitet die Allianz?", "Und seit wann?"] for name in ("SentenceEncoder", "FaqIntentClassifier")}


def _note(monkeypatch: pytest.MonkeyPatch, component: Any, seen: dict[str, list[str]]) -> None:
    process = component.process

    def noting(self: Any, messages: list[Any]) -> Any:
        seen.setdefault(component.__name__, []).extend(message.get("text") for message in messages)
        return process(self, messages)

    monkeypatch.setattr(component, "process", noting)


# what it leaves behind


def test_vector_is_neither_stored_nor_sent_to_the_action_server(rasa: _Rasa, conversation: _Conversation) -> None:
    for message in ("Wer leitet die Allianz?", "Und seit wann?"):
        assert len(_vectors(conversation.say(message))) == 1

    assert _vectors(rasa.actions.calls) == []
    events = rasa.events(conversation)
    assert [event["text"] for event in events if event["event"] == "user"] == ["Wer leitet die Allianz?", "Und seit wann?"]
    assert _vectors(events) == []


def test_deleting_leaves_no_row_of_the_conversation_and_all_of_the_others(rasa: _Rasa, conversation: _Conversation) -> None:
    other = _Conversation(rasa.client)
    for each in (conversation, other):
        each.say("Was ist die Allianz für Wohnen in Hessen?")
    before = rasa.events(other)

    assert conversation.delete() == {"deleted": True}
    assert rasa.events(conversation) == []
    assert rasa.events(other) == before != []
    assert conversation.delete() == {"deleted": False}


def test_message_that_is_being_answered_is_waited_for_and_then_deleted(rasa: _Rasa, conversation: _Conversation) -> None:
    conversation.say("Was ist die Allianz für Wohnen in Hessen?")
    rasa.actions.begun.clear()
    rasa.actions.may_go_on.clear()
    with ThreadPoolExecutor() as pool:
        asked = pool.submit(conversation.say, "Und seit wann?")
        assert rasa.actions.begun.wait(20)
        deleted = pool.submit(conversation.delete)
        # Rasa is not held up meanwhile, and others are not made to wait
        assert _Conversation(rasa.client).delete() == {"deleted": False}
        assert not deleted.done()
        rasa.actions.may_go_on.set()

        assert asked.result(20)["replies"][0]["topic"] == "alliance_founding_year"
        assert deleted.result(20) == {"deleted": True}
    assert rasa.events(conversation) == []


def test_session_that_expired_is_answered_and_all_sessions_are_deleted(rasa: _Rasa, conversation: _Conversation) -> None:
    conversation.say("Was ist die Allianz für Wohnen in Hessen?")
    for number, data in rasa.sql("SELECT id, data FROM events WHERE sender_id = ?", conversation.id):
        event = {**json.loads(data), "timestamp": json.loads(data)["timestamp"] - 2 * 3600}
        rasa.sql("UPDATE events SET timestamp = ?, data = ? WHERE id = ?", event["timestamp"], json.dumps(event), number)

    assert conversation.say("Und seit wann?")["replies"][0]["topic"] == "followup_nothing"
    assert conversation.say("Wer leitet die Allianz?")["replies"][0]["topic"] == "alliance_lead"
    assert [event["event"] for event in rasa.events(conversation)].count("session_started") == 2
    assert conversation.delete() == {"deleted": True}
    assert rasa.events(conversation) == []


# disturbed


def test_turn_ends_with_the_connection_of_who_asked_and_leaves_nothing(rasa: _Rasa, conversation: _Conversation) -> None:
    rasa.actions.may_go_on.clear()
    body = {"conversation": conversation.id, "message": "Was ist die Allianz?", "metadata": {"register": "standard"}}
    with pytest.raises(httpx.ReadTimeout):
        rasa.client.post("/webhook", json=body, timeout=1)
    rasa.actions.may_go_on.set()

    assert conversation.say("Wer leitet die Allianz?")["replies"][0]["topic"] == "alliance_lead"
    assert [event["text"] for event in rasa.events(conversation) if event["event"] == "user"] == ["Wer leitet die Allianz?"]


@pytest.mark.parametrize("fault", ["error", "nonsense"])
def test_action_server_that_fails_gives_the_postal_address_and_nothing_of_it_is_logged(
    rasa: _Rasa, conversation: _Conversation, fault: str
) -> None:
    rasa.actions.fault = fault
    disturbed = conversation.say(f"Wer leitet die {_MARKER}?")
    rasa.actions.recover()
    well = conversation.say(f"Wer leitet die Allianz für Wohnen in Hessen? {_MARKER}")

    assert disturbed["replies"][0]["text"] == CONTENT.reply("unavailable", "standard")
    assert disturbed["verdict"]["intent"]
    assert well["replies"][0]["zone"] != "unavailable"
    assert "Encountered an exception while running action 'action_answer'" in rasa.log
    assert {"error": "ClientResponseError", "nonsense": "ValidationError"}[fault] in rasa.log
    assert _MARKER not in rasa.log


def test_database_that_takes_nothing_costs_no_answer_and_the_rest_in_memory_is_deleted(
    rasa: _Rasa, conversation: _Conversation
) -> None:
    rasa.sql("CREATE TRIGGER full BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'disk full'); END")
    try:
        answer = conversation.say(f"Wer leitet die Allianz für Wohnen in Hessen? {_MARKER}")
    finally:
        rasa.sql("DROP TRIGGER full")

    assert answer["replies"][0]["zone"] not in ("unavailable", "guard")
    assert rasa.events(conversation) == []
    assert "disk full" in rasa.log
    assert _MARKER not in rasa.log
    assert conversation.delete() == {"deleted": True}
    assert conversation.delete() == {"deleted": False}
