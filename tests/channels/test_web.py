"""The web channel with Rasa's own agent, locks and stores behind it; only the model is a stand-in."""

from __future__ import annotations

import asyncio
import json
import shutil
import threading
import uuid
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from channels import exchange
from channels.guard import LIMIT
from channels.web import BODY_LIMIT, SECRET, WebInput
from components.encoder import encode
from content import ContentReader, read_content
from content.reader import FOLDER
from tests.channels.conftest import served

_CONTENT = read_content()
_SECRET = "ein-langes-Geheimnis"
_ANNA, _BEN = (str(uuid.UUID(int=number, version=4)) for number in (1, 2))
_ABOUT = {
    "topic": "alliance_lead",
    "zone": "answer",
    "source": {"title": "Seite", "url": "https://example.org"},
    "stand": "2026-01-31",
    "register": "en",
    "intent": "alliance_lead",
}
_GREETED = {"topic": "greet", "zone": "answer", "source": None, "stand": None, "register": "en", "intent": "greet"}
_HANDED = {"topic": "handoff", "zone": "answer", "source": None, "stand": None, "register": "einfach", "intent": "handoff"}
_RANKING = [{"name": "alliance_lead", "confidence": 0.91}, {"name": "alliance_founder", "confidence": 0.04}]

#: What the bot does with a message.
Behaviour = Callable[[UserMessage], Awaitable[None]]


class _Processor:
    """Takes the model's place: keeps what it was handed, does what a test tells it to, and saves a tracker."""

    def __init__(self) -> None:
        self.model_path = Path("models/20260131-120000.tar.gz")
        self.agent: Agent
        self.parsed: list[str] = []
        self.received: list[UserMessage] = []
        self.parse: dict[str, Any] = {
            "intent": _RANKING[0],
            "entities": [],
            "intent_ranking": _RANKING,
            "questions": [{"zone": "clarify", "ranking": _RANKING}, {"zone": "answer", "ranking": _RANKING}],
        }
        self.behaviour: Behaviour = _answers

    async def parse_message(self, message: UserMessage) -> dict[str, Any]:
        self.parsed.append(message.text)
        return {"text": message.text, **self.parse}

    async def handle_message(self, message: UserMessage) -> None:
        self.received.append(message)
        await self.behaviour(message)
        tracker = DialogueStateTracker.from_events(message.sender_id, [UserUttered(message.text)])
        await self.agent.tracker_store.save(tracker)


def _sends(*texts: str, custom: dict[str, Any] | None = None, buttons: list[dict[str, str]] | None = None) -> Behaviour:
    async def behaviour(message: UserMessage) -> None:
        for text in texts:
            await message.output_channel.send_response(message.sender_id, {"text": text, "buttons": buttons})
        await message.output_channel.send_response(message.sender_id, {"custom": custom})

    return behaviour


_answers = _sends("Das Ministerium.", custom={"answer": _ABOUT}, buttons=[{"title": "Who?", "payload": "Wer?"}])


async def _raises(message: UserMessage) -> None:
    raise RuntimeError(f"cannot handle {message.text}")


async def _hangs(message: UserMessage) -> None:
    await asyncio.sleep(3600)


def _agent(store: TrackerStore | None = None) -> Agent:
    agent = Agent(domain=Domain.empty(), tracker_store=store)
    agent.processor = _Processor()
    agent.processor.agent = agent
    return agent


@pytest.fixture(scope="module")
def _served() -> Iterator[tuple[Agent, str]]:
    """An agent and the address of the channel in front of it."""
    agent = _agent()
    with served(WebInput(_SECRET), agent) as address:
        yield agent, address


@pytest.fixture
def agent(_served: tuple[Agent, str]) -> Agent:
    """Rasa's agent with a model that answers; it has heard nothing yet."""
    fresh = _agent()
    _served[0].processor, _served[0].tracker_store = fresh.processor, fresh.tracker_store
    _served[0].processor.agent = _served[0]
    return _served[0]


@pytest.fixture
def bot(agent: Agent) -> _Processor:
    """What stands in for the model."""
    processor: _Processor = agent.processor
    return processor


def _client(address: str, secret: str = _SECRET) -> httpx.Client:
    return httpx.Client(base_url=address, timeout=30, trust_env=False, headers={"Authorization": f"Bearer {secret}"})


