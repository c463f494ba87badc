"""The running service as its operator sees it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from training.processes import ROOT
from training.serving.service import Service


@dataclass(frozen=True)
class Installation:
    """`service` is what runs, `var` the folder of its state."""

    service: Service
    var: Path

    @property
    def url(self) -> str:
        return self.service.url

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """What a statement finds in the database of the web process."""
        with psycopg.connect((self.var / "database.url").read_text(encoding="utf-8").strip()) as connection:
            return connection.execute(statement.encode(), values).fetchall()

    @contextmanager
    def switched_off(self, comment: str) -> Iterator[None]:
        """The kill switch is off while the block runs."""
        self._command("chat", "off", "--comment", comment)
        try:
            yield
        finally:
            self._command("chat", "on", "--comment", "Der Test ist zu Ende.")

    def _command(self, *arguments: str) -> None:
        variables = {"WOHNLOTSE_VAR": str(self.var), "DJANGO_SETTINGS_MODULE": "web.settings"}
        command = [sys.executable, "-m", "web", *arguments]
        subprocess.run(command, cwd=ROOT, env={**os.environ, **variables}, check=True, capture_output=True)
