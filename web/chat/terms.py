"""The terms of the chat: whether it is on, and for how long a conversation is kept."""

from __future__ import annotations

from dataclasses import dataclass

from web.chat import switch
from web.chat.database import query
from web.chat.faults import DATABASE_FAULTS
from web.chat.models import Switch
from web.rights.periods import days, default_days


@dataclass(frozen=True)
class Terms:
    switch: Switch
    days: int


async def terms() -> Terms:
    """As they are; while the database is away as this process last knew them. The widget opens then, says how else the
    Servicestelle is reached, and keeps what is written until it can be sent."""
    global _known
    try:
        _known = await query(_read)
    except DATABASE_FAULTS:
        if _known is None:
            return Terms(Switch(on=True), default_days("conversation"))
    return _known


_known: Terms | None = None


def _read() -> Terms:
    return Terms(switch.current(), days("conversation"))
