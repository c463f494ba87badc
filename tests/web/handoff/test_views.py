"""The hand-off through the real web process: what the widget sends and gets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from tests.web.running import API, Web

BOT: dict[str, Any] = {"state": "bot", "place": None, "staff": "", "typing": False, "available": True, "offered": False}


@contextmanager
def _somebody_there(web: Web) -> Iterator[int]:
    """The number of a member of staff who is available while the block runs."""
    [[user]] = web.rows(
        "insert into auth_user (username, password, first_name, last_name, email, is_active, is_staff, is_superuser,"
        " date_joined) values (gen_random_uuid()::text, '', '', '', '', true, false, false, now()) returning id"
    )
    web.rows(
        "insert into handoff_presence (user_id, available, there_until) values (%s, true, now() + '1 hour') returning id", user
    )
    try:
        yield user
    finally:
        web.rows("delete from handoff_presence where user_id = %s returning id", user)


def _hand(web: Web, key: dict[str, str], **body: Any) -> httpx.Response:
    return web.client.post(f"{API}/handoff", json=body, headers=key)


def test_asking_and_cancelling_over_stream_and_polling(web: Web) -> None:
    key = web.open()
    with _somebody_there(web), web.stream(key, handoffs=True) as events:
        first = next(events)
        asked = _hand(web, key, action="ask", register="einfach")
        note, waiting = next(events), next(events)
        polled = web.client.get(f"{API}/events", headers=key).json()
        cancelled = _hand(web, key, action="cancel", register="einfach")
        back, at_the_bot = next(events), next(events)

    assert (first.event, first.id, first.data) == ("handoff", "", BOT)
    assert (asked.status_code, asked.json()) == (200, {**BOT, "state": "requested", "place": 1})
    assert (note.data["topic"], note.data["author"], note.data["speaker"]) == ("handoff_waiting", "system", "")
    assert waiting.data == asked.json() == polled["handoff"]
    assert polled["messages"] == [note.data]
    assert (cancelled.json(), back.data["topic"], at_the_bot.data) == (BOT, "handoff_back", BOT)


def test_bot_is_asked_what_was_written_while_waiting_once_the_citizen_waits_no_longer(web: Web) -> None:
    key = web.open()
    with _somebody_there(web), web.stream(key) as events:
        _hand(web, key, action="ask")
        web.post(key, "Hört mich jemand?")
        waiting = [next(events).data["text"] for _ in range(2)][1:]
        assert all(asked.get("message") != "Hört mich jemand?" for asked in web.bot.asked)
        _hand(web, key, action="cancel")
        answered = [next(events).data["text"] for _ in range(2)][1:]

    assert (waiting, answered) == (["Hört mich jemand?"], ["Antwort 1 auf: Hört mich jemand?"])


def test_nobody_there_is_said_at_once(web: Web) -> None:
    key = web.open()

    answer = _hand(web, key, action="ask")

    assert answer.json() == {**BOT, "available": False}
    assert [message["topic"] for message in web.messages(key)] == ["handoff_nobody"]


def test_typing_is_noted_without_any_text(web: Web) -> None:
    key = web.open()

    typing = web.client.post(f"{API}/typing", json={}, headers=key)
    with_text = web.client.post(f"{API}/typing", json={"text": "Ich"}, headers=key)

    assert (typing.status_code, typing.content) == (204, b"")
    assert (with_text.status_code, with_text.json()["error"]["code"]) == (400, "invalid")


@pytest.mark.parametrize("body", [{}, {"action": "take"}, {"action": "ask", "register": "fr"}])
def test_what_cannot_be_asked_is_refused(web: Web, body: dict[str, Any]) -> None:
    assert _hand(web, web.open(), **body).json()["error"]["code"] == "invalid"


def test_conversation_that_was_deleted_gets_nobody(web: Web) -> None:
    key = web.open()
    web.answer(key)
    web.client.delete(f"{API}/conversation", headers=key)

    assert [_hand(web, key, action=action).status_code for action in ("ask", "cancel")] == [410, 410]


def test_place_where_the_citizen_writes_is_kept_of_the_first_message(web: Web) -> None:
    keys = web.open(), web.open()
    web.post({**keys[0], "Origin": "https://www.example.de"})
    web.post(keys[0])
    web.post({**keys[1], "Origin": web.url})

    channels = web.rows("select channel from chat_conversation order by opened_at desc limit 2")
    assert channels == [("widget",), ("embedded",)]
