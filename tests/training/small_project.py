"""A copy of the project that is trained in seconds: all topics and intents, few examples of each."""

from __future__ import annotations

import shutil
from pathlib import Path

from training.processes import ROOT

#: How an example begins in the files of data/nlu/.
_ROW = "    - "


def write_small_project(root: Path, per_intent: int = 10) -> None:
    """Content, domain, rules and `per_intent` examples of each intent below `root`; no test questions."""
    ignored = shutil.ignore_patterns("__pycache__", "*.py")
    shutil.copytree(ROOT / "content", root / "content", ignore=ignored, dirs_exist_ok=True)
    shutil.copytree(ROOT / "data" / "rules", root / "data" / "rules")
    shutil.copy(ROOT / "domain.yml", root)
    (root / "data" / "nlu").mkdir()
    (root / "tests" / "questions").mkdir(parents=True)
    for path in (ROOT / "data" / "nlu").glob("*.yml"):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        head = [line for line in lines if not line.startswith(_ROW)]
        rows = [line for line in lines if line.startswith(_ROW)]
        kept = rows[:: max(1, len(rows) // per_intent)][:per_intent]
        (root / "data" / "nlu" / path.name).write_text("".join([*head, *kept]), encoding="utf-8")
