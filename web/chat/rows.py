"""A conversation's row, and its messages in their order: whoever writes holds the row until the transaction ends."""

from __future__ import annotations

import functools
import secrets
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Model

from web.chat.models import Channel, Conversation, Message

#: PostgreSQL's channel on which a worker hears that a conversation has something new: see `notify` for the payload.
CHANNEL = "chat"
#: This process among all that write.
WRITER = secrets.token_hex(8)


class Deleted(Exception):
    """The conversation was deleted; it cannot be opened again."""


def locked(conversation_id: uuid.UUID, make: bool = False, channel: Channel = Channel.WIDGET) -> Conversation:
    """The conversation, its row locked until the transaction ends; `make`: made where it is missing. Raises Deleted.

    A row that is there is not deleted: whoever deletes holds it. For one that was made it is looked up under the lock.
    """
    conversation = _locked_row(conversation_id)
    if conversation is not None:
        return conversation
    if make:
        made = Conversation(id=conversation_id, channel=channel)
        conversation = made if insert([made], unless_there=True) else _locked_row(conversation_id)
    raise_if_deleted(conversation_id)
    if conversation is None:
        raise Deleted
    return conversation


def raise_if_deleted(conversation_id: uuid.UUID) -> None:
    """Raises Deleted."""
    with connection.cursor() as cursor:
        cursor.execute("select from chat_deletion where conversation_id = %s", [conversation_id])
        if cursor.rowcount:
            raise Deleted


def append(conversation: Conversation, *messages: Message, handed: bool = False) -> list[Message]:
    """Gives each message the next number of the locked conversation, and wakes its readers once all is committed.

    `handed`: nothing but the messages is new, and the caller hands them to the readers of this process (`Wakeup.hand`).
    """
    for message in messages:
        conversation.last_seq += 1
        message.conversation = conversation
        message.seq = conversation.last_seq
    update(conversation)
    insert(messages)
    notify(conversation.id, conversation.last_seq if handed else None)
    return list(messages)


def notify(conversation_id: uuid.UUID | None, handed: int | None = None) -> None:
    """Wakes whoever reads the conversation, and the desk; None: the desk alone. PostgreSQL sends it with the commit.

    The payload is the conversation's id, or empty. With `handed`, the number of its last message, this and WRITER follow:
    nothing else is new, and the readers of this process have it from the process.
    """
    parts = [conversation_id.hex if conversation_id else "", *([] if handed is None else [str(handed), WRITER])]
    with connection.cursor() as cursor:
        cursor.execute("select pg_notify(%s, %s)", [CHANNEL, " ".join(parts)])


def insert(rows: Sequence[Model], unless_there: bool = False) -> bool:
    """Stores new rows of one model; those without a key get one. For each message Django's own way takes five times as long,
    nearly all of it to write the same SQL again; so does its way to `update`. `unless_there`: False where one with the key
    of a row is there already."""
    has_key = rows[0].pk is not None
    fields = _fields(type(rows[0]), has_key)
    values = [field.get_db_prep_save(field.pre_save(row, add=True), connection) for row in rows for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(_insert(type(rows[0]), len(rows), has_key, unless_there), values)
        keys = cursor.fetchall()
    for row, (key,) in zip(rows, keys):
        row.pk = key
        row._state.adding, row._state.db = False, connection.alias
    return bool(keys)


def update(row: Model) -> None:
    """Stores all fields of a row that is there."""
    fields = _fields(type(row), has_key=False)
    values = [field.get_db_prep_save(field.pre_save(row, add=False), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(_update(type(row)), [*values, row.pk])


def _locked_row(conversation_id: uuid.UUID) -> Conversation | None:
    rows = Conversation.objects.raw("select * from chat_conversation where id = %s for update", [conversation_id])
    return next(iter(rows), None)


@functools.cache
def _insert(model: type[Model], count: int, has_key: bool, unless_there: bool) -> str:
    fields = _fields(model, has_key)
    columns = ", ".join(f'"{field.column}"' for field in fields)
    row = f"({', '.join(['%s'] * len(fields))})"
    conflict = "on conflict do nothing" if unless_there else ""
    values = ", ".join([row] * count)
    return f'insert into "{model._meta.db_table}" ({columns}) values {values} {conflict} returning "{_key(model)}"'


@functools.cache
def _update(model: type[Model]) -> str:
    changes = ", ".join(f'"{field.column}" = %s' for field in _fields(model, has_key=False))
    return f'update "{model._meta.db_table}" set {changes} where "{_key(model)}" = %s'


def _key(model: type[Model]) -> str:
    return str(model._meta.pk.column)


@functools.cache
def _fields(model: type[Model], has_key: bool) -> list[Any]:
    return [field for field in model._meta.concrete_fields if has_key or not field.primary_key]