@pytest.fixture
def client(_served: tuple[Agent, str], agent: Agent) -> Iterator[httpx.Client]:
    with _client(_served[1]) as client:
        yield client


def _body(message: Any = "Wer leitet das?", register: Any = "standard", conversation: Any = _ANNA) -> dict[str, Any]:
    return {"conversation": conversation, "message": message, "metadata": {"register": register}}


def _ask(client: httpx.Client, *args: Any, **kwargs: Any) -> Any:
    response = client.post("/webhook", json=_body(*args, **kwargs))
    assert response.status_code == 200, response.text
    return response.json()


def _delete(client: httpx.Client, conversation: str = _ANNA) -> tuple[int, Any]:
    response = client.delete(f"/conversations/{conversation}")
    return response.status_code, response.json()


def _said(name: str, register: Any = "standard", **more: str) -> dict[str, Any]:
    return {
        "text": _CONTENT.reply(name, register, **more),
        "buttons": [],
        "topic": name,
        "zone": "unavailable" if name == "unavailable" else "guard",
        "source": None,
        "stand": None,
        "register": register,
        "intent": "",
    }


# a question


def test_question_gets_its_replies_and_the_verdict(client: httpx.Client) -> None:
    answer = _ask(client, " Wer leitet das? ")
    vector = answer["verdict"].pop("vector")

    assert answer == {
        "replies": [{"text": "Das Ministerium.", "buttons": [{"title": "Who?", "payload": "Wer?"}], **_ABOUT}],
        "handoff": None,
        "verdict": {
            "intent": "alliance_lead",
            "confidence": 0.91,
            "zone": "clarify",
            "ranking": _RANKING,
            "topics": ["alliance_lead"],
            "model": "20260131-120000.tar.gz",
        },
    }
    assert vector == pytest.approx(encode(["Wer leitet das?"])[0].tolist(), abs=1e-6)


def test_message_is_understood_once_and_rasa_is_handed_what_was_understood(client: httpx.Client, bot: _Processor) -> None:
    _ask(client, "Wer leitet das?")

    assert bot.parsed == ["Wer leitet das?"]
    assert [message.parse_data for message in bot.received] == [{"text": "Wer leitet das?", **bot.parse}]


@pytest.mark.parametrize("register", ["standard", "einfach", "en"])
def test_only_the_register_is_passed_on_beside_the_text(client: httpx.Client, bot: _Processor, register: str) -> None:
    body = _body(register=register)
    client.post("/webhook", json={**body, "input_channel": "cmdline", "metadata": {**body["metadata"], "page": "/start"}})

    [message] = bot.received
    assert (message.sender_id, message.input_channel, message.metadata) == (_ANNA, "web", {"register": register})


def test_two_spellings_of_a_uuid_are_one_conversation(client: httpx.Client, bot: _Processor) -> None:
    conversation = "abcdef01-2345-4789-abcd-ef0123456789"
    _ask(client, conversation=conversation.upper())

    assert [message.sender_id for message in bot.received] == [conversation]
    assert _delete(client, conversation.upper()) == (200, {"deleted": True})


# texts and what they are about


def test_each_text_is_paired_with_what_it_is_about(client: httpx.Client, bot: _Processor) -> None:
    bot.behaviour = _sends("Das Ministerium.", "Guten Tag!", custom={"answer": _ABOUT, "more": [_GREETED]})
    answer = _ask(client)

    assert answer["replies"] == [
        {"text": "Das Ministerium.", "buttons": [], **_ABOUT},
        {"text": "Guten Tag!", "buttons": [], **_GREETED},
    ]
    assert answer["verdict"]["topics"] == ["alliance_lead"]


def test_hand_off_alone(client: httpx.Client, bot: _Processor) -> None:
    handoff = {"reason": "wish", "topic": None}
    bot.behaviour = _sends("Ein Mensch hilft.", custom={"handoff": handoff, "more": [_HANDED]})
    answer = _ask(client)

    assert answer["replies"] == [{"text": "Ein Mensch hilft.", "buttons": [], **_HANDED}]
    assert answer["handoff"] == handoff
    assert answer["verdict"]["topics"] == []


