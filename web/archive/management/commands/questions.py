"""`python -m web questions --days 7`: what citizens asked the bot, as JSON Lines, for `wohnlotse shadow`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from web.archive.questions import questions


class Command(BaseCommand):
    help = "Prints what citizens asked the bot of late, redacted, one conversation a line. That it was read is recorded."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, default=7, help="conversations that were active in so many days")

    def handle(self, *args: Any, days: int, **options: Any) -> None:
        if days < 1:
            raise CommandError("--days must be 1 or more")
        for line in questions(days):
            self.stdout.write(line, ending="")
