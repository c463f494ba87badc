from __future__ import annotations

from collections.abc import Iterator

import pytest

from content import Content, read_content
from web.privacy import persons


@pytest.fixture(scope="session")
def content() -> Content:
    return read_content()


@pytest.fixture(autouse=True)
def _without_model(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What holds here holds on every machine, whether spaCy's German model is installed or not."""
    monkeypatch.setattr(persons, "MODEL", "no_model_of_this_name")
    persons._model.cache_clear()
    yield
    persons._model.cache_clear()
