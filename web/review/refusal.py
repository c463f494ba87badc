"""What the review cannot do, in words for staff."""

from __future__ import annotations


class Refused(Exception):
    """Nothing was changed; `message` says why, in German. `field`: the field of the form that it is about."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field
