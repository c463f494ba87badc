"""The database backend: Django's own, but a connection from the pool is only asked whether it works where there is reason to.

The chat takes a connection for each step of a message. Django's `CONN_HEALTH_CHECKS` asks the server each time, which takes
as long as a small query.
"""

from __future__ import annotations

import select
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from psycopg_pool import ConnectionPool


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """One that the server has not left, as far as it has told."""
        connection = super().get_new_connection(conn_params)
        while self.pool and not is_alive(connection):
            self.pool.putconn(connection)  # which sees that it is closed, and makes another one
            connection = super().get_new_connection(conn_params)
        return connection


def is_alive(connection: psycopg.Connection[Any]) -> bool:
    """False where the server has gone, and the connection is closed now. A server that goes says so, or at least the line
    ends; as long as nobody asked anything, there is nothing else to read but notices."""
    line = select.poll()
    line.register(connection.fileno(), select.POLLIN)
    if not line.poll(0):
        return True
    try:
        ConnectionPool.check_connection(connection)
    except psycopg.Error:
        connection.close()
        return False
    return True
