"""The content as the command line reads it: what is wrong with it is told in a message."""

from __future__ import annotations

from pathlib import Path

from content import Content, ContentError, read_content
from training.failure import BadInput
from training.processes import ROOT


def read_facts(root: Path = ROOT) -> Content:
    """The content of the project at `root`. Raises BadInput that names file, line and field of each mistake."""
    try:
        return read_content(root / "content")
    except ContentError as error:
        raise BadInput("\n".join(f"content/{problem}" for problem in error.problems)) from None