def test_hand_off_beside_a_question(client: httpx.Client, bot: _Processor) -> None:
    handoff = {"reason": "wish", "topic": "alliance_lead"}
    bot.behaviour = _sends("Das Ministerium.", "Ein Mensch hilft.", custom={"handoff": handoff, "more": [_ABOUT, _HANDED]})
    answer = _ask(client)

    assert [(reply["text"], reply["topic"], reply["register"]) for reply in answer["replies"]] == [
        ("Das Ministerium.", "alliance_lead", "en"),
        ("Ein Mensch hilft.", "handoff", "einfach"),
    ]
    assert answer["handoff"] == handoff
    assert answer["verdict"]["topics"] == ["alliance_lead"]


def test_topic_that_was_only_offered_or_declined_was_not_answered(client: httpx.Client, bot: _Processor) -> None:
    clarify = {**_ABOUT, "topic": "clarify", "zone": "clarify"}
    decline = {**_ABOUT, "topic": "oos_money", "zone": "decline"}
    bot.behaviour = _sends("Meinten Sie?", "Weiß ich nicht.", "Da.", custom={"answer": clarify, "more": [decline, _ABOUT]})

    assert _ask(client)["verdict"]["topics"] == ["alliance_lead"]


def test_text_of_which_nothing_is_known_has_no_topic(client: httpx.Client, bot: _Processor) -> None:
    bot.behaviour = _sends("Hallo", "Welt", custom={"answer": _ABOUT})

    assert _ask(client, register="einfach")["replies"] == [
        {"text": "Hallo", "buttons": [], **_ABOUT},
        {
            **{"text": "Welt", "buttons": [], "topic": "", "zone": "answer", "source": None, "stand": None},
            **{"register": "einfach", "intent": ""},
        },
    ]


def test_pipeline_without_our_classifier_has_no_verdict(client: httpx.Client, bot: _Processor) -> None:
    del bot.parse["questions"]

    assert _ask(client)["verdict"] is None


# no question, and a bot that fails


@pytest.mark.parametrize(
    ("message", "name"),
    [("", "guard_empty"), ("\u200b\ufeff", "guard_empty"), ("🙂", "guard_symbols"), (" /restart", "guard_command")],
)
@pytest.mark.parametrize("register", ["standard", "einfach", "en"])
def test_what_is_no_question_gets_a_sentence_and_no_verdict(
    client: httpx.Client, bot: _Processor, message: str, name: str, register: str
) -> None:
    assert _ask(client, message, register) == {"replies": [_said(name, register)], "handoff": None, "verdict": None}
    assert (bot.parsed, bot.received) == ([], [])


def test_long_message_is_told_the_limit(client: httpx.Client, bot: _Processor) -> None:
    assert _ask(client, "a" * (LIMIT + 1))["replies"] == [_said("guard_long", limit=str(LIMIT))]
    assert bot.parsed == []


@pytest.mark.parametrize("behaviour", [_sends(), _sends(custom={"answer": _ABOUT}), _raises])
@pytest.mark.parametrize("register", ["standard", "einfach", "en"])
def test_bot_without_an_answer_gives_the_postal_address_and_what_was_understood(
    client: httpx.Client, bot: _Processor, behaviour: Behaviour, register: str
) -> None:
    bot.behaviour = behaviour
    answer = _ask(client, register=register)

    assert answer["replies"] == [_said("unavailable", register)]
    assert _CONTENT.contacts.address in answer["replies"][0]["text"]
    assert answer["verdict"]["intent"] == "alliance_lead"
    assert answer["verdict"]["topics"] == []


def test_bot_that_hangs_gives_the_postal_address(
    client: httpx.Client, bot: _Processor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange, "PATIENCE", 0.05)
    bot.behaviour = _hangs

    assert _ask(client)["replies"] == [_said("unavailable")]
    bot.behaviour = _answers
    assert _ask(client)["replies"][0]["text"] == "Das Ministerium."


def test_model_that_fails_gives_the_postal_address_and_no_verdict(client: httpx.Client, bot: _Processor) -> None:
    async def fails(message: UserMessage) -> dict[str, Any]:
        raise RuntimeError(message.text)

    bot.parse_message = fails  # type: ignore[method-assign]

    assert _ask(client) == {"replies": [_said("unavailable")], "handoff": None, "verdict": None}
    assert bot.received == []


def test_text_of_the_citizen_is_not_logged(client: httpx.Client, bot: _Processor, caplog: pytest.LogCaptureFixture) -> None:
    bot.behaviour = _raises
    _ask(client, "mein Geheimnis")

    assert "RuntimeError" in caplog.text
    assert "Geheimnis" not in caplog.text


