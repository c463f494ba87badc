"""`python -m web demo var/demo.jsonl`: fills the console with made-up conversations, to look at it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from web.chat import facts
from web.demo.conversations import conversation_ids, conversations_plan
from web.demo.filling import are_all_among, member_make, period_make, plan_store
from web.demo.people import COUNSELLOR, HEAD
from web.rights.periods import days

#: The conversations go back so many days, and are kept for so many: none of them is due for deletion before a month is over.
_DAYS, _KEPT = 60, 90


class Command(BaseCommand):
    help = "Fills the console with made-up conversations and two members of staff. `make demo-data` calls it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("answered", type=Path, help="questions with the bot's answers, of training.demo")
        parser.add_argument("--count", type=int, default=2000)
        parser.add_argument("--seed", type=int, default=4)
        parser.add_argument("--force", action="store_true", help="also where there are real conversations")

    @transaction.atomic
    def handle(self, *args: Any, answered: Path, count: int, seed: int, force: bool, **options: Any) -> None:
        try:
            lines = [json.loads(line) for line in answered.read_text(encoding="utf-8").splitlines()]
        except OSError:
            raise CommandError(f"{answered} is missing: `make demo-data` makes it.") from None
        if are_all_among(conversation_ids(count, seed)):
            period_make(_KEPT)
        elif not force:
            raise CommandError("there are conversations of others. With --force the made-up ones come beside them.")
        counsellor, password = member_make(COUNSELLOR)
        _, head_password = member_make(HEAD)
        kept = days("conversation")
        period = max(1, min(_DAYS, kept - 1))
        plan = conversations_plan(lines, facts.content(), counsellor, count, timezone.now(), period, seed)
        plan_store(plan, counsellor)
        self.stdout.write(f"{count} conversations of the last {period} days with {len(plan.messages)} messages.")
        self.stdout.write(f"Conversations are kept for {kept} days here; Leitung changes that at /team/rechte/.")
        self.stdout.write("Log in at /team/login/ as")
        self.stdout.write(f"  {COUNSELLOR.username}  {password}  ({COUNSELLOR.role})")
        self.stdout.write(f"  {HEAD.username}  {head_password}  ({HEAD.role})")
