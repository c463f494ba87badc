"""A change of several files of the project: tried in a copy first, then written as a whole or not at all."""

from __future__ import annotations

import difflib
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from rich.text import Text

from training.corpus.validation import Finding, errors, validate
from training.failure import Failure
from training.interruption import undisturbed
from training.lock import only_one

#: What validation reads.
_READ = ("content", "data", "domain.yml", "tests/questions")
_FRESH = ".new"
#: Names the files of a change as soon as all of them are written, with the hash of what they replace. Gone when it is done.
_JOURNAL = Path(".change.json")

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

    Only for who holds the lock of the changes. What a process leaves that is killed while it renames the files, `recover` ends.
    """
    if (root / _JOURNAL).exists():
        raise ChangeRefused("Nothing was changed: an earlier change was broken off. `wohnlotse validate` completes it.")
    _sweep(files, root)
    try:
        for path, text in files.items():
            _write(_fresh(root, path), text)
        with undisturbed():
            _write(_fresh(root, _JOURNAL), json.dumps({path.as_posix(): _digest(root / path) for path in files}))
            _fresh(root, _JOURNAL).replace(root / _JOURNAL)
            _complete(root)
    except OSError as error:
        raise ChangeRefused(f"Nothing was changed: {error.strerror} ({error.filename or root}).") from None
    finally:
        if not (root / _JOURNAL).exists():
            _sweep(files, root)


def recover(root: Path) -> list[Path]:
    """Completes a change whose process was killed when all its files were written, but not all of them renamed. Gives its
    files, below `root`; none where there is no such change.

    Raises Busy while another change is written, and ChangeRefused where a file that was still to be replaced has become another
    one since: then nothing is done.
    """
    if not (root / _JOURNAL).exists():
        return []
    with only_one(root / "models", "edit"):
        # Whoever held the lock may have been at its end.
        return _complete(root) if (root / _JOURNAL).exists() else []


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


def _complete(root: Path) -> list[Path]:
    journal: dict[str, str] = json.loads((root / _JOURNAL).read_text(encoding="utf-8"))
    files = [Path(name) for name in journal]
    waiting = [path for path in files if _fresh(root, path).exists()]
    if changed := [path.as_posix() for path in waiting if _digest(root / path) != journal[path.as_posix()]]:
        left = ", ".join(_fresh(Path(), path).as_posix() for path in waiting)
        raise ChangeRefused(
            f"A change was broken off, and {', '.join(changed)} has been changed since. Take over by hand what is in {left};"
            f" then remove that and {_JOURNAL}."
        )
    try:
        for path in waiting:
            _fresh(root, path).replace(root / path)
        (root / _JOURNAL).unlink()
    except OSError as error:
        raise ChangeRefused(
            f"A change of {', '.join(each.as_posix() for each in files)} was broken off and cannot be completed here:"
            f" {error.strerror}. Where these files may be written, `wohnlotse validate` completes it."
        ) from None
    return files


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _fresh(root: Path, path: Path) -> Path:
    """Where the new text of `path` waits until all are written."""
    return root / path.with_name(f".{path.name}{_FRESH}")


def _digest(path: Path) -> str:
    """ "" where there is no file."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


def _sweep(files: Files, root: Path) -> None:
    """Removes what a process has left that was killed, or failed, before all files were written."""
    for path in (*files, _JOURNAL):
        for left in (root / path).parent.glob(f".*{path.suffix}{_FRESH}"):
            left.unlink(missing_ok=True)