# a request that is wrong


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe\x00",
        b"[" * 50_000,
        b"[]",
        b"null",
        b'"Hallo"',
        *(
            json.dumps(body).encode()
            for body in [
                {},
                [_body()],
                *({key: value for key, value in _body().items() if key != missing} for missing in _body()),
                *(_body(message) for message in (None, 7, True, ["Hallo"], {"text": "Hallo"})),
                *(_body(register=register) for register in (None, "", "latin", ["en"], {"en": 1}, 1)),
                *(
                    _body(conversation=it)
                    for it in (None, 7, "", "anna", [_ANNA], _ANNA[:-1], f"{{{_ANNA}}}", f"urn:uuid:{_ANNA}")
                ),
                *(
                    _body(conversation=it)
                    for it in (_ANNA.replace("-", ""), f" {_ANNA}", _ANNA.replace("0", "０"), "\ud83d", "\x00")
                ),
                *({**_body(), "metadata": metadata} for metadata in (None, "einfach", ["register"], {"page": "/"})),
            ]
        ),
    ],
)
def test_wrong_body_is_refused(client: httpx.Client, bot: _Processor, body: bytes) -> None:
    response = client.post("/webhook", content=body)

    assert response.status_code == 400
    assert list(response.json()) == ["error"]
    assert response.json()["error"].startswith("Die Anfrage")
    assert (bot.parsed, bot.received) == ([], [])


def test_body_may_have_64_kilobytes_and_not_one_more(client: httpx.Client) -> None:
    empty = len(json.dumps(_body("")))
    full = json.dumps(_body("a" * (BODY_LIMIT - empty)))

    assert client.post("/webhook", content=full).status_code == 200
    refused = client.post("/webhook", content=full + " ")
    assert (refused.status_code, refused.json()) == (400, {"error": "Die Anfrage ist zu groß."})


@pytest.mark.parametrize("conversation", ["anna", "1", _ANNA[:-1], _ANNA.replace("-", ""), f"{{{_ANNA}}}", "%00", "%F0%9F"])
def test_only_a_uuid_can_be_deleted(client: httpx.Client, conversation: str) -> None:
    status, body = _delete(client, conversation)

    assert (status, body) == (400, {"error": "Die Anfrage muss die Unterhaltung als UUID nennen."})


# the secret


def _everything(client: httpx.Client, headers: dict[bytes, bytes]) -> list[httpx.Response]:
    client.headers.pop("Authorization", None)
    return [
        client.post("/webhook", json=_body(), headers=headers),
        client.post("/webhook", content=b"{", headers=headers),
        client.delete(f"/conversations/{_ANNA}", headers=headers),
        client.get("/health", headers=headers),
    ]


@pytest.mark.parametrize(
    "given",
    [
        None,
        b"",
        b"Bearer",
        b"Bearer falsch",
        _SECRET.encode(),
        f"Basic {_SECRET}".encode(),
        f"Bearer {_SECRET}x".encode(),
        f"Bearer {_SECRET[:-1]}".encode(),
        f"Bearer {_SECRET}ä".encode(),
        b"Bearer \xff\xfe",
    ],
)
def test_nobody_gets_in_without_the_secret(client: httpx.Client, agent: Agent, given: bytes | None) -> None:
    _ask(client)
    agent.processor.received.clear()
    responses = _everything(client, {} if given is None else {b"Authorization": given})

    assert [response.status_code for response in responses] == [401] * 4
    assert all(response.json() == {"error": "Das Geheimnis des Kanals fehlt oder ist falsch."} for response in responses)
    assert agent.processor.received == []
    assert set(asyncio.run(agent.tracker_store.keys())) == {_ANNA}


@pytest.mark.parametrize("given", [None, b"", b"Bearer", b"Bearer None", b"Bearer x"])
def test_channel_without_a_secret_is_closed(agent: Agent, monkeypatch: pytest.MonkeyPatch, given: bytes | None) -> None:
    monkeypatch.delenv(SECRET, raising=False)
    with served(WebInput.from_credentials(None), agent) as address, _client(address) as client:
        responses = _everything(client, {} if given is None else {b"Authorization": given})

    assert [response.status_code for response in responses] == [503] * 4
    assert all(list(response.json()) == ["error"] for response in responses)
    assert agent.processor.received == []


