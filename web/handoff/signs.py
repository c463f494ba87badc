"""Signs of life: who is there, and who is typing. Never what is typed."""

from __future__ import annotations

import datetime
import uuid

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils import timezone

from web.chat.models import WITH_A_PERSON, Conversation, State
from web.chat.rows import notify

#: For so long one sign means that somebody is typing.
TYPING = datetime.timedelta(seconds=6)


def citizen_seen(conversation_id: uuid.UUID) -> None:
    """The citizen's widget is open, while a person is asked for or there."""
    waiting = Conversation.objects.filter(pk=conversation_id, state__in=WITH_A_PERSON)
    waiting.update(citizen_seen_at=timezone.now())


def citizen_types(conversation_id: uuid.UUID) -> None:
    """The citizen is typing to a person."""
    now = timezone.now()
    if _with_staff(conversation_id).update(citizen_types_until=now + TYPING, citizen_seen_at=now):
        notify(conversation_id)


def staff_types(conversation_id: uuid.UUID, by: User) -> None:
    """The owner is typing to the citizen."""
    if _with_staff(conversation_id).filter(owner=by).update(staff_types_until=timezone.now() + TYPING):
        notify(conversation_id)


def _with_staff(conversation_id: uuid.UUID) -> QuerySet[Conversation]:
    return Conversation.objects.filter(pk=conversation_id, state=State.STAFF)
