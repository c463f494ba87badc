"""`python -m web account diehl --role Leitung --name "Frau Diehl"`: makes an account for a member of staff."""

from __future__ import annotations

import getpass
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from web.accounts.members import Details, Refused, member_add
from web.console.roles import ROLES


class Command(BaseCommand):
    help = "Makes an account for a member of staff. Asks for the password, unless --generate makes one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("login", help="what is typed at the log-in")
        parser.add_argument("--role", required=True, choices=list(ROLES))
        parser.add_argument("--name", default="", help="what citizens see, for example „Frau Diehl“; empty: the function")
        parser.add_argument("--email", default="", help="for notices of new inquiries")
        parser.add_argument("--generate", action="store_true", help="make a password for the first log-in, and print it")

    def handle(self, *args: Any, login: str, role: str, name: str, email: str, generate: bool, **options: Any) -> None:
        try:
            _, password = member_add(login, Details(role, name, email), None if generate else self._asked())
        except Refused as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(f"Das Konto „{login}“ mit der Rolle {role} ist angelegt. Anmelden unter /team/login/.")
        if generate:
            self.stdout.write(f"Passwort für das erste Anmelden: {password}")

    def _asked(self) -> str:
        if not sys.stdin.isatty():
            return sys.stdin.readline().rstrip("\n")
        password = getpass.getpass("Passwort: ")
        if getpass.getpass("Noch einmal: ") != password:
            raise CommandError("Die beiden Eingaben sind verschieden. Es wurde kein Konto angelegt.")
        return password
