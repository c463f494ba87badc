"""Comparisons on the same texts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from training.evaluation import resampling
from training.evaluation.resampling import Interval, Resampling

_RESAMPLES = 10_000
_SEED = 42


def paired_bootstrap(ours: Sequence[bool], theirs: Sequence[bool]) -> Interval:
    """Accuracy of `ours` minus that of `theirs` on the same texts (same length and order), with its 95 % interval.

    Each text is drawn with both of its results (Efron and Tibshirani 1993, "An Introduction to the Bootstrap"), so what
    is hard for both sides does not widen the interval. Raises ValueError for different lengths or no texts.
    """
    if len(ours) != len(theirs):
        raise ValueError(f"a paired test needs the same texts on both sides, not {len(ours)} and {len(theirs)}")
    if not ours:
        raise ValueError("there are no texts to compare on")
    difference = np.asarray(ours, dtype=float) - np.asarray(theirs, dtype=float)
    drawn = Resampling(np.arange(len(difference)), _RESAMPLES, _SEED)
    return drawn.interval(resampling.share(difference))


def auroc(inside: Sequence[float], outside: Sequence[float]) -> float:
    """Probability, 0 to 1, that a text from outside scores higher than one from inside; a tie counts half.

    Raises ValueError where one side is empty.
    """
    if not inside or not outside:
        raise ValueError("AUROC needs scores of both sides")
    scores = np.array([*inside, *outside])
    is_outside = np.arange(len(scores)) >= len(inside)
    return float(resampling.auroc(scores, is_outside)(np.ones((1, len(scores))))[0])


def in_points(difference: Interval) -> str:
    """As in „+2.4 points [-0.2, +5.0]“."""
    low, high = (f"{bound * 100:+.1f}" for bound in (difference.low, difference.high))
    return f"{difference.value * 100:+.1f} points [{low}, {high}]"
