"""Contrast as WCAG 2.2 reckons it, between colours as browsers write them."""

from __future__ import annotations

import re


def contrast(one: str, other: str) -> float:
    """The ratio, 1 to 21, of two colours like "rgb(22, 33, 43)". Raises ValueError for other forms."""
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    found = re.fullmatch(r"rgba?\((\d+), (\d+), (\d+)(?:, 1)?\)", colour)
    if found is None:
        raise ValueError(f"{colour} is no opaque colour")
    red, green, blue = (_linear(int(part) / 255) for part in found.groups())
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
