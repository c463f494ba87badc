"""The record of what staff changed: accounts, settings, periods."""

from __future__ import annotations

from typing import Literal

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import QuerySet

from web.accounts.models import Change

Kind = Literal["account", "switch", "period", "deletion", "content"]


def change_add(by: AbstractBaseUser | None, kind: Kind, subject: str, summary: str) -> Change:
    """Records that `by` changed `subject`; `summary` says in German what, without personal data of citizens.

    `by` None: the command line.
    """
    return Change.objects.create(by_id=by.pk if by else None, kind=kind, subject=subject[:150], summary=summary[:300])


def changes(kind: Kind | None = None, subject: str = "") -> QuerySet[Change]:
    """The newest first; those of one kind, or of one subject."""
    found = Change.objects.select_related("by").order_by("-id")
    if kind:
        found = found.filter(kind=kind)
    return found.filter(subject=subject) if subject else found
