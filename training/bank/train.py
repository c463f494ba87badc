"""Trains a model in a process of its own, never inside the server: `wohnlotse train`.

Whatever happens meanwhile, `models/` holds whole models only, and the one that is served stays the same.
"""

from __future__ import annotations

import errno
import logging
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from pathlib import Path
from typing import Any

from training.bank.card import Card, Sources, card_path, write_card
from training.bank.model_file import ENDING
from training.corpus.validation import errors, validate
from training.failure import Failure
from training.lock import only_one
from training.processes import ROOT, child
from training.serving.live import MODELS

#: Where a model is made, inside the folder of the models: from there it comes to its place in one step.
_WORKSHOP = ".training"
_SHOWN_ERRORS = 20
#: What the system says of a disk, or of a share of it, that is full.
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
#: Seconds that a training which is broken off has to end by itself.
_GRACE = 10.0


class TrainingError(Failure):
    """Training ended without a model; the message says why."""


def train(root: Path = ROOT, models: Path = MODELS, validated: bool = True) -> Card:
    """A new model in `models`, with its card, from the project at `root`. Same data, configuration and versions: same
    predictions. Progress goes to stderr.

    `validated`: whether mistakes in the data are refused. Raises TrainingError, and Busy where somebody else is training.
    """
    if validated:
        _refuse_mistakes(root)
    try:
        with only_one(models, "training") as lock, _workshop(models) as folder:
            sources, began = Sources.of(root), time.monotonic()
            model = folder / (time.strftime("%Y%m%d-%H%M%S") + ENDING)
            _run(root, model, lock)
            card = write_card(model, sources, time.monotonic() - began)
            # The card first: no model ever lies there without one.
            card_path(model).replace(models / card_path(model).name)
            model.replace(models / model.name)
            return card
    except OSError as error:
        raise TrainingError(f"There is no new model. It could not be written: {error.strerror}.") from None


def main() -> int:
    """In the process that `train` starts, in the folder of the project: trains the model file that the argument names.
    A failure is told on stdout."""
    logging.captureWarnings(True)  # libraries that Rasa holds at old versions warn of themselves
    import rasa
    from rasa.shared.exceptions import RasaException

    model = Path(sys.argv[1])
    try:
        # Forced: Rasa need not read the data once more to find out what it has in its cache, which is off.
        with redirect_stdout(sys.stderr):  # what Rasa tells of itself is no reason for a failure
            result = rasa.train(
                "domain.yml", "config.yml", "data", str(model.parent), force_training=True, fixed_model_name=model.name
            )
    except Exception as error:
        reason = _reason(error, RasaException)
        if reason is None:
            raise
        print(reason)
        return 1
    return int(result.code)


def _refuse_mistakes(root: Path) -> None:
    found = errors(validate(root))
    if found:
        lines = [f"{each.place}: {each.message}" for each in found[:_SHOWN_ERRORS]]
        if len(found) > _SHOWN_ERRORS:
            lines.append(f"... and {len(found) - _SHOWN_ERRORS} more; `wohnlotse validate` lists them all")
        raise TrainingError("Nothing is trained, because the data have mistakes:\n" + "\n".join(lines))


@contextmanager
def _workshop(models: Path) -> Iterator[Path]:
    """A folder for a training and all it leaves, gone with it; a training that was killed has left its own."""
    folder = models / _WORKSHOP
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(root: Path, model: Path, lock: int) -> None:
    """Trains `model`. The process holds `lock`, too: should it outlive us, the next training waits for its end."""
    command = [sys.executable, "-m", "training.bank.train", str(model)]
    # Its own workers are in its session, so that all of them end with us.
    pipes: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "text": True}
    with child(command, _end, _variables(model.parent), cwd=root, pass_fds=[lock], **pipes) as process:
        said, _ = process.communicate()
    if process.returncode or not model.is_file():
        raise TrainingError(f"There is no new model. {said.strip() or 'What went wrong stands above.'}")


def _variables(folder: Path) -> dict[str, str]:
    return {
        "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])),
        # Sets are walked through in the same order each time.
        "PYTHONHASHSEED": "0",
        "TMPDIR": str(folder),
        "JOBLIB_TEMP_FOLDER": str(folder),
        # Trained means trained: nothing comes from an earlier training, whole or broken off.
        "RASA_MAX_CACHE_SIZE": "0",
    }


def _end(process: subprocess.Popen[str]) -> None:
    for number, seconds in ((signal.SIGTERM, _GRACE), (signal.SIGKILL, None)):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)


def _reason(error: BaseException, known: type[Exception]) -> str | None:
    """What went wrong, if it is nothing that needs a traceback: a full disk, or what Rasa says of the data."""
    chain = [error]
    while (inner := chain[-1].__cause__ or chain[-1].__context__) is not None:
        chain.append(inner)
    for each in chain:
        if isinstance(each, OSError) and each.errno in _FULL:
            return f"It could not be written: {each.strerror}."
    return next((str(each).strip() for each in reversed(chain) if isinstance(each, (known, ValueError))), None)


if __name__ == "__main__":
    sys.exit(main())
