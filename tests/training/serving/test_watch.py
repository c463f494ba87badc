"""Processes that end while they should run."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from training.processes import Process, StartError
from training.serving.watch import watch


def _process(log: Path, code: str) -> Process:
    return Process("The sleeper", [sys.executable, "-c", code], log)


def _until(*conditions: Callable[[], bool]) -> Callable[[], bool]:
    """Asks to stop once all conditions have come true, one after the other."""
    left = list(conditions)

    def stopping() -> bool:
        if left and left[0]():
            left.pop(0)
        return not left

    return stopping


def test_process_that_ends_is_started_again_and_said_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    process = _process(tmp_path / "log", "import time; time.sleep(60)")
    process.start()
    first = process.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    try:
        watch([process], _until(lambda: process.pid != first and process.running))
        assert process.running
    finally:
        process.stop()
    assert capsys.readouterr().out == "The sleeper ended; starting it again.\n"


def test_process_that_keeps_ending_is_given_up_with_the_end_of_its_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    process = _process(tmp_path / "log", "print('the reason')")
    process.start()
    with pytest.raises(StartError, match=r"^The sleeper ended 6 times within a minute; giving up\.[\s\S]*the reason"):
        watch([process], lambda: False)
    assert capsys.readouterr().out == "The sleeper ended; starting it again.\n" * 5
    assert (tmp_path / "log").read_text(encoding="utf-8") == "the reason\n" * 6


def test_process_that_ends_now_and_then_is_never_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hours = iter(range(0, 3600 * 1000, 30))
    process = _process(tmp_path / "log", "print('once')")
    process.start()
    monkeypatch.setattr("training.serving.watch.time", _Clock(lambda: float(next(hours))))
    watch([process], _until(lambda: (tmp_path / "log").read_text(encoding="utf-8").count("once") > 7))
    process.stop()


class _Clock:
    """Two looks at it are 30 seconds apart, and a process has time to end meanwhile."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self.monotonic = monotonic

    def sleep(self, seconds: float) -> None:
        time.sleep(0.1)
