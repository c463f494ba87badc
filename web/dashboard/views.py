"""The page /team/."""

from __future__ import annotations

import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from web.console.roles import Permission
from web.dashboard.chart import HEIGHT, WIDTH, columns
from web.dashboard.figures import MOST, Work, figures, work
from web.rights.periods import days as days_kept

_PERIODS = (7, 30, 90)
_DEFAULT = 30


def show(request: HttpRequest) -> HttpResponse:
    days = next((each for each in _PERIODS if str(each) == request.GET.get("tage")), _DEFAULT)
    found = figures(days)
    kept = days_kept("conversation")
    context = {
        "days": days,
        "periods": _PERIODS,
        "figures": found,
        "columns": columns(found.volume),
        "most": max(count for _, count in found.volume),
        "width": WIDTH,
        "height": HEIGHT,
        "median": _said(found.waits.median),
        "nine_of_ten": _said(found.waits.nine_of_ten),
        "work": _links(request, work()),
        "kept": kept if kept < days else None,
    }
    return render(request, "dashboard/dashboard.html", context)


def _links(request: HttpRequest, found: Work) -> list[tuple[str, str, str]]:
    """(name of the page, what is there to do, how many) for those who may do it."""
    offers: tuple[tuple[Permission, str, str, str, int], ...] = (
        ("answer", "desk", "Person wartet auf Sie", "Personen warten auf Sie", found.waiting),
        ("answer", "inquiries", "offenes Anliegen", "offene Anliegen", found.inquiries),
        ("review", "review", "Nachricht zu prüfen", "Nachrichten zu prüfen", found.to_review),
        ("suggest", "suggestions", "Vorschlag zu bestätigen", "Vorschläge zu bestätigen", found.drafts),
    )
    return [
        (page, one if count == 1 else many, f"{count}+" if count >= MOST else str(count))
        for permission, page, one, many, count in offers
        if request.user.has_perm(f"accounts.{permission}")
    ]


def _said(wait: datetime.timedelta | None) -> str:
    """„45 Sekunden“, „3 Minuten“; a dash where there is none."""
    if wait is None:
        return "–"
    seconds = round(wait.total_seconds())
    if seconds < 100:
        return "1 Sekunde" if seconds == 1 else f"{seconds} Sekunden"
    minutes = round(seconds / 60)
    return f"{minutes} Minuten" if minutes < 100 else f"{round(minutes / 60)} Stunden"
