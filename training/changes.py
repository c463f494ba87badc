"""A change of several files of the project: tried in a copy first, then written as a whole or not at all."""

from __future__ import annotations

import difflib
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from rich.text import Text

from training.failure import Failure
from training.interruption import undisturbed
from training.validation import Finding, errors, validate

#: What validation reads.
_READ = ("content", "data", "domain.yml", "tests/questions")
_FRESH = ".new"

#: Whole texts of files by their paths below the root of the project.
Files = Mapping[Path, str]


class ChangeRefused(Failure):
    """The change would break the project, or cannot be written, and nothing was written; the message says why."""


def check(files: Files, root: Path) -> list[Finding]:
    """The warnings about `files` as they would be in the project at `root`. Raises ChangeRefused for errors."""
    try:
        with tempfile.TemporaryDirectory(prefix="wohnlotse-") as name:
            _copy(files, root, Path(name))
            found = validate(Path(name))
    except OSError as error:
        raise ChangeRefused(f"Nothing was changed: the change could not be tried in a copy ({error}).") from None
    if wrong := errors(found):
        raise ChangeRefused("\n".join(f"{each.place}: {each.message}" for each in wrong))
    return [each for each in found if any(path.as_posix() in f"{each.place} {each.message}" for path in files)]


def write(files: Files, root: Path) -> None:
    """Writes all of `files` below `root`, or none of them, at Ctrl-C and on a full disk, too. Raises ChangeRefused.

    Only a process that is killed while it renames the last files can leave a part; validation names that then.
    """
    fresh = {path: root / path.with_name(f".{path.name}{_FRESH}") for path in files}
    _sweep(files, root)
    try:
        for path, text in files.items():
            with fresh[path].open("w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
        with undisturbed():
            for path in files:
                fresh[path].replace(root / path)
    except OSError as error:
        raise ChangeRefused(f"Nothing was changed: {error.strerror} ({error.filename or root}).") from None
    finally:
        for each in fresh.values():
            each.unlink(missing_ok=True)


def diff(files: Files, root: Path) -> str:
    """What `files` change, in the unified form without the lines around."""
    parts: list[str] = []
    for path, text in files.items():
        old = (root / path).read_text(encoding="utf-8") if (root / path).exists() else ""
        before = path.as_posix() if old else "/dev/null"
        parts += difflib.unified_diff(old.splitlines(), text.splitlines(), before, path.as_posix(), lineterm="", n=0)
    return "\n".join(parts)


def coloured(diff: str) -> Text:
    """`diff` for the terminal."""
    text = Text()
    for line in diff.splitlines():
        style = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1], "")
        text.append(f"{line}\n", "bold" if line.startswith(("---", "+++")) else style)
    return text


def _copy(files: Files, root: Path, copy: Path) -> None:
    for part in _READ:
        if (root / part).is_dir():
            shutil.copytree(root / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
        elif (root / part).exists():
            shutil.copy(root / part, copy / part)
    for path, text in files.items():
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        (copy / path).write_text(text, encoding="utf-8")


def _sweep(files: Files, root: Path) -> None:
    """Removes what a process that was killed has left."""
    for path in files:
        for left in (root / path).parent.glob(f".*{path.suffix}{_FRESH}"):
            left.unlink(missing_ok=True)
