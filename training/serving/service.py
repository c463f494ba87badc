"""What runs together: the bot alone for measurements, or everything that citizens need."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg

from training.processes import (
    ACTIONS_PORT,
    HOST,
    RASA_PORT,
    ROOT,
    Process,
    StartError,
    Stopping,
    answers,
    free_port,
    never,
)
from training.serving.database import RASA, Database
from training.serving.keys import read_keys
from training.serving.live import live_model
from training.writing import write_whole

#: Seconds that a bot for measurements may take to start: with the lowest priority on a busy machine that is minutes, and all
#: that was trained before would be lost for the report.
_PATIENCE = 900.0


@contextmanager
def running_bot(
    model: Path, folder: Path, rasa_port: int = 0, actions_port: int = 0, secret: str | None = None
) -> Iterator[Bot]:
    """The action server and Rasa while the block runs, conversations in memory. Port 0: a free one.

    Logs and endpoints are written to `folder`. `secret`: for Rasa's channel to the web process, else the environment's
    or a random one.
    """
    with _running(Bot(model, folder, rasa_port or free_port(), actions_port or free_port(), secret or _secret())) as [bot]:
        yield bot


@contextmanager
def running_bots(models: Sequence[Path], folder: Path) -> Iterator[list[Bot]]:
    """As `running_bot`, one for each of the models, started side by side."""
    numbered = enumerate(models)
    with _running(*(Bot(model, folder / str(n), free_port(), free_port(), _secret()) for n, model in numbered)) as bots:
        yield bots


@contextmanager
def running_service(
    model: Path,
    var: Path,
    rasa_port: int = 0,
    actions_port: int = 0,
    web_port: int = 0,
    variables: Mapping[str, str] | None = None,
    stopping: Stopping = never,
) -> Iterator[Service]:
    """Database, bot and web process while the block runs. Port 0: a free one.

    `var`: the folder for the state of this installation: data, secrets, logs. `variables`: settings WOHNLOTSE_* beyond
    those of the environment. Raises StartError, and Stopped as soon as `stopping` tells that somebody wants to stop.
    """
    variables = {**os.environ, **(variables or {})}
    service = Service(model, var, rasa_port or free_port(), actions_port or free_port(), web_port or free_port(), variables)
    try:
        service.start(stopping)
        yield service
    finally:
        service.stop()


def _secret() -> str:
    return os.environ.get("WOHNLOTSE_BOT_SECRET") or secrets.token_urlsafe()


@contextmanager
def _running(*bots: Bot) -> Iterator[list[Bot]]:
    try:
        for bot in bots:
            bot.start()
        for bot in bots:
            bot.wait(seconds=_PATIENCE)
        yield list(bots)
    finally:
        for bot in bots:
            bot.stop()


class Bot:
    """The action server and Rasa, and where they listen."""

    def __init__(
        self, model: Path, folder: Path, rasa_port: int, actions_port: int, secret: str, tracker_database: str = ""
    ) -> None:
        """`tracker_database`: address of the database for Rasa's conversations; in memory without it."""
        self.rasa_port = rasa_port
        self.actions_port = actions_port
        self.secret = secret
        self.actions = Process(
            "The action server",
            [sys.executable, "-m", "rasa_sdk", "--actions", "actions", "--port", str(actions_port)],
            folder / "actions.log",
            lambda: answers(actions_port, "/health"),
        )
        self._endpoints = folder / "endpoints.yml"
        self._has_database = bool(tracker_database)
        was_live = model == live_model(model.parent)

        def command() -> list[str]:
            # Rasa that ends after a promotion comes back with the new model.
            served = (live_model(model.parent) if was_live else None) or model
            command = [sys.executable, "-m", "rasa", "run", "--interface", HOST, "--port", str(rasa_port)]
            command += ["--model", str(served), "--endpoints", str(self._endpoints)]
            return [*command, "--credentials", str(ROOT / "credentials.yml")]

        self.rasa = Process(
            "Rasa",
            command,
            folder / "rasa.log",
            lambda: answers(rasa_port, "/webhooks/rest/"),
            {
                "WOHNLOTSE_BOT_SECRET": secret,
                _TRACKER: tracker_database,
                "SQL_POOL_SIZE": "5",
                "SQL_MAX_OVERFLOW": "5",
                # A second thread for products of matrices spins while it waits, and takes the core from the others.
                "OMP_NUM_THREADS": "1",
                "OPENBLAS_NUM_THREADS": "1",
            },
        )

    @property
    def url(self) -> str:
        """Where messages are posted to, in Rasa's own form."""
        return f"http://{HOST}:{self.rasa_port}/webhooks/rest/webhook"

    def start(self) -> None:
        """Starts both without waiting."""
        self._write_endpoints()
        self.actions.start()
        self.rasa.start()

    def wait(self, stopping: Stopping = never, seconds: float = 120.0) -> None:
        """Returns when both are ready. Raises StartError, also for one that takes longer than `seconds`, and Stopped."""
        self.actions.wait(stopping, seconds)
        self.rasa.wait(stopping, seconds)

    def stop(self) -> None:
        self.rasa.stop()
        self.actions.stop()

    def _write_endpoints(self) -> None:
        endpoints = f"action_endpoint:\n  url: http://{HOST}:{self.actions_port}/webhook\n  enable_selective_domain: true\n"
        if self._has_database:
            endpoints += f"tracker_store:\n  type: channels.tracker_store.LeanTrackerStore\n  url: ${{{_TRACKER}}}\n"
        self._endpoints.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._endpoints.write_text(endpoints, encoding="utf-8")


