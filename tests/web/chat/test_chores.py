"""What is done again and again goes on, whatever happens to one of them."""

from __future__ import annotations

import asyncio
import re

import pytest
from django.db import OperationalError

from web.chat import chores
from web.chat.chores import repeat


def test_chore_that_fails_is_tried_again_and_nothing_of_a_text_is_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(chores, "EVERY", 0.001)
    outcomes = iter([ValueError("Ich heiße Erika"), OperationalError("Erika"), None])
    done = asyncio.Event()

    async def chore() -> None:
        outcome = next(outcomes)
        if outcome is not None:
            raise outcome
        done.set()
        await asyncio.sleep(60)

    async def run() -> None:
        task = asyncio.create_task(repeat(chore))
        await asyncio.wait_for(done.wait(), 5)
        task.cancel()

    asyncio.run(run())

    [mistake, away] = caplog.messages
    assert re.fullmatch(r"ValueError in chores\.py:\d+ > test_chores\.py:\d+", mistake)
    assert away == "the database is not reached: OperationalError"
