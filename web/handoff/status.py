"""What a citizen's widget is told about the hand-off."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import connection
from django.utils import timezone

from web.chat.models import State
from web.handoff.presence import hours_allow, staff_there
from web.handoff.queue import place_of
from web.handoff.speaker import speaker_named

#: So many times in a row the bot did not know, before a person is offered.
_DECLINES = ["decline", "decline"]


#: Asked for each look of each stream: through the ORM it takes ten times as long, nearly all of it to write the SQL.
_STATUS = """
select
    conversation.state,
    conversation.state_since,
    conversation.staff_types_until,
    exists (
        select from handoff_presence presence join auth_user member on member.id = presence.user_id
        where presence.available and presence.there_until > %s and member.is_active
    ),
    array (
        select zone from chat_message where conversation_id = conversation.id and author = 'bot' and last
        order by seq desc limit %s
    ),
    (select register from chat_message where conversation_id = conversation.id order by seq desc limit 1),
    profile.shown_as
from chat_conversation conversation left join accounts_profile profile on profile.user_id = conversation.owner_id
where conversation.id = %s
"""


def handoff_json(conversation_id: uuid.UUID) -> dict[str, Any]:
    """The schema `Handoff` of docs/openapi.yaml; read anew, in one query unless the citizen waits."""
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(_STATUS, [now, len(_DECLINES), conversation_id])
        row = cursor.fetchone()
    if row is None:  # nothing was said yet
        return _json(State.BOT, available=staff_there())
    state, since, typing, present, zones, register, name = row
    return _json(
        State(state),
        available=present and hours_allow(),
        place=place_of(conversation_id, since) if state == State.REQUESTED else None,
        staff=speaker_named(name or "", register or "standard") if state == State.STAFF else "",
        typing=typing is not None and typing > now,
        offered=state == State.BOT and zones == _DECLINES,
    )


def _json(
    state: State, available: bool, place: int | None = None, staff: str = "", typing: bool = False, offered: bool = False
) -> dict[str, Any]:
    return {"state": state, "place": place, "staff": staff, "typing": typing, "available": available, "offered": offered}
