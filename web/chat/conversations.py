"""What can be done with a conversation. Each function is one transaction; whoever writes holds the conversation's row."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from content import Register
from web.chat import switch
from web.chat.models import WITH_A_PERSON, Author, Channel, Conversation, Deletion, Feedback, Message, State, Verdict
from web.chat.protocol import message_json
from web.chat.rows import Deleted, append, insert, locked, notify, raise_if_deleted
from web.chat.wakeup import News
from web.handoff.asking import person_ask
from web.handoff.machine import conversation_hand
from web.handoff.status import handoff_json
from web.review.notes import tags_remove

_MINUTE = datetime.timedelta(minutes=1)
#: A lease outlives the bot's patience by this, so that it only runs out where a worker has ended.
_SPARE = datetime.timedelta(seconds=10)


class TooMany(Exception):
    """More messages in a minute than allowed."""


class SwitchedOff(Exception):
    """The bot takes no messages now; `comment`: what the citizens are told of why."""

    def __init__(self, comment: str) -> None:
        super().__init__(comment)
        self.comment = comment


class Unknown(Exception):
    """There is no such answer in the conversation."""


class Overtaken(Exception):
    """An answer comes too late: another worker was faster, or a person is asked for or there by now."""


@dataclass(frozen=True)
class Post:
    """A citizen's message as it is kept."""

    client_id: uuid.UUID
    text: str
    register: Register
    redacted: bool
    #: Where it was written; kept of the first message.
    channel: Channel = Channel.WIDGET


@dataclass(frozen=True)
class Reply:
    """A message to the citizen, before it has its number."""

    author: Author
    text: str
    register: Register
    zone: str = ""
    topic: str = ""
    buttons: Sequence[dict[str, str]] = ()
    source: dict[str, str] | None = None


class Added(NamedTuple):
    """A stored message. `is_new`: the same `client_id` again is the same message. `is_claimed`: as by `message_claim`."""

    message: Message
    is_new: bool
    is_claimed: bool


class Answered(NamedTuple):
    """What the caller hands to the readers of this process; None where they look themselves. `more_wait`: whether there may
    be another message for which it may ask."""

    news: News | None
    more_wait: bool


@transaction.atomic
def message_add(conversation_id: uuid.UUID, post: Post, claim: bool = False) -> Added:
    """Stores a citizen's message; with `claim` the caller answers it, where no other of the conversation waits. A new one is
    for the caller to hand to the readers of this process.

    The first message makes the conversation; one to a closed conversation goes to the bot again. What is said to a person is
    taken while the chat is switched off, too. Raises Deleted, SwitchedOff, TooMany.
    """
    conversation = locked(conversation_id, make=True, channel=post.channel)
    now = timezone.now()
    so_far = _so_far(conversation_id, post.client_id, now - _MINUTE)
    if so_far.same is not None:
        return Added(Message.objects.get(pk=so_far.same), is_new=False, is_claimed=False)
    if conversation.state not in WITH_A_PERSON and not so_far.is_on:
        raise SwitchedOff(switch.current().comment)
    if so_far.recent >= settings.WOHNLOTSE.messages_per_minute:
        raise TooMany
    if conversation.state == State.CLOSED:
        conversation = conversation_hand(conversation_id, "write")
    is_with_bot = conversation.state == State.BOT
    is_claimed = claim and is_with_bot and not so_far.waits and conversation.leased_until is None
    if is_claimed:
        conversation.leased_until = _lease(now)
    if not is_with_bot:
        conversation.citizen_seen_at = now
        conversation.citizen_types_until = None
    [message] = append(
        conversation,
        Message(
            author=Author.CITIZEN,
            text=post.text,
            register=post.register,
            client_id=post.client_id,
            redacted=post.redacted,
            pending=is_with_bot,
        ),
        handed=True,
    )
    return Added(message, is_new=True, is_claimed=is_claimed)


def message_claim(conversation_id: uuid.UUID) -> Message | None:
    """The oldest message that waits for an answer, which the caller now has to give; None where there is none, or where
    another worker is at it."""
    now = timezone.now()
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    if not Conversation.objects.filter(free, pk=conversation_id).update(leased_until=_lease(now)):
        return None
    message = Message.objects.filter(conversation_id=conversation_id, pending=True).order_by("seq").first()
    if message is None:
        message_release(conversation_id)
    return message


@transaction.atomic
def message_answer(
    message: Message, replies: Sequence[Reply], handoff: dict[str, Any] | None, verdict: dict[str, Any] | None
) -> Answered:
    """Stores what is said to `message`, and what was understood of it; with `handoff` a person is asked for. Raises Deleted,
    Overtaken."""
    conversation = locked(message.conversation_id)
    more_wait = _settle(message)
    conversation.leased_until = None
    if verdict is not None:
        insert([Verdict(message=message, **verdict)])
    final = len(replies) - 1
    stored = append(
        conversation,
        *(
            Message(
                author=reply.author,
                text=reply.text,
                register=reply.register,
                reply_to=message.seq,
                last=index == final,
                buttons=list(reply.buttons),
                source=reply.source,
                zone=reply.zone,
                topic=reply.topic,
                handoff=handoff if index == final else None,
            )
            for index, reply in enumerate(replies)
        ),
        handed=handoff is None,
    )
    if handoff is not None:
        person_ask(conversation.id, replies[final].register, wished_at=message.at)
        return Answered(None, more_wait)
    return Answered(News([message_json(each, is_new=True) for each in stored], handoff_json(conversation.id)), more_wait)


