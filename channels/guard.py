"""Looks at a message before Rasa does: what is no question gets its sentence here and never reaches a tracker."""

from __future__ import annotations

import re
import unicodedata

#: Characters a message may have; long letters have about 1 000.
LIMIT = 2000

_BREAKS = re.compile(r"[\t\r\n\x0b\x0c\x85\u2028\u2029]+")


def clean(text: str) -> str:
    """`text` without control, zero-width, direction and other invisible characters; line breaks stay as one newline."""
    text = _BREAKS.sub(lambda found: "\n" if found.group().strip("\t") else " ", text)
    kept = (char for char in unicodedata.normalize("NFC", text) if char == "\n" or unicodedata.category(char)[0] != "C")
    return "".join(kept).strip()


def refusal(text: str) -> str | None:
    """The name of the reply that `text`, already cleaned, gets instead of an answer, or None where it may pass."""
    if not text:
        return "guard_empty"
    if len(text) > LIMIT:
        return "guard_long"
    if text.startswith("/"):  # Rasa would run it as an intent, a slot or a restart
        return "guard_command"
    if not any(char.isalpha() for char in text) and not re.fullmatch(r"[1-3]\.?", text):
        return "guard_symbols"
    return None
