"""Ends what nobody ends: a closed laptop, a citizen who left, a request that nobody took."""

from __future__ import annotations

import uuid
from contextlib import suppress

from django.db.models import Q, QuerySet
from django.utils import timezone

from web.chat.models import WITH_A_PERSON, Conversation, State
from web.chat.rows import Deleted
from web.handoff.machine import CITIZEN_GONE, Event, Refused, conversation_hand, patience_over


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
