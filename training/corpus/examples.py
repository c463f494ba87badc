"""The training examples of `data/nlu/`, with the place each one stands at. Reads no Rasa, so that it takes no seconds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.failure import BadInput
from training.processes import ROOT
from training.reading import read_yaml

NLU = ROOT / "data" / "nlu"

_ENTITY = re.compile(r"\[(?P<text>[^\[\]]+)\]\((?P<name>\w+)\)")


@dataclass(frozen=True)
class Example:
    """One training question: text without markup, its intent, the marked entities as (name, text), file and line."""

    text: str
    intent: str
    entities: tuple[tuple[str, str], ...]
    path: Path
    line: int

    @property
    def place(self) -> str:
        return f"{self.path.name}:{self.line}"


def read_examples(folder: Path = NLU) -> list[Example]:
    """All examples below `folder`, by file and line. Raises BadInput that names file and line."""
    return [example for path in sorted(folder.glob("**/*.yml")) for example in _read(path)]


def _read(path: Path) -> Iterator[Example]:
    data = read_yaml(path, path.name)
    if not isinstance(data, dict) or not isinstance(data.get("nlu"), list):
        raise BadInput(f"{path.name}:1: expected a list under the key nlu")
    blocks: list[Any] = data["nlu"]
    for number, block in enumerate(blocks):
        if not hasattr(block, "lc") or "intent" not in block or not isinstance(block.get("examples"), str):
            raise BadInput(f"{path.name}:{data['nlu'].lc.item(number)[0] + 1}: expected intent and examples")
        first = block.lc.value("examples")[0] + 1
        for offset, row in enumerate(block["examples"].splitlines(), start=1):
            if row.startswith("- ") and row[2:].strip():
                yield _example(row[2:].strip(), str(block["intent"]), path, first + offset)
            elif row.strip():
                raise BadInput(f"{path.name}:{first + offset}: an example must start with a dash and a blank")


def _example(row: str, intent: str, path: Path, line: int) -> Example:
    entities = tuple((match["name"], match["text"]) for match in _ENTITY.finditer(row))
    return Example(_ENTITY.sub(r"\g<text>", row), intent, entities, path, line)
