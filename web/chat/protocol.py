"""How things of the chat are written as JSON: `docs/openapi.yaml`."""

from __future__ import annotations

from typing import Any, cast

from content import Register
from web.chat.models import Author, Feedback, Message
from web.handoff.speaker import speaker


def message_json(message: Message, is_new: bool = False) -> dict[str, Any]:
    """The schema `Message`. `is_new`: just written, so that nobody can have said whether it helped."""
    feedback = getattr(message, "feedback", None) if message.author == Author.BOT and not is_new else None
    return {
        "seq": message.seq,
        "id": str(message.client_id) if message.author == Author.CITIZEN else None,
        "author": message.author,
        "speaker": speaker(message.by, cast(Register, message.register)) if message.author == Author.STAFF else "",
        "text": message.text,
        "lang": language(message),
        "at": message.at.isoformat(),
        "reply_to": message.reply_to,
        "last": message.last,
        "buttons": message.buttons,
        "source": message.source,
        # Nobody in an emergency is asked whether that helped.
        "zone": "" if message.topic == "crisis" else message.zone,
        "topic": message.topic,
        "redacted": message.redacted,
        "feedback": feedback_json(feedback) if feedback else None,
    }


def feedback_json(feedback: Feedback) -> dict[str, Any]:
    """The schema `Feedback`."""
    return {"helpful": feedback.helpful, "reason": feedback.reason}


def language(message: Message) -> str:
    """Of the bot and its notes the register's; people write as they like."""
    if message.author in (Author.CITIZEN, Author.STAFF):
        return "und"
    return "en" if message.register == "en" else "de"
