from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from pytest_django.fixtures import Settings

from content import Content, read_content
from tests.web.running import standing_in
from tests.web.stand_in import StandIn


@pytest.fixture(scope="session")
def content() -> Content:
    return read_content()


@pytest.fixture
def bot(settings: Settings) -> Iterator[StandIn]:
    """The pages ask this one."""
    with standing_in() as stand_in:
        settings.WOHNLOTSE = replace(settings.WOHNLOTSE, rasa_url=stand_in.url)
        yield stand_in
