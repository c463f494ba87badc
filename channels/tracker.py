"""Rasa's memory of a conversation, its tracker. Rasa itself has no way to delete one, in any store."""

from __future__ import annotations

from rasa.core.tracker_store import FailSafeTrackerStore, InMemoryTrackerStore, SQLTrackerStore, TrackerStore


class UnknownStore(Exception):
    """A tracker store of which we do not know how to delete from it; the message says so, in German."""


def forget(store: TrackerStore, conversation: str) -> bool:
    """Deletes all sessions of `conversation`; whether there was anything. To be called under the conversation's lock.

    Raises UnknownStore, and sqlalchemy.exc.SQLAlchemyError while the database is away.
    """
    if isinstance(store, FailSafeTrackerStore):
        # What the database did not take went to a second store in memory, which exists from the first failure on.
        stores = [each for each in (store._tracker_store, store._fallback_tracker_store) if each is not None]
        return max([forget(each, conversation) for each in stores])  # not any(), which would stop at the first
    if isinstance(store, InMemoryTrackerStore):
        return store.store.pop(conversation, None) is not None
    if isinstance(store, SQLTrackerStore):
        with store.session_scope() as session:
            events = session.query(store.SQLEvent).filter_by(sender_id=conversation)
            deleted = events.delete(synchronize_session=False)
            session.commit()
        return bool(deleted)
    raise UnknownStore(
        f"Aus dem Tracker-Store „{type(store).__name__}“ kann der Kanal nichts löschen: nur „SQL“ und „in_memory“ gehen."
    )
