"""The commands of the web process, run as processes of their own: nobody imports `web`."""

from __future__ import annotations

import json
import os
import re
import secrets
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict

import psycopg

from training.failure import Failure
from training.processes import ROOT, environment
from training.serving.database import Database, running_database
from training.serving.installation import state_folder
from training.serving.keys import read_keys

_TOKEN = "WOHNLOTSE_IMPORT_TOKEN"
_PATIENCE = 30.0  # seconds
#: The line of a traceback that names the error; PostgreSQL adds others below it.
_ERROR = re.compile(r"^[\w.]+: .*", re.MULTILINE)


class ConsoleError(Failure):
    """The console's data cannot be reached; the message says why."""


def suggestions() -> str:
    """The training questions that staff have confirmed, as JSON Lines. Raises ConsoleError."""
    with database_settings() as variables:
        return run(["suggestions"], variables)


def suggestions_from(url: str) -> str:
    """The same from the console of another machine, by its API; the key is in WOHNLOTSE_IMPORT_TOKEN. Raises ConsoleError."""
    address = f"{url.rstrip('/')}/api/v1/suggestions"
    headers = {"Authorization": f"Bearer {os.environ.get(_TOKEN, '').strip()}"}
    try:
        request = urllib.request.Request(address, headers=headers)
        with urllib.request.urlopen(request, timeout=_PATIENCE) as response:
            lines: str = response.read().decode("utf-8")
            return lines
    except urllib.error.HTTPError as error:
        reason = {401: f"{_TOKEN} is missing or wrong", 404: f"it has no {_TOKEN}, so its API is closed"}
        raise ConsoleError(f"{address} hands out nothing: {reason.get(error.code, f'status {error.code}')}.") from None
    except (OSError, ValueError) as error:
        raise ConsoleError(f"{address} does not answer: {_reason(error)}.") from None


def questions(days: int) -> str:
    """What citizens asked the bot in the last `days` days, redacted, a conversation a line as JSON. Raises ConsoleError."""
    with database_settings() as variables:
        return run(["questions", "--days", str(days)], variables)


def mark_imported(ids: Sequence[str]) -> None:
    """These are in the training data: the console hands them out no more. Raises ConsoleError."""
    with database_settings() as variables:
        run(["suggestions", "--mark-imported", *ids], variables)


def personal_data(texts: Sequence[str]) -> list[list[str]]:
    """The kinds of personal data in each text, as the web process finds them, in German. Raises ConsoleError."""
    lines = "".join(json.dumps(text, ensure_ascii=False) + "\n" for text in texts)
    # It looks at texts only, but does not start without settings.
    names = ("SECRET_KEY", "BOT_SECRET", "CONTACT_KEY")
    keys = {f"WOHNLOTSE_{name}": secrets.token_hex() for name in names}
    found = run(["personal_data"], {**keys, "WOHNLOTSE_DATABASE_URL": "postgresql://127.0.0.1/unused"}, lines)
    return [json.loads(line) for line in found.splitlines()]


def run(command: Sequence[str], variables: Mapping[str, str], stdin: str = "") -> str:
    """What the web process's `command` prints. `variables`: its environment beyond ours. Raises ConsoleError."""
    done = subprocess.run(
        [sys.executable, "-m", "web", *command],
        cwd=ROOT,
        env={**environment(), "DJANGO_SETTINGS_MODULE": "web.settings", **variables},
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        errors = _ERROR.findall(done.stderr) or ["it said nothing"]
        raise ConsoleError(f"`python -m web {command[0]}` failed: {errors[-1]}")
    return done.stdout


@contextmanager
def database_settings() -> Iterator[dict[str, str]]:
    """What the web process's commands need to reach the database: that of `make run`, or one that is started for this.

    Raises StartError.
    """
    var = state_folder()
    if os.environ.get("WOHNLOTSE_DATABASE_URL", "").strip() or _runs(Database(var / "database", var / "run" / "postgres.log")):
        yield {}
        return
    keys = {f"WOHNLOTSE_{name.upper()}": value for name, value in asdict(read_keys(var)).items()}
    with running_database(var) as database:
        variables = {**keys, "WOHNLOTSE_DATABASE_URL": database.url()}
        run(["migrate", "--no-input"], variables)  # the service may never have run here, or not since an update
        yield variables


def _reason(error: Exception) -> object:
    """Without what urllib and the system write around it."""
    error = getattr(error, "reason", error)
    return getattr(error, "strerror", None) or error


def _runs(database: Database) -> bool:
    try:
        psycopg.connect(database.url(), connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True
