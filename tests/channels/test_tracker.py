"""Deleting what Rasa remembers, in each store that we run it with."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from rasa.core.tracker_store import FailSafeTrackerStore, InMemoryTrackerStore, SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.exc import SQLAlchemyError  # type: ignore[import-untyped]

from channels.tracker import UnknownStore, forget

Make = Callable[[Path], TrackerStore]


def _memory(folder: Path) -> TrackerStore:
    return InMemoryTrackerStore(Domain.empty())


def _sql(folder: Path) -> TrackerStore:
    return SQLTrackerStore(Domain.empty(), db=str(folder / "trackers.db"))


def _fail_safe(folder: Path) -> TrackerStore:
    return FailSafeTrackerStore(_sql(folder))


def _fallen_back(folder: Path) -> TrackerStore:
    """One whose database failed once, so that it has a second store."""
    store = FailSafeTrackerStore(_sql(folder))
    _say(store.fallback_tracker_store, "fallen", "Hallo")
    return store


def _say(store: TrackerStore, conversation: str, *texts: str) -> None:
    """Two sessions, `texts` in the first of them."""
    events = [SessionStarted(1.0), *(UserUttered(text, timestamp=2.0) for text in texts), SessionStarted(9.0)]
    asyncio.run(store.save(DialogueStateTracker.from_events(conversation, events)))


def _left(store: TrackerStore) -> set[str]:
    return set(asyncio.run(store.keys()))


@pytest.mark.parametrize("make", [_memory, _sql, _fail_safe, _fallen_back])
def test_all_sessions_of_one_conversation_are_deleted(make: Make, tmp_path: Path) -> None:
    store = make(tmp_path)
    _say(store, "anna", "Hallo", "Wer leitet das?")
    _say(store, "ben", "Hallo")

    assert forget(store, "anna") is True
    assert _left(store) == {"ben"}
    assert asyncio.run(store.retrieve_full_tracker("anna")) is None


@pytest.mark.parametrize("make", [_memory, _sql, _fail_safe, _fallen_back])
def test_unknown_conversation_is_told_from_a_deleted_one(make: Make, tmp_path: Path) -> None:
    store = make(tmp_path)
    _say(store, "anna", "Hallo")

    assert forget(store, "ben") is False
    assert _left(store) == {"anna"}
    assert [forget(store, "anna"), forget(store, "anna")] == [True, False]


def test_what_the_database_did_not_take_is_deleted_too(tmp_path: Path) -> None:
    store = FailSafeTrackerStore(_sql(tmp_path))
    _say(store, "anna", "vorher")
    _say(store.fallback_tracker_store, "anna", "als die Datenbank fort war")

    assert forget(store, "anna") is True
    assert _left(store) == set()
    assert _left(store.fallback_tracker_store) == set()


def test_database_that_is_away_is_no_deletion(tmp_path: Path) -> None:
    store = _fail_safe(tmp_path)
    SQLTrackerStore.Base.metadata.drop_all(store._tracker_store.engine)

    with pytest.raises(SQLAlchemyError):
        forget(store, "anna")


def test_other_store_is_named() -> None:
    class Shelf(TrackerStore):  # type: ignore[misc]
        """A store that somebody wrote."""

    with pytest.raises(UnknownStore, match="Shelf"):
        forget(FailSafeTrackerStore(Shelf(Domain.empty())), "anna")
