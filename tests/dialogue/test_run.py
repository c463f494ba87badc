"""`make run` serves the chat, mends what breaks, keeps what was said, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import psycopg
import pytest

from content import read_content
from training.chat import ask
from training.processes import HOST, ROOT, environment, free_port
from training.serving.database import RASA, Database

CONTENT = read_content()


class _Run:
    """`python -m training.run` with its state in `var`, on ports of its own."""

    def __init__(self, var: Path, **variables: str) -> None:
        self.var = var
        self.ports = {name: free_port() for name in ("WEB", "RASA", "ACTIONS")}
        ports = {f"WOHNLOTSE_{name}_PORT": str(port) for name, port in self.ports.items()}
        self._variables = {**environment(), "WOHNLOTSE_VAR": str(var), **ports, **variables}
        self.start()

    def start(self) -> None:
        """Starts it, again where it has ended."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "training.run"],
            cwd=ROOT,
            env=self._variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self.process.stdout is not None
        self.output = self.process.stdout
        self.printed: list[str] = []

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.ports['RASA']}/webhooks/rest/webhook"

    def read_until(self, words: str) -> list[str]:
        """What it has printed up to the line with `words`."""
        lines = []
        for line in self.output:
            lines.append(line.rstrip("\n"))
            if words in line:
                self.printed += lines
                return lines
        raise AssertionError(f"never printed „{words}“: {lines}")

    def end(self, number: signal.Signals = signal.SIGTERM) -> str:
        """What it prints to the end after this signal, with which it ends well."""
        self.process.send_signal(number)
        rest, _ = self.process.communicate(timeout=60)
        assert self.process.returncode == 0, rest
        return rest

    def health(self) -> dict[str, str]:
        """State of each part, as the web process sees it."""
        try:
            with urllib.request.urlopen(f"http://{HOST}:{self.ports['WEB']}/health", timeout=10) as answer:
                parts: dict[str, str] = json.load(answer)["parts"]
        except urllib.error.HTTPError as answer:
            parts = json.load(answer)["parts"]
        return parts

    def pid_of(self, words: str) -> int:
        """The process of ours with `words` in its command."""
        found = [each.pid for each in _ours(self.var) if words in " ".join(each.cmdline())]
        assert len(found) == 1, found
        return int(found[0])


@contextmanager
def _running(var: Path, **variables: str) -> Iterator[_Run]:
    run = _Run(var, **variables)
    try:
        yield run
    finally:
        if run.process.poll() is None:
            run.process.send_signal(signal.SIGTERM)
        run.process.wait(60)
        run.output.close()


