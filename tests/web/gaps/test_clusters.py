"""Groups of vectors, on vectors made by hand."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from web.gaps.clusters import clusters


def _directions(*degrees: float) -> npt.NDArray[np.float32]:
    """Unit vectors in a plane."""
    angles = np.radians(np.array(degrees))
    return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


def test_what_points_in_one_direction_is_a_group_and_what_stands_alone_is_none() -> None:
    vectors = _directions(0, 90, 5, 180, 95, 10)

    assert clusters(vectors, near=0.99) == [[2, 0, 5], [1, 4]]


def test_most_typical_one_stands_first_and_the_nearest_follow() -> None:
    # 6 degrees apart are neighbours, 12 are not: the one in the middle has both sides
    assert clusters(_directions(0, 6, 12, 7), near=0.99) == [[1, 3, 0, 2]]


def test_equal_texts_are_a_group() -> None:
    assert clusters(_directions(0, 0, 0)) == [[0, 1, 2]]


@pytest.mark.parametrize("degrees", [(), (0,), (0, 120, 240)])
def test_where_nothing_is_alike_there_are_no_groups(degrees: tuple[float, ...]) -> None:
    assert clusters(_directions(*degrees).reshape(-1, 2)) == []


def test_each_row_is_in_one_group_at_most_and_every_group_is_around_its_first_row() -> None:
    random = np.random.default_rng(7)
    vectors = random.normal(size=(1200, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)

    found = clusters(vectors, near=0.6)

    rows = [row for group in found for row in group]
    assert len(rows) == len(set(rows)) > 100
    assert all(len(group) > 1 for group in found)
    assert [len(group) for group in found] == sorted((len(group) for group in found), reverse=True)
    assert all((vectors[group] @ vectors[group[0]] >= 0.6).all() for group in found)
    assert clusters(vectors, near=0.6) == found
