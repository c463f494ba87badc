"""Which questions are asked, and what counts as right on both sides."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from benchmarks.candidates import Prediction
from benchmarks.project import Question, marked, read_questions


def _written(folder: Path, name: str, *rows: dict[str, Any]) -> None:
    (folder / name).write_text("\n".join(json.dumps(row) for row in rows) + "\n", encoding="utf-8")


def _said(intent: str, answer: str) -> Prediction:
    return Prediction(intent, answer, 0.5, None)


def test_questions_with_one_thing_expected_are_asked_and_dialogues_are_not(tmp_path: Path) -> None:
    phone = {"text": "telefon?", "expect": ["service_phone"], "also": ["service_contact"], "voice": "phone"}
    double = {"text": "wer und wann?", "expect": ["alliance_lead", "alliance_founding_year"], "voice": "phone"}
    strange = {"text": "Wetter?", "expect": ["decline"], "voice": "oos_far"}
    _written(tmp_path, "phone.jsonl", phone, double, strange)
    _written(tmp_path, "dialogues.jsonl", {"turns": [phone, strange], "voice": "dialogue"})

    assert read_questions(tmp_path) == [
        Question("telefon?", frozenset({"service_phone", "service_contact"})),
        Question("Wetter?", frozenset({"decline"})),
    ]


def test_right_is_what_is_expected_or_also_fair() -> None:
    question = Question("telefon?", frozenset({"service_phone", "service_contact"}))
    predictions = [_said(name, name) for name in ("service_phone", "service_contact", "service_fax")]

    right, _, _ = marked([question] * 3, predictions)

    assert right == "110"


def test_declined_question_in_scope_is_wrong_but_its_intent_is_known() -> None:
    right, best_right, declined = marked([Question("?", frozenset({"greet"}))], [_said("greet", "decline")])

    assert (right, best_right, declined) == ("0", "1", "")


def test_question_out_of_scope_is_right_when_declined_for_any_reason() -> None:
    question = Question("Wetter?", frozenset({"decline"}))

    marks = marked([question, question], [_said("greet", "decline"), _said("greet", "greet")])

    assert marks == ("10", "", "10")
