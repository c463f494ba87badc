"""Makes spellings of one word alike, so that „Öffnungszeiten“, „oeffnungszeiten“ and „OFFNUNGSZEITEN“ share features."""

from __future__ import annotations

import re
import unicodedata

_UMLAUTS = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"})
_DIGRAPHS = re.compile(r"([aou])e")
_REPEATED = re.compile(r"([^\W\d_])\1+")
_NO_WORD = re.compile(r"[^\w@%&+]+|_")


def fold(text: str) -> str:
    """Lower case, no umlauts (ä, ae and a are one), ß as s, doubled letters single, words with one blank between.

    Digits stay as they are; letters of other scripts stay, without their accents.
    """
    text = unicodedata.normalize("NFKC", text).casefold().translate(_UMLAUTS)
    text = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    text = _DIGRAPHS.sub(r"\1", text)
    text = _REPEATED.sub(r"\1", text)
    return " ".join(_NO_WORD.sub(" ", text).split())
