"""`python -m web inquiries rotate`: encrypts what citizens left with the first of the contact keys."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from web.inquiries.inquiries import inquiries_rotate


class Command(BaseCommand):
    help = "Encrypts what citizens left with the first key of WOHNLOTSE_CONTACT_KEY. All of the keys are tried to read it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["rotate"])

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        rotated, sealed = inquiries_rotate()
        self.stdout.write(f"{rotated} encrypted with the first key.")
        if sealed:
            raise CommandError(f"{sealed} could not be read: their key is not in WOHNLOTSE_CONTACT_KEY. They are as they were.")
