"""What is cleaned from a message, and which messages get their sentence without Rasa."""

from __future__ import annotations

import pytest

from channels.guard import LIMIT, clean, refusal


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("  Wer leitet das?  ", "Wer leitet das?"),
        ("Wer\u200b lei\u00adtet\u2060 das?\ufeff", "Wer leitet das?"),
        ("\u202eWer leitet das?\u202c", "Wer leitet das?"),
        ("Wer\x00 leitet\x1b[31m das?", "Wer leitet[31m das?"),
        ("Hallo\r\n\r\nWer leitet das?\u2028Danke", "Hallo\nWer leitet das?\nDanke"),
        ("Wer\tleitet", "Wer leitet"),
        ("o\u0308ffnen", "öffnen"),
        ("من يقود التحالف؟", "من يقود التحالف؟"),
        ("Danke 🙂", "Danke 🙂"),
        ("kaputt \ud83d", "kaputt"),
        ("\u200b\u200d \u2063", ""),
    ],
)
def test_invisible_characters_go_and_words_stay(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


def test_cleaning_twice_changes_nothing() -> None:
    text = "\u200b /\u200brestart \x00 \t\n \u00a0ö"

    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize(
    "text",
    [
        "Wer leitet das?",
        "ja",
        "1",
        "2.",
        "من يقود التحالف؟",
        "a" * LIMIT,
        "und/oder",
        "<b>Wer</b> leitet das?",
        "'; DROP TABLE messages; --",
        "Hallo\n/restart",
    ],
)
def test_question_may_pass(text: str) -> None:
    assert refusal(clean(text)) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "guard_empty"),
        (" \n\t ", "guard_empty"),
        ("\u200b\u200d\ufeff", "guard_empty"),
        ("a" * (LIMIT + 1), "guard_long"),
        ("/" * 10_000, "guard_long"),
        ("/restart", "guard_command"),
        ("  /restart", "guard_command"),
        ("\u200b/restart", "guard_command"),
        ("\u200b \ufeff\u00a0/\u200bgreet{}", "guard_command"),
        ("\n\n/slot", "guard_command"),
        ("/", "guard_command"),
        ("🙂🙂", "guard_symbols"),
        ("?!...", "guard_symbols"),
        ("4711", "guard_symbols"),
        ("1 2", "guard_symbols"),
    ],
)
def test_what_is_no_question_is_refused(text: str, reason: str) -> None:
    assert refusal(clean(text)) == reason