def _ours(var: Path) -> list[psutil.Process]:
    """All processes that were started for this state: each has its folder in its environment or its command."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.pid != os.getpid() and (
                process.environ().get("WOHNLOTSE_VAR") == str(var) or str(var / "database") in " ".join(process.cmdline())
            ):
                # Workers of PostgreSQL write other words over their command; their server counts for them.
                found.append(process)
    return found


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Run]:
    """One that runs, for all who leave it running."""
    with _running(tmp_path_factory.mktemp("run")) as run:
        run.read_until("Stop with Ctrl-C")
        yield run
        assert run.end().endswith("Stopped.\n")
    assert _ours(run.var) == []


def test_addresses_are_told_and_everything_is_well(run: _Run) -> None:
    assert [line.split()[-1] for line in run.printed if line.startswith("Chat")] == [f"http://{HOST}:{run.ports['WEB']}/"]
    assert f"Staff console   http://{HOST}:{run.ports['WEB']}/team/" in run.printed
    assert any("Nobody can log in yet" in line for line in run.printed)
    assert set(run.health().values()) == {"ok"}


def test_nobody_elsewhere_reaches_what_listens(run: _Run) -> None:
    connections = [each for process in _ours(run.var) for each in process.net_connections("inet")]
    listening = [each.laddr for each in connections if each.status == psutil.CONN_LISTEN]

    assert {port for _, port in listening} >= set(run.ports.values())
    assert {address for address, _ in listening} == {HOST}


def test_second_run_with_the_same_state_is_refused_and_the_first_one_goes_on(run: _Run, tmp_path: Path) -> None:
    with _running(run.var) as second:
        second.read_until("is in use: another Wohnlotse is running with it")
        assert second.process.wait(20) == 1
    with _running(tmp_path, WOHNLOTSE_WEB_PORT=str(run.ports["WEB"])) as third:
        third.read_until(f"Port {run.ports['WEB']} is in use already")
        assert third.process.wait(20) == 1
    assert set(run.health().values()) == {"ok"}


def test_each_part_that_is_killed_is_started_again(run: _Run) -> None:
    assert ask(run.url, "anna", "Was ist die Allianz für Wohnen in Hessen?")[0]["text"] == CONTENT.answer(
        "alliance_definition", "standard"
    )
    for name, words in {
        "The action server": "rasa_sdk",
        "PostgreSQL": "bin/postgres -D",
        "The web process": "uvicorn",
        "Rasa": "rasa run",
    }.items():
        os.kill(run.pid_of(words), signal.SIGKILL)
        assert run.read_until("starting it again") == [f"{name} ended; starting it again."]
    until = time.monotonic() + 180
    while not _all_well(run) and time.monotonic() < until:
        time.sleep(0.5)
    assert set(run.health().values()) == {"ok"}
    # Rasa has its conversations in the database: it knows what „seit wann“ is about, after its own and its death.
    assert ask(run.url, "anna", "Und seit wann?")[0]["text"] == CONTENT.answer("alliance_founding_year", "standard")


def _all_well(run: _Run) -> bool:
    try:
        return set(run.health().values()) == {"ok"}
    except OSError:
        return False


def test_conversations_survive_a_restart_secrets_stay_and_nothing_outlives_the_stop(run: _Run) -> None:
    ask(run.url, "berta", "Was ist die Allianz für Wohnen in Hessen?")
    secret = (run.var / "secrets" / "secret_key").read_text(encoding="utf-8")
    # A second signal, as make passes it on, must not break off the tidying up.
    run.process.send_signal(signal.SIGTERM)
    time.sleep(0.2)
    assert run.end(signal.SIGINT).endswith("Stopped.\n")
    assert _ours(run.var) == []

    run.start()
    run.read_until("Stop with Ctrl-C")
    assert ask(run.url, "berta", "Und seit wann?")[0]["text"] == CONTENT.answer("alliance_founding_year", "standard")
    assert (run.var / "secrets" / "secret_key").read_text(encoding="utf-8") == secret
    with psycopg.connect(Database(run.var / "database", run.var / "log").url(RASA)) as connection:
        row = connection.execute("SELECT count(*) FROM events WHERE sender_id = 'berta' AND type_name = 'user'").fetchone()
    assert row == (2,)


@pytest.mark.parametrize("after", ["Starting with model", "database/data", "database.url", "run/rasa.log", "run/web.log"])
def test_signal_during_the_start_leaves_nothing_behind(tmp_path: Path, after: str) -> None:
    with _running(tmp_path) as run:
        if " " in after:
            run.read_until(after)
        else:
            while not (tmp_path / after).exists():
                assert run.process.poll() is None
                time.sleep(0.02)
        started = time.monotonic()
        assert run.end(signal.SIGINT).endswith("Stopped.\n")
        assert time.monotonic() - started < 20
    assert _ours(tmp_path) == []


@pytest.mark.parametrize(
    "missing", ["WOHNLOTSE_SECRET_KEY", "WOHNLOTSE_BOT_SECRET", "WOHNLOTSE_CONTACT_KEY", "WOHNLOTSE_RASA_DATABASE_URL"]
)
def test_with_a_database_elsewhere_what_is_missing_is_named(tmp_path: Path, missing: str) -> None:
    there = {
        "WOHNLOTSE_DATABASE_URL": "postgresql://db.example/wohnlotse",
        "WOHNLOTSE_RASA_DATABASE_URL": "postgresql://db.example/rasa",
        "WOHNLOTSE_SECRET_KEY": "a",
        "WOHNLOTSE_BOT_SECRET": "b",
        "WOHNLOTSE_CONTACT_KEY": "c",
    }
    with _running(tmp_path, **{name: value for name, value in there.items() if name != missing}) as run:
        run.read_until(f"{missing} must be set, because WOHNLOTSE_DATABASE_URL is")
        assert run.process.wait(20) == 1
    assert not (tmp_path / "database").exists()


def test_port_that_is_none_is_named(tmp_path: Path) -> None:
    with _running(tmp_path, WOHNLOTSE_WEB_PORT="achtzig") as run:
        run.read_until("WOHNLOTSE_WEB_PORT is „achtzig“, but must be a number from 1 to 65535.")
        assert run.process.wait(20) == 1
