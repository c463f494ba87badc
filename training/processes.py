"""A server process of ours: started, asked whether it is ready, stopped. Each belongs to us and ends with us."""

from __future__ import annotations

import functools
import http.client
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from training.failure import Failure
from training.interruption import undisturbed

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
RASA_PORT = 5005
ACTIONS_PORT = 5055
WEB_PORT = 8000

_QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "PYTHONWARNINGS": "ignore",
    "SANIC_HOST": HOST,
    "MPLCONFIGDIR": str(ROOT / "var" / "matplotlib"),
}


class StartError(Failure):
    """A process did not come up; the message says which, and the end of what it printed."""


class Stopped(Exception):
    """Somebody asked to stop while something was still starting."""


#: Whether somebody asked to stop. Asked between two steps, so that no process is ever half started.
Stopping = Callable[[], bool]


def never() -> bool:
    """Nobody asks to stop."""
    return False


class Process:
    """One server process. `name` stands in messages; what it prints goes to `log`. `command`: asked for at each start where
    it can change."""

    def __init__(
        self,
        name: str,
        command: Sequence[str] | Callable[[], Sequence[str]],
        log: Path,
        ready: Callable[[], bool] = lambda: True,
        variables: Mapping[str, str] | None = None,
        cwd: Path = ROOT,
        stop_signal: signal.Signals = signal.SIGTERM,
        outlives_us: bool = False,
    ) -> None:
        """`outlives_us`: goes on where this process is killed, because whoever starts it next ends it in better order."""
        self.name = name
        self._command = command
        self.log = log
        self._ready = ready
        self._variables = dict(variables or {})
        self._cwd = cwd
        self._stop_signal = stop_signal
        self._outlives_us = outlives_us
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def command(self) -> list[str]:
        """With what it would be started now."""
        return list(self._command() if callable(self._command) else self._command)

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Starts it without waiting. A second start adds to the log, which tells why the first one ended."""
        self._sweep()
        self.log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Undisturbed, or a process that has just begun would be nobody's.
        with undisturbed(), self.log.open("wb" if self._process is None else "ab") as output:
            # A session of its own: Ctrl-C reaches our launcher only, which then ends the processes in order.
            self._process = subprocess.Popen(
                self.command if self._outlives_us else ending_with_us(self.command),
                cwd=self._cwd,
                env={**environment(), **self._variables},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait(self, stopping: Stopping = never, seconds: float = 120.0) -> None:
        """Returns once it is ready. Raises StartError when it ends first or `seconds` have passed, and Stopped."""
        until = time.monotonic() + seconds
        while self.running and time.monotonic() < until:
            if stopping():
                raise Stopped
            if self._ready():
                return
            time.sleep(0.1)
        late = f" within {seconds:g} seconds" if self.running else ""
        raise StartError(f"{self.name} did not start{late}:\n{last_lines(self.log)}")

    def finish(self, stopping: Stopping = never) -> None:
        """Returns once it has ended by itself. Raises StartError where it failed, and Stopped after ending it."""
        while self.running:
            if stopping():
                self.stop()
                raise Stopped
            time.sleep(0.1)
        if self._process is None or self._process.returncode:
            raise StartError(f"{self.name} failed:\n{last_lines(self.log)}")

    def stop(self, seconds: float = 10.0) -> None:
        """Asks it to end, and ends it after `seconds`."""
        if self._process is not None and self.running:
            self._process.send_signal(self._stop_signal)
            try:
                self._process.wait(seconds)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._sweep()

    def _sweep(self) -> None:
        """Ends what a process that was killed has left of its own, like the workers of a web server."""
        if self._process is not None and not self.running:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)


@contextmanager
def child(
    command: Sequence[str], end: Callable[[subprocess.Popen[Any]], None], variables: Mapping[str, str], **options: Any
) -> Iterator[subprocess.Popen[Any]]:
    """A process in a session of its own, for the block; where an exception leaves it, Ctrl-C included, `end` ends the process.

    `variables` go on top of `environment`; `options` go to Popen.
    """
    process: subprocess.Popen[Any] | None = None
    try:
        with undisturbed():  # or a process that has just begun would be nobody's
            command = ending_with_us(command)
            process = subprocess.Popen(command, env={**environment(), **variables}, start_new_session=True, **options)
        yield process
    except BaseException:
        if process is not None:
            end(process)
        raise


def ending_with_us(command: Sequence[str]) -> list[str]:
    """`command`, which is then asked to end when this process ends, even killed: no clean-up of ours runs then.

    Linux can tell a process that the one which started it is gone (PR_SET_PDEATHSIG in prctl(2)). Elsewhere it is the command
    as it is.
    """
    setpriv = _setpriv()
    return [setpriv, "--pdeathsig", "TERM", "--", *command] if setpriv else list(command)


@functools.lru_cache(maxsize=1)
def _setpriv() -> str | None:
    """util-linux's program that switches this on; there are others of its name that cannot."""
    found = shutil.which("setpriv")
    if found is None:
        return None
    can = subprocess.run([found, "--help"], capture_output=True, text=True, check=False).stdout
    return found if "--pdeathsig" in can else None


def environment() -> dict[str, str]:
    """This process's environment, without telemetry, with the servers on loopback."""
    return {**os.environ, **_QUIET}


def answers(port: int, path: str, only_ok: bool = True) -> bool:
    """Whether 127.0.0.1:`port` answers `path`: with 200, or with anything where `only_ok` is false."""
    connection = http.client.HTTPConnection(HOST, port, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200 or not only_ok
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def last_lines(log: Path, count: int = 8) -> str:
    """The end of what a process printed, indented."""
    with suppress(FileNotFoundError):
        if lines := log.read_text(encoding="utf-8", errors="replace").strip().splitlines():
            return "\n".join(f"  {line}" for line in lines[-count:])
    return "  it printed nothing"


def free_port() -> int:
    """A port that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0
