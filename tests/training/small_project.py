"""A copy of the project that is trained in seconds: all topics and intents, few examples of each."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from components.folding import fold
from training.corpus.validation import COPY_DIFFERENCE, COPY_WORDS
from training.processes import ROOT

_ENTITY = re.compile(r"\[([^\[\]]+)\]\(\w+\)")
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
        spread = rows[:: max(1, len(rows) // per_intent)]
        kept = _apart([*spread, *(row for row in rows if row not in spread)], per_intent)
        (root / "data" / "nlu" / path.name).write_text("".join([*head, *kept]), encoding="utf-8")


def _apart(rows: Iterable[str], count: int) -> list[str]:
    """The first `count` of `rows` of which none is nearly another one: among few examples, validation accepts no such pair."""
    kept: dict[str, Counter[str]] = {}
    for row in rows:
        words = Counter(fold(_ENTITY.sub(r"\1", row.removeprefix(_ROW))).split())
        if len(kept) < count and not any(_is_near(words, other) for other in kept.values()):
            kept[row] = words
    return list(kept)


def _is_near(one: Counter[str], other: Counter[str]) -> bool:
    longer = max(sum(one.values()), sum(other.values()))
    return longer >= COPY_WORDS and all(sum(each.values()) <= COPY_DIFFERENCE for each in (one - other, other - one))
