"""What of a text can be seen."""

from __future__ import annotations

import re
import unicodedata

_BREAKS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
#: Soft hyphens, blanks without a width, turned writing directions and tags: they hide personal data from the search, and let a
#: text read otherwise than it is. What joins letters or emojis stays.
_HIDDEN = re.compile("[\u00ad\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")


def visible(text: str) -> str:
    """`text` without what is not seen, "" where nothing is left to read. PostgreSQL refuses NUL, and JSON lets half of a
    surrogate pair through."""
    text = _HIDDEN.sub("", _BREAKS.sub("\n", unicodedata.normalize("NFC", text)))
    kept = "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs", "Co", "Cn"))
    kept = kept.strip()
    if all(unicodedata.category(char) in ("Cf", "Zs") or char in "\n\t" for char in kept):
        return ""
    return kept
