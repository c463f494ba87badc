"""`/health` names the part that is not well, with 503, within five seconds."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.web.running import Fragile

_WELL = {"web": "ok", "database": "ok", "rasa": "ok", "model": "ok", "actions": "ok", "content": "ok"}


def _health(fragile: Fragile) -> tuple[int, str, dict[str, Any]]:
    """Status, state, and what is not well."""
    started = time.monotonic()
    response = fragile.web.client.get("/health")
    assert time.monotonic() - started < 5
    assert response.headers["Cache-Control"] == "no-store"
    body = response.json()
    assert body.keys() == {"status", "parts"}
    assert body["parts"].keys() == _WELL.keys()
    return response.status_code, body["status"], {name: state for name, state in body["parts"].items() if state != "ok"}


def _fault(part: str, fault: str) -> Callable[[Fragile], None]:
    return lambda fragile: setattr(getattr(fragile, part), "fault", fault)


def test_all_is_well(fragile: Fragile) -> None:
    assert _health(fragile) == (200, "ok", {})


@pytest.mark.parametrize(
    ("break_", "wrong"),
    [
        (_fault("rasa", "away"), {"rasa": "away", "model": "unknown"}),
        (_fault("rasa", "nonsense"), {"rasa": "away", "model": "unknown"}),
        (_fault("rasa", "slow"), {"rasa": "away", "model": "unknown"}),
        (_fault("rasa", "error"), {"rasa": "broken", "model": "unknown"}),
        (lambda fragile: setattr(fragile.rasa, "model", None), {"model": "none is loaded"}),
        (_fault("actions", "away"), {"actions": "away"}),
        (_fault("actions", "error"), {"actions": "away"}),
        (_fault("actions", "slow"), {"actions": "away"}),
    ],
)
def test_part_of_the_bot_that_is_not_well_is_named(
    fragile: Fragile, break_: Callable[[Fragile], None], wrong: dict[str, str]
) -> None:
    break_(fragile)
    assert _health(fragile) == (503, "disturbed", wrong)
    fragile.rasa.recover()
    fragile.actions.recover()
    assert _health(fragile) == (200, "ok", {})


def test_database_that_is_stopped_is_named(fragile: Fragile) -> None:
    fragile.database.stop()
    try:
        for _ in range(2):
            assert _health(fragile) == (503, "disturbed", {"database": "away"})
    finally:
        fragile.database.start()
        fragile.database.wait()
    assert _health(fragile) == (200, "ok", {})


def test_broken_content_file_is_named_until_it_is_mended(fragile: Fragile) -> None:
    file = fragile.content / "declines.yml"
    good = file.read_text(encoding="utf-8")
    try:
        file.write_text("unknown: [", encoding="utf-8")
        time.sleep(1.1)  # the reader looks at the files once a second
        assert _health(fragile) == (503, "disturbed", {"content": "broken files, the last good ones are used"})
        assert fragile.web.answer(fragile.web.open())["zone"] == "answer"
    finally:
        file.write_text(good, encoding="utf-8")
    time.sleep(1.1)
    assert _health(fragile) == (200, "ok", {})
