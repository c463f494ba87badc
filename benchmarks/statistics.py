"""Figures that tell a difference from luck: paired bootstrap, AUROC."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata


@dataclass(frozen=True)
class Difference:
    """A difference of two shares, each 0 to 1, with its 95 % interval."""

    value: float
    low: float
    high: float

    def in_points(self) -> str:
        """As in „+2.4 points [-0.2, +5.0]“."""
        return f"{self.value * 100:+.1f} points [{self.low * 100:+.1f}, {self.high * 100:+.1f}]"


def paired_bootstrap(ours: Sequence[bool], theirs: Sequence[bool], samples: int = 10_000, seed: int = 42) -> Difference:
    """Accuracy of `ours` minus that of `theirs` on the same questions (same length and order), percentile interval.

    Both sides are drawn together, question by question (Efron and Tibshirani 1993, "An Introduction to the
    Bootstrap"). A question adds -1, 0 or 1 to the difference, so drawing how often each of the three comes is the same
    as drawing the questions, and cheap. Raises ValueError for different lengths or no questions.
    """
    if len(ours) != len(theirs):
        raise ValueError(f"a paired test needs the same questions on both sides, not {len(ours)} and {len(theirs)}")
    if not ours:
        raise ValueError("there are no questions to compare on")
    per_question = np.asarray(ours, dtype=int) - np.asarray(theirs, dtype=int)
    shares = [float(np.mean(per_question == value)) for value in (-1, 0, 1)]
    drawn = np.random.default_rng(seed).multinomial(len(per_question), shares, size=samples)
    low, high = np.percentile((drawn[:, 2] - drawn[:, 0]) / len(per_question), [2.5, 97.5])
    return Difference(float(per_question.mean()), float(low), float(high))


def auroc(inside: Sequence[float], outside: Sequence[float]) -> float:
    """Probability, 0 to 1, that a text from outside scores higher than one from inside; a tie counts half.

    Source: Mann-Whitney U over ranks. Raises ValueError where one side is empty.
    """
    if not inside or not outside:
        raise ValueError("AUROC needs scores of both sides")
    ranks = rankdata(np.concatenate([np.asarray(outside, dtype=float), np.asarray(inside, dtype=float)]))
    smallest = len(outside) * (len(outside) + 1) / 2
    return float((ranks[: len(outside)].sum() - smallest) / (len(outside) * len(inside)))