def test_secret_comes_from_the_environment(agent: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SECRET, "aus-der-umgebung")
    with served(WebInput.from_credentials({"secret": "x"}), agent) as address, _client(address, "aus-der-umgebung") as client:
        assert client.get("/health").status_code == 200


# health


def test_health_names_the_model(client: httpx.Client) -> None:
    response = client.get("/health")

    assert (response.status_code, response.json()) == (200, {"model": "20260131-120000.tar.gz", "content": "ok"})


def test_without_a_model_nothing_is_answered_and_deleting_works(client: httpx.Client, agent: Agent) -> None:
    _ask(client)
    agent.processor = None

    health, answer = client.get("/health"), client.post("/webhook", json=_body())
    assert (health.status_code, health.json()) == (503, {"model": None, "content": "ok"})
    assert (answer.status_code, answer.json()) == (503, {"error": "Es ist kein Modell geladen."})
    assert _delete(client) == (200, {"deleted": True})


def test_before_rasa_has_an_agent_all_is_503() -> None:
    with served(WebInput(_SECRET), None) as address, _client(address) as client:
        responses = [client.get("/health"), client.post("/webhook", json=_body()), client.delete(f"/conversations/{_ANNA}")]

    assert [response.status_code for response in responses] == [503] * 3


def test_health_tells_of_content_that_is_broken_and_the_bot_goes_on(
    agent: Agent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "content"
    shutil.copytree(FOLDER, folder)
    monkeypatch.setattr(exchange, "shared_reader", lambda: ContentReader(folder))
    with served(WebInput(_SECRET), agent) as address, _client(address) as client:
        (folder / "replies.yml").write_text("greet: [", encoding="utf-8")
        health = client.get("/health")

        assert health.status_code == 503
        assert health.json() == {
            "model": "20260131-120000.tar.gz",
            "content": "broken files, the last good ones are used",
        }
        assert _ask(client, "🙂")["replies"] == [_said("guard_symbols")]


# deleting


def test_conversation_is_deleted_and_the_others_stay(client: httpx.Client, agent: Agent) -> None:
    for conversation in (_ANNA, _BEN):
        _ask(client, conversation=conversation)

    assert _delete(client) == (200, {"deleted": True})
    assert set(asyncio.run(agent.tracker_store.keys())) == {_BEN}
    assert _delete(client) == (200, {"deleted": False})


@pytest.mark.parametrize("store", ["memory", "sql"])
def test_message_that_is_being_answered_is_waited_for_and_then_deleted(store: str, tmp_path: Path) -> None:
    sql = store == "sql"
    agent = _agent(SQLTrackerStore(Domain.empty(), db=str(tmp_path / "trackers.db")) if sql else None)
    begun, released = threading.Event(), threading.Event()

    async def slowly(message: UserMessage) -> None:
        begun.set()
        while not released.is_set():
            await asyncio.sleep(0.01)
        await _answers(message)

    agent.processor.behaviour = slowly
    with served(WebInput(_SECRET), agent) as address, _client(address) as client, ThreadPoolExecutor() as pool:
        asked = pool.submit(_ask, client)
        assert begun.wait(10)
        deleted = pool.submit(_delete, client)
        other = pool.submit(_delete, client, _BEN)
        assert other.result(10) == (200, {"deleted": False})  # only its own conversation waits
        assert not deleted.done()
        released.set()

        assert asked.result(10)["replies"][0]["text"] == "Das Ministerium."
        assert deleted.result(10) == (200, {"deleted": True})
    assert set(asyncio.run(agent.tracker_store.keys())) == set()


def test_store_that_cannot_be_deleted_from_is_named(tmp_path: Path) -> None:
    class Shelf(TrackerStore):  # type: ignore[misc]
        """A store that somebody wrote."""

    with served(WebInput(_SECRET), _agent(Shelf(Domain.empty()))) as address, _client(address) as client:
        status, body = _delete(client)

    assert status == 501
    assert "Shelf" in body["error"]


def test_database_that_is_away_is_no_deletion(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    store = SQLTrackerStore(Domain.empty(), db=str(tmp_path / "trackers.db"))
    SQLTrackerStore.Base.metadata.drop_all(store.engine)
    with served(WebInput(_SECRET), _agent(store)) as address, _client(address) as client:
        assert _delete(client) == (503, {"error": "Die Unterhaltung konnte nicht gelöscht werden."})

    assert "OperationalError" in caplog.text
