"""A conversation's row, and its messages in their order: whoever writes holds the row until the transaction ends."""

from __future__ import annotations

import uuid

from django.db import connection

from web.chat.models import Channel, Conversation, Deletion, Message

#: PostgreSQL's channel on which a worker hears that a conversation has something new; the payload is its id, or empty
#: where it is not about a single one.
CHANNEL = "chat"


class Deleted(Exception):
    """The conversation was deleted; it cannot be opened again."""


def locked(conversation_id: uuid.UUID, make: bool = False, channel: Channel = Channel.WIDGET) -> Conversation:
    """The conversation, its row locked until the transaction ends; `make`: made where it is missing. Raises Deleted.

    A row that is there is not deleted: whoever deletes holds it. For one that was made it is looked up under the lock.
    """
    rows = Conversation.objects.select_for_update().filter(pk=conversation_id)
    conversation = rows.first()
    if conversation is not None:
        return conversation
    if make:
        Conversation.objects.bulk_create([Conversation(id=conversation_id, channel=channel)], ignore_conflicts=True)
        conversation = rows.first()
    raise_if_deleted(conversation_id)
    if conversation is None:
        raise Deleted
    return conversation


def raise_if_deleted(conversation_id: uuid.UUID) -> None:
    """Raises Deleted."""
    if Deletion.objects.filter(pk=conversation_id).exists():
        raise Deleted


def append(conversation: Conversation, *messages: Message) -> list[Message]:
    """Gives each message the next number of the locked conversation, and wakes its readers once all is committed."""
    for message in messages:
        conversation.last_seq += 1
        message.conversation = conversation
        message.seq = conversation.last_seq
    conversation.save()
    stored = Message.objects.bulk_create(messages)
    notify(conversation.id)
    return stored


def notify(conversation_id: uuid.UUID | None) -> None:
    """Wakes whoever reads the conversation, and the desk; None: the desk alone. PostgreSQL sends it with the commit."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_notify(%s, %s)", [CHANNEL, conversation_id.hex if conversation_id else ""])
