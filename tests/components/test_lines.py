"""Texts as one array: what is read is what was written, and nothing else is read."""

from __future__ import annotations

import numpy as np
import pytest

from components.lines import packed, unpacked


@pytest.mark.parametrize("lines", [[], [""], ["a"], ["wer leitet", "", "größe 🙂", "\r", "\u2028"]])
def test_lines_are_read_as_they_were_written(lines: list[str]) -> None:
    assert unpacked(packed(lines)) == lines


def test_array_holds_one_number_for_each_byte() -> None:
    array = packed(["ab", "ü"])

    assert array.dtype == np.uint8
    assert array.tolist() == [97, 98, 10, 195, 188, 10]


def test_text_of_two_lines_is_refused() -> None:
    with pytest.raises(ValueError, match="end within"):
        packed(["one\ntwo"])


@pytest.mark.parametrize("content", [b"ab", b"ab\ncd", b"\xc3\n"])
def test_array_that_was_cut_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"no end|decode"):
        unpacked(np.frombuffer(content, dtype=np.uint8))
