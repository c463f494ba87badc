"""`python -m web suggestions --since 2026-11-01`: confirmed training questions as JSON Lines."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from web.review.models import Status
from web.review.suggestions import confirmed, json_lines, suggestions_mark_imported


class Command(BaseCommand):
    help = "Prints the training questions that staff have confirmed, one JSON object a line."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--since", default="", help="confirmed on this day or later, YYYY-MM-DD")
        parser.add_argument("--status", choices=[Status.CONFIRMED, Status.IMPORTED], default=Status.CONFIRMED)
        parser.add_argument("--mark-imported", action="store_true", help="they are in the training data now: not listed again")

    def handle(self, *args: Any, since: str, status: str, mark_imported: bool, **options: Any) -> None:
        listed = list(confirmed(_midnight(since) if since else None, status))
        self.stdout.write(json_lines(listed), ending="")
        if mark_imported and status == Status.CONFIRMED:
            suggestions_mark_imported([each.pk for each in listed])


def _midnight(day: str) -> datetime.datetime:
    try:
        return timezone.make_aware(datetime.datetime.combine(datetime.date.fromisoformat(day), datetime.time()))
    except ValueError:
        raise CommandError("--since must be a day like 2026-11-01") from None
