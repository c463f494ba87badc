"""The stream itself: its bytes, its heartbeat, its end."""

from __future__ import annotations

import asyncio
import datetime
import json
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import pytest
from django.db import OperationalError

from web.chat import stream
from web.chat.rows import Deleted
from web.chat.stream import events
from web.chat.wakeup import News, Wakeup

_Message = dict[str, Any]


def _message(seq: int) -> _Message:
    return {"seq": seq, "text": "Zwei\nZeilen"}


_AT_THE_BOT = {"state": "bot", "typing": False}
_OFFERED = {**_AT_THE_BOT, "offered": True}


def _read(
    monkeypatch: pytest.MonkeyPatch,
    looks: list[Callable[[], list[_Message]]],
    count: int,
    handoffs: list[dict[str, Any]] | None = None,
    handed: Sequence[Sequence[News]] = (),
) -> list[str]:
    """The first `count` pieces of a stream that finds `looks` in the table, one after the other, and the hand-off as told.
    While the first look runs, the first of `handed` are handed over, and so on."""
    left, told, handing = iter(looks), iter(handoffs or []), iter(handed)
    wakeup, conversation_id = Wakeup(), uuid.uuid4()

    async def query(function: object, conversation: uuid.UUID, after: int) -> News:
        for news in next(handing, ()):
            wakeup.hand(conversation_id, news)
        return News(next(left)(), next(told, _AT_THE_BOT))

    monkeypatch.setattr(stream, "query", query)

    async def read() -> list[str]:
        pieces: AsyncIterator[Any] = events(wakeup, conversation_id, 0)
        return [piece.decode() async for piece in _first(pieces, count)]

    return asyncio.run(asyncio.wait_for(read(), 5))


async def _first(pieces: AsyncIterator[Any], count: int) -> AsyncIterator[Any]:
    async for piece in pieces:
        yield piece
        count -= 1
        if count == 0:
            return


_COMMENT = ": still here\n\n"


def _handoff(told: dict[str, Any]) -> str:
    return f"event: handoff\ndata: {json.dumps(told)}\n\n"


def _told(seq: int) -> str:
    return f"id: {seq}\nevent: message\ndata: {json.dumps(_message(seq))}\n\n"


def _refuse(error: Exception) -> Callable[[], list[_Message]]:
    def look() -> list[_Message]:
        raise error

    return look


def test_message_is_one_event_with_one_line_of_data(monkeypatch: pytest.MonkeyPatch) -> None:
    [retry, event, _] = _read(monkeypatch, [lambda: [_message(7)]], 3)
    assert retry == "retry: 2000\n\n"
    assert event == 'id: 7\nevent: message\ndata: {"seq": 7, "text": "Zwei\\nZeilen"}\n\n'


def test_what_is_handed_over_is_told_without_another_look(monkeypatch: pytest.MonkeyPatch) -> None:
    handed = [[News([_message(1)]), News([_message(2), _message(3)], _OFFERED)]]

    pieces = _read(monkeypatch, [list], 6, handed=handed)

    assert pieces[1:] == [_handoff(_AT_THE_BOT), _told(1), _told(2), _told(3), _handoff(_OFFERED)]


def test_what_a_look_has_found_is_not_told_again_when_it_is_handed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    handed = [[News([_message(1)], _OFFERED), News([_message(2)])]]

    pieces = _read(monkeypatch, [lambda: [_message(1)]], 4, handed=handed)

    assert pieces[1:] == [_told(1), _handoff(_AT_THE_BOT), _told(2)]


def test_gap_before_what_is_handed_over_is_filled_from_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    handed = [[News([_message(2)])], [News([_message(1)])]]

    pieces = _read(monkeypatch, [list, lambda: [_message(1), _message(2)], list], 4, handed=handed)

    assert pieces[1:] == [_handoff(_AT_THE_BOT), _told(1), _told(2)]


def test_silence_is_broken_by_comments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "HEARTBEAT", 0.01)
    assert _read(monkeypatch, [list], 5) == ["retry: 2000\n\n", _handoff(_AT_THE_BOT), *[_COMMENT] * 3]


def test_hand_off_is_told_at_the_start_and_when_it_has_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "HEARTBEAT", 0.01)
    waiting = {"state": "requested", "place": 2, "typing": False}
    taken = {"state": "staff", "place": None, "typing": False}

    pieces = _read(monkeypatch, [list] * 3, 6, [waiting, waiting, taken])

    assert pieces == ["retry: 2000\n\n", _handoff(waiting), _COMMENT, _COMMENT, _handoff(taken), _COMMENT]


def test_end_of_typing_is_noticed_without_a_wake_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "TYPING", datetime.timedelta(seconds=0.01))
    typing = {"state": "staff", "typing": True}

    pieces = _read(monkeypatch, [list] * 2, 4, [typing, {**typing, "typing": False}])

    assert pieces[1:] == [_handoff(typing), _COMMENT, _handoff({**typing, "typing": False})]


@pytest.mark.parametrize(("state", "ends"), [("requested", True), ("staff", True), ("bot", False)])
def test_stream_of_who_wants_a_person_ends_so_that_the_widget_shows_that_it_is_there(
    monkeypatch: pytest.MonkeyPatch, state: str, ends: bool
) -> None:
    monkeypatch.setattr(stream, "HEARTBEAT", 0.01)
    monkeypatch.setattr(stream, "SEEN_BY_STREAM", 0.0)
    told = {"state": state, "typing": False}

    pieces = _read(monkeypatch, [list], 6, [told])

    assert pieces == ["retry: 2000\n\n", _handoff(told), *[_COMMENT] * (1 if ends else 4)]


def test_heartbeat_comes_as_often_as_the_contract_says() -> None:
    assert stream.HEARTBEAT == 15


def test_stream_of_a_deleted_conversation_says_so_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[Callable[[], list[_Message]]] = [_refuse(Deleted())]
    assert _read(monkeypatch, looks, 99) == ["retry: 2000\n\n", "event: deleted\ndata: {}\n\n"]


def test_stream_ends_when_the_database_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _read(monkeypatch, [_refuse(OperationalError())], 99) == ["retry: 2000\n\n"]
