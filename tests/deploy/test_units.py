"""The units of systemd are sound, and each command in them exists."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from training.commands import app
from training.processes import ROOT

_DEPLOY = ROOT / "deploy"
_CHECKOUT = "%h/wohnlotse"
#: What a set-up makes, and a fresh checkout does not have.
_MADE = (".venv", "var")


def _settings(unit: str) -> Iterator[tuple[str, str]]:
    for line in (_DEPLOY / unit).read_text(encoding="utf-8").splitlines():
        if line and line[0] not in "#[":
            name, _, value = line.partition("=")
            yield name, value


def test_each_command_exists() -> None:
    commands = [shlex.split(value) for name, value in _settings("wohnlotse-retrain.service") if name == "ExecStart"]

    assert [words[1:] for words in commands] == [["validate"], ["train"], ["compare"]]
    assert {words[1] for words in commands} <= set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    assert {words[0] for words in commands} == {f"{_CHECKOUT}/.venv/bin/wohnlotse"}
    assert os.access(ROOT / ".venv" / "bin" / "wohnlotse", os.X_OK)


def test_each_path_in_the_checkout_is_one() -> None:
    words = [word.lstrip("-") for _, value in _settings("wohnlotse-retrain.service") for word in value.split()]
    paths = [word.rpartition(f"{_CHECKOUT}/")[2] for word in words if _CHECKOUT in word and word != _CHECKOUT]

    assert [path for path in paths if path.split("/")[0] not in _MADE and not (ROOT / path).exists()] == []


def test_timer_starts_the_service_of_its_name() -> None:
    assert (_DEPLOY / "wohnlotse-retrain.timer").is_file()
    assert not any(name == "Unit" for name, _ in _settings("wohnlotse-retrain.timer"))


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="this machine has no systemd")
def test_systemd_finds_nothing_wrong(tmp_path: Path) -> None:
    (tmp_path / "wohnlotse").symlink_to(ROOT)
    units = [str(path) for path in sorted(_DEPLOY.glob("wohnlotse-retrain.*"))]

    verified = subprocess.run(
        ["systemd-analyze", "verify", "--user", "--man=no", *units],
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (verified.returncode, verified.stderr) == (0, "")
