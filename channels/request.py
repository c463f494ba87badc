"""What a request to a channel holds."""

from __future__ import annotations

import json
from typing import Any


class Malformed(Exception):
    """A request that is not what the channel asks for; the message says what is wrong, in German."""


def json_object(body: bytes) -> dict[str, Any]:
    """The JSON object that `body` is. Raises Malformed."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise Malformed("Die Anfrage ist kein gültiges JSON.") from None
    if not isinstance(found, dict):
        raise Malformed("Die Anfrage muss ein JSON-Objekt sein.")
    return found
