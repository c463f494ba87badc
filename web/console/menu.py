"""The console's menu: the areas that the user may open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from web.console.roles import Permission


@dataclass(frozen=True)
class Area:
    """`name`: of the URL. Every URL of the area lies below it."""

    name: str
    title: str
    permission: Permission


AREAS = (
    Area("team", "Übersicht", "read"),
    Area("desk", "Beratung", "answer"),
    Area("inquiries", "Anliegen", "answer"),
    Area("archive", "Gespräche", "read"),
    Area("review", "Prüfen", "review"),
    Area("gaps", "Lücken", "review"),
    Area("editing", "Inhalte", "edit"),
    Area("rights", "Aufbewahrung", "manage"),
    Area("settings", "Einstellungen", "manage"),
    Area("users", "Konten", "manage"),
)


def menu(request: HttpRequest) -> dict[str, Any]:
    """For templates: `areas`, each with its address and whether it is open now."""
    user = getattr(request, "user", None)
    if user is None or not request.path.startswith("/team/") or not user.is_authenticated:
        return {}
    allowed = [area for area in AREAS if user.has_perm(f"accounts.{area.permission}")]
    addresses = {area.name: reverse(area.name) for area in allowed}
    matching = [name for name, address in addresses.items() if request.path.startswith(address)]
    current = max(matching, key=lambda name: len(addresses[name]), default="")
    return {
        "areas": [{"address": addresses[area.name], "title": area.title, "current": area.name == current} for area in allowed]
    }
