"""One pipeline, trained and asked in a process of its own: memory and threads of one never touch the other."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.candidates import Candidate, Prediction, load_rasa
from benchmarks.processes import timed_command


@dataclass(frozen=True)
class Trial:
    """What to do. `config`: the pipeline, as in config.yml. `texts` and `intents`: what to train on; or `model`: what
    Rasa trained already. `questions`: what to ask, by name."""

    config: Mapping[str, Any]
    questions: Mapping[str, Sequence[str]]
    texts: Sequence[str] = ()
    intents: Sequence[str] = ()
    model: str | None = None


@dataclass(frozen=True)
class Outcome:
    """What came out. `train_seconds`: from the texts to a model that answers, without the start of Python and Rasa;
    None where nothing was trained. `predictions`: one per question, by name."""

    train_seconds: float | None
    predictions: dict[str, list[Prediction]] = field(default_factory=dict)


def run_trial(trial: Trial) -> Outcome:
    """Runs the trial in a child process, whose progress goes through to our output. Raises CommandFailed."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        (folder / "trial.json").write_text(json.dumps(asdict(trial), ensure_ascii=False), encoding="utf-8")
        timed_command([sys.executable, "-m", "benchmarks.trial", "."], folder)
        found = json.loads((folder / "outcome.json").read_text(encoding="utf-8"))
    predictions = {name: [Prediction(*each) for each in rows] for name, rows in found["predictions"].items()}
    return Outcome(found["train_seconds"], predictions)


def _main(folder: Path) -> None:
    """The child's side: reads trial.json in `folder`, writes outcome.json beside it."""
    trial = Trial(**json.loads((folder / "trial.json").read_text(encoding="utf-8")))
    load_rasa()
    candidate = Candidate(trial.config, folder)
    seconds = None
    if trial.model:
        candidate.load(Path(trial.model))
    else:
        start = time.perf_counter()
        candidate.train(trial.texts, trial.intents)
        seconds = time.perf_counter() - start
    predictions = {
        name: [list(asdict(each).values()) for each in candidate.predict(texts)] for name, texts in trial.questions.items()
    }
    outcome = {"train_seconds": seconds, "predictions": predictions}
    (folder / "outcome.json").write_text(json.dumps(outcome, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    _main(Path(sys.argv[1]))
