"""Code with the models of a web process, run in one process of its own: Django takes a second to load."""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from io import StringIO

from tests.browser.child import Child, running_child


class Shell:
    """Each `run` begins with no variables of the one before."""

    def __init__(self, child: Child) -> None:
        self._child = child

    def run(self, code: str) -> str:
        """What `code` prints."""
        printed, error = self._child.ask(code)
        assert not error, error
        return str(printed)


@contextmanager
def running_shell(variables: Mapping[str, str]) -> Iterator[Shell]:
    """A shell on the database that `variables` name, while the block runs."""
    with running_child("tests.browser.console.shell", variables) as child:
        yield Shell(child)


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
