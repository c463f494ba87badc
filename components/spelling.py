"""Puts misspelt words right where the right word is known from the training questions: „telefonumer“, „gegrundet“."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

import simplemma
from symspellpy import SymSpell, Verbosity

from components.folding import fold

_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST = 5  # letters: below, almost any word is one edit away from another
_LONG = 8  # letters from which two edits are put right, not one


class Spelling:
    """The words of the training questions. Words that German has otherwise are left alone, and so are unknown names."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        """`counts`: how often each word, in small letters, stands in the training questions."""
        self.counts = dict(counts)
        self._by_fold: dict[str, str] = {}
        self._index = SymSpell(max_dictionary_edit_distance=2, prefix_length=7)
        for word, count in sorted(self.counts.items(), key=lambda item: (-item[1], item[0])):
            folded = fold(word)
            if folded and folded not in self._by_fold:
                self._by_fold[folded] = word
                self._index.create_dictionary_entry(folded, count)

    @classmethod
    def learn(cls, texts: Sequence[str]) -> Spelling:
        return cls(Counter(word.lower() for text in texts for word in _WORD.findall(text)))

    def correct(self, text: str) -> str:
        """`text` with misspelt words put right; everything else, capitals included, stays."""
        return _WORD.sub(lambda found: self._word(found.group()), text)

    def _word(self, word: str) -> str:
        small = word.lower()
        if len(small) < _SHORTEST or small in self.counts:
            return word
        folded = fold(small)
        right = self._by_fold.get(folded)
        if right is None and not _is_german(word):
            found = self._index.lookup(folded, Verbosity.TOP, max_edit_distance=1 if len(small) < _LONG else 2)
            right = self._by_fold[found[0].term] if found else None
        if right is None:
            return word
        return right.capitalize() if word[0].isupper() else right


def _is_german(word: str) -> bool:
    return bool(simplemma.is_known(word, lang="de") or simplemma.is_known(word.lower(), lang="de"))
