"""The console's menu: the areas that the user may open, and who waits for one of the staff."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from web.console.roles import Permission
from web.desk.beat import BEAT, standing


@dataclass(frozen=True)
class Area:
    """`name`: of the URL. Every URL of the area lies below it, save for the first area, below which all others lie, and for
    an area of several `parts`, which stand in a menu of their own."""

    name: str
    title: str
    permission: Permission
    parts: tuple[Area, ...] = ()


AREAS = (
    Area("team", "Übersicht", "read"),
    Area("desk", "Beratung", "answer"),
    Area("inquiries", "Anliegen", "answer"),
    Area("archive", "Gespräche", "read"),
    Area("review", "Prüfen", "review"),
    Area("gaps", "Lücken", "review"),
    Area("editing", "Inhalte", "edit"),
    Area(
        "settings",
        "Verwaltung",
        "manage",
        (
            Area("settings", "Einstellungen", "manage"),
            Area("rights", "Aufbewahrung", "manage"),
            Area("users", "Konten", "manage"),
        ),
    ),
)


def menu(request: HttpRequest) -> dict[str, Any]:
    """For templates: `areas`, each with its address and whether it is open now, and `parts`, those of the open area; for
    those who answer citizens, `standing`, the seconds of a `beat`, and whether a new request `rings`."""
    user = getattr(request, "user", None)
    if user is None or not request.path.startswith("/team/") or not user.is_authenticated:
        return {}
    allowed = [area for area in AREAS if user.has_perm(f"accounts.{area.permission}")]
    parts = [part for area in allowed if _is_open(area, request) for part in area.parts]
    found: dict[str, Any] = {"areas": _items(allowed, request), "parts": _items(parts, request)}
    if user.has_perm("accounts.answer"):
        profile = getattr(user, "profile", None)
        found |= {"standing": standing(user), "beat": BEAT, "rings": profile is not None and profile.rings}
    return found


def _items(areas: list[Area], request: HttpRequest) -> list[dict[str, Any]]:
    return [
        {"name": area.name, "title": area.title, "address": reverse(area.name), "current": _is_open(area, request)}
        for area in areas
    ]


def _is_open(area: Area, request: HttpRequest) -> bool:
    if area.parts:
        return any(_is_open(part, request) for part in area.parts)
    address = reverse(area.name)
    return request.path == address if area.name == AREAS[0].name else request.path.startswith(address)
