"""The intents that `domain.yml` lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from training.failure import BadInput
from training.reading import read_yaml


def read_domain(root: Path, yaml: YAML | None = None) -> Any:
    """What `domain.yml` of the project at `root` holds, as `yaml` reads it. Raises BadInput."""
    data = read_yaml(root / "domain.yml", "domain.yml", yaml)
    if not isinstance(data, dict) or not isinstance(data.get("intents"), list):
        raise BadInput("domain.yml: expected a list under the key intents")
    return data


def intents(domain: Any) -> list[str]:
    """Their names, in order."""
    return names(domain["intents"])


def names(listed: Iterable[Any]) -> list[str]:
    """Rasa lets an intent or entity stand as its name, or as its name with options."""
    return [str(next(iter(each), "")) if isinstance(each, Mapping) else str(each) for each in listed]
