"""What a find is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["email", "phone", "iban", "tax_id", "card", "address", "name"]


@dataclass(frozen=True, order=True)
class Finding:
    """Personal data of one kind at `text[start:end]`; the offsets count Unicode code points, as Python does."""

    start: int
    end: int
    kind: Kind
