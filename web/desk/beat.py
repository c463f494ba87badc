"""The sign of life of a member of staff from each open page of the console, and what the page hears in return."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import User

from web.chat.models import Conversation, State
from web.handoff.machine import lease_extend
from web.handoff.models import Presence
from web.handoff.presence import presence_beat

#: Seconds between two signs of life: to the page, that the line holds; to the tables, that the user is there. Several fit
#: into a lease.
BEAT = min(15.0, settings.WOHNLOTSE.lease / 4)


@dataclass(frozen=True)
class Standing:
    """What the frame of each page says: how many citizens wait, and whether the user takes conversations."""

    waiting: int
    said: str
    available: bool
    reach: str


def user_beat(user: User) -> None:
    """The user is there, and holds the conversations that are theirs."""
    presence_beat(user)
    for conversation_id in Conversation.objects.filter(state=State.STAFF, owner=user).values_list("id", flat=True):
        lease_extend(conversation_id, user)


def standing(user: User) -> Standing:
    """How it stands now, seen by `user`."""
    waiting = Conversation.objects.filter(state=State.REQUESTED).count()
    available = Presence.objects.filter(user=user, available=True).exists()
    return Standing(
        waiting=waiting,
        said="1 Person wartet" if waiting == 1 else f"{waiting} Personen warten",
        available=available,
        reach="erreichbar" if available else "nicht erreichbar",
    )
