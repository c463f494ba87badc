"""What the pool has kept is used only while its server is there."""

from __future__ import annotations

from pathlib import Path

import psycopg

from training.serving.database import running_database
from web.postgresql.base import is_alive


def test_connection_is_alive_until_its_server_goes_whatever_it_says_before(tmp_path: Path) -> None:
    with running_database(tmp_path) as database:
        connection, other = (psycopg.connect(database.url(), autocommit=True) for _ in range(2))
        silent = is_alive(connection)
        connection.execute("listen news")
        other.execute("notify news")
        spoken_to = is_alive(connection)
        database.stop()
        left = is_alive(connection)
        other.close()

    assert (silent, spoken_to, left, connection.closed) == (True, True, False, True)
