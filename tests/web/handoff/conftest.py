from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from content.schema import Contacts
from web.chat import facts

#: Sets the opening hours of the content for a test: entries as in `contacts.yml`.
Opens = Callable[[list[dict[str, Any]]], None]


@pytest.fixture
def opens(monkeypatch: pytest.MonkeyPatch) -> Opens:
    content = facts.content()
    fields = content.contacts.dict(by_alias=True)

    def set_hours(hours: list[dict[str, Any]]) -> None:
        contacts = Contacts(**{**fields, "opening": hours})
        monkeypatch.setattr(facts, "content", lambda: content.copy(update={"contacts": contacts}))

    return set_hours


@pytest.fixture(autouse=True)
def _unknown_hours(opens: Opens) -> None:
    """Whatever staff have filled in: who is there decides."""
    opens([])
