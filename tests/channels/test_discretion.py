"""What is left of Rasa's error lines."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from sqlalchemy.exc import OperationalError  # type: ignore[import-untyped]

from channels.discretion import cause, keep_texts_out_of_the_log

_PROCESSOR = logging.getLogger("rasa.core.processor")
_STORE = logging.getLogger("rasa.core.tracker_store")


@pytest.fixture(autouse=True)
def _discreet() -> Iterator[None]:
    before = {logger: list(logger.filters) for logger in (_PROCESSOR, _STORE)}
    keep_texts_out_of_the_log()
    yield
    for logger, filters in before.items():
        logger.filters = filters


def _fail(text: str) -> None:
    raise ValueError(text)


def test_error_of_an_action_is_named_without_what_it_says(caplog: pytest.LogCaptureFixture) -> None:
    try:
        try:
            _fail("Geheimnis")
        except ValueError as error:
            raise RuntimeError("kein Geheimnis") from error
    except RuntimeError:
        _PROCESSOR.exception("Encountered an exception while running action '%s'.", "action_answer")

    [line] = caplog.text.splitlines()
    assert "Encountered an exception while running action 'action_answer'. ValueError in " in line
    assert f"{__file__}:" in line
    assert "Geheimnis" not in line


def test_error_of_the_database_is_named_without_its_parameters(caplog: pytest.LogCaptureFixture) -> None:
    error = OperationalError("INSERT INTO events VALUES (?)", ("Geheimnis",), Exception("server closed the connection"))
    _STORE.error(f"Error happened when trying to save conversation tracker: {error}.")

    [line] = caplog.text.splitlines()
    assert "server closed the connection" in line
    assert "Geheimnis" not in line


def test_line_without_an_error_stays(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger=_PROCESSOR.name)
    _PROCESSOR.info("Loading model %s...", "models/20260101.tar.gz")

    assert "Loading model models/20260101.tar.gz..." in caplog.text


def test_asking_twice_changes_nothing(caplog: pytest.LogCaptureFixture) -> None:
    keep_texts_out_of_the_log()
    try:
        _fail("Geheimnis")
    except ValueError:
        _PROCESSOR.exception("Oh")

    assert caplog.text.count("ValueError") == 1


def test_cause_of_an_error_that_was_never_raised_has_no_place() -> None:
    assert cause(ValueError("Geheimnis")) == "ValueError"
