"""Weighted n-grams of letters and words of folded text: they carry typos, dialect and names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import scipy.sparse as sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from components.folding import fold

#: Letters within words (2 to 5), and words (1 to 2).
_KINDS = {
    "letters": {"analyzer": "char_wb", "ngram_range": (2, 5)},
    "words": {"analyzer": "word", "ngram_range": (1, 2), "token_pattern": r"(?u)\b\w+\b"},
}


class Ngrams:
    """tf-idf of n-grams. Kept as vocabulary and weights, so that a stored model needs no pickle."""

    def __init__(self, vocabularies: Mapping[str, Sequence[str]], weights: Mapping[str, np.ndarray]) -> None:
        """`vocabularies`: n-grams by kind, in column order; `weights`: their idf, shape (n-grams,) each."""
        self.vocabularies = {kind: list(vocabularies[kind]) for kind in _KINDS}
        self.weights = {kind: np.asarray(weights[kind]) for kind in _KINDS}
        self._vectorizers = []
        for kind, options in _KINDS.items():
            if not self.vocabularies[kind]:
                continue
            vectorizer = TfidfVectorizer(**options, sublinear_tf=True, dtype=np.float32, vocabulary=self.vocabularies[kind])
            vectorizer.idf_ = self.weights[kind]
            self._vectorizers.append(vectorizer)

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
        """Shape (len(texts), number of n-grams), float32, each kind of unit length."""
        folded = [fold(text) for text in texts]
        blocks = [vectorizer.transform(folded) for vectorizer in self._vectorizers]
        return sparse.hstack(blocks, format="csr") if blocks else sparse.csr_matrix((len(texts), 0), dtype=np.float32)
