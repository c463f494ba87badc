"""The German keyboard: which keys lie side by side, and how likely a word was typed for another one."""

from __future__ import annotations

from components.folding import fold

#: The keys around each key.
NEIGHBOURS = {
    "q": "wa", "w": "qes", "e": "wrd", "r": "etf", "t": "rzg", "z": "tuh", "u": "zij", "i": "uok", "o": "ipl", "p": "oü",
    "a": "qsy", "s": "adwx", "d": "sfec", "f": "dgrv", "g": "fhtb", "h": "gjzn", "j": "hkum", "k": "jlim", "l": "köo",
    "y": "asx", "x": "yscd", "c": "xdfv", "v": "cfgb", "b": "vghn", "n": "bhjm", "m": "njk",
}  # fmt: skip
#: The same for folded words, where ü is u.
_NEAR = {key: set(fold(around).replace(" ", "")) for key, around in NEIGHBOURS.items()}

#: How unlikely a slip is, as a negative logarithm: two letters swapped, one left out, a neighbouring key hit, one too many.
_SWAPPED = 3.0
_LEFT_OUT = 3.5
_BESIDE = 3.0
_TOO_MANY = 7.0
_TOO_MANY_BESIDE = 6.0
_ANOTHER = 9.0


def slip_cost(typed: str, meant: str) -> float:
    """Negative logarithm of the chance that `typed` was typed for `meant`, both folded; 0 where they are the same.

    A weighted edit distance with swaps of neighbouring letters (Damerau 1964, Kernighan, Church and Gale 1990).
    """
    before: list[float] = []
    above = [_LEFT_OUT * column for column in range(len(meant) + 1)]
    for row, letter in enumerate(typed):
        near = _NEAR.get(letter, set())
        too_many = _TOO_MANY if near.isdisjoint(meant[max(row - 1, 0) : row + 1]) else _TOO_MANY_BESIDE
        current = [above[0] + too_many]
        for column, right in enumerate(meant):
            hit = 0.0 if letter == right else _BESIDE if right in near else _ANOTHER
            best = min(above[column] + hit, current[column] + _LEFT_OUT, above[column + 1] + too_many)
            if row and column and letter == meant[column - 1] and typed[row - 1] == right:
                best = min(best, before[column - 1] + _SWAPPED)
            current.append(best)
        before, above = above, current
    return above[-1]
