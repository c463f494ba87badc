"""What a process takes, with all that it started."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from benchmarks.consumption import consumption
from benchmarks.processes import started

_BUSY = "import time\nwhile time.process_time() < 0.5: pass"
_READY = "open('ready', 'w').close(); import time; time.sleep(60)"
_CHILD = f"taken = bytearray(b'x') * 100_000_000; {_READY}"
_PARENT = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {_CHILD!r}])"
_BUSY_ITSELF = f"{_BUSY}\n{_READY}"
_BUSY_CHILD = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {_BUSY!r}]); {_READY}"

pytestmark = pytest.mark.skipif(not os.path.isdir("/proc"), reason="reads /proc")


def _await(path: Path) -> None:
    while not path.exists():
        time.sleep(0.02)


def test_memory_of_a_child_counts(tmp_path: Path) -> None:
    with started([sys.executable, "-c", _PARENT], tmp_path) as process:
        _await(tmp_path / "ready")
        found = consumption(process.pid)

    assert 95 < found.memory < 250


@pytest.mark.parametrize("code", [_BUSY_ITSELF, _BUSY_CHILD], ids=["its own", "of a child that has ended"])
def test_processor_time_counts(code: str, tmp_path: Path) -> None:
    with started([sys.executable, "-c", code], tmp_path) as process:
        _await(tmp_path / "ready")
        found = consumption(process.pid)

    assert 0.4 < found.cpu < 2


def test_nobody_takes_nothing(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        consumption(2**22 + 1)
