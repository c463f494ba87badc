"""Starts and stops the bot's processes: the action server and Rasa. Each belongs to us and ends with us."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
RASA_PORT = 5005
ACTIONS_PORT = 5055

_QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "PYTHONWARNINGS": "ignore",
    "SANIC_HOST": HOST,
    "MPLCONFIGDIR": str(ROOT / "var" / "matplotlib"),
}


class StartError(Exception):
    """A process did not come up; the message says which, and the end of what it printed."""


def environment() -> dict[str, str]:
    """This process's environment, without telemetry, with the servers on loopback."""
    return {**os.environ, **_QUIET}


def start_actions(port: int, log: Path) -> subprocess.Popen[bytes]:
    """The action server on 127.0.0.1:`port`; what it prints goes to `log`."""
    return _start([sys.executable, "-m", "rasa_sdk", "--actions", "actions", "--port", str(port)], log)


def start_rasa(model: Path, port: int, endpoints: Path, log: Path) -> subprocess.Popen[bytes]:
    """Rasa with `model` on 127.0.0.1:`port`."""
    command = [sys.executable, "-m", "rasa", "run", "--interface", HOST, "--port", str(port), "--model", str(model)]
    command += ["--endpoints", str(endpoints), "--credentials", str(ROOT / "credentials.yml")]
    return _start(command, log)


def wait_for(url: str, process: subprocess.Popen[bytes], log: Path, seconds: float = 120.0) -> None:
    """Returns once `url` answers. Raises StartError when the process ends first or `seconds` have passed."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:  # nobody listens yet, or 503 while there is no model
            time.sleep(0.2)
    tail = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-8:]
    raise StartError(f"{log.stem} did not start:\n  " + "\n  ".join(tail or ["it printed nothing"]))


def stop(process: subprocess.Popen[bytes], seconds: float = 10.0) -> None:
    """Asks the process to end, and ends it after `seconds`."""
    if process.poll() is not None:
        return
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def free_port() -> int:
    """A port that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


@contextmanager
def running_bot(model: Path, folder: Path, rasa_port: int = 0, actions_port: int = 0) -> Iterator[Bot]:
    """The whole bot while the block runs. Port 0: a free one. Logs and endpoints are written to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    rasa_port, actions_port = rasa_port or free_port(), actions_port or free_port()
    endpoints = folder / "endpoints.yml"
    endpoints.write_text(f"action_endpoint:\n  url: http://{HOST}:{actions_port}/webhook\n", encoding="utf-8")
    bot = Bot(rasa_port, actions_port, folder)
    try:
        bot.start_actions()
        bot.rasa = start_rasa(model, rasa_port, endpoints, folder / "rasa.log")
        bot.wait_for_actions()
        wait_for(f"http://{HOST}:{rasa_port}/webhooks/rest/", bot.rasa, folder / "rasa.log")
        yield bot
    finally:
        for process in (bot.rasa, bot.actions):
            if process is not None:
                stop(process)


class Bot:
    """The two processes, and where they listen."""

    def __init__(self, rasa_port: int, actions_port: int, folder: Path) -> None:
        self.rasa_port = rasa_port
        self.actions_port = actions_port
        self._folder = folder
        self.rasa: subprocess.Popen[bytes] | None = None
        self.actions: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        """Where messages are posted to."""
        return f"http://{HOST}:{self.rasa_port}/webhooks/rest/webhook"

    def start_actions(self) -> None:
        self.actions = start_actions(self.actions_port, self._folder / "actions.log")

    def wait_for_actions(self) -> None:
        """Returns once the action server answers. Raises StartError."""
        wait_for(f"http://{HOST}:{self.actions_port}/health", self.actions, self._folder / "actions.log")


def _start(command: list[str], log: Path) -> subprocess.Popen[bytes]:
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        # A session of its own: Ctrl-C reaches our launcher only, which then ends the processes in order.
        return subprocess.Popen(
            command, cwd=ROOT, env=environment(), stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
