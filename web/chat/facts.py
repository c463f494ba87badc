"""The content as it stands now, one reader per process."""

from __future__ import annotations

import functools

from content import Content, ContentError, ContentReader


@functools.lru_cache(maxsize=1)
def reader() -> ContentReader:
    """The process's reader of `content/`; it looks at the files once a second."""
    return ContentReader(every=1.0)


def content() -> Content:
    """What the chat may say. Raises ContentError where there has never been a valid content."""
    return reader().current()


def problems() -> list[str]:
    """What is wrong with the files as they stand now; empty where they are used as they are."""
    try:
        reader().current()
        return reader().problems
    except ContentError as error:
        return error.problems
