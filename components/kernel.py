"""Kernel ridge regression: which intent a text is nearest to, judged by all training texts at once.

Two texts are alike where they mean the same (a Gaussian of their sentence vectors' distance) and where they are written the
same (the product of their n-grams). Of the second part one weight for each n-gram is all that has to be kept.
"""

from __future__ import annotations

import numpy as np
import scipy.sparse as sparse
from scipy.linalg import cho_factor, cho_solve

#: How fast likeness fades with distance, and how much the fit is smoothed.
_SHARPNESS = 1.5
_RIDGE = 0.1
#: Texts whose n-grams are compared at once: the product of all of them is no sparse matrix.
_BLOCK = 500
#: Up to so many vectors go through the large matrices one by one: to multiply it with one, BLAS reads such a matrix once as it
#: lies in memory; for two and more it first lays all of it out anew, which takes as long as four times the one.
_FEW = 4


def fit_kernel(
    vectors: np.ndarray, ngrams: sparse.csr_matrix, ngram_weight: float, intents: np.ndarray, count: int
) -> tuple[np.ndarray, np.ndarray]:
    """Weights for `kernel_scores`: of the texts, shape (texts, count), and of the n-grams, shape (n-grams, count).

    `vectors`: unit, shape (texts, width); `ngrams`: shape (texts, n-grams); `ngram_weight`: how much likeness of the n-grams
    counts; `intents`: numbers below `count`, shape (texts,). Takes memory for texts x texts float32.

    Source: Saunders, Gammerman and Vovk 1998, "Ridge Regression Learning Algorithm in Dual Variables".
    """
    likeness = _likeness(vectors, vectors)
    for start in range(0, len(vectors), _BLOCK):
        rows = slice(start, start + _BLOCK)
        likeness[rows] += ngram_weight * (ngrams[rows] @ ngrams.T).toarray()
    likeness[np.diag_indices(len(vectors))] += _RIDGE
    wanted = np.full((len(vectors), count), -1.0, dtype=np.float32)
    wanted[np.arange(len(vectors)), intents] = 1.0
    # Of the symmetric matrix the transpose, whose order in memory is LAPACK's: it would copy the other one.
    factor = cho_factor(likeness.T, lower=True, overwrite_a=True, check_finite=False)
    weights = cho_solve(factor, wanted, check_finite=False).astype(np.float32)
    return weights, (ngram_weight * (ngrams.T @ weights)).astype(np.float32)


def kernel_scores(
    vectors: np.ndarray, ngrams: sparse.csr_matrix, known: np.ndarray, weights: np.ndarray, ngram_weights: np.ndarray
) -> np.ndarray:
    """Scores near 1 for the right intent and near -1 for others, shape (texts, intents).

    `known`: the vectors that the weights were fitted to.
    """
    parts = vectors[:, None, :] if 0 < len(vectors) <= _FEW else vectors[None, :, :]
    likeness = np.concatenate([_likeness(part, known) @ weights for part in parts])
    scores: np.ndarray = likeness + ngrams @ ngram_weights
    return scores


def _likeness(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """A Gaussian of the distance of unit vectors, shape (left, right)."""
    likeness = left @ right.T
    likeness -= 1.0
    likeness *= _SHARPNESS
    np.exp(likeness, out=likeness)
    return likeness
