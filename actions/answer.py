"""The one custom action of the bot."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.dialogue import Reply, Response, respond
from actions.memory import Memory
from actions.turn import Turn
from content import Content, ContentReader


class AnswerAction(Action):
    """Answers whatever was asked; serves every topic, so that a new topic needs no code."""

    def __init__(self) -> None:
        self._reader = ContentReader()

    def name(self) -> str:
        return "action_answer"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        content = self._reader.current()
        memory = Memory.from_slot(tracker.get_slot("memory"))
        response = respond(Turn.from_message(tracker.latest_message), memory, content)
        for reply in response.replies:
            dispatcher.utter_message(
                text=reply.text,
                buttons=[{"title": title, "payload": payload} for title, payload in reply.buttons],
            )
        dispatcher.utter_message(json_message=custom(response, content))
        # Rasa would ask its policy what comes after the answer, a millisecond for the same as the one rule in data/ says.
        return [SlotSet("memory", response.memory.to_slot()), FollowupAction("action_listen")]


def custom(response: Response, content: Content) -> dict[str, Any]:
    """The machine-readable end of a turn: {"answer": {topic, zone, source, stand, register, intent}} of the first reply,
    with those of further replies under "more", or {"handoff": {reason, topic}} with those of all replies under "more"."""
    first, *more = [_about(reply, content) for reply in response.replies]
    if response.handoff is not None:
        return {"handoff": response.handoff, "more": [first, *more]}
    return {"answer": first, "more": more} if more else {"answer": first}


def _about(reply: Reply, content: Content) -> dict[str, Any]:
    source = content.sources.get(reply.source)
    return {
        "topic": reply.topic,
        "zone": reply.zone,
        "source": {"title": source.title, "url": source.url} if source else None,
        "stand": source.date.isoformat() if source else None,
        "register": reply.register,
        "intent": reply.intent,
    }
