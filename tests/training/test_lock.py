"""One at a time, across processes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from training.lock import Busy, only_one
from training.processes import ROOT


def test_second_one_is_told_who_is_at_it_and_since_when(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "mara")
    message = r"^Another promotion is running: mara since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\.$"

    with only_one(tmp_path, "promotion"), pytest.raises(Busy, match=message), only_one(tmp_path, "promotion"):
        raise AssertionError("two at a time")
    with only_one(tmp_path, "promotion"):
        pass


def test_another_process_is_kept_out_and_something_else_is_not(tmp_path: Path) -> None:
    code = f"import pathlib, training.lock as lock\nwith lock.only_one(pathlib.Path({str(tmp_path)!r}), 'promotion'): pass"

    with only_one(tmp_path, "promotion"), only_one(tmp_path, "training"):
        result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)

    assert "Another promotion is running" in result.stderr


def test_process_that_was_handed_the_lock_goes_on_holding_it(tmp_path: Path) -> None:
    with only_one(tmp_path, "promotion") as lock:
        holder = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, pass_fds=[lock])
    try:
        with pytest.raises(Busy), only_one(tmp_path, "promotion"):
            raise AssertionError("two at a time")
    finally:
        holder.communicate(b"\n")
    with only_one(tmp_path, "promotion"):
        pass
