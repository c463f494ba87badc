"""A process of its own that answers line by line, in JSON: what takes long to load is loaded once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from training.processes import ROOT


class Child:
    """A running process."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, question: Any) -> Any:
        """The answer to `question`; both are what JSON can say."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps(question), file=self._process.stdin, flush=True)
        answer = self._process.stdout.readline()
        assert answer, f"{self._process.args} has ended"
        return json.loads(answer)


@contextmanager
def running_child(module: str, variables: Mapping[str, str]) -> Iterator[Child]:
    """The module as a process with `variables` in its environment, while the block runs."""
    command = [sys.executable, "-W", "ignore", "-m", module]
    environment = {**os.environ, **variables}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Child(process)
        assert process.stdin is not None
        process.stdin.close()
