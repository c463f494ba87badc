"""The difference of two sides and its interval; how well scores tell strangers."""

from __future__ import annotations

import math

import pytest
from sklearn.metrics import roc_auc_score

from benchmarks.statistics import auroc, in_points, paired_bootstrap
from training.evaluation.resampling import Interval


def test_difference_is_that_of_the_two_accuracies() -> None:
    ours = [True] * 80 + [False] * 20
    theirs = [True] * 50 + [False] * 50

    assert paired_bootstrap(ours, theirs).value == pytest.approx(0.30)


def test_interval_has_the_width_of_the_normal_approximation_for_paired_shares() -> None:
    ours = [True] * 40 + [False] * 20 + [True] * 340
    theirs = [False] * 40 + [True] * 20 + [True] * 340
    deviation = math.sqrt((60 / 400 - (20 / 400) ** 2) / 400)

    found = paired_bootstrap(ours, theirs)

    assert found.low == pytest.approx(0.05 - 1.96 * deviation, abs=0.004)
    assert found.high == pytest.approx(0.05 + 1.96 * deviation, abs=0.004)


def test_texts_that_both_sides_get_right_or_wrong_alike_do_not_widen_the_interval() -> None:
    alike = [True, False] * 100

    assert paired_bootstrap(alike, alike) == Interval(0.0, 0.0, 0.0)


def test_swapped_sides_turn_the_interval_around() -> None:
    ours = [index % 3 != 0 for index in range(200)]
    theirs = [index % 2 == 0 for index in range(200)]

    ahead, behind = paired_bootstrap(ours, theirs), paired_bootstrap(theirs, ours)

    assert (behind.value, behind.low, behind.high) == pytest.approx((-ahead.value, -ahead.high, -ahead.low))


def test_interval_is_the_same_each_time() -> None:
    ours, theirs = [True] * 30 + [False] * 30, [True, False] * 30

    assert paired_bootstrap(ours, theirs) == paired_bootstrap(ours, theirs)


def test_sides_with_different_texts_cannot_be_paired() -> None:
    with pytest.raises(ValueError, match="not 2 and 3"):
        paired_bootstrap([True, False], [True, False, True])


def test_no_texts_give_no_difference() -> None:
    with pytest.raises(ValueError, match="no texts"):
        paired_bootstrap([], [])


def test_auroc_agrees_with_scikit_learn_where_scores_tie() -> None:
    inside, outside = [0.1, 0.2, 0.2, 0.5], [0.2, 0.5, 0.9]

    assert auroc(inside, outside) == pytest.approx(roc_auc_score([0] * 4 + [1] * 3, inside + outside))


def test_auroc_is_one_where_all_strangers_score_higher_and_half_where_nothing_tells_them() -> None:
    assert auroc([0.1, 0.2], [0.3, 0.4]) == 1.0
    assert auroc([0.3, 0.4], [0.1, 0.2]) == 0.0
    assert auroc([0.5, 0.5], [0.5]) == 0.5


def test_auroc_needs_both_sides() -> None:
    with pytest.raises(ValueError, match="both sides"):
        auroc([0.1], [])


def test_points_carry_their_sign() -> None:
    assert in_points(Interval(0.024, -0.002, 0.05)) == "+2.4 points [-0.2, +5.0]"
