"""What is logged of an error: its text may quote a citizen, its kind and its place do not."""

from __future__ import annotations

import traceback
from pathlib import Path

from django.db import Error as DatabaseError
from psycopg_pool import PoolTimeout

#: The database is away, or had no connection to give.
DATABASE_FAULTS = (DatabaseError, PoolTimeout)


def described(error: Exception) -> str:
    """For the log: that the database is not reached, or kind and places of a mistake of ours."""
    if isinstance(error, DATABASE_FAULTS):
        return f"the database is not reached: {type(error).__name__}"
    places = (f"{Path(each.filename).name}:{each.lineno}" for each in traceback.extract_tb(error.__traceback__))
    return f"{type(error).__name__} in {' > '.join(places)}"
