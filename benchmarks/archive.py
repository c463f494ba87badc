"""`python -m benchmarks.archive`: how the console's list of conversations grows, from 1 000 conversations to 20 000.

One web process for each size, on databases of the same server in a temporary folder, filled with made-up conversations
(`make demo-data` makes what they are composed of). Each page is asked for in turns by a real log-in, so that whatever else
the machine does slows both sizes alike.
"""

from __future__ import annotations

import argparse
import os
import re
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import httpx
import numpy as np
import psycopg

from benchmarks.console import leave_on_sigterm, say
from training.demo import answered
from training.processes import HOST, ROOT, Process, StartError, answers, environment, free_port
from training.serving.database import Database, running_database
from training.serving.keys import read_keys

REPORTS = ROOT / "reports" / "bench"
SIZES = (1_000, 20_000)
#: How much slower a page of the large list may be.
GOAL = 3.0

_ACCOUNT = "bench"
_LIST = "/team/gespraeche/"
#: What is measured besides the first page: each filter alone, searches for what is rare and what is frequent, some at once.
_QUERIES = {
    "Suche, häufig": "text=Wohnung",
    "Suche, selten": "text=W%C3%A4rmepumpe",
    "Suche, mehrere Wörter": "text=F%C3%B6rderung+Wohnungsbau",
    "Suche, ohne Treffer": "text=Quastenflosser",
    "Zeitraum": "period=7",
    "Thema": "topic=alliance_goals",
    "Bereich": "zone=clarify",
    "Sicherheit unter": "below=40",
    "Sicherheit über": "above=90",
    "geringe Sicherheit": "answer=unsure",
    "unbeantwortet": "answer=none",
    "Daumen runter": "feedback=down",
    "Grund": "reason=incomplete",
    "Übergabe, irgendeine": "handoff=any",
    "Übergabe, übernommen": "handoff=taken",
    "Nachricht hinterlassen": "handoff=word",
    "zu prüfen": "reviewed=no",
    "geprüft": "reviewed=yes",
    "Sprache": "register=einfach",
    "Kanal": "channel=embedded",
    "Schlagwort": "tag=selten",
    "Zustand": "state=closed",
    "ungelesen": "unread=1",
    "mehrere Filter": "zone=decline&feedback=down&reviewed=no&register=standard",
    "Suche mit Filtern": "text=Wohnung&zone=decline&period=30",
}


