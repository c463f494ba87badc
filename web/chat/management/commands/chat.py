"""`python -m web chat off --comment "Wartung bis 14 Uhr."`: the kill switch."""

from __future__ import annotations

import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from web.chat import switch


class Command(BaseCommand):
    help = "Switches the chat on or off. While it is off, the widget shows the comment and how else to reach us."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("position", choices=["on", "off", "state"])
        parser.add_argument("--comment", default="", help="for the citizens, in German; kept in the record")
        parser.add_argument("--by", default="", help="who does it (default: the user of this machine)")

    def handle(self, *args: Any, position: str, comment: str, by: str, **options: Any) -> None:
        if position != "state":
            try:
                switch.turn(position == "on", comment, by or getpass.getuser())
            except ValueError:
                raise CommandError('say why: --comment "..."') from None
        state = switch.current()
        self.stdout.write(f"The chat is {'on' if state.on else 'off'}." + (f" „{state.comment}“" if state.comment else ""))
