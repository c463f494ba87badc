from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.web import records
from web.handoff.presence import presence_set


@pytest.fixture
def diehl() -> User:
    user = records.member()
    presence_set(user, available=True)
    return user


@pytest.fixture
def piesk() -> User:
    return records.member("piesk", shown_as="Frau Piesk")


@pytest.fixture
def client(diehl: User) -> Client:
    """A browser without scripts in which Frau Diehl is logged in."""
    client = Client(raise_request_exception=True)
    client.force_login(diehl)
    return client