class Service:
    """All processes, in the order of their start. Each can be stopped and started alone."""

    def __init__(
        self, model: Path, var: Path, rasa_port: int, actions_port: int, web_port: int, variables: Mapping[str, str]
    ) -> None:
        """`variables`: the environment of the web process. Raises StartError where a setting is missing."""
        self._var = var.resolve()
        self._run = self._var / "run"
        keys = read_keys(self._var, variables)
        self._external = variables.get("WOHNLOTSE_DATABASE_URL", "").strip()
        self.database = None if self._external else Database(self._var / "database", self._run / "postgres.log")
        tracker = self.database.url(RASA) if self.database else _external_tracker(variables)
        self.bot = Bot(model, self._run, rasa_port, actions_port, keys.bot_secret, tracker)
        self.web_port = web_port
        # Whatever other Django project, or test, this environment is meant for.
        settings = {**variables, "WOHNLOTSE_VAR": str(self._var), "DJANGO_SETTINGS_MODULE": "web.settings"}
        if rasa_port != RASA_PORT:
            settings["WOHNLOTSE_RASA_URL"] = f"http://{HOST}:{rasa_port}"
        if actions_port != ACTIONS_PORT:
            settings["WOHNLOTSE_ACTIONS_URL"] = f"http://{HOST}:{actions_port}"
        self._migration = Process(
            "The migration of the database",
            [sys.executable, "-m", "web", "migrate", "--no-input"],
            self._run / "migrate.log",
            variables=settings,
        )
        self.web = Process(
            "The web process",
            _web_command(web_port, variables),
            self._run / "web.log",
            # Whatever it says about the others: it is there.
            lambda: answers(web_port, "/health", only_ok=False),
            settings,
        )

    @property
    def url(self) -> str:
        """The page with the chat."""
        return f"http://{HOST}:{self.web_port}/"

    def has_staff(self) -> bool:
        """Whether anybody can log in to the console. Only once the database has its tables."""
        url = self.database.url() if self.database else self._external
        with psycopg.connect(url, connect_timeout=5) as connection:
            found = connection.execute("select exists (select from auth_user where is_active)").fetchone()
        return bool(found and found[0])

    @property
    def processes(self) -> list[Process]:
        """In the order of their start."""
        return [*([self.database] if self.database else []), self.bot.actions, self.bot.rasa, self.web]

    def start(self, stopping: Stopping = never) -> None:
        """Returns when all are ready. Raises StartError and Stopped; what has been started by then is left to `stop`."""
        self._run.mkdir(parents=True, exist_ok=True)
        self._run.chmod(0o700)
        if self.database:
            self.database.start()
            self.database.wait(stopping)
            write_whole(self._var / "database.url", self.database.url() + "\n", mode=0o600)
        # The bot takes longest, and needs no table of the web process.
        self.bot.start()
        self._migration.start()
        self._migration.finish(stopping)
        self.web.start()
        self.web.wait(stopping)
        self.bot.wait(stopping)

    def stop(self) -> None:
        for process in reversed([*self.processes[:1], self._migration, *self.processes[1:]]):
            process.stop()


#: Holds the address of the tracker store, which may hold a password: so it stands in no file and in no list of processes.
_TRACKER = "WOHNLOTSE_RASA_DATABASE_URL"


def _external_tracker(variables: Mapping[str, str]) -> str:
    url = variables.get(_TRACKER, "").strip()
    if not url:
        raise StartError(f"{_TRACKER} must be set, because WOHNLOTSE_DATABASE_URL is: Rasa keeps its conversations there.")
    # SQLAlchemy does not know the short form that Django and libpq take.
    return "postgresql://" + url.removeprefix("postgres://") if url.startswith("postgres://") else url


def _web_command(port: int, variables: Mapping[str, str]) -> list[str]:
    command = [sys.executable, "-m", "uvicorn", "web.asgi:application", "--host", HOST, "--port", str(port)]
    command += ["--workers", variables.get("WOHNLOTSE_WEB_WORKERS", "").strip() or "1", "--lifespan", "on"]
    # No address of a citizen in the log.
    command += ["--no-access-log", "--no-server-header", "--ws", "none", "--timeout-graceful-shutdown", "3"]
    if variables.get("WOHNLOTSE_PROXIES", "").strip() in ("", "0"):
        command.append("--no-proxy-headers")
    return command
