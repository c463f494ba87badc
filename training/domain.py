"""The intents that `domain.yml` lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from training.failure import BadInput


def read_domain(root: Path, yaml: YAML | None = None) -> Any:
    """What `domain.yml` of the project at `root` holds, as `yaml` reads it. Raises BadInput."""
    try:
        data = (yaml or YAML(typ="safe", pure=True)).load((root / "domain.yml").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise BadInput(f"domain.yml cannot be read: {error}") from None
    if not isinstance(data, dict) or not isinstance(data.get("intents"), list):
        raise BadInput("domain.yml: expected a list under the key intents.")
    return data


def intents(domain: Any) -> list[str]:
    """Their names, in order. Rasa lets an intent stand as its name, or as its name with options."""
    listed: Iterable[Any] = domain["intents"]
    return [str(next(iter(each), "")) if isinstance(each, Mapping) else str(each) for each in listed]
