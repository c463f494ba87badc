"""Streams hear of what is new, also after the line to the database was cut."""

from __future__ import annotations

import asyncio
import uuid
from itertools import islice

import pytest

from tests.web.running import Fragile, Web, running_web
from web.chat import wakeup
from web.chat.rows import WRITER
from web.chat.wakeup import News, Wakeup


def test_reader_misses_nothing_when_the_database_was_away(fragile: Fragile) -> None:
    web = fragile.web
    key = web.open()
    with web.stream(key) as events:
        web.post(key, "Vorher")
        assert [next(events).data["seq"] for _ in range(2)] == [1, 2]
        fragile.database.stop()
        fragile.database.start()
        fragile.database.wait()
        web.answer(key, "Nachher")
        seen = [event.data["seq"] for event in islice(events, 2)]
    if len(seen) < 2:  # it looked while the database was still away, and so ended
        with web.stream(key, last=2 + len(seen)) as events:
            seen += [event.data["seq"] for event in islice(events, 2 - len(seen))]
    assert seen == [3, 4]


def test_stream_hears_of_messages_quickly(web: Web) -> None:
    key = web.open()
    with web.stream(key) as events:
        for seq in range(1, 21, 2):
            assert web.post(key).elapsed.total_seconds() < 2
            assert [next(events).data["seq"] for _ in range(2)] == [seq, seq + 1]


def test_reader_of_another_process_hears_of_every_message(
    web: Web, database_server: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    database = web.variables["WOHNLOTSE_DATABASE_URL"]
    key = web.open()
    with running_web(tmp_path_factory.mktemp("other"), database, web.bot) as other, other.stream(key) as events:
        for first in (1, 5, 9):
            web.answer(key)
            other.answer(key)
            assert [next(events).data["seq"] for _ in range(4)] == list(range(first, first + 4))


def test_own_messages_wake_no_reader_who_was_given_them_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wakeup, "_HANDED_WITHIN", 0.01)

    async def looks(*handed: int) -> bool:
        waking, conversation = Wakeup(), uuid.uuid4()
        with waking.reader(conversation) as reader:
            reader.take()
            waking._hear(f"{conversation.hex} 1 {WRITER}")
            for seq in handed:
                waking.hand(conversation, News([{"seq": seq}]))
                news = reader.take()
                assert news is not None
                reader.last = news.messages[-1]["seq"]
            await asyncio.sleep(0.05)  # what is due sooner comes first, however slow the machine is
            return reader.take() is None

    assert [asyncio.run(looks(1)), asyncio.run(looks())] == [False, True]


@pytest.mark.parametrize(("payload", "last", "looks"), [("", 0, True), (" 5 other", 4, True), (" 5 other", 5, False)])
def test_reader_looks_for_what_others_have_written(payload: str, last: int, looks: bool) -> None:
    waking, conversation = Wakeup(), uuid.uuid4()
    with waking.reader(conversation, last) as reader:
        reader.take()
        waking._hear(conversation.hex + payload)
        assert (reader.is_set(), reader.take() is None) == (looks, looks)


def test_readers_are_counted_and_forgotten_when_they_leave() -> None:
    async def count() -> list[int]:
        wakeup, conversation = Wakeup(), uuid.uuid4()
        counts = [wakeup.readers]
        with wakeup.reader(conversation), wakeup.reader(conversation), wakeup.reader(uuid.uuid4()):
            counts.append(wakeup.readers)
        return [*counts, wakeup.readers, len(wakeup._readers)]

    assert asyncio.run(count()) == [0, 3, 0, 0]


def test_desk_hears_of_every_conversation_and_of_who_is_there() -> None:
    async def hear() -> list[tuple[bool, bool, bool]]:
        wakeup, one, other = Wakeup(), uuid.uuid4(), uuid.uuid4()
        heard = []
        with wakeup.reader(one) as first, wakeup.reader(other) as second, wakeup.reader(None) as desk:
            for payload in (one.hex, other.hex, ""):
                wakeup._hear(payload)
                heard.append((first.is_set(), second.is_set(), desk.is_set()))
                for event in (first, second, desk):
                    event.clear()
        return heard

    assert asyncio.run(hear()) == [(True, False, True), (False, True, True), (False, False, True)]
