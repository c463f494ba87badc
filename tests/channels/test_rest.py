"""The guarded REST channel, registered as Rasa registers it and driven over a real port of this machine."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import httpx
import pytest
from rasa.core.channels.channel import UserMessage

from channels import exchange
from channels.guard import LIMIT
from channels.rest import GuardedRestInput
from content import read_content
from tests.channels.conftest import served

_CONTENT = read_content()
_ADDRESS = _CONTENT.contacts.address

#: What the bot does with a message.
Behaviour = Callable[[UserMessage], Awaitable[None]]


class _Bot:
    """Takes Rasa's place behind the channel: keeps what it was handed, and does what a test tells it to."""

    def __init__(self) -> None:
        self.received: list[UserMessage] = []
        self.behaviour: Behaviour = _answers
        self.ready = True

    def is_ready(self) -> bool:
        return self.ready

    async def handle_message(self, message: UserMessage) -> None:
        self.received.append(message)
        await self.behaviour(message)


async def _answers(message: UserMessage) -> None:
    await message.output_channel.send_text_message(message.sender_id, f"Antwort auf {message.text}")


async def _says_nothing(message: UserMessage) -> None:
    """As Rasa does while its action server is down."""


async def _sends_no_text(message: UserMessage) -> None:
    await message.output_channel.send_custom_json(message.sender_id, {"answer": {}})


async def _raises(message: UserMessage) -> None:
    raise RuntimeError(f"cannot handle {message.text}")


async def _hangs(message: UserMessage) -> None:
    await asyncio.sleep(3600)


async def _answers_then_hangs(message: UserMessage) -> None:
    await _answers(message)
    await _hangs(message)


@pytest.fixture(scope="module")
def _served() -> Iterator[tuple[_Bot, str]]:
    """A bot and the address of the channel in front of it."""
    bot = _Bot()
    with served(GuardedRestInput(), bot) as address:
        yield bot, address


@pytest.fixture
def bot(_served: tuple[_Bot, str]) -> _Bot:
    """A bot that answers and has received nothing yet."""
    _served[0].received.clear()
    _served[0].behaviour = _answers
    _served[0].ready = True
    return _served[0]


@pytest.fixture
def client(_served: tuple[_Bot, str], bot: _Bot) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=_served[1], timeout=30, trust_env=False) as client:
        yield client


def _post(client: httpx.Client, body: Any) -> Any:
    """The messages that `body` is answered with."""
    response = client.post("/webhook", content=json.dumps(body))
    assert response.status_code == 200
    return response.json()


def _said(name: str, register: Any = "standard", sender: str = "a", **more: str) -> list[dict[str, Any]]:
    zone = "unavailable" if name == "unavailable" else "guard"
    answer = {"topic": name, "zone": zone, "source": None, "stand": None, "register": register}
    return [
        {"recipient_id": sender, "text": _CONTENT.reply(name, register, **more)},
        {"recipient_id": sender, "custom": {"answer": answer}},
    ]


# a question


def test_question_is_passed_on_and_answered(client: httpx.Client, bot: _Bot) -> None:
    messages = _post(client, {"sender": "a", "message": " Wer leitet das? "})

    assert messages == [{"recipient_id": "a", "text": "Antwort auf Wer leitet das?"}]
    assert [(message.sender_id, message.text) for message in bot.received] == [("a", "Wer leitet das?")]


def test_two_senders_never_share_a_conversation(client: httpx.Client, bot: _Bot) -> None:
    for sender in ("a", "b", "A", "a ", "ä", "a\u0308"):
        assert _post(client, {"sender": sender, "message": "Hallo"})[0]["recipient_id"] == sender

    assert [message.sender_id for message in bot.received] == ["a", "b", "A", "a ", "ä", "a\u0308"]


@pytest.mark.parametrize("register", ["standard", "einfach", "en"])
def test_register_is_passed_on(client: httpx.Client, bot: _Bot, register: str) -> None:
    _post(client, {"sender": "a", "message": "Hallo", "metadata": {"register": register, "page": "/start"}})

    assert bot.received[0].metadata == {"register": register, "page": "/start"}


@pytest.mark.parametrize("metadata", [None, "einfach", [], {}, {"register": "latin"}, {"register": ["en"]}, {"register": None}])
def test_unknown_register_is_standard(client: httpx.Client, bot: _Bot, metadata: Any) -> None:
    _post(client, {"sender": "a", "message": "Hallo", "metadata": metadata})

    assert bot.received[0].metadata["register"] == "standard"


def test_input_channel_of_the_client_is_ignored(client: httpx.Client, bot: _Bot) -> None:
    _post(client, {"sender": "a", "message": "Hallo", "input_channel": "cmdline"})

    assert bot.received[0].input_channel == "rest"


@pytest.mark.parametrize(
    "text",
    [
        "من يقود التحالف؟",
        "<script>alert('Wer leitet das?')</script>",
        "'; DROP TABLE messages; --",
        "und/oder",
        "a" * LIMIT,
        "2",
    ],
)
def test_unusual_text_is_passed_on_as_it_is(client: httpx.Client, bot: _Bot, text: str) -> None:
    _post(client, {"sender": "a", "message": text})

    assert [message.text for message in bot.received] == [text]


