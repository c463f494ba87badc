from __future__ import annotations

import pytest

from web.chat.text import visible


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("  Was ist\r\ndie Allianz?\u2028", "Was ist\ndie Allianz?"),
        ("erika\u200b@exam\u00adple.org", "erika@example.org"),
        ("06\u206011 1234\ufeff567", "0611 1234567"),
        ("\u202eredlaW uarF\u202c", "redlaW uarF"),
        ("Allianz\U000e0041\U000e0042", "Allianz"),
        ("A\x00l\ud800lianz", "Allianz"),
    ],
)
def test_what_is_not_seen_is_left_out(written: str, kept: str) -> None:
    assert visible(written) == kept


@pytest.mark.parametrize("text", ["👩‍🌾 👍🏽 1️⃣", "می‌خواهم", "Straße, Łódź, дім", "שלום \u200fעולם"])
def test_what_belongs_to_a_script_or_an_emoji_stays(text: str) -> None:
    assert visible(text) == text
