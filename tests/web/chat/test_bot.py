"""The way to the bot: whatever is wrong there, there is an answer or none, and never an exception."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from typing import Any, TypeVar

import pytest
from django.conf import settings
from django.test import override_settings

from tests.web.running import standing_in
from tests.web.stand_in import VERDICT, StandIn, reply
from web.chat.bot import Answer, Bot, ask_once

T = TypeVar("T")
_BODY = {"message": "Was?", "metadata": {"register": "einfach"}}
_REPLY = reply(_BODY, 1)


@pytest.fixture
def rasa() -> Iterator[StandIn]:
    """A stand-in to which the settings point, with half a second of patience."""
    with standing_in() as stand_in:
        wohnlotse = replace(settings.WOHNLOTSE, rasa_url=stand_in.url, actions_url=stand_in.url, patience=0.5)
        with override_settings(WOHNLOTSE=wohnlotse):
            yield stand_in


def _with_bot(work: Callable[[Bot], Awaitable[T]]) -> T:
    async def run() -> T:
        bot = Bot()
        try:
            return await work(bot)
        finally:
            await bot.close()

    return asyncio.run(run())


def _ask() -> Answer | None:
    return _with_bot(lambda bot: bot.ask(uuid.UUID(int=1), "Was?", "einfach"))


def test_question_carries_conversation_text_and_register(rasa: StandIn) -> None:
    assert _ask() is not None
    assert rasa.asked == [{"conversation": str(uuid.UUID(int=1)), **_BODY}]


def test_answer_has_replies_in_order_with_all_that_is_kept_of_them(rasa: StandIn) -> None:
    rasa.replies = 2
    answer = _ask()
    assert answer is not None
    assert [each.text for each in answer.replies] == ["Antwort 1 auf: Was?", "Antwort 2 auf: Was?"]
    first = answer.replies[0]
    assert (first.topic, first.zone, first.register) == ("alliance_goals", "answer", "einfach")
    assert first.buttons == ({"title": "Ziele", "payload": "Ziele"},)
    assert first.source == {"title": "Die Seite", "url": "https://www.example.de/", "stand": "2026-11-22"}
    assert (answer.handoff, answer.verdict) == (None, VERDICT)


@pytest.mark.parametrize("fault", ["slow", "error", "nothing", "nonsense", "away"])
def test_bot_that_is_not_well_gives_no_answer(rasa: StandIn, fault: str) -> None:
    rasa.fault = fault
    assert _ask() is None


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        None,
        "Antwort",
        {},
        {"replies": [], "handoff": None, "verdict": None},
        {"replies": None, "handoff": None, "verdict": None},
        {"replies": [_REPLY], "handoff": None},
        *({"replies": [{**_REPLY, **change}], "handoff": None, "verdict": None} for change in (
            {"text": ""},
            {"text": " \n"},
            {"text": None},
            {"topic": None},
            {"topic": 5},
            {"zone": "unavailable"},
            {"zone": None},
            {"register": "fr"},
            {"register": None},
            {"buttons": None},
            {"buttons": ["Ziele"]},
            {"buttons": [{"title": "Ziele"}]},
            {"buttons": [{"title": "Ziele", "payload": 1}]},
            {"source": "die Seite"},
            {"source": {"title": "Die Seite"}},
            {"stand": "gestern"},
            {"stand": 2026},
        )),
    ],
)  # fmt: skip
def test_answer_of_the_wrong_form_is_none(rasa: StandIn, wrong: Any) -> None:
    rasa.said = {"null": None} if wrong is None else wrong
    assert _ask() is None


def test_source_without_a_date_is_none(rasa: StandIn) -> None:
    rasa.said = {"replies": [{**_REPLY, "stand": None}], "handoff": None, "verdict": None}
    answer = _ask()
    assert answer is not None
    assert answer.replies[0].source is None


def test_bot_that_is_gone_is_none_too(rasa: StandIn) -> None:
    rasa.shutdown()
    rasa.server_close()
    assert _ask() is None
    assert not _with_bot(lambda bot: bot.forget(uuid.uuid4()))
    assert _with_bot(lambda bot: bot.health()) is None
    assert not _with_bot(lambda bot: bot.actions_are_up())


@pytest.mark.parametrize(("fault", "forgotten"), [("", True), ("error", False), ("away", False)])
def test_memory_counts_as_deleted_only_where_the_bot_says_so(rasa: StandIn, fault: str, forgotten: bool) -> None:
    rasa.fault = fault
    assert _with_bot(lambda bot: bot.forget(uuid.UUID(int=1))) is forgotten


def test_question_asked_once_is_forgotten_at_once(rasa: StandIn) -> None:
    answer = asyncio.run(ask_once("Was?", "standard"))
    assert answer is not None
    question, deletion = rasa.asked
    assert question["message"] == "Was?"
    assert deletion == {"forget": question["conversation"]}
