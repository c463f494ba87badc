"""The bank of models: the folder `models/`, which of them is served, and who changed that when and why."""

from __future__ import annotations

import getpass
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Literal

from rich import box
from rich.table import Table

from training.bank.card import DECISIVE, Card, CardError, installed_versions, read_card
from training.bank.model_file import ENDING, BadModel, read_model_file
from training.failure import BadInput, Failure
from training.serving.live import MODELS, live_model, live_name, set_live
from training.tables import table as made_table
from training.writing import write_whole

Action = Literal["first", "promote", "rollback"]

NONE_YET = "There is no model yet. Run `wohnlotse train` first."

_HISTORY = "history.jsonl"
#: What the table shows of a card's metrics.
_FIGURES = {"test set": "test_right", "declined": "test_declined", "out of fold": "out_of_fold_right"}


class HistoryError(Failure):
    """The history cannot be read; the message names file and line."""


@dataclass(frozen=True)
class Entry:
    """One model of the bank. `card`: None where it has none that can be read. `changes`: how it came to be served."""

    model: Path
    card: Card | None
    is_live: bool
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Change:
    """Another model was served from `when` (UTC, ISO 8601) on. `model`, `before`: file names, "" for none.
    `regressions`: those that `who` accepted for `reason`."""

    when: str
    who: str
    action: Action
    model: str
    before: str
    reason: str = ""
    regressions: tuple[str, ...] = ()


def models(folder: Path = MODELS) -> list[Entry]:
    """All models in `folder`, newest first. Raises HistoryError."""
    live, changes = live_model(folder), history(folder)
    files = sorted(folder.glob(f"*{ENDING}"), key=lambda path: (path.stat().st_mtime, path.name), reverse=True)
    return [
        Entry(path, _card(path), path == live, tuple(each for each in changes if each.model == path.name)) for path in files
    ]


def table(entries: Sequence[Entry]) -> Table:
    """The bank for the terminal: the figures of each model, and who made it the served one when and why."""
    columns = ("model", "", *_FIGURES, "MB", "served since (UTC)")
    return made_table(columns, map(_row, entries), numbers=(*_FIGURES, "MB"), whole=columns[:2], frame=box.SIMPLE)


def find_model(name: str = "", folder: Path = MODELS) -> Path:
    """The model file that somebody means: a path, or a name in `folder` with or without its ending; the newest one
    where nothing is named. Raises BadInput."""
    if not name:
        entries = models(folder)
        if not entries:
            raise BadInput(NONE_YET)
        return entries[0].model
    for path in (folder / name, folder / f"{name}{ENDING}", Path(name).resolve()):
        if path.is_file() and path.name.endswith(ENDING):
            return path
    raise BadInput(f"There is no model {name} in {folder}. `wohnlotse models` lists them.")


def history(folder: Path = MODELS) -> list[Change]:
    """All changes of the served model, oldest first. Raises HistoryError.

    The pointer is what counts: a last entry that it did not follow is of somebody who was killed in between.
    """
    path = folder / _HISTORY
    if not path.exists():
        return []
    changes = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            found = json.loads(line)
            changes.append(Change(**{**found, "regressions": tuple(found["regressions"])}))
        except (ValueError, TypeError, KeyError):
            raise HistoryError(f"{path}:{number} is no entry of the history.") from None
    if changes and changes[-1].model != live_name(folder):
        changes.pop()
    return changes


def before_live(folder: Path = MODELS) -> Path | None:
    """What a rollback goes to: the model that was served before the live one was promoted. None where there is none."""
    stack: list[str] = []
    for change in history(folder):
        if change.action == "rollback":
            del stack[-1:]
        elif change.before:
            stack.append(change.before)
    before = folder / stack[-1] if stack else None
    return before if before and before.is_file() else None


def go_live(
    model: Path, action: Action, who: str = "", reason: str = "", regressions: Sequence[str] = (), when: datetime | None = None
) -> Change:
    """Makes `model` the one that is served, and notes that. Only first set-up, promote and rollback may."""
    before = live_model(model.parent)
    change = Change(
        (when or datetime.now(timezone.utc)).isoformat(timespec="seconds"),
        who or getpass.getuser(),
        action,
        model.name,
        before.name if before else "",
        reason,
        tuple(regressions),
    )
    # The pointer last: it is what counts, see `history`.
    _note(model.parent, change)
    set_live(model)
    return change


def check_model(path: Path, versions: Mapping[str, str] | None = None) -> None:
    """Raises BadModel for a model that cannot be served here: truncated, without a card, made by other versions (of
    `versions`, by package; default: those that are installed), in another format or with another spaCy model."""
    # spaCy and all it brings take seconds to import, for which the other commands need not wait.
    from components.german import installed_model
    from components.intent_model import FORMAT

    stored = read_model_file(path)
    try:
        card = read_card(path)
    except CardError as error:
        raise BadModel(str(error)) from None
    versions = versions or installed_versions()
    made = {"rasa": stored.rasa, **card.versions}
    for package in DECISIVE:
        if package in made and made[package] != versions[package]:
            raise BadModel(
                f"{path.name} was made with {package} {made[package]}, but {versions[package]} is installed here: train again."
            )
    if stored.format != FORMAT:
        raise BadModel(f"{path.name} has format {stored.format}, but this version reads {FORMAT}: train again.")
    if stored.spacy_model != (here := installed_model()):
        raise BadModel(
            f"{path.name} was trained with the German spaCy {stored.spacy_model}, but here it is {here}: "
            "install the same one, or train again."
        )


def _row(entry: Entry) -> list[str]:
    metrics = entry.card.metrics if entry.card else {}
    return [
        entry.model.name.removesuffix(ENDING),
        "live" if entry.is_live else "",
        *(_percent(metrics.get(name)) for name in _FIGURES.values()),
        f"{entry.model.stat().st_size / 1e6:.1f}",
        "\n".join(_told(change) for change in entry.changes),
    ]


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.1f} %"


def _told(change: Change) -> str:
    told = f"{change.when[:16].replace('T', ' ')} {change.action} by {change.who}"
    if change.regressions:
        told += f", {len(change.regressions)} regressions accepted"
    return f"{told}: {change.reason}" if change.reason else told


def _card(model: Path) -> Card | None:
    try:
        return read_card(model)
    except CardError:
        return None


def _note(folder: Path, change: Change) -> None:
    lines = [json.dumps(asdict(each), ensure_ascii=False) + "\n" for each in [*history(folder), change]]
    write_whole(folder / _HISTORY, "".join(lines))
