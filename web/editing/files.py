"""The files of `content/`: read, and replaced in one step."""

from __future__ import annotations

import functools
import os
import tempfile
from pathlib import Path

from content import ContentReader
from content.reader import FOLDER as CONTENT

#: Where the files lie.
FOLDER = CONTENT


def file_read(name: str) -> str:
    """Raises OSError."""
    return (FOLDER / name).read_bytes().decode("utf-8")


def file_write(name: str, text: str) -> None:
    """Whoever reads the file sees the old text or the new one, never half of it. Raises OSError; the old one stays then."""
    path = FOLDER / name
    handle, fresh = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".new")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        os.chmod(fresh, path.stat().st_mode & 0o777)
        os.replace(fresh, path)
    except BaseException:
        os.unlink(fresh)
        raise


def reader() -> ContentReader:
    """The content as it stands in the files now. Raises ContentError where it never was valid."""
    return _reader(FOLDER)


@functools.lru_cache(maxsize=1)
def _reader(folder: Path) -> ContentReader:
    return ContentReader(folder)
