"""One conversation at the desk: who has it, and what was said."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, Literal, cast

from django.contrib.auth.models import User
from django.utils import timezone

from content import Register
from web.archive.templatetags.transcript import intent, percent, zone
from web.chat.models import Author, Conversation, Message, State, Verdict
from web.chat.rows import Deleted
from web.desk.board import since
from web.handoff.queue import place_of
from web.handoff.speaker import colleague

#: What the user may do: one panel of `desk/conversation.html` each.
Panel = Literal["bot", "requested", "mine", "colleague", "closed"]


@dataclass(frozen=True)
class Situation:
    """`who` has it, where it is a colleague; `place` in the queue, 0 where it is not there."""

    panel: Panel
    who: str
    since: str
    place: int


def conversation_of(conversation_id: uuid.UUID) -> Conversation:
    """The conversation with its owner. Raises Deleted, also for one that never was."""
    conversation = Conversation.objects.select_related("owner__profile").filter(pk=conversation_id).first()
    if conversation is None:
        raise Deleted
    return conversation


def situation(conversation: Conversation, user: User) -> Situation:
    """Who has the conversation, seen by `user`."""
    is_staffed = conversation.state == State.STAFF
    is_mine = is_staffed and conversation.owner_id == user.pk
    return Situation(
        panel="mine" if is_mine else "colleague" if is_staffed else cast(Panel, conversation.state),
        who=colleague(conversation.owner) if is_staffed and not is_mine else "",
        since=since(conversation.state_since, timezone.now()),
        place=place_of(conversation.pk, conversation.state_since) if conversation.state == State.REQUESTED else 0,
    )


def register_of(conversation: Conversation) -> Register:
    """The language in which the citizen wrote last."""
    last = conversation.messages.filter(author=Author.CITIZEN).order_by("-seq").values_list("register", flat=True).first()
    return cast(Register, last or "standard")


def messages_of(conversation: Conversation, after: int = 0) -> list[Message]:
    """The messages with a higher number, in order, each with what the bot understood of it."""
    messages = conversation.messages.filter(seq__gt=after).order_by("seq")
    return list(messages.select_related("verdict", "feedback", "review", "by__profile").defer("verdict__vector"))


def messages_json(conversation: Conversation, after: int, user: User) -> list[dict[str, Any]]:
    """The messages with a higher number as the desk's script shows them, worded as in `console/transcript.html`.

    What the bot understood of a question (`understood`) comes with its answer: it is younger than the question.
    """
    messages = messages_of(conversation, after)
    answered = [message.reply_to for message in messages if message.reply_to is not None]
    verdicts = Verdict.objects.filter(message__conversation=conversation, message__seq__in=answered).defer("vector")
    understood = {verdict.message.seq: _understood(verdict) for verdict in verdicts.select_related("message")}
    return [
        {
            "seq": message.seq,
            "author": message.author,
            "speaker": _speaker(message),
            "mine": message.by_id == user.pk,
            "at": message.at.isoformat(),
            "when": f"{timezone.localtime(message.at):%d.%m.%Y, %H:%M} Uhr",
            "text": message.text,
            "lang": "" if message.author == Author.CITIZEN else "en" if message.register == "en" else "de",
            "redacted": message.redacted,
            "reply_to": message.reply_to,
            "understood": understood.get(message.reply_to or 0, ""),
        }
        for message in messages
    ]


def _speaker(message: Message) -> str:
    profile = getattr(message.by, "profile", None)
    named = f"{profile.shown_as}, " if profile and profile.shown_as else ""
    return named + Author(message.author).label


def _understood(verdict: Verdict) -> str:
    return f"Verstanden als {intent(verdict.intent)}, Sicherheit {percent(verdict.confidence)}, {zone(verdict.zone)}"
