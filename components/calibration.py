"""Turns scores into probabilities one can rely on, and probabilities into thresholds. All on out-of-fold scores."""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize
from scipy.special import logsumexp


def fit_blend(experts: np.ndarray, gold: np.ndarray) -> np.ndarray:
    """Weights w >= 0, shape (experts,), for which softmax(sum of w x scores) is most likely given `gold`.

    `experts`: out-of-fold scores, shape (experts, texts, intents); `gold`: intent numbers, shape (texts,).
    One weight for a single expert is temperature scaling (Guo et al. 2017, "On Calibration of Modern Neural Networks").
    """
    rows = np.arange(len(gold))

    def loss(logs: np.ndarray) -> tuple[float, np.ndarray]:
        weights = np.exp(logs)
        scores = np.tensordot(weights, experts, axes=1)
        log_norm = logsumexp(scores, axis=1, keepdims=True)
        probabilities = np.exp(scores - log_norm)
        value = float(np.mean(log_norm[:, 0] - scores[rows, gold]))
        slopes = np.array([np.mean((probabilities * each).sum(axis=1) - each[rows, gold]) for each in experts])
        return value, slopes * weights

    found = minimize(loss, np.zeros(len(experts)), jac=True, method="L-BFGS-B", bounds=[(-4.0, 4.0)] * len(experts))
    return np.exp(found.x)


def expected_calibration_error(confidence: np.ndarray, right: np.ndarray, bins: int = 15) -> float:
    """Mean distance of confidence and accuracy over equally wide bins, weighted by their size, 0 to 1 (Guo et al. 2017)."""
    places = np.minimum((confidence * bins).astype(int), bins - 1)
    total = 0.0
    for place in range(bins):
        inside = places == place
        if inside.any():
            total += inside.mean() * abs(confidence[inside].mean() - right[inside].mean())
    return float(total)


def threshold_for_leak(scores: np.ndarray, leak: float) -> float:
    """The lowest threshold that at most the share `leak` of `scores` reaches."""
    if len(scores) == 0:
        return 0.0
    ordered = np.sort(scores)[::-1]
    allowed = int(leak * len(ordered))
    return float(np.nextafter(ordered[min(allowed, len(ordered) - 1)], np.inf))
