"""Which hosts other than this machine the processes of a test address. None of them is reached: see sitecustomize.py."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path


def watched(log: Path, variables: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The `variables` of a process with those that have it and its children watched."""
    path = os.pathsep.join(filter(None, [str(Path(__file__).parent), variables.get("PYTHONPATH")]))
    return {**variables, "PYTHONPATH": path, "WIRE_LOG": str(log)}


def addressed(log: Path) -> list[str]:
    """The hosts in the order in which they were addressed, each once."""
    return list(dict.fromkeys(log.read_text(encoding="utf-8").splitlines())) if log.exists() else []
