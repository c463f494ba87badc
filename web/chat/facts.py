"""The content as it stands now."""

from __future__ import annotations

from content import Content, ContentError, shared_reader


def content() -> Content:
    """What the chat may say. Raises ContentError where there has never been a valid content."""
    return shared_reader().current()


def problems() -> list[str]:
    """What is wrong with the files as they stand now; empty where they are used as they are."""
    try:
        shared_reader().current()
        return shared_reader().problems
    except ContentError as error:
        return error.problems
