"""`python -m web retention --dry-run`: removes what has been kept long enough; the web process does it by itself each night."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from web.rights.retention import Outcome, retention_preview, retention_run


class Command(BaseCommand):
    help = "Removes what has been kept long enough, and leaves a proof of numbers. --dry-run only counts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="change nothing, print what is due")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        outcomes = retention_preview() if dry_run else retention_run()
        if outcomes is None:
            raise CommandError("Ein anderer Prozess löscht gerade. Es wurde nichts getan.")
        self.stdout.write("Zu löschen wäre:" if dry_run else "Gelöscht:")
        for outcome in outcomes:
            self.stdout.write(_line(outcome))
        if any(outcome.number is None for outcome in outcomes):
            raise CommandError("Nicht alles war erreichbar, siehe oben.")


def _line(outcome: Outcome) -> str:
    number = "?" if outcome.number is None else outcome.number
    older = f"älter als {timezone.localtime(outcome.before):%d.%m.%Y, %H:%M}"
    return f"{number:>8}  {outcome.rule.title}, {older}" + (f"  ({outcome.note})" if outcome.note else "")
