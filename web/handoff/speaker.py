"""How a member of staff is named to citizens."""

from __future__ import annotations

from django.contrib.auth.models import User

from content import Register


def speaker(user: User | None, register: Register = "standard") -> str:
    """„Frau Diehl von der Servicestelle“; without a name to show, the function alone."""
    profile = getattr(user, "profile", None)
    return speaker_named(profile.shown_as if profile else "", register)


def speaker_named(name: str, register: Register = "standard") -> str:
    """The same of a name as it is shown; empty where there is none."""
    english = register == "en"
    return f"{name or ('a person' if english else 'eine Person')} {'from the' if english else 'von der'} Servicestelle"
