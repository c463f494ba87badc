"""The sign under which a citizen finds an inquiry again, on paper and on the telephone."""

from __future__ import annotations

import secrets

#: Crockford's Base32 without 0 and 1, which are read as O and I on paper.
_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_reference() -> str:
    """For example „WL-7K3M-92XA“: random, one of 30 to the power of 8."""
    first, second = ("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(2))
    return f"WL-{first}-{second}"
