"""What the action server answers is checked as Rasa checks it, and the format itself once only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from rasa.core.actions.action import RemoteAction

from channels.action_response import check_format_once

_ACTION = RemoteAction("action_answer", None)
_RASAS_OWN = RemoteAction._validate_action_result


@pytest.fixture(autouse=True)
def _checked_once() -> Iterator[None]:
    check_format_once()
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


def test_format_is_checked_against_json_schema_once(monkeypatch: pytest.MonkeyPatch) -> None:
    _ACTION._validate_action_result({})
    checked: list[Any] = []
    for validator in set(jsonschema.validators._META_SCHEMAS.values()):
        monkeypatch.setattr(validator, "check_schema", checked.append)
    _ACTION._validate_action_result({})
    assert checked == []

    _RASAS_OWN(_ACTION, {})
    assert len(checked) == 1
