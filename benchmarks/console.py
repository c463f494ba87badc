"""What the benchmarks' commands share: they tell where they are, and end in order when they are told to."""

from __future__ import annotations

import signal
import sys
from datetime import datetime
from typing import NoReturn


def say(text: str) -> None:
    """Prints `text` with the time, at once."""
    print(f"{datetime.now():%H:%M:%S} {text}", flush=True)


def leave_on_sigterm() -> None:
    """From now on SIGTERM ends the command by an exception, so that child processes are stopped on the way out."""
    signal.signal(signal.SIGTERM, _leave)


def _leave(number: int, frame: object) -> NoReturn:
    sys.exit(128 + number)
