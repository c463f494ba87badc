"""Set-up of `.venv` on machines of other kinds: a PATH of its own, on which `uv` and `python` only note how they are called."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from training.processes import ROOT

#: What any system has.
_SYSTEM = ("sh", "dirname", "rm", "cat", "chmod", "touch", "mkdir", "ln")
_SENTENCE = "Wohnlotse needs Python 3.10, because Rasa 3.6 runs on nothing newer: install it"
#: Knows an interpreter, makes an environment that runs nothing, and writes down what it is asked to install.
_UV = """#!/bin/sh
case "$1 $2" in
    "python find") echo {python} ;;
    "venv "*) mkdir -p .venv/bin ;;
    "pip install") echo "$@" >> {log}; case "$*" in *de_core_news_sm*) exit {fetched} ;; esac ;;
esac
"""
#: Python of another version, or of this one, whose `-m venv` makes an environment that writes down what pip is asked for.
_PYTHON = """#!/bin/sh
case "$1 $2" in
    "-c "*) exit {other} ;;
    "-m venv") mkdir -p .venv/bin; printf '#!/bin/sh\\necho "$@" >> {log}\\n' > .venv/bin/python; chmod +x .venv/bin/python ;;
esac
"""


@dataclass(frozen=True)
class _Machine:
    """A checkout, a PATH with little on it, and what was installed."""

    folder: Path

    @property
    def checkout(self) -> Path:
        return self.folder / "checkout"

    @property
    def log(self) -> Path:
        return self.folder / "installed"

    def has(self, program: str, text: str) -> None:
        path = self.folder / "bin" / program
        path.write_text(text, encoding="utf-8")
        path.chmod(0o755)

    def set_up(self, **variables: str) -> subprocess.CompletedProcess[str]:
        command = ["sh", "training/setup.sh"]
        env = {"PATH": str(self.folder / "bin"), **variables}
        return subprocess.run(command, cwd=self.checkout, env=env, capture_output=True, text=True, timeout=60, check=False)

    @property
    def installed(self) -> list[str]:
        return self.log.read_text(encoding="utf-8").splitlines() if self.log.exists() else []


@pytest.fixture
def machine(tmp_path: Path) -> _Machine:
    (tmp_path / "bin").mkdir()
    (tmp_path / "checkout" / "training").mkdir(parents=True)
    for program in _SYSTEM:
        path = shutil.which(program)
        assert path is not None
        (tmp_path / "bin" / program).symlink_to(path)
    shutil.copy(ROOT / "training" / "setup.sh", tmp_path / "checkout" / "training")
    return _Machine(tmp_path)


@pytest.mark.parametrize("home", [True, False])
def test_machine_without_the_right_python_is_told_in_one_sentence(machine: _Machine, home: bool) -> None:
    machine.has("python3", _PYTHON.format(other=1, log=machine.log))
    (machine.checkout / ".venv").mkdir()

    ended = machine.set_up(**({"HOME": str(machine.folder)} if home else {}))

    assert (ended.returncode, ended.stdout) == (1, "")
    assert len(ended.stderr.splitlines()) == 1
    assert ended.stderr.startswith(_SENTENCE)
    assert (machine.checkout / ".venv").is_dir(), "what was there stays"


def test_python_of_uv_is_found_and_uv_installs_with_hashes(machine: _Machine) -> None:
    machine.has("uv", _UV.format(python=sys.executable, log=machine.log, fetched=0))

    ended = machine.set_up()

    assert (ended.returncode, ended.stderr) == (0, "")
    assert f"Making .venv with Python {sys.version.split()[0]} ..." in ended.stdout
    assert "German spaCy model: de_core_news_sm 3.4.0." in ended.stdout
    requirements, model = machine.installed
    assert requirements == "pip install --quiet --python .venv/bin/python --require-hashes -r requirements.txt"
    assert model.startswith("pip install --quiet --python .venv/bin/python --no-deps https://github.com/explosion/")
    assert (machine.checkout / ".venv" / "installed").exists()
    assert os.access(machine.checkout / ".venv" / "bin" / "wohnlotse", os.X_OK)


@pytest.mark.parametrize("place", ["home", "PYENV_ROOT"])
def test_python_of_pyenv_is_found_and_pip_installs_with_hashes(machine: _Machine, place: str) -> None:
    root = machine.folder / (".pyenv" if place == "home" else "elsewhere")
    (root / "versions" / "3.10.9" / "bin").mkdir(parents=True)
    machine.has("python", _PYTHON.format(other=0, log=machine.log))
    (machine.folder / "bin" / "python").rename(root / "versions" / "3.10.9" / "bin" / "python")

    ended = machine.set_up(**{"HOME" if place == "home" else place: str(machine.folder if place == "home" else root)})

    assert (ended.returncode, ended.stderr) == (0, "")
    assert machine.installed[0].endswith("pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt")
    assert (machine.checkout / ".venv" / "installed").exists()


def test_model_that_cannot_be_fetched_is_told_and_done_without(machine: _Machine) -> None:
    machine.has("uv", _UV.format(python=sys.executable, log=machine.log, fetched=1))

    ended = machine.set_up()

    assert ended.returncode == 0
    assert "de_core_news_sm could not be fetched; spaCy's own German rules are used instead." in ended.stdout
    assert (machine.checkout / ".venv" / "installed").exists()


def test_model_is_not_fetched_where_it_is_not_wanted(machine: _Machine) -> None:
    machine.has("uv", _UV.format(python=sys.executable, log=machine.log, fetched=0))

    ended = machine.set_up(WOHNLOTSE_SPACY_MODEL="skip")

    assert "left out, as WOHNLOTSE_SPACY_MODEL says" in ended.stdout
    assert len(machine.installed) == 1
