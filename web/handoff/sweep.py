"""Ends what nobody ends: a closed laptop, a citizen who left, a request that nobody took."""

from __future__ import annotations

import datetime
import uuid
from contextlib import suppress

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from web.chat.models import WITH_A_PERSON, Conversation, State
from web.chat.rows import Deleted
from web.handoff.machine import CITIZEN_GONE, Event, Refused, conversation_hand, patience_over

#: Looks that lie further apart mean that the service or its database was away in between.
_AWAY = datetime.timedelta(seconds=15)


class Watch:
    """The sweep as a worker does it again and again.

    While the service or its database is away, nobody's sign of life is heard, and silence says nothing about who is there.
    After that a lease passes before anything is due: until then the windows that are still open have said so.
    """

    def __init__(self) -> None:
        self._looked_at: datetime.datetime | None = None
        self._hears_since: datetime.datetime | None = None

    def look(self) -> None:
        now = timezone.now()
        if self._hears_since is None or self._looked_at is None or now - self._looked_at > _AWAY:
            self._hears_since = now
        if now - self._hears_since >= datetime.timedelta(seconds=settings.WOHNLOTSE.lease):
            handoffs_sweep()
        else:
            Conversation.objects.exists()  # whether the database is there
        self._looked_at = timezone.now()


def handoffs_sweep() -> None:
    """Does what is due. Another worker may do the same at the same time: the machine's guard lets one of them."""
    now = timezone.now()
    handed = Conversation.objects.filter(state__in=WITH_A_PERSON)
    _hand(handed.filter(citizen_seen_at__lte=now - CITIZEN_GONE), "citizen_gone")
    _hand(handed.filter(Q(owned_until__isnull=True) | Q(owned_until__lte=now), state=State.STAFF), "lease_lost")
    _hand(patience_over(now), "nobody_came")


def _hand(conversations: QuerySet[Conversation], event: Event) -> None:
    due: list[uuid.UUID] = list(conversations.values_list("id", flat=True))
    for conversation_id in due:
        with suppress(Refused, Deleted):
            conversation_hand(conversation_id, event)
