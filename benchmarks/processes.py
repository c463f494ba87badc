"""Child processes in a folder of their own: their time, their memory, their end. What starts here also stops here."""

from __future__ import annotations

import contextlib
import os
import re
import resource
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from training.processes import ROOT, ending_with_us, environment

_GRACE = 15  # seconds that a process has to end by itself
_LAST_LINES = 25


class CommandFailed(Exception):
    """A child process ended with an error, or never came up; the message says which."""


@dataclass(frozen=True)
class Took:
    """Seconds of a command: `seconds` by the clock, `cpu` of processor time, its ended children included. The second one
    hangs much less on what else the machine does."""

    seconds: float
    cpu: float


@contextlib.contextmanager
def started(command: Sequence[str], folder: Path, log: Path | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """Runs `command` in `folder` as long as the block lasts; its output goes to `log`, or through to ours.

    The process gets a group of its own, so that its helpers end with it, and nothing else does.
    """
    with contextlib.ExitStack() as stack:
        output: IO[bytes] | None = stack.enter_context(log.open("ab")) if log else None
        process = subprocess.Popen(
            ending_with_us(command),
            cwd=folder,
            env={**environment(), "PYTHONPATH": str(ROOT)},  # modules of the project are found from any folder
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            _stop(process)


def timed_command(command: Sequence[str], folder: Path) -> Took:
    """What `command` takes from its start to its end. Raises CommandFailed."""
    start, used = time.perf_counter(), _cpu_of_children()
    with started(command, folder) as process:
        code = process.wait()
    took = Took(time.perf_counter() - start, _cpu_of_children() - used)
    if code != 0:
        raise CommandFailed(f"{' '.join(command[:5])} ... ended with {code}; what it printed stands above")
    return took


def peak_memory(pid: int) -> float | None:
    """The most memory that the process had so far, in MB (VmHWM); None where there is no /proc to tell."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return None
    found = re.search(r"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE)
    return int(found[1]) / 1024 if found else None


def last_lines(log: Path) -> str:
    """The end of a log, to be put behind an error message."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return "\n" + "\n".join(lines[-_LAST_LINES:])


def _cpu_of_children() -> float:
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ended.ru_utime + ended.ru_stime


def _stop(process: subprocess.Popen[bytes]) -> None:
    for stop in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, stop)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_GRACE)
            break
