"""The connection beside the pool."""

from __future__ import annotations

import pytest
from django.db import connection

from web.chat.database import _parameters


def test_direct_connection_uses_the_options_of_the_address_but_no_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", {"sslmode": "verify-full", "pool": {"min_size": 1}})
    parameters = _parameters()
    assert parameters["sslmode"] == "verify-full"
    assert parameters.keys() & {"pool", "cursor_factory", "context"} == set()
