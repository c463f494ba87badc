"""What of a text can be seen."""

from __future__ import annotations

import re
import unicodedata

_BREAKS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")


def visible(text: str) -> str:
    """`text` without what is not seen, "" where nothing is left to read. PostgreSQL refuses NUL, and JSON lets half of a
    surrogate pair through."""
    text = _BREAKS.sub("\n", unicodedata.normalize("NFC", text))
    kept = "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs", "Co", "Cn"))
    kept = kept.strip()
    if all(unicodedata.category(char) in ("Cf", "Zs") or char in "\n\t" for char in kept):
        return ""
    return kept
