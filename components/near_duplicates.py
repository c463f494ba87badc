"""Texts that are nearly the same, letter by letter."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy.sparse as sparse
from sklearn.feature_extraction.text import TfidfVectorizer

#: Pairs that are multiplied at once.
_BATCH = 20_000
#: How far a sum of many float32 may be off.
_ROUNDING = 1e-5


def near_pairs(texts: Sequence[str], near: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(left, right, cosine) of all pairs of `texts` whose letter n-grams have a cosine of at least `near`, left < right.

    Only pairs that share one of the rarest n-grams of both are looked at, few of the n²: the prefix filter of Bayardo, Ma and
    Srikant 2007, "Scaling Up All Pairs Similarity Search". It leaves out no pair.
    """
    if len(texts) < 2:
        return np.zeros(0, dtype=int), np.zeros(0, dtype=int), np.zeros(0, dtype=np.float32)
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True, dtype=np.float32)
    matrix = letters.fit_transform(texts)
    rare = _rarest(matrix, near)
    shared = sparse.triu(rare @ rare.T, k=1, format="coo")
    matrix.sort_indices()
    cosines = np.zeros(shared.nnz, dtype=np.float32)
    for start in range(0, shared.nnz, _BATCH):
        batch = slice(start, start + _BATCH)
        cosines[batch] = matrix[shared.row[batch]].multiply(matrix[shared.col[batch]]).sum(axis=1).A1
    kept = cosines >= near
    return shared.row[kept], shared.col[kept], cosines[kept]


def _rarest(matrix: sparse.csr_matrix, near: float) -> sparse.csr_matrix:
    """So many of the rarest n-grams of each row that the others together are too short for a cosine of `near` with any row.

    What two near rows share begins, from the rarest on, among these of either.
    """
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    often = np.bincount(matrix.indices, minlength=matrix.shape[1])[matrix.indices]
    # By row, and there the most frequent first.
    order = np.lexsort((matrix.indices, -often, rows))
    total = np.cumsum(matrix.data[order].astype(float) ** 2)
    length = total - np.append(0.0, total)[matrix.indptr[:-1]][rows]
    kept = length >= (near - _ROUNDING) ** 2
    return sparse.csr_matrix((np.ones(kept.sum()), (rows[kept], matrix.indices[order][kept])), shape=matrix.shape)
