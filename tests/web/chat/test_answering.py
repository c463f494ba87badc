"""Deleting while the bot is away or at work leaves nothing, neither here nor there."""

from __future__ import annotations

import time
from collections.abc import Callable

from tests.web.running import API, Web


def _until(condition: Callable[[], bool], seconds: float = 10.0) -> bool:
    """Whether the condition comes true within some seconds."""
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def _is_forgotten(web: Web, identifier: str) -> bool:
    return web.rows("select memory_deleted from chat_deletion where conversation_id = %s", identifier) == [(True,)]


def _asked(web: Web, identifier: str) -> list[str]:
    """What the bot was asked about a conversation: messages and "forget", in order."""
    about = [asked for asked in web.bot.asked if identifier in (asked.get("conversation"), asked.get("forget"))]
    return [asked.get("message", "forget") for asked in about]


def _left(web: Web, identifier: str) -> int:
    [(conversations,)] = web.rows("select count(*) from chat_conversation where id = %s", identifier)
    [(messages,)] = web.rows("select count(*) from chat_message where conversation_id = %s", identifier)
    return int(conversations + messages)


def test_bot_that_is_away_is_told_to_forget_as_soon_as_it_is_back(web: Web) -> None:
    key = web.open()
    web.answer(key, "Vergiss mich")
    web.bot.fault = "away"
    receipt = web.client.delete(f"{API}/conversation", headers=key).json()
    assert (receipt["memory"], receipt["messages"]) == ("pending", 2)
    assert receipt["text"].endswith("wird gelöscht, sobald er wieder erreichbar ist.")
    assert not _is_forgotten(web, receipt["id"])
    web.bot.recover()
    assert _until(lambda: _is_forgotten(web, receipt["id"]))
    assert _asked(web, receipt["id"]) == ["Vergiss mich", "forget"]
    assert web.client.delete(f"{API}/conversation", headers=key).json()["memory"] == "deleted"


def test_conversation_deleted_while_the_bot_is_answering_leaves_no_row_and_no_memory(web: Web) -> None:
    key = web.open()
    web.bot.delay = 1.0
    web.post(key, "Gleich gelöscht")
    time.sleep(0.3)
    receipt = web.client.delete(f"{API}/conversation", headers=key).json()
    assert receipt["messages"] == 1
    assert _until(lambda: _asked(web, receipt["id"]) == ["Gleich gelöscht", "forget", "forget"])
    assert _until(lambda: _is_forgotten(web, receipt["id"]))
    assert _left(web, receipt["id"]) == 0


def test_bot_that_goes_away_after_answering_a_deleted_conversation_forgets_it_later(web: Web) -> None:
    key = web.open()
    web.bot.delay = 1.0
    web.post(key, "Gleich gelöscht")
    time.sleep(0.3)
    receipt = web.client.delete(f"{API}/conversation", headers=key).json()
    web.bot.fault = "away"
    assert _until(lambda: not _is_forgotten(web, receipt["id"]), 3)
    web.bot.recover()
    assert _until(lambda: _is_forgotten(web, receipt["id"]))
    assert _asked(web, receipt["id"]) == ["Gleich gelöscht", "forget", "forget"]
    assert _left(web, receipt["id"]) == 0


def test_message_left_by_a_worker_that_was_killed_is_answered_by_the_sweeper(web: Web) -> None:
    key = web.open()
    web.answer(key, "Eins")
    identifier = web.bot.asked[-1]["conversation"]
    # As a killed worker leaves it: waiting, the lease just run out.
    web.rows(
        "update chat_message set pending = true where conversation_id = %s and seq = 1 returning id",
        identifier,
    )
    web.rows("update chat_conversation set leased_until = now() where id = %s returning id", identifier)
    assert _until(lambda: len(web.messages(key)) == 3)
    assert web.messages(key)[-1]["reply_to"] == 1
