"""Model files made by hand: what `training.model_file` reads of one, and nothing else."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path
from typing import Any

from components.german import installed_model
from components.intent_model import FORMAT
from training.card import installed_versions

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
