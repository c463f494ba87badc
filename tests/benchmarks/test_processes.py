"""Child processes end with their block, helpers included."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from benchmarks.processes import CommandFailed, peak_memory, started, timed_command

_HELPER = (
    "import subprocess, sys, time;"
    "helper = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
    "open('helper', 'w').write(str(helper.pid));"
    "open('ready', 'w').close();"
    "time.sleep(60)"
)


def _is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


@pytest.mark.skipif(not os.path.isdir("/proc"), reason="reads /proc")
def test_process_and_its_helper_end_when_the_block_is_left_by_an_error(tmp_path: Path) -> None:
    with pytest.raises(KeyError), started([sys.executable, "-c", _HELPER], tmp_path) as process:  # noqa: PT012
        while not (tmp_path / "ready").exists():
            time.sleep(0.02)
        helper = int((tmp_path / "helper").read_text(encoding="ascii"))
        raise KeyError

    assert process.returncode is not None
    for _ in range(250):
        if not _is_running(helper):
            break
        time.sleep(0.02)
    assert not _is_running(helper)


def test_failing_command_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandFailed, match="ended with 3"):
        timed_command([sys.executable, "-c", "raise SystemExit(3)"], tmp_path)


def test_command_runs_in_its_folder_and_finds_our_modules(tmp_path: Path) -> None:
    code = "import benchmarks.statistics, pathlib; pathlib.Path('here').touch()"

    took = timed_command([sys.executable, "-c", code], tmp_path)

    assert (tmp_path / "here").exists()
    assert took.seconds > 0


def test_waiting_takes_time_by_the_clock_and_none_of_the_processor(tmp_path: Path) -> None:
    waited = timed_command([sys.executable, "-c", "import time; time.sleep(1)"], tmp_path)
    burn = "import time\nwhile time.process_time() < 1: pass"
    computed = timed_command([sys.executable, "-c", burn], tmp_path)

    assert waited.seconds >= 1
    assert computed.cpu >= 1
    assert waited.cpu < computed.cpu


@pytest.mark.skipif(not os.path.isdir("/proc"), reason="reads /proc")
def test_peak_memory_counts_what_a_process_has_given_back(tmp_path: Path) -> None:
    code = "taken = bytearray(b'x') * 100_000_000; del taken; open('ready', 'w').close(); import time; time.sleep(60)"

    with started([sys.executable, "-c", code], tmp_path) as process:
        while not (tmp_path / "ready").exists():
            time.sleep(0.02)
        peak = peak_memory(process.pid)

    assert peak is not None
    assert 95 < peak < 250


def test_peak_memory_of_nobody_is_unknown() -> None:
    assert peak_memory(2**22 + 1) is None
