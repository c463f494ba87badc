"""What our store keeps of a conversation is what Rasa's own keeps, and each reads what the other wrote."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa  # type: ignore[import-untyped]
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from channels.tracker_store import LeanTrackerStore

_DOMAIN = Domain.from_dict({"version": "3.1", "slots": {"memory": {"type": "any", "mappings": [{"type": "custom"}]}}})
_INTENT = {"intent": {"name": "alliance_lead", "confidence": 0.9}, "entities": []}


def _turn(text: str, at: float) -> list[Event]:
    return [
        UserUttered(text, _INTENT["intent"], [], _INTENT, timestamp=at),
        ActionExecuted("action_answer", timestamp=at + 0.1),
        BotUttered(f"Antwort auf {text}", timestamp=at + 0.2),
        SlotSet("memory", {"topic": text}, timestamp=at + 0.3),
        ActionExecuted("action_listen", timestamp=at + 0.4),
    ]


async def _message(store: SQLTrackerStore, conversation: str, *events: Event) -> None:
    """As Rasa handles a message: the tracker is read or made, gets its events, and is saved."""
    tracker = await store.get_or_create_tracker(conversation, append_action_listen=False)
    for event in events:
        tracker.update(event)
    await store.save(tracker)


async def _conversation(store: SQLTrackerStore) -> None:
    await _message(store, "anna", SessionStarted(timestamp=1.0), *_turn("Wer?", 2.0))
    await _message(store, "ben", SessionStarted(timestamp=1.0), *_turn("Hallo", 2.0))
    await _message(store, "anna", *_turn("Seit wann?", 3.0))
    await _message(store, "anna", SessionStarted(timestamp=9000.0), *_turn("Und wo?", 9001.0))
    await _message(store, "anna", *_turn("Danke", 9002.0))


def _store(kind: type[SQLTrackerStore], folder: Path) -> SQLTrackerStore:
    return kind(_DOMAIN, db=str(folder / f"{kind.__name__}.db"))


def _rows(store: SQLTrackerStore) -> list[tuple[Any, ...]]:
    columns = "sender_id, type_name, timestamp, intent_name, action_name, data"
    with store.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(sa.text(f"select {columns} from events order by id"))]


def test_rows_are_those_of_rasas_own_store(tmp_path: Path) -> None:
    ours, theirs = _store(LeanTrackerStore, tmp_path), _store(SQLTrackerStore, tmp_path)
    for store in (ours, theirs):
        asyncio.run(_conversation(store))

    assert _rows(ours) == _rows(theirs)
    assert len(_rows(ours)) == 5 * 5 + 3


@pytest.mark.parametrize("full", [False, True])
def test_tracker_is_the_one_that_rasas_own_store_reads(full: bool, tmp_path: Path) -> None:
    ours = _store(LeanTrackerStore, tmp_path)
    asyncio.run(_conversation(ours))
    theirs = SQLTrackerStore(_DOMAIN, db=str(tmp_path / "LeanTrackerStore.db"))

    def read(store: SQLTrackerStore) -> DialogueStateTracker | None:
        return asyncio.run(store.retrieve_full_tracker("anna") if full else store.retrieve("anna"))

    mine, others = read(ours), read(theirs)
    assert mine is not None
    assert others is not None
    assert [event.as_dict() for event in mine.events] == [event.as_dict() for event in others.events]
    assert mine.current_slot_values() == others.current_slot_values()
    assert mine.get_slot("memory") == {"topic": "Danke"}
    assert len(mine.events) == (22 if full else 11)


def test_conversation_that_is_not_there_is_none(tmp_path: Path) -> None:
    store = _store(LeanTrackerStore, tmp_path)
    assert asyncio.run(store.retrieve("anna")) is None
    assert asyncio.run(store.retrieve_full_tracker("anna")) is None


def test_tracker_from_elsewhere_is_stored_without_what_is_there(tmp_path: Path) -> None:
    store = _store(LeanTrackerStore, tmp_path)
    asyncio.run(_message(store, "anna", SessionStarted(timestamp=1.0), *_turn("Wer?", 2.0)))
    tracker = DialogueStateTracker.from_events(
        "anna", [SessionStarted(timestamp=1.0), *_turn("Wer?", 2.0), *_turn("Wo?", 3.0)], slots=_DOMAIN.slots
    )

    asyncio.run(store.save(tracker))
    asyncio.run(store.save(tracker))  # a second time brings nothing new

    assert [row[1] for row in _rows(store)].count("user") == 2
