"""How a member of staff is named to citizens, and to colleagues."""

from __future__ import annotations

from django.contrib.auth.models import User

from content import Register


def speaker(user: User | None, register: Register = "standard") -> str:
    """„Frau Diehl von der Servicestelle“; without a name to show, the function alone."""
    profile = getattr(user, "profile", None)
    return speaker_named(profile.shown_as if profile else "", register)


def colleague(user: User | None) -> str:
    """As colleagues are told who has a conversation: a name that citizens do not see is none to hide from them."""
    profile = getattr(user, "profile", None)
    name = profile.shown_as if profile else ""
    return speaker_named(name or (user.get_full_name() or user.username if user else ""))


def speaker_named(name: str, register: Register = "standard") -> str:
    """The same of a name as it is shown; empty where there is none."""
    english = register == "en"
    return f"{name or ('a person' if english else 'eine Person')} {'from the' if english else 'von der'} Servicestelle"
