"""The kill switch: whether the chat is on, who changed that, and why."""

from __future__ import annotations

from django.db.models import QuerySet

from web.chat.models import Switch


def current() -> Switch:
    """The newest position; on where nobody ever touched it."""
    return Switch.objects.order_by("-id").first() or Switch(on=True, comment="", by="")


def history() -> QuerySet[Switch]:
    """All positions, the newest first."""
    return Switch.objects.order_by("-id")


def turn(on: bool, comment: str, by: str) -> Switch:
    """Turns the chat on or off. Raises ValueError without a comment: who switches off tells the citizens why."""
    if not comment.strip():
        raise ValueError("a comment is needed")
    return Switch.objects.create(on=on, comment=comment.strip(), by=by)
