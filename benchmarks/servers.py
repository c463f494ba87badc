"""A Rasa server of its own on a free loopback port, and how quickly it starts and answers."""

from __future__ import annotations

import http.client
import json
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from benchmarks.processes import CommandFailed, last_lines, peak_memory, started
from training.processes import HOST, free_port

_PARSED = "Wer leitet die Allianz für Wohnen in Hessen?"
_PARSES = 200
_WARM_UP = 20
_TURNS = 5
_STARTS = 3
_PATIENCE = 180  # seconds until a server that does not answer counts as failed
_POLL = 0.05


@dataclass(frozen=True)
class Serving:
    """How a bot serves. Times in ms unless said, memory in MB (None where it cannot be read).

    `parse_median`: POST /model/parse of one sentence. `turn_p50`, `turn_p95`: POST /webhooks/rest/webhook, `turns`
    messages in fresh conversations of five, of which `silent` got no answer. `start_seconds`: from the start of the
    process until /version and /status answer, median. `actions_peak`: of the action server beside it, None without.
    """

    parse_median: float
    turn_p50: float
    turn_p95: float
    turns: int
    silent: int
    start_seconds: float
    server_peak: float | None
    actions_peak: float | None


def measure_serving(project: Path, model: Path, with_actions: bool, questions: Sequence[str]) -> Serving:
    """Serves the model of the Rasa project alone, tracker in memory, and asks it the questions.

    Raises CommandFailed where a server does not come up.
    """
    with ExitStack() as stack:
        actions = stack.enter_context(_action_server(project)) if with_actions else None
        endpoints = write_endpoints(project, actions.port if actions else None)
        starts = [_start_seconds(project, model, endpoints) for _ in range(_STARTS - 1)]
        server = stack.enter_context(_rasa_server(project, model, endpoints))
        starts.append(server.start_seconds)
        parse = _parse_times(server)
        turns, silent = turn_times(server.port, server.log, questions)
        ordered = statistics.quantiles(turns, n=20, method="inclusive")
        return Serving(
            parse_median=statistics.median(parse),
            turn_p50=statistics.median(turns),
            turn_p95=ordered[-1],
            turns=len(turns),
            silent=silent,
            start_seconds=statistics.median(starts),
            server_peak=peak_memory(server.process.pid),
            actions_peak=peak_memory(actions.process.pid) if actions else None,
        )


@dataclass(frozen=True)
class _Server:
    process: subprocess.Popen[bytes]
    port: int
    start_seconds: float
    log: Path


@contextmanager
def _rasa_server(project: Path, model: Path, endpoints: Path) -> Iterator[_Server]:
    port = free_port()
    command = ["rasa", "run", "--enable-api", "-i", HOST, "-p", str(port), "-m", str(model)]
    command += ["--endpoints", str(endpoints), "--credentials", "credentials.yml"]
    with _serving(project, command, port, ("/version", "/status")) as server:
        yield server


@contextmanager
def _action_server(project: Path) -> Iterator[_Server]:
    port = free_port()
    with _serving(project, ["rasa_sdk", "--actions", "actions", "--port", str(port)], port, ("/health",)) as server:
        yield server


@contextmanager
def _serving(project: Path, command: list[str], port: int, ready: Sequence[str]) -> Iterator[_Server]:
    log = project / f"server-{port}.log"
    start = time.perf_counter()
    with started([sys.executable, "-m", *command], project, log) as process:
        for path in ready:
            _await(process, port, path, start, log)
        yield _Server(process, port, time.perf_counter() - start, log)


def _await(process: subprocess.Popen[bytes], port: int, path: str, start: float, log: Path) -> None:
    while True:
        probe = http.client.HTTPConnection(HOST, port, timeout=_PATIENCE)
        with closing(probe) as connection, suppress(OSError, http.client.HTTPException):
            connection.request("GET", path)
            status = connection.getresponse().status
            if status == 200:
                return
            # Rasa listens only when the model is loaded, or could not be: it will not get better.
            raise CommandFailed(f"the server answered {path} with {status}{last_lines(log)}")
        if process.poll() is not None or time.perf_counter() - start > _PATIENCE:
            raise CommandFailed(f"the server did not answer {path}{last_lines(log)}")
        time.sleep(_POLL)


def _start_seconds(project: Path, model: Path, endpoints: Path) -> float:
    with _rasa_server(project, model, endpoints) as server:
        return server.start_seconds


def write_endpoints(project: Path, actions_port: int | None) -> Path:
    """The project's endpoints with the action server of this run, and without stores: tracker in memory on both sides."""
    content: dict[str, Any] = YAML(typ="safe").load((project / "endpoints.yml").read_text(encoding="utf-8")) or {}
    for store in ("tracker_store", "lock_store", "event_broker"):
        content.pop(store, None)
    if actions_port:
        content["action_endpoint"] = {"url": f"http://{HOST}:{actions_port}/webhook"}
    path = project / "endpoints-bench.yml"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def _parse_times(server: _Server) -> list[float]:
    with closing(_Client(server.port, server.log)) as ask:
        times = [ask.post("/model/parse", {"text": _PARSED})[0] for _ in range(_WARM_UP + _PARSES)]
    return times[_WARM_UP:]


def turn_times(port: int, log: Path, questions: Sequence[str]) -> tuple[list[float], int]:
    """Milliseconds per turn, and how many turns got no answer; every five turns a new conversation begins.

    `log`: of the server on `port`. Raises CommandFailed for an error status.
    """
    sender = ""
    times: list[float] = []
    silent = 0
    with closing(_Client(port, log)) as ask:
        for index, question in enumerate(questions):
            if index % _TURNS == 0:
                sender = uuid.uuid4().hex
            took, answer = ask.post("/webhooks/rest/webhook", {"sender": sender, "message": question})
            times.append(took)
            silent += not answer
    return times, silent


class _Client:
    """One connection that stays open, so that only the server is measured."""

    def __init__(self, port: int, log: Path) -> None:
        """`log`: where the server writes why it failed."""
        self._log = log
        self._connection = http.client.HTTPConnection(HOST, port, timeout=60)

    def close(self) -> None:
        self._connection.close()

    def post(self, path: str, content: dict[str, Any]) -> tuple[float, Any]:
        """Milliseconds until the whole answer is there, and the answer. Raises CommandFailed for an error status."""
        body = json.dumps(content).encode()
        start = time.perf_counter()
        self._connection.request("POST", path, body, {"Content-Type": "application/json"})
        response = self._connection.getresponse()
        text = response.read()
        took = (time.perf_counter() - start) * 1000
        if response.status != 200:
            raise CommandFailed(f"POST {path} answered {response.status}: {text[:300]!r}{last_lines(self._log)}")
        return took, json.loads(text)
