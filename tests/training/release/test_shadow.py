"""Questions of real conversations whose answer would change: folded, counted, and named as people know them."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from content import read_content
from training.bank.model_file import BadModel
from training.corpus.questions import Heard
from training.release.shadow import Asked, Changed, Shadow, ShadowError, changes, read_conversations, shadow, summary

CONTENT = read_content()
_LEAD = CONTENT.topics["alliance_lead"].title
_GOALS = CONTENT.topics["alliance_goals"].title


def _heard(*got: str, zone: str = "answer") -> Heard:
    return Heard(got, zone, "", "Text", "standard")


def test_equal_questions_are_one_however_they_are_spelt_and_the_most_frequent_comes_first() -> None:
    lead, goals, declined = _heard("alliance_lead"), _heard("alliance_goals"), _heard("decline", zone="decline")
    answered = [
        (Asked("Was soll das?", "standard"), lead, declined),
        (Asked("wer fuehrt sie", "standard"), goals, lead),
        (Asked("Wer führt sie?", "standard"), goals, lead),
        (Asked("Wer führt sie?", "einfach"), goals, lead),
        (Asked("Wer führt sie?", "standard"), declined, lead),
        (Asked("Wer leitet sie?", "standard"), lead, lead),
    ]

    assert changes(answered, CONTENT) == [
        Changed("Wer führt sie?", 3, _GOALS, _LEAD),
        Changed("Was soll das?", 1, _LEAD, "decline"),
        Changed("Wer führt sie?", 1, "decline", _LEAD),
    ]


def test_answer_to_several_questions_is_named_by_all_its_titles() -> None:
    asked = Asked("Wer leitet sie und was will sie?", "standard")

    assert changes([(asked, _heard("alliance_lead"), _heard("alliance_lead", "alliance_goals"))], CONTENT) == [
        Changed(asked.text, 1, _LEAD, f"{_LEAD} + {_GOALS}")
    ]


def test_asking_back_instead_of_answering_is_a_change() -> None:
    asked = Asked("Wer leitet sie?", "standard")

    found = changes([(asked, _heard("alliance_lead"), _heard("clarify", zone="clarify"))], CONTENT)

    assert found == [Changed("Wer leitet sie?", 1, _LEAD, "clarify")]


def test_conversations_are_read_in_order() -> None:
    lines = (
        '{"turns": [{"text": "Wer?", "register": "standard", "zone": "answer", "topics": []}, '
        '{"text": "Who?", "register": "en", "zone": "decline", "topics": []}]}\n'
        '{"turns": [{"text": "Wo?", "register": "einfach", "zone": "answer", "topics": []}]}\n'
    )

    assert read_conversations(lines) == [[Asked("Wer?", "standard"), Asked("Who?", "en")], [Asked("Wo?", "einfach")]]
    assert read_conversations("") == []


@pytest.mark.parametrize("lines", ["no JSON", "[]", '{"turns": [{"text": "Wer?"}]}', '{"messages": []}'])
def test_lines_of_another_form_are_refused(lines: str) -> None:
    with pytest.raises(ShadowError, match="no JSON Lines of conversations"):
        read_conversations(lines)


def _printed(found: Shadow) -> str:
    file = io.StringIO()
    Console(width=160, file=file).print(summary(found))
    return file.getvalue()


def test_terminal_says_what_was_replayed_and_keeps_brackets() -> None:
    changed = Changed("Ich bin [Name]. Wer leitet?", 3, _LEAD, "decline")

    told, *table = _printed(Shadow("live.tar.gz", "new.tar.gz", 7, 2, 5, [changed])).splitlines()

    counted = "days: 7, conversations: 2, questions: 5"
    assert told == f"{counted}; answered otherwise by new.tar.gz than by live.tar.gz, which is live: 1"
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in table if line.startswith("│")]
    assert rows == [["3", "Ich bin [Name]. Wer leitet?", _LEAD, "decline"]]


def test_terminal_shows_no_table_where_nothing_would_change() -> None:
    assert _printed(Shadow("live.tar.gz", "new.tar.gz", 7, 0, 0, [])).splitlines() == [
        "days: 7, conversations: 0, questions: 0; answered otherwise by new.tar.gz than by live.tar.gz, which is live: 0"
    ]


def test_model_that_cannot_be_served_is_refused_although_nobody_asked(tmp_path: Path) -> None:
    model = tmp_path / "a.tar.gz"
    model.write_bytes(b"no model")

    with pytest.raises(BadModel, match=r"^a\.tar\.gz is truncated or damaged"):
        shadow(model, model, 7)
