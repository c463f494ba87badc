"""What the action server answers is checked as Rasa checks it, without Rasa's own way where nothing is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from rasa.core.actions.action import RemoteAction

from channels.action_response import check_quickly

_ACTION = RemoteAction("action_answer", None)
_RASAS_OWN = RemoteAction._validate_action_result


@pytest.fixture(autouse=True)
def _checked_once() -> Iterator[None]:
    check_quickly()
    yield
    RemoteAction._validate_action_result = _RASAS_OWN


@pytest.mark.parametrize(
    "answer",
    [
        {"events": [], "responses": []},
        {"events": [{"event": "slot", "name": "memory", "value": {"topic": "x"}}], "responses": [{"text": "Guten Tag"}]},
        {},
    ],
)
def test_right_answer_passes(answer: dict[str, Any]) -> None:
    assert _ACTION._validate_action_result(answer) is True


@pytest.mark.parametrize(
    "answer",
    [[], {"responses": ["text"]}, {"events": {}}, {"events": [{"event": "slot"}]}, {"events": [{"event": "unheard of"}]}],
)
def test_wrong_answer_raises_what_rasa_raises(answer: Any) -> None:
    with pytest.raises(jsonschema.ValidationError) as ours:
        _ACTION._validate_action_result(answer)
    with pytest.raises(jsonschema.ValidationError) as rasas:
        _RASAS_OWN(_ACTION, answer)

    assert list(ours.value.absolute_path) == list(rasas.value.absolute_path)


def test_right_answer_is_not_checked_by_the_slow_validator(monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[Any] = []
    monkeypatch.setattr(
        jsonschema.validators.validator_for({}), "iter_errors", lambda validator, answer: checked.append(answer)
    )
    _ACTION._validate_action_result({"events": [{"event": "slot", "name": "memory", "value": None}], "responses": []})
    assert checked == []
