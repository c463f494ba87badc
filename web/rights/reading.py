"""Who of the staff read what (duty P11)."""

from __future__ import annotations

from typing import Literal

from django.contrib.auth.models import AbstractBaseUser

from web.rights.models import Reading

Kind = Literal["conversation", "inquiry", "export"]


def reading_add(user: AbstractBaseUser, kind: Kind, subject: str) -> None:
    """Records that `user` opened `subject`: a conversation's id, an inquiry's reference, the filters of an export."""
    Reading.objects.create(user_id=user.pk, kind=kind, subject=subject[:300])
