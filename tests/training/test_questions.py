"""The development test set: never trained on, large enough, and judged as a fair person would."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from rasa.shared.importers.rasa import RasaFileImporter

from components.folding import fold
from content import read_content
from training.processes import ROOT
from training.questions import Expected, bootstrap, judge, read_dialogues, summarise

CONTENT = read_content()


def _expected(*topics: str, also: tuple[str, ...] = (), organisation: str = "") -> Expected:
    return Expected("Frage", topics, also, organisation, "voice", "file:1")


def _replies(topic: str, zone: str = "answer", text: str = "Text", intent: str = "", **more: Any) -> list[dict[str, Any]]:
    answer = {"topic": topic, "zone": zone, "register": "standard", "intent": intent}
    return [{"text": text}, {"custom": {"answer": answer, **more}}]


def test_no_test_question_is_trained_on() -> None:
    data = RasaFileImporter(config_file=str(ROOT / "config.yml"), training_data_paths=[str(ROOT / "data")]).get_nlu_data()
    trained = {fold(example.get("text")) or example.get("text") for example in data.intent_examples}
    asked = {fold(turn.text) or turn.text for dialogue in read_dialogues() for turn in dialogue}
    assert len(trained) > 3000
    assert not asked & trained


def test_test_set_has_the_size_that_was_asked_for() -> None:
    dialogues = read_dialogues()
    assert sum(len(turns) == 1 for turns in dialogues) >= 500
    assert sum(len(turns) > 1 for turns in dialogues) >= 50


@pytest.mark.parametrize(
    ("expected", "replies", "right"),
    [
        (_expected("alliance_lead"), _replies("alliance_lead"), True),
        (_expected("alliance_lead"), _replies("alliance_goals"), False),
        (_expected("alliance_lead", also=("alliance_goals",)), _replies("alliance_goals"), True),
        (_expected("alliance_lead"), _replies("clarify", "clarify"), False),
        (_expected("alliance_lead"), _replies("oos_money", "decline"), False),
        (_expected("alliance_lead"), _replies("unavailable", "unavailable"), False),
        (_expected("decline"), _replies("oos_money", "decline"), True),
        (_expected("decline"), _replies("guard_symbols", "guard"), True),
        (_expected("decline"), _replies("alliance_lead"), False),
        (_expected("repeat"), _replies("alliance_lead", intent="repeat"), True),
        (_expected("alliance_lead", "service_fax"), _replies("alliance_lead"), False),
        (_expected("alliance_lead", "service_fax"), _replies("alliance_lead", more=[{"topic": "service_fax"}]), True),
        (_expected("alliance_lead"), _replies("alliance_lead", more=[{"topic": "service_fax"}]), False),
        (_expected("handoff"), [{"text": "T"}, {"custom": {"handoff": {"reason": "wish", "topic": None}}}], True),
        (_expected("handoff"), [{"text": "T"}, {"custom": {"handoff": {"reason": "crisis", "topic": None}}}], False),
    ],
)
def test_turn_is_judged(expected: Expected, replies: list[dict[str, Any]], right: bool) -> None:
    assert judge(expected, replies, CONTENT).right is right


def test_member_question_must_be_answered_for_the_organisation_that_was_named() -> None:
    asked = _expected("participants_member", organisation="Caritas")
    named = CONTENT.reply("not_named", "standard", name="Caritas")
    other = CONTENT.reply("not_named", "standard", name="Diakonie")
    assert judge(asked, _replies("participants_member", text=named), CONTENT).right
    assert not judge(asked, _replies("participants_member", text=other), CONTENT).right
    prompt = CONTENT.answer("participants_member", "standard")
    assert not judge(asked, _replies("participants_member", text=prompt), CONTENT).right


def test_interval_holds_the_share_and_narrows_with_more_turns() -> None:
    few = bootstrap(np.repeat([True, False], [9, 1]))
    many = bootstrap(np.repeat([True, False], [900, 100]))
    assert few[0] < 90 < few[1]
    assert many[1] - many[0] < few[1] - few[0]


def test_summary_counts_guarded_nonsense_as_declined() -> None:
    outcomes = [
        judge(_expected("decline"), _replies("guard_symbols", "guard"), CONTENT),
        judge(_expected("decline"), _replies("alliance_lead"), CONTENT),
        judge(_expected("alliance_lead"), _replies("alliance_lead"), CONTENT),
    ]
    summary = summarise(outcomes)
    assert summary["declined"] == 50.0
    assert round(summary["right"], 1) == 66.7
