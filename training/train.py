"""Trains a model: `python -m training.train [--live]`. Training never runs inside the server."""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path

from training.live import MODELS, live_model, set_live, write_card
from training.processes import ROOT, environment
from training.validation import validate


class TrainingError(Exception):
    """Training ended without a model; the message says why."""


def train(models: Path = MODELS) -> Path:
    """A new model from the data as they are. Raises TrainingError."""
    errors = [finding for finding in validate(ROOT) if finding.severity == "error"]
    if errors:
        raise TrainingError("\n".join(f"{each.place}: {each.message}" for each in errors[:20]))
    name = time.strftime("%Y%m%d-%H%M%S")
    command = [sys.executable, "-m", "rasa", "train", "--skip-validation", "--fixed-model-name", name]
    command += ["--out", str(models)]
    if subprocess.run(command, cwd=ROOT, env=environment(), check=False).returncode:
        raise TrainingError("rasa train ended with an error; what it printed stands above")
    model = models / f"{name}.tar.gz"
    write_card(model)
    return model


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--live", action="store_true", help="serve the new model from the next start on")
    parser.add_argument("--if-missing", action="store_true", help="train only where no model is served yet")
    options = parser.parse_args()
    if options.if_missing and live_model() is not None:
        return 0
    try:
        model = train()
    except TrainingError as error:
        print(error, file=sys.stderr)
        return 1
    if options.live or options.if_missing:
        set_live(model)
    print(f"trained {model.name}" + (", which is live now" if live_model() == model else ""))
    return 0


if __name__ == "__main__":
    sys.exit(main())
