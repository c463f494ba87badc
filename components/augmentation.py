"""Misspells text as people on phones do. Used to train on such spellings, and with other seeds to test against them."""

from __future__ import annotations

import random
from collections.abc import Callable

from components.keyboard import NEIGHBOURS

_WITHOUT_UMLAUTS = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "Ä": "A", "Ö": "O", "Ü": "U", "ß": "s"})
_SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})
_PUNCTUATION = str.maketrans(dict.fromkeys("?!.,;:„“\"'()–-", " "))


def with_typos(text: str, seed: int) -> str:
    """`text` with one edit per eight letters, at least one: a neighbouring key, a letter left out, doubled or swapped.

    Deterministic in (text, seed). Text without a letter comes back as it is.
    """
    rng = random.Random(f"{seed}:{text}")
    chars = list(text)
    letters = sum(char.isalpha() for char in chars)
    for _ in range(max(1, letters // 8) if letters else 0):
        places = [index for index, char in enumerate(chars) if char.isalpha()]
        if not places:
            break
        index = rng.choice(places)
        kind = rng.randrange(4)
        if kind == 0:
            chars[index] = rng.choice(NEIGHBOURS.get(chars[index].lower(), chars[index]))
        elif kind == 1 and len(places) > 2:
            del chars[index]
        elif kind == 2 and index + 1 < len(chars):
            chars[index], chars[index + 1] = chars[index + 1], chars[index]
        else:
            chars.insert(index, chars[index])
    return "".join(chars)


def without_umlauts(text: str, seed: int) -> str:
    """ä as a or as ae, the choice fixed by (text, seed)."""
    return text.translate(random.Random(f"{seed}:{text}").choice((_WITHOUT_UMLAUTS, _SPELT_OUT)))


def lower_case(text: str, seed: int) -> str:
    """All letters small; the seed is not used."""
    return text.lower()


def without_punctuation(text: str, seed: int) -> str:
    """No punctuation; the seed is not used."""
    return " ".join(text.translate(_PUNCTUATION).split())


#: Every way of misspelling, by name.
PERTURBATIONS: dict[str, Callable[[str, int], str]] = {
    "typos": with_typos,
    "umlauts": without_umlauts,
    "lower": lower_case,
    "punctuation": without_punctuation,
}


def phone_typed(text: str, seed: int) -> str:
    """`text` as typed in a hurry: small letters, no punctuation, no umlauts, typos; each of them at times."""
    rng = random.Random(f"phone:{seed}:{text}")
    for name, share in (("lower", 0.7), ("punctuation", 0.5), ("umlauts", 0.5), ("typos", 0.8)):
        if rng.random() < share:
            text = PERTURBATIONS[name](text, seed)
    return text
