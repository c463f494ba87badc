"""Blend weights, calibration error and thresholds, on scores made by hand or drawn with a known answer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.special import softmax

from components.calibration import expected_calibration_error, fit_blend, threshold_for_leak


def _drawn(weight: float, texts: int = 4000) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Scores of an expert, shape (texts, 4), and intents drawn from softmax(weight x scores)."""
    rng = np.random.default_rng(1)
    scores = rng.normal(size=(texts, 4)) * 2
    chances = softmax(weight * scores, axis=1)
    gold = (chances.cumsum(axis=1) > rng.random((texts, 1))).argmax(axis=1)
    return scores, gold


@pytest.mark.parametrize("weight", [0.25, 1.0, 3.0])
def test_blend_of_one_expert_finds_its_temperature(weight: float) -> None:
    scores, gold = _drawn(weight)

    assert fit_blend(scores[None], gold) == pytest.approx([weight], rel=0.1)


def test_blend_trusts_the_expert_that_knows_something() -> None:
    scores, gold = _drawn(1.0)
    noise = np.random.default_rng(2).normal(size=scores.shape)
    weights = fit_blend(np.stack([scores, noise]), gold)

    assert weights[0] == pytest.approx(1.0, rel=0.1)
    assert 0 <= weights[1] < 0.1


def test_blend_makes_probabilities_true() -> None:
    scores, gold = _drawn(0.4)

    def error(weight: float) -> float:
        probabilities = softmax(weight * scores, axis=1)
        return expected_calibration_error(probabilities.max(axis=1), probabilities.argmax(axis=1) == gold)

    assert error(float(fit_blend(scores[None], gold)[0])) < 0.03 < error(1.0)


def test_calibration_error_of_a_known_case() -> None:
    confidence = np.array([0.9, 0.9, 0.9, 0.9, 0.5, 0.5])
    right = np.array([True, True, True, False, True, False])

    assert expected_calibration_error(confidence, right) == pytest.approx(4 / 6 * (0.9 - 0.75))


def test_calibration_error_counts_full_confidence() -> None:
    assert expected_calibration_error(np.ones(4), np.zeros(4, dtype=bool)) == pytest.approx(1.0)
    assert expected_calibration_error(np.ones(4), np.ones(4, dtype=bool)) == pytest.approx(0.0)


@pytest.mark.parametrize("leak", [0.0, 0.1, 0.25, 0.5])
def test_threshold_lets_at_most_the_share_through_and_is_the_lowest(leak: float) -> None:
    scores = np.random.default_rng(3).permutation(np.linspace(0.01, 1.0, 40))
    threshold = threshold_for_leak(scores, leak)

    assert (scores >= threshold).mean() == pytest.approx(leak)
    assert (scores >= np.nextafter(threshold, -np.inf)).mean() > leak


def test_threshold_never_splits_equal_scores() -> None:
    scores = np.array([0.9, 0.7, 0.7, 0.7, 0.1])

    assert (scores >= threshold_for_leak(scores, 0.4)).sum() == 1


def test_threshold_of_no_scores_lets_everything_through() -> None:
    assert threshold_for_leak(np.array([]), 0.1) == 0.0
