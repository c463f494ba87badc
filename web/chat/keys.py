"""The key of a conversation: its id, signed by us. Whoever holds it is the citizen; there is no other identification."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner

_SALT = "web.chat.conversation"


class KeyRefused(Exception):
    """Not a key of ours, or too old."""


def new_key() -> tuple[uuid.UUID, str]:
    """The id of a conversation that does not exist yet, and its key."""
    conversation = uuid.uuid4()
    return conversation, _signer().sign(conversation.hex)


def read_key(key: str) -> uuid.UUID:
    """The conversation that `key` opens. Raises KeyRefused."""
    try:
        return uuid.UUID(_signer().unsign(key, max_age=settings.WOHNLOTSE.key_hours * 3600))
    except (BadSignature, ValueError):
        raise KeyRefused from None


def _signer() -> TimestampSigner:
    return TimestampSigner(salt=_SALT)
