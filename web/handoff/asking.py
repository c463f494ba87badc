"""A citizen asks for a person, or does not want one any more."""

from __future__ import annotations

import datetime
import uuid
from contextlib import suppress

from django.db import transaction
from django.utils import timezone

from content import Register
from web.chat import facts
from web.chat.models import WITH_A_PERSON, Author, Channel, Conversation, Message, State
from web.chat.rows import append, locked, raise_if_deleted
from web.handoff.machine import Refused, conversation_hand
from web.handoff.presence import opening


@transaction.atomic
def person_ask(
    conversation_id: uuid.UUID,
    register: Register,
    channel: Channel = Channel.WIDGET,
    wished_at: datetime.datetime | None = None,
) -> None:
    """Puts the citizen into the queue, or says at once that nobody is there. Makes the conversation where it is the first
    thing that the citizen does. `wished_at`: when the message was written in which the bot found the wish; where a person
    was asked for after it, that has had its answer. Raises Deleted."""
    conversation = locked(conversation_id, make=True, channel=channel)
    if conversation.state in WITH_A_PERSON:
        return
    if wished_at is not None and conversation.transitions.filter(at__gt=wished_at).exists():
        return
    try:
        conversation_hand(conversation_id, "ask", register=register)
    except Refused:
        _say_nobody(conversation, register)


def person_cancel(conversation_id: uuid.UUID, register: Register) -> None:
    """Takes the citizen out of the queue; where a person has come meanwhile, nothing changes. Raises Deleted."""
    raise_if_deleted(conversation_id)
    if Conversation.objects.filter(pk=conversation_id, state=State.REQUESTED).exists():
        with suppress(Refused):
            conversation_hand(conversation_id, "cancel", register=register)


def _say_nobody(conversation: Conversation, register: Register) -> None:
    """Says that nobody is there, unless that is what was said last."""
    now = opening(timezone.now())
    again = "" if now.is_open else now.next_in(register)
    name = "handoff_hours" if again else "handoff_nobody"
    last = conversation.messages.order_by("-seq").first()
    if last is None or last.topic != name:
        text = facts.content().reply(name, register, **({"opening": again} if again else {}))
        append(conversation, Message(author=Author.SYSTEM, text=text, register=register, topic=name))
