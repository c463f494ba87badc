"""Weighted n-grams of letters and words of folded text: they carry typos, dialect and names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import scipy.sparse as sparse
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

from components.folding import fold
from components.lines import packed, unpacked

#: Letters within words (2 to 5), and words (1 to 2).
_KINDS = {
    "letters": {"analyzer": "char_wb", "ngram_range": (2, 5)},
    "words": {"analyzer": "word", "ngram_range": (1, 2), "token_pattern": r"(?u)\b\w+\b"},
}
_ANALYZERS = {kind: CountVectorizer(**options).build_analyzer() for kind, options in _KINDS.items()}


class Ngrams:
    """tf-idf of n-grams. Kept as vocabulary and weights, so that a stored model needs no pickle."""

    def __init__(self, vocabularies: Mapping[str, Sequence[str]], weights: Mapping[str, np.ndarray]) -> None:
        """`vocabularies`: n-grams by kind, in column order; `weights`: their idf, shape (n-grams,) each.

        Raises ValueError where their numbers differ.
        """
        self.vocabularies = {kind: list(vocabularies[kind]) for kind in _KINDS}
        self.weights = {kind: np.asarray(weights[kind]) for kind in _KINDS}
        if any(len(self.vocabularies[kind]) != len(self.weights[kind]) for kind in _KINDS):
            raise ValueError("there must be one idf for each n-gram")
        self._columns = {kind: dict(zip(known, range(len(known)))) for kind, known in self.vocabularies.items()}

    @classmethod
    def stored(cls, arrays: Mapping[str, np.ndarray]) -> Ngrams:
        """What `arrays` gave. Raises KeyError or ValueError where that is damaged."""
        return cls({kind: unpacked(arrays[kind]) for kind in _KINDS}, {kind: arrays[f"{kind}_idf"] for kind in _KINDS})

    def arrays(self) -> dict[str, np.ndarray]:
        """The n-grams by kind, and their idf, from which the same can be made again."""
        packs = {kind: packed(known) for kind, known in self.vocabularies.items()}
        return {**packs, **{f"{kind}_idf": weights for kind, weights in self.weights.items()}}

    @classmethod
    def fit(cls, texts: Sequence[str]) -> Ngrams:
        """Learns the n-grams that stand in at least two of `texts`."""
        folded = [fold(text) for text in texts]
        vocabularies: dict[str, Sequence[str]] = {}
        weights: dict[str, np.ndarray] = {}
        for kind, options in _KINDS.items():
            vectorizer = TfidfVectorizer(**options, sublinear_tf=True, min_df=min(2, len(texts)))
            try:
                vectorizer.fit(folded)
            except ValueError:  # nothing stands in two texts
                vocabularies[kind], weights[kind] = [], np.zeros(0)
                continue
            columns = vectorizer.vocabulary_
            vocabularies[kind] = sorted(columns, key=columns.__getitem__)
            weights[kind] = vectorizer.idf_
        return cls(vocabularies, weights)

    def transform(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Shape (len(texts), number of n-grams), float32, each kind of unit length.

        Counts by itself: what scikit-learn checks on each call takes longer than to count one message.
        """
        rows = [self._row(fold(text)) for text in texts]
        columns = [row for row, _ in rows] or [np.zeros(0, dtype=np.intp)]
        values = [value for _, value in rows] or [np.zeros(0, dtype=np.float32)]
        ends = np.cumsum([0, *(len(row) for row, _ in rows)])
        width = sum(map(len, self.weights.values()))
        return sparse.csr_matrix((np.concatenate(values), np.concatenate(columns), ends), shape=(len(texts), width))

    def _row(self, folded: str) -> tuple[np.ndarray, np.ndarray]:
        """The columns of a text, those of one kind behind those of the other, and their values."""
        rows, values, start = [], [], 0
        for kind, columns in self._columns.items():
            counts = Counter(column for ngram in _ANALYZERS[kind](folded) if (column := columns.get(ngram)) is not None)
            row = np.fromiter(counts, dtype=np.intp, count=len(counts))
            often = np.fromiter(counts.values(), dtype=np.float32, count=len(counts))
            value = (1.0 + np.log(often)) * self.weights[kind][row]
            rows.append(row + start)
            values.append((value / max(float(np.linalg.norm(value)), 1e-9)).astype(np.float32))
            start += len(columns)
        return np.concatenate(rows), np.concatenate(values)
