"""Conversations as test stories, in Rasa's YAML format 3.1."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

from web.chat.models import Conversation, Message
from web.review.models import Outcome

#: What the bot does with every message: `data/rules/answer.yml`.
_ACTION = "action_answer"
#: Rasa would read [a](b) as an entity.
_ENTITY = re.compile(r"\](?=[({])")


def stories_head() -> str:
    return 'version: "3.1"\nstories:\n'


def stories(conversations: Iterable[Conversation]) -> str:
    """Items of the list `stories`, one for each conversation in which the bot was asked something it understood.

    The intent is what a person judged to be right, else what the bot understood. A message for which neither is known, and
    one that no training data can hold, is left out.
    """
    listed = [_story(conversation) for conversation in conversations]
    told = [story for story in listed if story["steps"]]
    if not told:
        return ""
    yaml = YAML()
    yaml.width = 4096
    file = io.StringIO()
    yaml.dump(told, file)
    return file.getvalue()


def _story(conversation: Conversation) -> dict[str, Any]:
    steps: list[dict[str, str]] = []
    for message in conversation.messages.all():
        intent = _intent(message)
        if intent:
            text = _ENTITY.sub("] ", " ".join(message.text.split()))
            steps += [{"user": LiteralScalarString(text + "\n"), "intent": intent}, {"action": _ACTION}]
    return {"story": f"Gespräch {conversation.id}", "steps": steps}


def _intent(message: Message) -> str:
    """The intent that a test is to expect; "" where there is none."""
    verdict, review = getattr(message, "verdict", None), getattr(message, "review", None)
    if verdict is None:
        return ""
    if review is None or review.outcome == Outcome.ACCEPTED:
        return str(verdict.intent)
    return str(review.topic) if review.outcome in (Outcome.CORRECTED, Outcome.OUT_OF_SCOPE) else ""
