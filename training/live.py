"""Which model is served: `models/live` holds its file name. A card beside each model tells from which data it came."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from training.processes import ROOT

MODELS = ROOT / "models"
_LIVE = "live"
#: What a model is made from.
_SOURCES = ("config.yml", "domain.yml", "data/**/*.yml", "components/*.py", "requirements.txt")


def live_model(models: Path = MODELS) -> Path | None:
    """The model that `live` names, or None where there is none (yet, or any more)."""
    pointer = models / _LIVE
    if not pointer.is_file():
        return None
    model = models / pointer.read_text(encoding="utf-8").strip()
    return model if model.is_file() else None


def set_live(model: Path) -> None:
    """Makes `model` the one that is served. The pointer is replaced in one step, never half-written."""
    pointer = model.parent / _LIVE
    fresh = pointer.with_suffix(".new")
    fresh.write_text(model.name + "\n", encoding="utf-8")
    fresh.replace(pointer)


def fingerprint(root: Path = ROOT) -> str:
    """A hash over everything a model is made from."""
    digest = hashlib.sha256()
    for pattern in _SOURCES:
        for path in sorted(root.glob(pattern)):
            digest.update(path.relative_to(root).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def write_card(model: Path) -> None:
    """Leaves beside `model` what it was made from."""
    _card(model).write_text(json.dumps({"fingerprint": fingerprint()}, indent=2) + "\n", encoding="utf-8")


def is_current(model: Path) -> bool:
    """Whether `model` was made from what lies here now."""
    try:
        card = json.loads(_card(model).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(card.get("fingerprint") == fingerprint())


def _card(model: Path) -> Path:
    return model.with_name(model.name.removesuffix(".tar.gz") + ".json")
