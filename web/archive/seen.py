"""How far a member of staff has read."""

from __future__ import annotations

from django.contrib.auth.models import User

from web.archive.models import Seen
from web.chat.models import Conversation


def seen_set(user: User, conversation: Conversation) -> None:
    """`user` has seen `conversation` as it stands."""
    Seen.objects.update_or_create(user=user, conversation=conversation, defaults={"seq": conversation.last_seq})
