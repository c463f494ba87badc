"""Figures and their intervals: against formulas, against scikit-learn, and where there is nothing to estimate."""

from __future__ import annotations

import math

import numpy as np
import pytest
from sklearn.metrics import f1_score, roc_auc_score

from components.calibration import expected_calibration_error
from training.evaluation.resampling import Interval, Resampling, auroc, calibration_error, f1, macro_f1, share


def _half_width(interval: Interval) -> float:
    return (interval.high - interval.low) / 2


def test_interval_of_a_share_is_that_of_the_binomial_distribution() -> None:
    event = np.arange(400) < 100

    interval = Resampling(np.arange(400)).interval(share(event))

    assert interval.value == 0.25
    assert _half_width(interval) == pytest.approx(1.96 * math.sqrt(0.25 * 0.75 / 400), rel=0.08)
    assert (interval.low + interval.high) / 2 == pytest.approx(0.25, abs=0.005)


def test_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(5)
    samples = (rng.random(150) < 0.6 for _ in range(200))

    intervals = [Resampling(np.arange(150), 300, seed).interval(share(event)) for seed, event in enumerate(samples)]

    assert 0.90 <= np.mean([each.low <= 0.6 <= each.high for each in intervals]) <= 0.99


def test_texts_of_a_group_count_as_one_draw() -> None:
    event = np.repeat(np.arange(200) < 50, 4)

    alone = Resampling(np.arange(800)).interval(share(event))
    together = Resampling(np.repeat(np.arange(200), 4)).interval(share(event))

    assert alone.value == together.value
    assert _half_width(together) / _half_width(alone) == pytest.approx(2.0, rel=0.1)


def test_paired_difference_has_the_width_of_the_differences_alone() -> None:
    before = np.arange(500) % 2 == 0
    after = before.copy()
    after[:40:2] = False  # 20 of 500 texts are lost, the others stay what they were

    interval = Resampling(np.arange(500)).interval(share(before.astype(float) - after))

    assert interval.value == pytest.approx(0.04)
    assert _half_width(interval) == pytest.approx(1.96 * math.sqrt(0.04 * 0.96 / 500), rel=0.1)


def test_same_seed_gives_the_same_interval_and_another_seed_another_one() -> None:
    statistic = share(np.random.default_rng(3).random(97))

    first, again, other = (Resampling(np.arange(97), seed=seed).interval(statistic) for seed in (1, 1, 2))

    assert first == again
    assert first.value == other.value
    assert first != other


def test_share_among_some_texts_leaves_out_the_others() -> None:
    event, among = np.array([True, True, False, False]), np.array([True, False, True, True])

    assert Resampling(np.arange(4)).interval(share(event, among)).value == pytest.approx(1 / 3)


def test_figure_without_texts_is_not_a_number() -> None:
    interval = Resampling(np.arange(3)).interval(share(np.ones(3), np.zeros(3, dtype=bool)))

    assert all(math.isnan(each) for each in (interval.value, interval.low, interval.high))


def test_auroc_is_that_of_scikit_learn_with_ties_and_weights() -> None:
    rng = np.random.default_rng(8)
    scores, positive = rng.integers(0, 12, 300) / 12, rng.random(300) < 0.3
    weights = rng.integers(0, 4, (5, 300)).astype(float)

    expected = [roc_auc_score(positive, scores, sample_weight=each) for each in weights]

    assert auroc(scores, positive)(weights) == pytest.approx(expected)


def test_auroc_of_perfect_and_of_reversed_scores() -> None:
    positive = np.array([False, False, True, True])

    assert auroc(np.array([0.1, 0.2, 0.8, 0.9]), positive)(np.ones((1, 4))) == 1.0
    assert auroc(np.array([0.9, 0.8, 0.2, 0.1]), positive)(np.ones((1, 4))) == 0.0


def test_calibration_error_is_that_of_the_components_for_each_resample() -> None:
    rng = np.random.default_rng(2)
    confidence = np.append(rng.random(399), 1.0)
    right = rng.random(400) < confidence**2
    weights = rng.integers(0, 3, (4, 400))

    expected = [
        expected_calibration_error(np.repeat(confidence, each), np.repeat(right, each)) for each in weights
    ]  # fmt: skip

    assert calibration_error(confidence, right)(weights.astype(float)) == pytest.approx(expected)


def test_calibration_error_among_some_texts_is_that_of_these_alone() -> None:
    rng = np.random.default_rng(4)
    confidence, right, among = rng.random(200), rng.random(200) < 0.5, rng.random(200) < 0.4

    error = calibration_error(confidence, right, among)(np.ones((1, 200)))

    assert error == pytest.approx(expected_calibration_error(confidence[among], right[among]))


def test_f1_is_that_of_scikit_learn() -> None:
    rng = np.random.default_rng(6)
    gold = rng.integers(0, 5, 250)
    predicted = np.where(rng.random(250) < 0.6, gold, rng.integers(0, 5, 250))

    assert f1(gold, predicted, 5)(np.ones((1, 250)))[0] == pytest.approx(f1_score(gold, predicted, average=None))
    assert macro_f1(gold, predicted, 5)(np.ones((1, 250))) == pytest.approx(f1_score(gold, predicted, average="macro"))
