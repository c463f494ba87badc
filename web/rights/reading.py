"""Who of the staff read what (duty P11)."""

from __future__ import annotations

from typing import Literal

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import QuerySet

from web.rights.models import Reading

Kind = Literal["conversation", "inquiry", "list", "export", "command"]


def reading_add(user: AbstractBaseUser | None, kind: Kind, subject: str) -> None:
    """Records that `user` opened `subject`: a conversation's id, an inquiry's reference, the filters of a list or an
    export; None for a command on the server, which knows no account."""
    Reading.objects.create(user_id=user.pk if user else None, kind=kind, subject=subject[:300])


def readings(number: str = "") -> QuerySet[Reading]:
    """What was read, the newest first; of one conversation or inquiry where `number` names one."""
    found = Reading.objects.select_related("user").order_by("-id")
    return found.filter(subject=number) if number else found
