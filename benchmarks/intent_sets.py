"""Labelled texts from outside: reading them, taking few examples per intent, holding intents out."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

_FIELDS = ("text", "intent", "split")


class IntentSetError(Exception):
    """A set that cannot be used; the message names the file and, where there is one, the line."""


@dataclass(frozen=True)
class Row:
    """One labelled text. `split`: train, test or test_<kind>."""

    text: str
    intent: str
    split: str


@dataclass(frozen=True)
class IntentSet:
    """A named list of rows. A set without training rows holds texts out of scope only: a pool of strangers."""

    name: str
    rows: tuple[Row, ...]

    @cached_property
    def train(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.split == "train")

    @cached_property
    def tests(self) -> dict[str, tuple[Row, ...]]:
        """The rows of each split but train, „test“ first."""
        splits = sorted({row.split for row in self.rows} - {"train"}, key=lambda split: (split != "test", split))
        return {split: tuple(row for row in self.rows if row.split == split) for split in splits}

    @property
    def is_pool(self) -> bool:
        return not self.train


@dataclass(frozen=True)
class HoldOut:
    """What is left when some intents are hidden: rows to train on, test rows of those intents, rows of the hidden."""

    train: tuple[Row, ...]
    inside: tuple[Row, ...]
    outside: tuple[Row, ...]


def read_intent_set(path: Path) -> IntentSet:
    """Reads JSON Lines with text, intent and split; a folder stands for its `data.jsonl`. Raises IntentSetError.

    The set is named like its file, or like its folder where the file is called `data.jsonl`.
    """
    file = path / "data.jsonl" if path.is_dir() else path
    try:
        lines = file.read_text(encoding="utf-8").split("\n")
    except FileNotFoundError:
        raise IntentSetError(f"{file}: there is no such file") from None
    except UnicodeDecodeError:
        raise IntentSetError(f"{file}: this is not a text file in UTF-8") from None
    rows = tuple(_row(line, f"{file}:{number}") for number, line in enumerate(lines, start=1) if line.strip())
    found = IntentSet(file.resolve().parent.name if file.name == "data.jsonl" else file.stem, rows)
    _check(found, file)
    return found


def sample_shots(rows: Sequence[Row], shots: int | None, seed: int) -> list[Row]:
    """At most `shots` rows of each intent (all for None), in their order. The same rows and seed give the same sample."""
    if shots is None:
        return list(rows)
    places: dict[str, list[int]] = defaultdict(list)
    for index, row in enumerate(rows):
        places[row.intent].append(index)
    chosen = [
        index
        for intent, of_intent in places.items()
        for index in random.Random(f"{seed}:{intent}").sample(of_intent, min(shots, len(of_intent)))
    ]
    return [rows[index] for index in sorted(chosen)]


def hold_out(intent_set: IntentSet, share: float, shots: int | None, seed: int) -> HoldOut:
    """Hides the given share of the intents, at least one; all rows of a hidden intent, trained or not, are outside.

    `shots` limits the training rows per intent. The hidden intents follow from the seed alone.
    """
    intents = sorted({row.intent for row in intent_set.train})
    hidden = set(random.Random(seed).sample(intents, max(1, round(share * len(intents)))))
    kept = set(intents) - hidden  # an intent that is only tested is neither
    return HoldOut(
        train=tuple(sample_shots([row for row in intent_set.train if row.intent in kept], shots, seed)),
        inside=tuple(row for row in intent_set.tests["test"] if row.intent in kept),
        outside=tuple(row for row in intent_set.rows if row.split in ("train", "test") and row.intent in hidden),
    )


def _row(line: str, place: str) -> Row:
    try:
        data: Any = json.loads(line)
    except json.JSONDecodeError as error:
        raise IntentSetError(f"{place}: this is not JSON ({error.msg})") from None
    if not isinstance(data, dict):
        raise IntentSetError(f"{place}: expected an object with text, intent and split")
    for field in _FIELDS:
        if not isinstance(data.get(field), str) or not data[field].strip():
            raise IntentSetError(f"{place}: the field {field} is missing or empty")
    if data["split"] != "train" and data["split"] != "test" and not data["split"].startswith("test_"):
        raise IntentSetError(f"{place}: the split must be train, test or test_<kind>, not {data['split']}")
    return Row(data["text"], data["intent"], data["split"])


def _check(intent_set: IntentSet, file: Path) -> None:
    if not intent_set.tests:
        raise IntentSetError(f"{file}: there are no rows to test on (split test)")
    if intent_set.is_pool:
        if len({row.intent for row in intent_set.rows}) > 1:
            raise IntentSetError(f"{file}: several intents are tested, but no row has the split train")
        return
    if "test" not in intent_set.tests:
        raise IntentSetError(f"{file}: there are no rows with the split test")
    if len({row.intent for row in intent_set.train}) < 2:
        raise IntentSetError(f"{file}: the training rows need at least two intents")
