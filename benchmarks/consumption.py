"""What a process and those that it started take: memory and processor time, from /proc."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")


@dataclass(frozen=True)
class Consumption:
    """Of a process with its descendants. `memory`: MB, what they share counted once (PSS). `cpu`: seconds so far, in user
    and system mode, ended children included."""

    memory: float
    cpu: float


def consumption(pid: int) -> Consumption:
    """Raises OSError where there is no such process, or no /proc to tell."""
    memory, cpu = _memory(pid), _cpu(pid)
    for child in _children(pid):
        with suppress(FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
            taken = consumption(child)
            memory, cpu = memory + taken.memory, cpu + taken.cpu
    return Consumption(memory, cpu)


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for task in (_PROC / str(pid) / "task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):  # a thread that has ended meanwhile
            found += map(int, (task / "children").read_text(encoding="ascii").split())
    return found


def _memory(pid: int) -> float:
    found = re.search(r"^Pss:\s+(\d+) kB$", (_PROC / str(pid) / "smaps_rollup").read_text(encoding="ascii"), re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0


def _cpu(pid: int) -> float:
    # The name in brackets may hold blanks; after it, utime, stime, cutime and cstime are the fields 14 to 17 of proc(5).
    fields = (_PROC / str(pid) / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
