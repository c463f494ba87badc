from __future__ import annotations

import pytest

from tests.browser.contrast import contrast


def test_black_on_white_is_the_most_and_the_same_colour_the_least() -> None:
    assert contrast("rgb(0, 0, 0)", "rgb(255, 255, 255)") == pytest.approx(21)
    assert contrast("rgb(9, 9, 9)", "rgba(9, 9, 9, 1)") == pytest.approx(1)


def test_known_grey_just_reaches_the_ratio_for_text() -> None:
    assert contrast("rgb(118, 118, 118)", "rgb(255, 255, 255)") == pytest.approx(4.54, abs=0.01)


def test_what_shines_through_has_no_contrast_of_its_own() -> None:
    with pytest.raises(ValueError, match="opaque"):
        contrast("rgba(0, 0, 0, 0.5)", "rgb(255, 255, 255)")
