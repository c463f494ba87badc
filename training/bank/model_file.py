"""What a model file holds, read without loading it: who made it, which tokens it knows, its thresholds and metrics."""

from __future__ import annotations

import gzip
import json
import tarfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from training.failure import Failure

ENDING = ".tar.gz"

_CHUNK = 1 << 20
_METADATA = "metadata.json"
_SPACY = "spacy.json"
_INTENTS = "intents.json"


class BadModel(Failure):
    """A model file that cannot be served here; the message says why."""


@dataclass(frozen=True)
class ModelFile:
    """`rasa`: the version that made it. `spacy_model`: whose tokens it knows. `format`: of our intent model.
    `metrics`: out of fold, found while it was trained; shares from 0 to 1."""

    rasa: str
    spacy_model: str
    format: int
    thresholds: dict[str, float] = field(default_factory=dict)
    metrics: dict[str, float] = field(default_factory=dict)


def read_model_file(path: Path) -> ModelFile:
    """Reads `path` from its first byte to its last. Raises BadModel where it is missing, truncated or something else."""
    if not path.is_file():
        raise BadModel(f"There is no model {path}.")
    found: dict[str, Any] = {}
    try:
        with gzip.open(path) as stream, tarfile.open(fileobj=stream) as archive:
            for member in archive:
                name = Path(member.name).name
                if name in (_METADATA, _SPACY, _INTENTS) and (file := archive.extractfile(member)):
                    found[name] = json.load(file)
            # The archive ends before the file does, where the checksum stands.
            while stream.read(_CHUNK):
                pass
        intents = found[_INTENTS]
        return ModelFile(
            rasa=found[_METADATA]["rasa_open_source_version"],
            spacy_model=found[_SPACY]["name"],
            format=intents["format"],
            thresholds=intents["thresholds"],
            metrics={f"out_of_fold_{name}": figure for name, figure in intents.get("out_of_fold", {}).items()},
        )
    except (OSError, EOFError, tarfile.TarError, zlib.error):
        raise BadModel(f"{path.name} is truncated or damaged, or no model at all.") from None
    except (KeyError, TypeError, ValueError):
        raise BadModel(f"{path.name} is no model of this bot, or one of a very old version.") from None
