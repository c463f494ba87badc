"""What Rasa remembers of conversations: the table `events` of a database of its own, to which only Rasa writes otherwise."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
from django.conf import settings

_SECONDS = 5


class Unreachable(Exception):
    """Rasa's database does not answer."""


class Missing(Exception):
    """Rasa has no table yet: it never kept a conversation there."""


def events_count(before: datetime.datetime) -> int:
    """Events older than `before`. Raises Unreachable, Missing."""
    with _connection() as connection:
        row = connection.execute("select count(*) from events where timestamp < %s", [before.timestamp()]).fetchone()
    return int(row[0]) if row else 0


def events_remove(before: datetime.datetime) -> int:
    """Removes them, and returns how many there were. Raises Unreachable, Missing."""
    with _connection() as connection:
        return connection.execute("delete from events where timestamp < %s", [before.timestamp()]).rowcount


def address() -> str:
    """Where Rasa keeps its conversations: what is set, else the database „rasa“ on our own server."""
    url = settings.WOHNLOTSE.rasa_database_url
    return url or urlsplit(settings.WOHNLOTSE.database_url)._replace(path="/rasa").geturl()


@contextmanager
def _connection() -> Iterator[psycopg.Connection[tuple[int, ...]]]:
    try:
        with psycopg.connect(address(), connect_timeout=_SECONDS) as connection:
            yield connection
    except psycopg.errors.UndefinedTable:
        raise Missing from None
    except psycopg.Error:
        raise Unreachable from None
