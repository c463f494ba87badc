"""The action as the action server runs it: with a tracker of Rasa's and a dispatcher that collects."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.answer import AnswerAction, custom
from actions.dialogue import Reply, Response
from actions.memory import Memory
from tests.actions.conftest import CONTENT

_PAGE, _CHAT = CONTENT.sources["page"], CONTENT.sources["chat"]


def _question(text: str, start: int, intent: str, zone: str = "answer") -> dict[str, Any]:
    return {
        "text": text,
        "start": start,
        "end": start + len(text),
        "zone": zone,
        "in_scope": 0.9,
        "ranking": [{"name": intent, "confidence": 0.9}, {"name": "alliance_reason", "confidence": 0.05}],
    }


def _run(text: str, *questions: dict[str, Any], memory: Any = None, **more: Any) -> tuple[list[dict[str, Any]], list[Any]]:
    """The messages that are dispatched and the events that are returned."""
    message = {"text": text, "questions": list(questions), "entities": [], "metadata": {"register": "standard"}, **more}
    tracker = Tracker("anna", {"memory": memory}, message, [], False, None, {}, "action_listen")
    dispatcher = CollectingDispatcher()
    events = AnswerAction().run(dispatcher, tracker, {})
    return dispatcher.messages, events


def _about(topic: str, **more: Any) -> dict[str, Any]:
    return {
        "topic": topic,
        "zone": "answer",
        "source": {"title": _PAGE.title, "url": _PAGE.url},
        "stand": _PAGE.date.isoformat(),
        "register": "standard",
        "intent": topic,
        **more,
    }


def _buttons(topic: str) -> list[dict[str, str]]:
    titles = [CONTENT.topics[each].title for each in CONTENT.related(topic)]
    return [{"title": title, "payload": title} for title in titles]


def _message(text: str | None, buttons: list[dict[str, str]], json: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "text": text,
        "buttons": buttons,
        "elements": [],
        "custom": json or {},
        "template": None,
        "response": None,
        "image": None,
        "attachment": None,
    }


def test_action_has_the_name_that_the_domain_gives_it() -> None:
    assert AnswerAction().name() == "action_answer"


def test_answer_is_one_message_and_then_its_custom() -> None:
    messages, events = _run("Wer leitet sie?", _question("Wer leitet sie?", 0, "alliance_lead"))

    assert messages == [
        _message(CONTENT.answer("alliance_lead", "standard"), _buttons("alliance_lead")),
        _message(None, [], {"answer": _about("alliance_lead")}),
    ]
    assert events == [
        {
            "event": "slot",
            "timestamp": None,
            "name": "memory",
            "value": Memory(
                topic="alliance_lead",
                said=(("alliance_lead", ()),),
                offered=tuple(CONTENT.topics["alliance_lead"].related[:3]),
            ).to_slot(),
        },
        {"event": "followup", "timestamp": None, "name": "action_listen"},
    ]


def test_two_questions_are_two_messages_and_one_custom_at_the_end() -> None:
    messages, _ = _run(
        "Wer leitet sie? Anschrift?",
        _question("Wer leitet sie?", 0, "alliance_lead"),
        _question("Anschrift?", 16, "service_address"),
    )

    assert messages == [
        _message(CONTENT.answer("alliance_lead", "standard"), _buttons("alliance_lead")),
        _message(CONTENT.answer("service_address", "standard"), _buttons("service_address")),
        _message(None, [], {"answer": _about("alliance_lead"), "more": [_about("service_address")]}),
    ]


def test_custom_of_a_hand_off_tells_of_the_question_beside_it() -> None:
    messages, _ = _run(
        "Wer leitet sie? Mensch!", _question("Wer leitet sie?", 0, "alliance_lead"), _question("Mensch!", 16, "handoff")
    )

    assert [message["text"] for message in messages] == [
        CONTENT.answer("alliance_lead", "standard"),
        CONTENT.reply("handoff", "standard"),
        None,
    ]
    assert [message["custom"] for message in messages] == [
        {},
        {},
        {
            "handoff": {"reason": "wish", "topic": "alliance_lead"},
            "more": [_about("alliance_lead"), _about("handoff", source=None, stand=None)],
        },
    ]


def test_memory_of_the_slot_is_used() -> None:
    memory = Memory(topic="alliance_definition").to_slot()
    messages, _ = _run("Seit wann?", _question("Seit wann?", 0, "followup_when"), memory=memory)

    assert messages[0]["text"] == CONTENT.answer("alliance_founding_year", "standard")
    assert messages[-1]["custom"] == {"answer": _about("alliance_founding_year", intent="followup_when")}


@pytest.mark.parametrize("memory", [None, "alliance_lead", {"topic": 5}, {**Memory().to_slot(), "said": [1]}])
def test_slot_of_another_version_is_no_obstacle(memory: Any) -> None:
    messages, _ = _run("Wer leitet sie?", _question("Wer leitet sie?", 0, "alliance_lead"), memory=memory)

    assert messages[0]["text"] == CONTENT.answer("alliance_lead", "standard")


@pytest.mark.parametrize("message", [{}, {"text": None}, {"text": "hm", "intent": {"name": None, "confidence": 0.0}}])
def test_message_without_a_verdict_gets_a_sentence_and_a_custom(message: dict[str, Any]) -> None:
    dispatcher = CollectingDispatcher()
    AnswerAction().run(dispatcher, Tracker("anna", {}, message, [], False, None, {}, "action_listen"), {})

    declined = CONTENT.reply("decline", "standard", reason=CONTENT.declines["unknown"].standard)
    assert [message["text"] for message in dispatcher.messages] == [declined, None]
    assert dispatcher.messages[-1]["custom"]["answer"]["zone"] == "decline"


def test_register_and_language_reach_the_custom() -> None:
    question = _question("Who leads it?", 0, "alliance_lead")
    english, _ = _run("Who leads it?", question, language="en")
    easy, _ = _run("Who leads it?", question, metadata={"register": "einfach"})

    assert english[-1]["custom"] == {"answer": _about("alliance_lead", register="en")}
    assert easy[-1]["custom"] == {"answer": _about("alliance_lead", register="einfach")}


def test_reply_without_a_source_has_none_and_no_date() -> None:
    messages, _ = _run("Wetter?", _question("Wetter?", 0, "oos_general", "decline"))

    assert messages[-1]["custom"] == {"answer": _about("oos_general", zone="decline", source=None, stand=None)}


def test_custom_names_the_source_of_each_reply() -> None:
    replies = (
        Reply("a", "bot_privacy", "answer", "en", "chat", intent="x"),
        Reply("b", "greet", "answer", "en", intent="greet"),
    )

    assert custom(Response(replies, Memory()), CONTENT) == {
        "answer": {
            "topic": "bot_privacy",
            "zone": "answer",
            "source": {"title": _CHAT.title, "url": _CHAT.url},
            "stand": _CHAT.date.isoformat(),
            "register": "en",
            "intent": "x",
        },
        "more": [{"topic": "greet", "zone": "answer", "source": None, "stand": None, "register": "en", "intent": "greet"}],
    }


@pytest.mark.parametrize("reason", ["wish", "crisis"])
def test_custom_of_a_hand_off_has_no_answer_and_names_the_register(reason: str) -> None:
    reply = Reply("a", "handoff", "answer", "en", intent="handoff")
    handoff = {"reason": reason, "topic": None}

    assert custom(Response((reply,), Memory(), handoff), CONTENT) == {
        "handoff": handoff,
        "more": [_about("handoff", source=None, stand=None, register="en")],
    }
