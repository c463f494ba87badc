"""Code with the models of a web process, run in one process of its own: Django takes a second to load."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from io import StringIO

from training.processes import ROOT


class Shell:
    """Each `run` begins with no variables of the one before."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def run(self, code: str) -> str:
        """What `code` prints."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps(code), file=self._process.stdin, flush=True)
        answer = self._process.stdout.readline()
        assert answer, "the shell has ended"
        printed, error = json.loads(answer)
        assert not error, error
        return str(printed)


@contextmanager
def running_shell(variables: Mapping[str, str]) -> Iterator[Shell]:
    """A shell on the database that `variables` name, while the block runs."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.browser.console.shell"]
    environment = {**os.environ, **variables}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Shell(process)
        assert process.stdin is not None
        process.stdin.close()


def _work() -> None:
    """Does what comes in, line by line."""
    import django

    django.setup()
    from django.db import connections

    for line in sys.stdin:
        printed, error = StringIO(), ""
        try:
            with redirect_stdout(printed):
                exec(json.loads(line), {})
        except Exception:
            error = traceback.format_exc()
        connections.close_all()  # the database may be stopped before the next one
        print(json.dumps([printed.getvalue(), error]), flush=True)


if __name__ == "__main__":
    _work()
