from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client


@pytest.fixture
def client(diehl: User) -> Client:
    """A browser without scripts in which Frau Diehl is logged in."""
    client = Client(raise_request_exception=True)
    client.force_login(diehl)
    return client
