"""Many short texts as one array: it is stored with others, and read without a step of Python for each text."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np


def packed(lines: Iterable[str]) -> np.ndarray:
    """UTF-8, shape (bytes,), uint8, each line with its end. Raises ValueError for a text of several lines."""
    kept = list(lines)
    if any("\n" in line for line in kept):
        raise ValueError("a line has an end within")
    return np.frombuffer("".join(f"{line}\n" for line in kept).encode(), dtype=np.uint8)


def unpacked(array: np.ndarray) -> list[str]:
    """What `packed` was given. Raises ValueError for other arrays."""
    *lines, rest = array.tobytes().decode().split("\n")
    if rest:
        raise ValueError("the last line has no end")
    return lines