@dataclass(frozen=True)
class Console:
    """A console with `size` conversations; `client` is logged in."""

    size: int
    client: httpx.Client
    database: str

    def deep(self) -> str:
        """The query of a page nine tenths down the list."""
        with psycopg.connect(self.database) as connection:
            row = connection.execute(
                "select active_at, id from chat_conversation order by active_at desc, id desc offset %s limit 1",
                [self.size * 9 // 10],
            ).fetchone()
        assert row is not None
        return str(httpx.QueryParams({"after": f"{row[0].isoformat()}_{row[1]}"}))

    def seconds(self, query: str) -> float:
        """How long the page takes. Raises httpx.HTTPError."""
        started = time.perf_counter()
        self.client.get(f"{_LIST}?{query}" if query else _LIST).raise_for_status()
        return time.perf_counter() - started


@dataclass(frozen=True)
class Row:
    """A page's times in seconds, for the smaller and the larger list."""

    name: str
    small: Sequence[float]
    large: Sequence[float]

    @property
    def growth(self) -> float:
        return p95(self.large) / p95(self.small)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures, prints the report and writes it. Returns the exit code: 1 where the goal is missed."""
    args = _parser().parse_args(arguments)
    leave_on_sigterm()
    if not answered().exists():
        print("There is nothing to make conversations of yet. Run `make demo-data` first.", file=sys.stderr)
        return 1
    run = datetime.now().astimezone().isoformat(timespec="seconds")
    busy = os.getloadavg()[0]
    try:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder, ExitStack() as stack:
            database = stack.enter_context(running_database(Path(folder)))
            small, large = (stack.enter_context(_running_console(Path(folder), database, size)) for size in SIZES)
            say("measuring")
            rows = list(_measured(small, large, args.repeats))
    except (StartError, httpx.HTTPError, subprocess.CalledProcessError) as error:
        print(error, file=sys.stderr)
        return 1
    text = report(rows, run, busy)
    args.reports.mkdir(parents=True, exist_ok=True)
    (args.reports / "archive.md").write_text(text, encoding="utf-8")
    print(f"\n{text}\nWritten to {args.reports / 'archive.md'}")
    return 0 if all(row.growth <= GOAL for row in rows) else 1


def report(rows: Sequence[Row], run: str, busy: float) -> str:
    """The goal, then each page's times, the one that grows most first."""
    most = max(row.growth for row in rows)
    met = "met" if most <= GOAL else "**not met**"
    lines = [
        f"# The list of conversations with {SIZES[0]} and {SIZES[1]} conversations, {run}",
        "",
        f"Goal: p95 at {SIZES[1]} at most {GOAL:.0f} times that at {SIZES[0]}: {met} (at most {most:.1f} times).",
        f"{len(rows[0].small)} requests of each page and size, in turns, one after the other, by HTTP with a log-in; "
        f"{os.cpu_count()} cores, load average at the start {busy:.1f}. Milliseconds.",
        "",
        f"| page | p50, {SIZES[0]} | p95, {SIZES[0]} | p50, {SIZES[1]} | p95, {SIZES[1]} | growth of p95 |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for row in sorted(rows, key=lambda row: row.growth, reverse=True):
        times = [each * 1000 for each in (p50(row.small), p95(row.small), p50(row.large), p95(row.large))]
        lines.append(f"| {row.name} | {' | '.join(f'{each:.0f}' for each in times)} | {row.growth:.1f} |")
    return "\n".join(lines) + "\n"


def p50(seconds: Sequence[float]) -> float:
    return float(np.percentile(seconds, 50))


def p95(seconds: Sequence[float]) -> float:
    return float(np.percentile(seconds, 95))


def _measured(small: Console, large: Console, repeats: int) -> Iterator[Row]:
    same = {name: (query, query) for name, query in {"erste Seite": "", **_QUERIES}.items()}
    for name, queries in {**same, "tiefe Seite": (small.deep(), large.deep())}.items():
        pairs = []
        for _ in range(repeats + 1):  # the first one warms up
            pairs.append((small.seconds(queries[0]), large.seconds(queries[1])))
        yield Row(name, *zip(*pairs[1:]))


@contextmanager
def _running_console(folder: Path, database: Database, size: int) -> Iterator[Console]:
    """Raises StartError, subprocess.CalledProcessError."""
    name = f"archive_{size}"
    with psycopg.connect(database.url("postgres"), autocommit=True) as connection:
        connection.execute(f"create database {name}".encode())
    url = database.url(name)
    port = free_port()
    var = folder / name
    read_keys(var, {})
    (var / "database.url").write_text(url, encoding="utf-8")
    variables = {"DJANGO_SETTINGS_MODULE": "web.settings", "WOHNLOTSE_VAR": str(var)}
    password = secrets.token_urlsafe(16)
    _command(variables, "migrate", "--no-input")
    _command(variables, "account", _ACCOUNT, "--role", "Leitung", typed=password)
    say(f"making {size} conversations")
    _command(variables, "demo", str(answered()), "--count", str(size))
    with psycopg.connect(url, autocommit=True) as connection:
        _complete(connection)
    command = [sys.executable, "-m", "uvicorn", "web.asgi:application", "--host", HOST, "--port", str(port)]
    process = Process(
        f"The web process with {size} conversations",
        [*command, "--lifespan", "on", "--no-access-log", "--ws", "none"],
        folder / f"{name}.log",
        lambda: answers(port, "/health", only_ok=False),
        variables,
    )
    process.start()
    try:
        process.wait()
        _wait_for_index(url)
        with httpx.Client(base_url=f"http://{HOST}:{port}", timeout=60, trust_env=False) as client:
            _log_in(client, password)
            yield Console(size, client, url)
    finally:
        process.stop()


def _command(variables: Mapping[str, str], *arguments: str, typed: str = "") -> None:
    command = [sys.executable, "-m", "web", *arguments]
    subprocess.run(
        command, cwd=ROOT, env={**environment(), **variables}, input=typed, text=True, stdout=subprocess.DEVNULL, check=True
    )


def _complete(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """A rare tag, and half of the conversations read."""
    connection.execute("insert into review_tag (name) values ('selten')")
    connection.execute(
        "insert into review_tag_conversations (tag_id, conversation_id) "
        "select tag.id, made.id from review_tag tag, chat_conversation made where left(made.id::text, 2) = '7f'"
    )
    connection.execute(
        "insert into archive_seen (user_id, conversation_id, seq) "
        "select reader.id, made.id, made.last_seq from auth_user reader, chat_conversation made "
        "where reader.username = %s and left(made.id::text, 1) < '8'",
        [_ACCOUNT],
    )


def _wait_for_index(url: str) -> None:
    """Returns once the sweeper of the web process has indexed all conversations and PostgreSQL knows the tables."""
    started = time.monotonic()
    with psycopg.connect(url, autocommit=True) as connection:
        while True:
            row = connection.execute(
                "select count(*) from chat_conversation made left join archive_document document "
                "on document.conversation_id = made.id where document.seq is distinct from made.last_seq"
            ).fetchone()
            if row == (0,):
                break
            time.sleep(0.5)
        say(f"indexed after {time.monotonic() - started:.0f} s")
        connection.execute("vacuum analyze")


def _log_in(client: httpx.Client, password: str) -> None:
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get("/team/login/").text)
    assert token is not None
    data = {"username": _ACCOUNT, "password": password, "csrfmiddlewaretoken": token[1]}
    response = client.post("/team/login/", data=data)
    assert response.status_code == 302, response.text


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.archive", description=__doc__)
    parser.add_argument("--repeats", type=int, default=40, metavar="N", help="requests of each page (40)")
    parser.add_argument("--reports", type=Path, default=REPORTS, metavar="FOLDER", help="where the result is stored")
    return parser


if __name__ == "__main__":
    sys.exit(main())
