"""A ledger tells what was lost, doubled or out of order, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.ledger import Ledger, Tally


def _own(seq: int, client_id: str) -> dict[str, Any]:
    return {"seq": seq, "author": "citizen", "id": client_id, "reply_to": None, "last": True, "zone": ""}


def _reply(seq: int, reply_to: int, last: bool = True, zone: str = "answer") -> dict[str, Any]:
    author = "system" if zone == "unavailable" else "bot"
    return {"seq": seq, "author": author, "id": None, "reply_to": reply_to, "last": last, "zone": zone}


def _tally(written: list[str], received: list[dict[str, Any]]) -> Tally:
    """Written at 10 s, 11 s, ...; received at 20 s, 21 s, ..."""
    ledger = Ledger()
    for at, client_id in enumerate(written, start=10):
        ledger.write(client_id, at)
    for at, message in enumerate(received, start=20):
        ledger.receive(message, at)
    return Ledger.tally([ledger])


def test_time_runs_from_writing_to_the_final_reply() -> None:
    found = _tally(["a", "b"], [_own(1, "a"), _reply(2, 1, last=False), _reply(3, 1), _own(4, "b"), _reply(5, 4)])

    assert found == Tally(written=2, lost=0, doubled=0, out_of_order=0, unavailable=0, seconds=(12.0, 13.0))
    assert found.is_clean


def test_replies_may_come_after_further_messages() -> None:
    found = _tally(["a", "b"], [_own(1, "a"), _own(2, "b"), _reply(3, 1), _reply(4, 2)])

    assert found.is_clean
    assert len(found.seconds) == 2


@pytest.mark.parametrize(
    "received", [[], [_own(1, "a")], [_own(1, "a"), _reply(2, 1, last=False)]], ids=["nothing", "no reply", "no final reply"]
)
def test_message_without_its_final_reply_is_lost(received: list[dict[str, Any]]) -> None:
    found = _tally(["a"], received)

    assert (found.lost, found.doubled, found.out_of_order, found.seconds) == (1, 0, 0, ())
    assert not found.is_clean


@pytest.mark.parametrize(
    "received",
    [
        [_own(1, "a"), _reply(2, 1), _reply(2, 1)],
        [_own(1, "a"), _own(2, "a"), _reply(3, 1)],
        [_own(1, "a"), _reply(2, 1), _reply(3, 1)],
    ],
    ids=["same number twice", "message stored twice", "answered twice"],
)
def test_doubled(received: list[dict[str, Any]]) -> None:
    found = _tally(["a"], received)

    assert (found.lost, found.doubled, found.out_of_order) == (0, 1, 0)
    assert not found.is_clean


@pytest.mark.parametrize(
    "received",
    [
        [_own(1, "a"), _own(2, "b"), _reply(3, 1), _reply(5, 2)],
        [_own(1, "b"), _own(2, "a"), _reply(3, 1), _reply(4, 2)],
        [_own(1, "a"), _own(2, "b"), _reply(3, 1, last=False), _reply(4, 2), _reply(5, 1)],
    ],
    ids=["gap in the numbers", "messages swapped", "reply after that to a later message"],
)
def test_out_of_order(received: list[dict[str, Any]]) -> None:
    found = _tally(["a", "b"], received)

    assert (found.doubled, found.out_of_order) == (0, 1)
    assert not found.is_clean


def test_message_that_nobody_wrote_is_out_of_order() -> None:
    assert _tally([], [_own(1, "a")]).out_of_order == 1


def test_answer_without_the_bot_is_counted_and_not_lost() -> None:
    found = _tally(["a"], [_own(1, "a"), _reply(2, 1, zone="unavailable")])

    assert (found.unavailable, found.lost) == (1, 0)
    assert found.is_clean


def test_tally_adds_up_all_conversations() -> None:
    well, silent = Ledger(), Ledger()
    for ledger in (well, silent):
        ledger.write("a", 0.0)
        ledger.receive(_own(1, "a"), 0.1)
    well.receive(_reply(2, 1), 0.5)

    assert Ledger.tally([well, silent]) == Tally(2, 1, 0, 0, 0, (0.5,))
    assert (well.waiting, silent.waiting) == (0, 1)
