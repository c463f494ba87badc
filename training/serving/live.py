"""Which model is served: `models/live` holds its file name."""

from __future__ import annotations

from pathlib import Path

from training.processes import ROOT
from training.writing import write_whole

MODELS = ROOT / "models"
_LIVE = "live"


def live_model(models: Path = MODELS) -> Path | None:
    """The model that `live` names, or None where there is none (yet, or any more)."""
    name = live_name(models)
    model = models / name
    return model if name and model.is_file() else None


def live_name(models: Path = MODELS) -> str:
    """The file name in `live`, whether there is such a file or not; "" where nothing was ever served."""
    pointer = models / _LIVE
    return pointer.read_text(encoding="utf-8").strip() if pointer.is_file() else ""


def set_live(model: Path) -> None:
    """Makes `model` the one that is served, in one step."""
    write_whole(model.parent / _LIVE, f"{model.name}\n")
