"""The web process with a stand-in for Rasa, and staff: lighter than the whole service, for all that the bot has no part in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.browser.staff import Staff, working_staff
from tests.web.running import Web, running_web, standing_in
from training.serving.database import Database, running_database


@dataclass(frozen=True)
class Standing:
    """`web` is what runs, on `database`; `staff` who works there."""

    web: Web
    database: Database
    staff: Staff

    @property
    def url(self) -> str:
        return f"{self.web.url}/"

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """What a statement finds in the database of the web process."""
        return self.web.rows(statement, *values)

    def decline(self) -> None:
        """From now on the bot does not know."""
        reply = {"text": "Das weiß ich leider nicht.", "buttons": [], "topic": "unknown", "zone": "decline"}
        reply |= {"source": None, "stand": None, "register": "standard", "intent": "oos_general"}
        self.web.bot.said = {"replies": [reply], "handoff": None, "verdict": None}


@contextmanager
def running_standing(folder: Path) -> Iterator[Standing]:
    """All of it, while the block runs."""
    with (
        running_database(folder) as database,
        standing_in() as bot,
        running_web(folder, database.url(), bot) as web,
        working_staff(web.variables) as staff,
    ):
        yield Standing(web, database, staff)
