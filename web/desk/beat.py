"""The signs of life of a member of staff from the pages of the console, and what a page hears in return."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import User

from web.chat.models import Conversation, State
from web.handoff.machine import leases_extend
from web.handoff.models import Presence
from web.handoff.presence import presence_beat

#: Seconds between two signs of life: of the desk's line to its page, and of each page, that the user is there. Several fit
#: into a lease.
BEAT = min(15.0, settings.WOHNLOTSE.lease / 4)
#: Without a script there is no sign between two pages, and an answer takes its time to be read and written.
PAGE_LASTS = max(datetime.timedelta(minutes=10), datetime.timedelta(seconds=settings.WOHNLOTSE.lease))


@dataclass(frozen=True)
class Standing:
    """What the frame of each page says: how many citizens wait, and whether the user takes conversations."""

    waiting: int
    said: str
    available: bool
    reach: str


def user_beat(user: User) -> None:
    """The script of a page says that the user is there, and holds the conversations that are theirs."""
    presence_beat(user)
    leases_extend(user)


def user_opens(user: User) -> None:
    """The user has opened a page in which no script runs: it counts for longer than a beat, as no more is heard of it."""
    presence_beat(user, PAGE_LASTS)
    leases_extend(user, PAGE_LASTS)


def standing(user: User, waiting: int | None = None) -> Standing:
    """How it stands now, seen by `user`. `waiting`: how many wait, where that is known."""
    if waiting is None:
        waiting = Conversation.objects.filter(state=State.REQUESTED).count()
    available = Presence.objects.filter(user=user, available=True).exists()
    return Standing(
        waiting=waiting,
        said="1 Person wartet" if waiting == 1 else f"{waiting} Personen warten",
        available=available,
        reach="erreichbar" if available else "nicht erreichbar",
    )
