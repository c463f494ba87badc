"""What only one process may do at a time."""

from __future__ import annotations

import fcntl
import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path

from training.failure import Failure


class Busy(Failure):
    """Somebody else is doing it right now; the message says who and since when."""


@contextmanager
def only_one(folder: Path, doing: str) -> Iterator[int]:
    """Nobody else does the same in `folder` while the block runs, in whatever process. Raises Busy at once.

    Gives the file descriptor of the lock: a process that it is passed on to holds the lock, too, as long as it lives.
    """
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / f".{doing}.lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(f"Another {doing} is running: {os.read(handle, 200).decode() or 'it has just begun'}.") from None
        os.truncate(handle, 0)
        os.pwrite(handle, f"{getpass.getuser()} since {datetime.now(timezone.utc):%Y-%m-%d %H:%M:%S} UTC".encode(), 0)
        yield handle
    finally:
        os.close(handle)
