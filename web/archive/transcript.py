"""A conversation as staff read it: its messages with what the bot understood, and the steps of the hand-off in between."""

from __future__ import annotations

from dataclasses import dataclass

from web.archive.search import marked
from web.chat.models import Conversation, Message
from web.handoff.models import Transition


@dataclass(frozen=True)
class Transcript:
    """The context of `console/transcript.html`. Each message has `steps`, the changes of hand before it, and `pieces` of
    its text where something was searched for; `last_steps` came after the last message."""

    messages: list[Message]
    last_steps: list[Transition]


def transcript(conversation: Conversation, search: str = "") -> Transcript:
    """Everything that happened in the conversation, in order."""
    messages = list(
        conversation.messages.select_related("verdict", "feedback", "review", "by__profile")
        .defer("verdict__vector")
        .order_by("seq")
    )
    pieces = marked([message.text for message in messages], search) if search else [None for _ in messages]
    steps = list(conversation.transitions.select_related("by").order_by("id"))
    for message, found in zip(messages, pieces):
        message.pieces = found  # type: ignore[attr-defined]
        message.steps = [step for step in steps if step.at <= message.at]  # type: ignore[attr-defined]
        steps = [step for step in steps if step.at > message.at]
    return Transcript(messages, steps)
