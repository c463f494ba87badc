"""`python -m web personal_data`: looks for personal data in texts that are to become training questions."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from web import privacy
from web.chat import facts


class Command(BaseCommand):
    help = "Reads texts from standard input, a JSON string a line, and prints for each a list of what looks personal in it."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            texts = [json.loads(line) for line in sys.stdin.buffer.read().splitlines()]
        except ValueError:
            raise CommandError("expected a JSON string a line") from None
        for text in texts:
            kinds = sorted({privacy.LABELS[each.kind]["standard"] for each in privacy.find(text, facts.content())})
            self.stdout.write(json.dumps(kinds, ensure_ascii=False))
