"""Words that tell a name from what is none, read once from the lists beside this file."""

from __future__ import annotations

from pathlib import Path


def _read(name: str) -> frozenset[str]:
    rows = (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines()
    return frozenset(word for row in rows if not row.startswith("#") for word in row.split())


#: Words, in lower case, that are never a part of a name: pronouns, verbs and what starts a sentence.
ORDINARY = _read("ordinary_words.txt")

#: First names in lower case, as people in Hessen have them. Only where a name may stand: many are words as well.
FIRST_NAMES = _read("first_names.txt")
