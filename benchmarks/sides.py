"""The two sides of the comparison, what decides their results, and their answers as rows of 1 and 0."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Literal

from ruamel.yaml import YAML

from benchmarks.records import digest, digest_of_files, installed_versions
from benchmarks.stock import stock_config
from training.processes import ROOT

Side = Literal["ours", "stock"]
SIDES: tuple[Side, ...] = ("ours", "stock")
Progress = Callable[[str], None]

#: What decides the results of the pipeline, and of the bot around it.
_PIPELINE_FILES = {"ours": ("config.yml", "components/**/*.py"), "stock": ()}
_BOT_FILES = {
    "ours": ("domain.yml", "data/rules/**/*.yml", "actions/**/*.py", "channels/**/*.py", "content/**/*.py", "content/**/*.yml"),
    "stock": ("benchmarks/stock.py",),
}


def config_of(side: Side, epochs: int) -> dict[str, Any]:
    """What stands in config.yml on that side; `epochs` is for DIET."""
    if side == "stock":
        return stock_config(epochs)
    config: dict[str, Any] = YAML(typ="safe").load((ROOT / "config.yml").read_text(encoding="utf-8"))
    return config


def candidate_digest(side: Side, epochs: int, whole_bot: bool = False) -> str:
    """A fingerprint of everything on that side that decides its results: the pipeline, or the whole bot."""
    files = _PIPELINE_FILES[side] + (_BOT_FILES[side] if whole_bot else ())
    return digest(digest_of_files(ROOT, files), config_of(side, epochs), installed_versions())


def as_digits(right: Iterable[bool]) -> str:
    """As in „1101“: short in a file, and in the order of the questions."""
    return "".join("1" if each else "0" for each in right)


def as_flags(digits: str) -> list[bool]:
    """What `as_digits` wrote."""
    return [digit == "1" for digit in digits]


def share(digits: str) -> float:
    """Share of ones, 0 to 1; nan for none at all."""
    return digits.count("1") / len(digits) if digits else float("nan")
