"""Kernel ridge regression: which intent a sentence vector is nearest to, judged by all training vectors at once."""

from __future__ import annotations

import numpy as np
from scipy.linalg import cho_factor, cho_solve

#: How fast likeness fades with distance, and how much the fit is smoothed.
_SHARPNESS = 1.5
_RIDGE = 0.1
#: Up to so many vectors go through the large matrices one by one: to multiply it with one, BLAS reads such a matrix once as it
#: lies in memory; for two and more it first lays all of it out anew, which takes as long as four times the one.
_FEW = 4


def fit_kernel(vectors: np.ndarray, intents: np.ndarray, count: int) -> np.ndarray:
    """Weights, shape (vectors, count), for `kernel_scores`; `vectors`: unit, shape (vectors, width), `intents`: numbers below
    `count`, shape (vectors,). Takes memory for vectors x vectors float32.

    Source: Saunders, Gammerman and Vovk 1998, "Ridge Regression Learning Algorithm in Dual Variables".
    """
    likeness = _likeness(vectors, vectors)
    likeness[np.diag_indices(len(vectors))] += _RIDGE
    wanted = np.full((len(vectors), count), -1.0, dtype=np.float32)
    wanted[np.arange(len(vectors)), intents] = 1.0
    # Of the symmetric matrix the transpose, whose order in memory is LAPACK's: it would copy the other one.
    factor = cho_factor(likeness.T, lower=True, overwrite_a=True, check_finite=False)
    weights: np.ndarray = cho_solve(factor, wanted, check_finite=False)
    return weights.astype(np.float32)


def kernel_scores(vectors: np.ndarray, known: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Scores near 1 for the right intent and near -1 for others, shape (vectors, intents).

    `known`: the vectors that `weights` were fitted to.
    """
    parts = vectors[:, None, :] if 0 < len(vectors) <= _FEW else vectors[None, :, :]
    return np.concatenate([_likeness(part, known) @ weights for part in parts])


def _likeness(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """A Gaussian of the distance of unit vectors, shape (left, right)."""
    likeness = left @ right.T
    likeness -= 1.0
    likeness *= _SHARPNESS
    np.exp(likeness, out=likeness)
    return likeness
