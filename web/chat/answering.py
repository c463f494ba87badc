"""Gives each citizen's message its answer: one after the other in a conversation, a few at a time in all."""

from __future__ import annotations

import asyncio
import logging
import uuid
from typing import cast

from django.conf import settings
from django.db import DataError, IntegrityError
from django.db import Error as DatabaseError

from content import Register
from web.chat import conversations, facts
from web.chat.bot import Answer, Bot
from web.chat.chores import repeat
from web.chat.conversations import Answered, Overtaken, Reply
from web.chat.database import query
from web.chat.models import Author, Message
from web.chat.rows import Deleted
from web.chat.wakeup import Wakeup

logger = logging.getLogger(__name__)


class Answering:
    """One per worker, in its event loop. What waits stands in the database, so nothing is lost when a worker ends."""

    def __init__(self, bot: Bot, wakeup: Wakeup) -> None:
        self._bot = bot
        self._wakeup = wakeup
        self._at_once = asyncio.Semaphore(settings.WOHNLOTSE.bot_calls)
        self._tasks: set[asyncio.Task[None]] = set()
        self._waiting: set[uuid.UUID] = set()
        self._sweeper: asyncio.Task[None] | None = None

    @property
    def is_full(self) -> bool:
        """Whether so many messages wait that a new one had better come later."""
        return len(self._waiting) >= settings.WOHNLOTSE.backlog

    @property
    def has_time(self) -> bool:
        """Whether a message would be passed on to the bot at once."""
        return not self._at_once.locked()

    def start(self) -> None:
        self._sweeper = asyncio.create_task(repeat(self._sweep))

    async def stop(self) -> None:
        """Leaves what is not answered to the next worker."""
        tasks = [*self._tasks, *([self._sweeper] if self._sweeper else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def wake(self, conversation_id: uuid.UUID, claimed: Message | None = None) -> None:
        """There is a message to answer in the conversation; `claimed`: this one, by this worker."""
        if claimed is None and conversation_id in self._waiting:  # whoever waits takes this message, too
            return
        self._waiting.add(conversation_id)
        task = asyncio.create_task(self._answer_all(conversation_id, claimed))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def forget(self, conversation_id: uuid.UUID) -> bool:
        """Whether the bot's memory of a deleted conversation is gone; else it is tried again later."""
        forgotten = await self._bot.forget(conversation_id)
        if forgotten:
            await query(conversations.deletion_settle, conversation_id)
        return forgotten

    async def _answer_all(self, conversation_id: uuid.UUID, claimed: Message | None) -> None:
        message = claimed
        try:
            async with self._at_once:
                self._waiting.discard(conversation_id)
                more = True
                while more and (message := message or await query(conversations.message_claim, conversation_id)) is not None:
                    more = await self._answer(message)
                    message = None
        except DatabaseError as error:  # the sweeper comes back to it
            logger.error("an answer could not be stored: %s", type(error).__name__)
        except asyncio.CancelledError:  # this worker ends: the next one need not wait until the lease runs out
            if message is not None:
                await query(conversations.message_release, conversation_id)
            raise

    async def _answer(self, message: Message) -> bool:
        """Whether another message of the conversation waits by now."""
        try:
            answer = await self._bot.ask(message.conversation_id, message.text, _register(message))
            answered = await self._store(message, answer)
            if answered.news is not None:
                self._wakeup.hand(message.conversation_id, answered.news)
            return answered.more_wait
        except Overtaken:
            return True
        except Deleted:  # while the bot was answering: it may have remembered after it was told to forget
            await query(conversations.deletion_settle, message.conversation_id, forgotten=False)
            await self.forget(message.conversation_id)
            return False

    async def _store(self, message: Message, answer: Answer | None) -> Answered:
        if answer is not None:
            try:
                return await query(conversations.message_answer, message, _replies(answer), answer.handoff, answer.verdict)
            except (DataError, IntegrityError, TypeError, ValueError) as error:  # asked again, it would say the same
                logger.error("the bot's answer cannot be kept: %s", type(error).__name__)
        return await query(conversations.message_answer, message, [_unavailable(message)], None, None)

    async def _sweep(self) -> None:
        """Goes on with what a worker left behind, and with what the bot is still to forget."""
        for conversation_id in await query(conversations.conversations_waiting):
            self.wake(conversation_id)
        for conversation_id in await query(conversations.deletions_unsettled):
            if not await self.forget(conversation_id):
                break


def _replies(answer: Answer) -> list[Reply]:
    return [
        Reply(Author.BOT, each.text, each.register, each.zone, each.topic, each.buttons, each.source) for each in answer.replies
    ]


def _unavailable(message: Message) -> Reply:
    register = _register(message)
    text = facts.content().reply("unavailable", register)
    return Reply(Author.SYSTEM, text, register, zone="unavailable", topic="unavailable")


def _register(message: Message) -> Register:
    return cast(Register, message.register)
