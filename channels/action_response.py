"""The check of what the action server answers, without checking the format itself for every message."""

from __future__ import annotations

import functools
from typing import Any

import jsonschema
from rasa.core.actions.action import RemoteAction


def check_format_once() -> None:
    """From now on Rasa checks the schema of action responses against JSON Schema once, not for every message.

    `jsonschema.validate`, which Rasa calls, first validates the schema it is given. For Rasa's, which never changes, that
    takes half of the time of a whole message. What is answered is checked as before, with the same errors. Doing it twice
    does no harm.
    """
    RemoteAction._validate_action_result = _validate


def _validate(action: RemoteAction, result: dict[str, Any]) -> bool:
    """Raises jsonschema.ValidationError, as Rasa's own."""
    error = jsonschema.exceptions.best_match(_validator().iter_errors(result))
    if error is not None:
        raise error
    return True


@functools.lru_cache(maxsize=1)
def _validator() -> Any:
    schema = RemoteAction.action_response_format_spec()
    validator = jsonschema.validators.validator_for(schema)
    validator.check_schema(schema)
    return validator(schema)
