"""The development test set: never trained on, large enough, and judged as a fair person would."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from rasa.shared.importers.rasa import RasaFileImporter

from components.folding import fold
from content import read_content
from training.corpus.questions import Expected, heard, is_right, read_dialogues
from training.failure import BadInput
from training.processes import ROOT

CONTENT = read_content()


def _expected(*topics: str, also: tuple[str, ...] = (), organisation: str = "") -> Expected:
    return Expected("Frage", topics, also, organisation, "voice", "single", "file:1")


def _answer(*topics: str, zone: str = "answer", text: str = "Text", act: str = "", handoff: str = "") -> dict[str, Any]:
    """As the web channel gives it: a reply for each of `topics`."""
    replies = [{"text": text, "topic": topic, "zone": zone, "intent": act, "register": "standard"} for topic in topics]
    return {"replies": replies, "handoff": {"reason": handoff, "topic": None} if handoff else None, "verdict": None}


def _is_right(expected: Expected, answer: dict[str, Any]) -> bool:
    return is_right(expected, heard(answer), CONTENT)


def test_no_test_question_is_trained_on() -> None:
    data = RasaFileImporter(config_file=str(ROOT / "config.yml"), training_data_paths=[str(ROOT / "data")]).get_nlu_data()
    trained = {fold(example.get("text")) or example.get("text") for example in data.intent_examples}
    development = [turn for dialogue in read_dialogues() for turn in dialogue if turn.kind != "regression"]
    asked = {fold(turn.text) or turn.text for turn in development}
    assert len(trained) > 3000
    assert not asked & trained


def test_test_set_has_the_size_that_was_asked_for() -> None:
    kinds = [dialogue[0].kind for dialogue in read_dialogues()]
    assert kinds.count("single") >= 500
    assert kinds.count("dialogue") >= 50


def test_turns_are_read_with_kind_and_place(tmp_path: Path) -> None:
    single = {"text": "Wer?", "expect": ["alliance_lead"], "also": ["alliance_founder"], "voice": "phone"}
    dialogue = {"turns": [{"text": "Wann?", "expect": ["a"]}, {"text": "Gehört X dazu?", "expect": ["b"], "org": "X"}]}
    regression = {"text": "Wo?", "expect": ["service_address"], "voice": "review"}
    (tmp_path / "all.jsonl").write_text(f"{json.dumps(single)}\n\n{json.dumps(dialogue)}\n", encoding="utf-8")
    (tmp_path / "regression.jsonl").write_text(json.dumps(regression), encoding="utf-8")

    assert read_dialogues(tmp_path) == [
        [Expected("Wer?", ("alliance_lead",), ("alliance_founder",), "", "phone", "single", "all.jsonl:1")],
        [
            Expected("Wann?", ("a",), (), "", "dialogue", "dialogue", "all.jsonl:3:1"),
            Expected("Gehört X dazu?", ("b",), (), "X", "dialogue", "dialogue", "all.jsonl:3:2"),
        ],
        [Expected("Wo?", ("service_address",), (), "", "review", "regression", "regression.jsonl:1")],
    ]


@pytest.mark.parametrize("line", ["{", "[]", '"Wer?"', '{"text": "Wer?"}', '{"turns": [{"expect": []}]}', '{"turns": 3}'])
def test_line_that_is_no_question_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "some.jsonl").write_text(f'{{"text": "Wer?", "expect": ["a"]}}\n{line}\n', encoding="utf-8")

    with pytest.raises(BadInput, match=r"some\.jsonl:2 is no test question"):
        read_dialogues(tmp_path)


@pytest.mark.parametrize(
    ("expected", "answer", "right"),
    [
        (_expected("alliance_lead"), _answer("alliance_lead"), True),
        (_expected("alliance_lead"), _answer("alliance_goals"), False),
        (_expected("alliance_lead", also=("alliance_goals",)), _answer("alliance_goals"), True),
        (_expected("alliance_lead"), _answer("clarify", zone="clarify"), False),
        (_expected("alliance_lead"), _answer("oos_money", zone="decline"), False),
        (_expected("alliance_lead"), _answer("unavailable", zone="unavailable"), False),
        (_expected("decline"), _answer("oos_money", zone="decline"), True),
        (_expected("decline"), _answer("guard_symbols", zone="guard"), True),
        (_expected("alliance_lead"), _answer("guard_symbols", zone="guard"), False),
        (_expected("decline"), _answer("alliance_lead"), False),
        (_expected("repeat"), _answer("alliance_lead", act="repeat"), True),
        (_expected("repeat"), _answer("alliance_lead"), False),
        (_expected("followup_when"), _answer("alliance_lead"), True),
        (_expected("alliance_lead", "service_fax"), _answer("alliance_lead"), False),
        (_expected("alliance_lead", "service_fax"), _answer("alliance_lead", "service_fax"), True),
        (_expected("alliance_lead"), _answer("alliance_lead", "service_fax"), False),
        (_expected("handoff"), _answer("", handoff="wish"), True),
        (_expected("handoff"), _answer("", handoff="crisis"), False),
        (_expected("crisis"), _answer("", handoff="crisis"), True),
    ],
)
def test_turn_is_judged(expected: Expected, answer: dict[str, Any], right: bool) -> None:
    assert _is_right(expected, answer) is right


def test_member_question_must_be_answered_for_the_organisation_that_was_named() -> None:
    asked = _expected("participants_member", organisation="Caritas")
    named = CONTENT.reply("not_named", "standard", name="Caritas")
    other = CONTENT.reply("not_named", "standard", name="Diakonie")
    assert _is_right(asked, _answer("participants_member", text=named))
    assert not _is_right(asked, _answer("participants_member", text=other))
    prompt = CONTENT.answer("participants_member", "standard")
    assert not _is_right(asked, _answer("participants_member", text=prompt))