def test_direction_marks_are_not_passed_on(client: httpx.Client, bot: _Bot) -> None:
    _post(client, {"sender": "a", "message": "\u202eWer\u200b leitet das?\u202c"})

    assert [message.text for message in bot.received] == ["Wer leitet das?"]


# no question


@pytest.mark.parametrize(
    ("message", "name"),
    [
        (None, "guard_empty"),
        ("", "guard_empty"),
        (" \n ", "guard_empty"),
        ("\u200b\u200d\ufeff", "guard_empty"),
        (7, "guard_invalid"),
        (0, "guard_invalid"),
        (False, "guard_invalid"),
        (["Hallo"], "guard_invalid"),
        ({"text": "Hallo"}, "guard_invalid"),
        ("🙂🙂🙂", "guard_symbols"),
        ("?!...", "guard_symbols"),
        ("/restart", "guard_command"),
        ("   /restart", "guard_command"),
        ("\u200b/restart", "guard_command"),
        ("\u200b \ufeff /greet", "guard_command"),
        ('/slot{"name": "value"}', "guard_command"),
    ],
)
def test_what_is_no_question_gets_a_sentence_and_is_not_passed_on(
    client: httpx.Client, bot: _Bot, message: Any, name: str
) -> None:
    assert _post(client, {"sender": "a", "message": message}) == _said(name)
    assert bot.received == []


def test_missing_message_gets_a_sentence(client: httpx.Client, bot: _Bot) -> None:
    assert _post(client, {"sender": "a"}) == _said("guard_empty")
    assert bot.received == []


def test_long_message_is_told_the_limit(client: httpx.Client, bot: _Bot) -> None:
    messages = _post(client, {"sender": "a", "message": "a" * 10_000})

    assert messages == _said("guard_long", limit=str(LIMIT))
    assert str(LIMIT) in messages[0]["text"]
    assert bot.received == []


def test_refusal_is_in_the_register_of_the_citizen(client: httpx.Client) -> None:
    body = {"sender": "a", "message": "/restart", "metadata": {"register": "einfach"}}

    assert _post(client, body) == _said("guard_command", "einfach")


# a bot that fails


@pytest.mark.parametrize("behaviour", [_says_nothing, _sends_no_text, _raises])
@pytest.mark.parametrize("register", ["standard", "einfach", "en"])
def test_bot_without_an_answer_gives_the_postal_address(
    client: httpx.Client, bot: _Bot, behaviour: Behaviour, register: str
) -> None:
    bot.behaviour = behaviour
    messages = _post(client, {"sender": "a", "message": "Wer leitet das?", "metadata": {"register": register}})

    assert messages == _said("unavailable", register)
    assert _ADDRESS in messages[0]["text"]


def test_bot_that_hangs_gives_the_postal_address(client: httpx.Client, bot: _Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "PATIENCE", 0.05)
    bot.behaviour = _hangs
    messages = _post(client, {"sender": "a", "message": "Wer leitet das?"})

    assert messages == _said("unavailable")
    assert _ADDRESS in messages[0]["text"]


def test_answer_before_a_failure_is_kept(client: httpx.Client, bot: _Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "PATIENCE", 0.05)
    bot.behaviour = _answers_then_hangs

    assert _post(client, {"sender": "a", "message": "Hallo"}) == [{"recipient_id": "a", "text": "Antwort auf Hallo"}]


def test_text_of_the_citizen_is_not_logged(client: httpx.Client, bot: _Bot, caplog: pytest.LogCaptureFixture) -> None:
    bot.behaviour = _raises
    _post(client, {"sender": "a", "message": "mein Geheimnis"})

    assert "RuntimeError" in caplog.text
    assert "Geheimnis" not in caplog.text


# a request that is wrong


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe\x00", b'{"sender": "a", "message": ', b"[" * 100_000, b"Hallo"])
def test_broken_json_is_refused(client: httpx.Client, bot: _Bot, body: bytes) -> None:
    response = client.post("/webhook", content=body)

    assert (response.status_code, response.json()) == (400, {"error": "Die Anfrage ist kein gültiges JSON."})
    assert bot.received == []


@pytest.mark.parametrize("body", [None, [], ["a"], "Hallo", 7, True])
def test_body_that_is_no_object_is_refused(client: httpx.Client, bot: _Bot, body: Any) -> None:
    response = client.post("/webhook", content=json.dumps(body))

    assert (response.status_code, response.json()) == (400, {"error": "Die Anfrage muss ein JSON-Objekt sein."})
    assert bot.received == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        *(
            {"sender": sender}
            for sender in (None, "", "  ", 7, True, ["a"], {"id": "a"}, "a" * 201, "a" + " " * 200, "a\x00", "\ud83d")
        ),
    ],
)
def test_body_without_a_sender_is_refused(client: httpx.Client, bot: _Bot, body: dict[str, Any]) -> None:
    response = client.post("/webhook", content=json.dumps({**body, "message": "Hallo"}))

    assert response.status_code == 400
    assert list(response.json()) == ["error"]
    assert "sender" in response.json()["error"]
    assert bot.received == []


# health


def test_health_tells_a_bot_with_a_model_from_one_without(client: httpx.Client, bot: _Bot) -> None:
    assert client.get("/").status_code == 200
    bot.ready = False
    assert client.get("/").status_code == 503
