"""A change of several files whose process is killed in its midst."""

from __future__ import annotations

import itertools
import os
import signal
from pathlib import Path

from training.corpus.changes import Files, write


def write_and_be_killed(steps: int, files: Files, root: Path) -> None:
    """Writes `files` in a process that is killed before it renames one more."""
    pid = os.fork()
    if pid == 0:
        replace, done = Path.replace, itertools.count()

        def killed(path: Path, target: Path) -> Path:
            if next(done) == steps:
                os.kill(os.getpid(), signal.SIGKILL)
            return replace(path, target)

        Path.replace = killed  # type: ignore[method-assign]
        Path.unlink = lambda path, missing_ok=False: os.kill(os.getpid(), signal.SIGKILL)  # type: ignore[method-assign]
        try:
            write(files, root)
        finally:
            os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL
