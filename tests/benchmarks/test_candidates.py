"""What a pipeline says, read from Rasa's parse of a message, and intents under names that Rasa can bear."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.candidates import Prediction, prediction_from, rasa_names


def _parsed(*ranking: tuple[str, float], **more: Any) -> dict[str, Any]:
    ranked = [{"name": name, "confidence": confidence} for name, confidence in ranking]
    return {"text": "?", "intent": ranked[0], "intent_ranking": ranked, **more}


def test_most_likely_intent_is_the_answer() -> None:
    assert prediction_from(_parsed(("greet", 0.9), ("thanks", 0.1)), {}) == Prediction("greet", "greet", 0.9, None)


def test_fallback_declines_but_the_intent_behind_it_is_known() -> None:
    parsed = _parsed(("nlu_fallback", 0.3), ("greet", 0.25), ("thanks", 0.2))

    assert prediction_from(parsed, {}) == Prediction("greet", "decline", 0.25, None)


def test_intent_out_of_scope_declines() -> None:
    assert prediction_from(_parsed(("oos_money", 0.8)), {}) == Prediction("oos_money", "decline", 0.8, None)


def test_first_question_decides_in_a_message_of_several() -> None:
    questions = [{"zone": "decline", "in_scope": 0.1}, {"zone": "answer", "in_scope": 0.9}]

    assert prediction_from(_parsed(("greet", 0.5), questions=questions), {}) == Prediction("greet", "decline", 0.5, 0.1)


def test_question_asked_back_counts_with_its_intent() -> None:
    parsed = _parsed(("greet", 0.5), questions=[{"zone": "clarify", "in_scope": 0.4}])

    assert prediction_from(parsed, {}) == Prediction("greet", "greet", 0.5, 0.4)


def test_intent_with_a_slash_comes_back_under_its_own_name() -> None:
    names = rasa_names(["weather/find", "alarm", "weather/find"])

    assert names == {"weather__find": "weather/find", "alarm": "alarm"}
    assert prediction_from(_parsed(("weather__find", 0.7)), names).intent == "weather/find"


def test_intents_that_would_become_one_are_refused() -> None:
    with pytest.raises(ValueError, match="cannot tell apart"):
        rasa_names(["weather/find", "weather__find"])
