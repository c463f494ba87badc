"""Figures with 95 % intervals, by drawing the texts again and again. All texts and resamples in one matrix product."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sparse

RESAMPLES = 1000
_SEED = 11
#: So many resamples are computed at once; more need more memory and are not faster.
_CHUNK = 100
#: Bins of equal width for the calibration error, as in Guo et al. 2017.
BINS = 15

#: Weights of the texts in resamples, shape (resamples, texts), to a figure, shape (resamples,) or (resamples, figures).
Statistic = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Interval:
    """An estimate and the bounds of its 95 % interval; not-a-number where there is nothing to estimate from."""

    value: float
    low: float
    high: float


class Resampling:
    """Bootstrap resamples of texts, in which all texts of a group are drawn together.

    Source: Efron and Tibshirani 1993, "An Introduction to the Bootstrap" (percentile intervals). They tell how much
    hangs on which texts were collected; they do not tell how much hangs on training.
    """

    def __init__(self, groups: np.ndarray, resamples: int = RESAMPLES, seed: int = _SEED) -> None:
        """`groups`: a group number for each text, shape (texts,)."""
        rng = np.random.default_rng(seed)
        members = np.unique(groups, return_inverse=True)[1]
        n = int(members.max()) + 1
        drawn = (np.bincount(rng.integers(0, n, n), minlength=n)[members] for _ in range(resamples))
        self._weights = np.stack([weights.astype(np.uint8) for weights in drawn])

    def interval(self, statistic: Statistic) -> Interval:
        """The interval of a statistic that gives one figure."""
        return self.intervals(lambda weights: statistic(weights)[:, None])[0]

    def intervals(self, statistic: Statistic) -> list[Interval]:
        """The intervals of a statistic that gives several figures. Resamples without a defined figure do not count."""
        chunks = [self._weights[start : start + _CHUNK] for start in range(0, len(self._weights), _CHUNK)]
        with np.errstate(divide="ignore", invalid="ignore"):
            values = statistic(np.ones((1, self._weights.shape[1])))[0]
            drawn = np.concatenate([statistic(chunk.astype(float)) for chunk in chunks])
        intervals = []
        for value, column in zip(values, drawn.T):
            defined = column[~np.isnan(column)]
            low, high = np.quantile(defined, [0.025, 0.975]) if len(defined) else (np.nan, np.nan)
            intervals.append(Interval(float(value), float(low), float(high)))
        return intervals


def share(event: np.ndarray, among: np.ndarray | None = None) -> Statistic:
    """Weighted mean of `event`, shape (texts,), over all texts or `among` some of them (bool)."""
    base = np.ones(len(event)) if among is None else among.astype(float)
    return lambda weights: weights @ (event * base) / (weights @ base)


def auroc(scores: np.ndarray, positive: np.ndarray) -> Statistic:
    """Probability that a positive text scores higher than another one; ties count half.

    Source: Mann and Whitney 1947; Hanley and McNeil 1982, "The Meaning and Use of the Area under a ROC Curve".
    """
    order = np.argsort(scores, kind="stable")
    starts = np.unique(scores[order], return_index=True)[1]

    def statistic(weights: np.ndarray) -> np.ndarray:
        for_positive = np.add.reduceat(weights[:, order] * positive[order], starts, axis=1)
        for_others = np.add.reduceat(weights[:, order] * ~positive[order], starts, axis=1)
        lower = np.cumsum(for_others, axis=1) - for_others / 2
        pairs = for_positive.sum(axis=1) * for_others.sum(axis=1)
        area: np.ndarray = (for_positive * lower).sum(axis=1) / pairs
        return area

    return statistic


def calibration_error(confidence: np.ndarray, right: np.ndarray, among: np.ndarray | None = None) -> Statistic:
    """As `components.calibration.expected_calibration_error`, over all texts or `among` some of them (bool)."""
    base = np.ones(len(confidence)) if among is None else among.astype(float)
    gaps = indicator(bins(confidence), BINS, (confidence - right) * base)
    return lambda weights: np.abs(_sums(gaps, weights)).sum(axis=1) / (weights @ base)


def f1(gold: np.ndarray, predicted: np.ndarray, intents: int) -> Statistic:
    """F1 of each intent, shape (resamples, intents); not defined for one that is neither there nor predicted."""
    right = indicator(gold, intents, gold == predicted)
    both = indicator(gold, intents) + indicator(predicted, intents)
    return lambda weights: 2 * _sums(right, weights) / _sums(both, weights)


def macro_f1(gold: np.ndarray, predicted: np.ndarray, intents: int) -> Statistic:
    """Mean of `f1` over the intents for which it is defined."""
    each = f1(gold, predicted, intents)
    return lambda weights: np.nanmean(each(weights), axis=1)


def ratios(numerator: sparse.csr_matrix, denominator: sparse.csr_matrix) -> Statistic:
    """Weighted sums of each row by those of another, shape (resamples, rows); both from `indicator`."""
    return lambda weights: _sums(numerator, weights) / _sums(denominator, weights)


def indicator(numbers: np.ndarray, count: int, values: np.ndarray | None = None) -> sparse.csr_matrix:
    """Shape (count, texts): `values` (ones if not given) of each text in the row that is its number."""
    filled = np.ones(len(numbers)) if values is None else values.astype(float)
    return sparse.csr_matrix((filled, (numbers, np.arange(len(numbers)))), shape=(count, len(numbers)))


def bins(confidence: np.ndarray) -> np.ndarray:
    """The number of the bin that each confidence, 0 to 1, falls into."""
    numbers: np.ndarray = np.minimum((confidence * BINS).astype(int), BINS - 1)
    return numbers


def _sums(rows: sparse.csr_matrix, weights: np.ndarray) -> np.ndarray:
    """Weighted sums, shape (resamples, rows), of `rows`, shape (rows, texts)."""
    sums: np.ndarray = (rows @ weights.T).T
    return sums
