"""Reads a file that somebody has written by hand, or names on the command line. What is wrong with it is told in a message."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.reader import ReaderError

from training.failure import BadInput


def read_text(path: Path, name: str = "") -> str:
    """All of `path`, which messages call `name` (default: as it is). Raises BadInput."""
    name = name or str(path)
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise BadInput(f"{name}:{error.object.count(10, 0, error.start) + 1}: this is no text in UTF-8") from None
    except OSError as error:
        raise BadInput(f"{name}: the file cannot be read ({error.strerror})") from None


def read_yaml(path: Path, name: str, yaml: YAML | None = None) -> Any:
    """What `path` holds, as `yaml` reads it (default: with the places of everything). Raises BadInput that names file and
    line."""
    text = read_text(path, name)
    try:
        return (yaml or YAML()).load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadInput(f"{name}:{line}: this is not valid YAML ({error.problem})") from None
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise BadInput(f"{name}:{line}: YAML does not allow the character U+{error.character:04X} here") from None
