"""A training that outlives a run: how far it came, what it took, and at last its model, all in one folder."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from pathlib import Path

from benchmarks.processes import Took
from training.writing import write_whole

_SPENT = "spent.json"
_TOOK = "took.json"


class KeptTraining:
    """What is kept in `folder`, which need not exist. The state between the epochs is benchmarks/lasting_diet.py's."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self.model = self.folder / "model.tar.gz"

    @property
    def spent(self) -> Took:
        """What the runs took until their last whole epoch."""
        return _read(self.folder / _SPENT) or Took(0, 0)

    def spend(self, took: Took) -> None:
        """So much is spent by now."""
        self._write(_SPENT, took)

    @property
    def took(self) -> Took | None:
        """What the whole training took, None until it has come to its end."""
        return _read(self.folder / _TOOK)

    def keep(self, model: Path, took: Took) -> None:
        """The training is done: keeps `model` in place of the state between the epochs."""
        self.folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(model, self.model)
        self._write(_TOOK, took)
        shutil.rmtree(self.folder / "chief", ignore_errors=True)

    def forget(self) -> None:
        """The next training begins anew."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _write(self, name: str, took: Took) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        write_whole(self.folder / name, json.dumps(asdict(took)))


def _read(file: Path) -> Took | None:
    return Took(**json.loads(file.read_text(encoding="utf-8"))) if file.exists() else None
