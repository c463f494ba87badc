"""The desk's server-sent events: the board, and messages, state and typing of the conversation that is open."""

from __future__ import annotations

import asyncio
import datetime
import logging
import uuid
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import asdict
from time import monotonic
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils import timezone

from web.chat.database import console_query
from web.chat.event_stream import RETRY, event
from web.chat.faults import DATABASE_FAULTS
from web.chat.models import Conversation
from web.chat.requests import a_number, a_uuid
from web.chat.rows import Deleted
from web.chat.service import running
from web.desk.beat import BEAT
from web.desk.board import board
from web.desk.workspace import conversation_of, messages_json, situation
from web.rights.models import Reading
from web.rights.reading import reading_add

logger = logging.getLogger(__name__)

#: Seconds between two looks at the least: each message of each conversation wakes every desk.
_PAUSE = 0.25
#: As long as a log-in lasts, one record of a reading is enough for the streams of a page.
_SAME_READING = datetime.timedelta(seconds=settings.SESSION_COOKIE_AGE)


async def events(request: HttpRequest) -> AsyncIterator[bytes]:
    """Everything new on the desk, until the user is logged out or the database is away; the page comes back.

    Parameters: `conversation`, whose messages with a number above `after` (or above `Last-Event-ID`) come each once and in
    order. Events: `queue`, `message`, `state`, `typing`, `deleted`, `beat`.
    """
    desk = Desk(request)
    yield RETRY
    with running().wakeup.reader(None) as news:
        while not desk.is_closed:
            news.clear()  # before the look into the tables: what comes after it sets the event again
            try:
                found = await console_query(desk.look)
            except DATABASE_FAULTS as error:
                logger.error("a stream of the desk ended: %s", type(error).__name__)
                return
            for each in found:
                yield each
            await asyncio.sleep(_PAUSE)
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(news.wait(), BEAT)


class Desk:
    """One open page, and what it has been told."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._conversation_id = _conversation_id(request)
        self._after = _after(request)
        self._told: dict[str, bytes] = {}
        self._is_recorded = False
        self._typed_until: datetime.datetime | None = None
        self._beat_at = monotonic()
        #: The user is logged out or may no longer be here.
        self.is_closed = False

    def look(self) -> list[bytes]:
        """What the page does not know yet, as events."""
        found: list[bytes] = []
        if monotonic() >= self._beat_at:
            self._beat_at = monotonic() + BEAT
            if not self._is_allowed():
                return []
            found.append(event("beat", {}))
        found += self._conversation()
        return found + self._if_new("queue", asdict(board(self._user)))

    def _is_allowed(self) -> bool:
        """Whether the user may still be here. Whether they are there is told by the page alone: the line to a laptop that was
        closed looks whole from here for a quarter of an hour."""
        self._request.session = type(self._request.session)(self._request.session.session_key)
        user = get_user(self._request)
        self.is_closed = not user.has_perm("accounts.answer")
        if self.is_closed:
            return False
        assert isinstance(user, User)
        self._user = user
        return True

    def _conversation(self) -> list[bytes]:
        if self._conversation_id is None:
            return []
        try:
            conversation = conversation_of(self._conversation_id)
        except Deleted:
            self._conversation_id = None
            return [event("deleted", {})]
        self._record(conversation)
        found = []
        for message in messages_json(conversation, self._after, self._user):
            self._after = message["seq"]
            found.append(event("message", message, self._after))
        found += self._if_new("state", asdict(situation(conversation, self._user)))
        if conversation.citizen_types_until != self._typed_until:
            self._typed_until = conversation.citizen_types_until
            left = (self._typed_until - timezone.now()).total_seconds() if self._typed_until else 0
            found.append(event("typing", {"seconds": max(0.0, left)}))
        return found

    def _record(self, conversation: Conversation) -> None:
        """Whoever asks the stream alone reads, too."""
        if self._is_recorded:
            return
        self._is_recorded = True
        read = Reading.objects.filter(user=self._user, kind="conversation", subject=str(conversation.pk))
        if not read.filter(at__gt=timezone.now() - _SAME_READING).exists():
            reading_add(self._user, "conversation", str(conversation.pk))

    def _if_new(self, name: str, data: dict[str, Any]) -> list[bytes]:
        fresh = event(name, data)
        if self._told.get(name) == fresh:
            return []
        self._told[name] = fresh
        return [fresh]


def _conversation_id(request: HttpRequest) -> uuid.UUID | None:
    try:
        return a_uuid(request.GET.get("conversation"))
    except ValueError:
        return None


def _after(request: HttpRequest) -> int:
    """The number of the last message that the page has; 0 where it says none."""
    try:
        return a_number(int(request.headers.get("Last-Event-ID") or request.GET.get("after", "")))
    except ValueError:
        return 0