def message_release(conversation_id: uuid.UUID) -> None:
    """Whoever claimed a message of the conversation will not answer it: another worker may, at once."""
    Conversation.objects.filter(pk=conversation_id).update(leased_until=None)


def messages_after(conversation_id: uuid.UUID, seq: int) -> list[Message]:
    """The messages with a higher number, in order. Raises Deleted."""
    messages = list(
        Message.objects.filter(conversation_id=conversation_id, seq__gt=seq)
        .order_by("seq")
        .select_related("feedback", "by__profile")
    )
    if not messages:
        raise_if_deleted(conversation_id)
    return messages


@transaction.atomic
def feedback_set(conversation_id: uuid.UUID, seq: int, helpful: bool, reason: str | None) -> Feedback:
    """Stores whether the bot's answer `seq` helped. Raises Deleted, Unknown."""
    Conversation.objects.select_for_update().filter(pk=conversation_id).first()
    raise_if_deleted(conversation_id)
    message = Message.objects.filter(conversation_id=conversation_id, seq=seq, author=Author.BOT).first()
    if message is None:
        raise Unknown
    feedback, _ = Feedback.objects.update_or_create(message=message, defaults={"helpful": helpful, "reason": reason})
    return feedback


@transaction.atomic
def conversation_delete(conversation_id: uuid.UUID) -> Deletion:
    """Deletes all rows of the conversation and keeps only that it was deleted. A second time gives the first result."""
    try:
        with transaction.atomic():  # a row that was made only to be locked goes again
            conversation = locked(conversation_id, make=True)
    except Deleted:
        return Deletion.objects.get(pk=conversation_id)
    deletion = Deletion.objects.create(conversation_id=conversation_id, messages=conversation.messages.count())
    tags_remove(conversation)
    conversation.delete()
    notify(conversation_id)
    return deletion


def deletion_settle(conversation_id: uuid.UUID, forgotten: bool = True) -> None:
    """The bot has forgotten the conversation, too; or it may remember it again."""
    Deletion.objects.filter(pk=conversation_id).update(memory_deleted=forgotten)


def deletions_unsettled() -> list[uuid.UUID]:
    """Deleted conversations that the bot may still remember."""
    return list(Deletion.objects.filter(memory_deleted=False).values_list("conversation_id", flat=True)[:100])


def conversations_waiting() -> list[uuid.UUID]:
    """Conversations with a message that nobody is answering."""
    free = Conversation.objects.exclude(leased_until__gt=timezone.now())
    return list(free.filter(messages__pending=True).values_list("id", flat=True).distinct()[:100])


def conversations_expired(before: datetime.datetime) -> QuerySet[Conversation]:
    """Conversations in which nothing was said since `before`."""
    return Conversation.objects.filter(active_at__lt=before)


def deletions_prune() -> None:
    """Removes the records of deletions that nobody needs any more: the keys of those conversations have run out."""
    last = timezone.now() - datetime.timedelta(hours=settings.WOHNLOTSE.key_hours)
    Deletion.objects.filter(memory_deleted=True, at__lt=last).delete()


class _SoFar(NamedTuple):
    """`same`: key of the message with the same `client_id`. `recent`: the citizen's messages of the last minute. `waits`:
    whether one waits for an answer. `is_on`: the chat."""

    same: int | None
    recent: int
    waits: bool
    is_on: bool


#: In one statement, after the one that locks the row: of other tables that one sees what was there before it had to wait.
_SO_FAR = """
select
    (select id from chat_message where conversation_id = %(conversation)s and client_id = %(client)s),
    (select count(*) from chat_message where conversation_id = %(conversation)s and author = 'citizen' and at > %(since)s),
    exists (select from chat_message where conversation_id = %(conversation)s and pending),
    coalesce((select "on" from chat_switch order by id desc limit 1), true)
"""
_SETTLE = """
update chat_message set pending = false where id = %(message)s and pending
returning exists (
    select from chat_message other where other.conversation_id = %(conversation)s and other.pending and other.id <> %(message)s
)
"""


def _so_far(conversation_id: uuid.UUID, client_id: uuid.UUID, since: datetime.datetime) -> _SoFar:
    with connection.cursor() as cursor:
        cursor.execute(_SO_FAR, {"conversation": conversation_id, "client": client_id, "since": since})
        return _SoFar(*cursor.fetchone())


def _settle(message: Message) -> bool:
    """The message is answered; whether another one waits. Raises Overtaken where it was answered before."""
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE, {"message": message.pk, "conversation": message.conversation_id})
        row = cursor.fetchone()
    if row is None:
        raise Overtaken
    return bool(row[0])


def _lease(now: datetime.datetime) -> datetime.datetime:
    return now + datetime.timedelta(seconds=settings.WOHNLOTSE.patience) + _SPARE
