"""The two commands: what `make test` runs, which is all that CI calls."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

_ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def gate() -> str:
    """What `make test` would run, without running it."""
    told = subprocess.run(["make", "--dry-run", "--always-make", "test"], cwd=_ROOT, capture_output=True, text=True, check=True)
    return told.stdout


@pytest.mark.parametrize(
    "part", ["training/setup.sh", "-m ruff check", "-m ruff format --check", "-m mypy", "wohnlotse validate", "-m pytest"]
)
def test_gate_has_each_of_its_parts(gate: str, part: str) -> None:
    assert part in gate


def test_gate_installs_and_trains_first(gate: str) -> None:
    places = [gate.index(part) for part in ("training/setup.sh", "wohnlotse train --if-missing", "-m pytest")]

    assert places == sorted(places)


def test_each_of_our_packages_is_looked_at_by_the_linters(gate: str) -> None:
    packages = {path.parent.name for path in _ROOT.glob("*/__init__.py")}
    line = next(line for line in gate.splitlines() if "ruff check" in line)

    assert packages <= set(line.split())


def test_ci_calls_the_gate() -> None:
    commands = (_ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()

    assert commands[-1] == "exec make test"
