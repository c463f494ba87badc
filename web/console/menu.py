"""The console's menu: the areas that the user may open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from web.console.roles import Permission


@dataclass(frozen=True)
class Area:
    """`name`: of the URL. Every URL of the area lies below it, save for the first area, below which all others lie."""

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
    first = AREAS[0].name
    below = [name for name, address in addresses.items() if name != first and request.path.startswith(address)]
    current = below[0] if below else first if request.path == addresses.get(first) else ""
    return {
        "areas": [{"address": addresses[area.name], "title": area.title, "current": area.name == current} for area in allowed]
    }
