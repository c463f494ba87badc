"""Model files for tests: such as hold what `training.bank.model_file` reads and nothing else, whole ones with one change."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from components.german import installed_model
from components.intent_model import FORMAT
from training.bank.card import installed_versions

THRESHOLDS = {"answer": 0.5, "clarify": 0.25, "several": 0.8}


def write_model(path: Path, **changed: Any) -> Path:
    """A model file at `path` that could be served here, but for `changed`: rasa, spacy_model, format, out_of_fold."""
    held = {"rasa": installed_versions()["rasa"], "spacy_model": installed_model(), "format": FORMAT, **changed}
    intents = {"format": held["format"], "thresholds": THRESHOLDS}
    if "out_of_fold" in held:
        intents["out_of_fold"] = held["out_of_fold"]
    with tarfile.open(path, "w:gz") as archive:
        for name, document in (
            ("components/train_spacy/spacy.json", {"name": held["spacy_model"]}),
            ("components/train_intents/intents.json", intents),
            ("metadata.json", {"rasa_open_source_version": held["rasa"]}),
        ):
            text = json.dumps(document).encode()
            member = tarfile.TarInfo(name)
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text))
    return path


def rewrite_model(model: Path, path: Path, name: str, change: Callable[[Any], Any]) -> Path:
    """A copy of `model` at `path` in which `change` has gone over the JSON of the member whose name ends with `name`."""
    with tarfile.open(model) as archive, tarfile.open(path, "w:gz", compresslevel=1) as changed:
        for member in archive:
            stored = archive.extractfile(member)
            content = stored.read() if stored else b""
            if member.name.endswith(name):
                content = json.dumps(change(json.loads(content))).encode()
                member.size = len(content)
            changed.addfile(member, io.BytesIO(content))
    return path
