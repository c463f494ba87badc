"""`python -m web suggestions`: confirmed training questions as JSON Lines; `--mark-imported ID ...` once they are taken."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from web.review.models import Status
from web.review.suggestions import confirmed, json_lines, suggestions_mark_imported


class Command(BaseCommand):
    help = "Prints the training questions that staff have confirmed, one JSON object a line, or marks some as imported."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--since", default="", help="confirmed on this day or later, YYYY-MM-DD")
        parser.add_argument("--status", choices=[Status.CONFIRMED, Status.IMPORTED], default=Status.CONFIRMED)
        parser.add_argument(
            "--mark-imported",
            nargs="+",
            type=uuid.UUID,
            metavar="ID",
            help="these are in the training data now and are not listed again; prints how many it were",
        )

    def handle(self, *args: Any, since: str, status: str, mark_imported: list[uuid.UUID] | None, **options: Any) -> None:
        if mark_imported:
            self.stdout.write(str(suggestions_mark_imported(mark_imported)))
        else:
            self.stdout.write(json_lines(confirmed(_midnight(since) if since else None, status)), ending="")


def _midnight(day: str) -> datetime.datetime:
    try:
        return timezone.make_aware(datetime.datetime.combine(datetime.date.fromisoformat(day), datetime.time()))
    except ValueError:
        raise CommandError("--since must be a day like 2026-11-01") from None
