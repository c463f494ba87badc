"""Whether every message got its one answer, in order: what was written in a conversation beside what its stream brought."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Tally:
    """The sum over conversations. `lost`: written, but without a final reply. `doubled`: the same message, or a second
    final reply, on one stream. `out_of_order`: a gap in the numbers, a message that others have overtaken, or one that
    nobody wrote. `unavailable`: answered with a sentence of the web process, because the bot gave none. `seconds`: from
    writing to the final reply, per answered message."""

    written: int
    lost: int
    doubled: int
    out_of_order: int
    unavailable: int
    seconds: tuple[float, ...]

    @property
    def is_clean(self) -> bool:
        """Whether nothing is lost, doubled or out of order."""
        return not (self.lost or self.doubled or self.out_of_order)


class Ledger:
    """One conversation. Times are seconds of any one clock."""

    def __init__(self) -> None:
        self._written: dict[str, float] = {}  # in the order of writing
        self._seconds: dict[str, float] = {}
        self._ids: dict[int, str] = {}  # of the citizen's messages, by number
        self._seen: set[int] = set()
        self._highest = 0
        self._newest = -1  # place of the newest own message in the order of writing
        self._answering = 0  # number of the message that the last reply answered
        self._doubled = 0
        self._out_of_order = 0
        self._unavailable = 0

    @property
    def waiting(self) -> int:
        """How many messages have no final reply yet."""
        return len(self._written) - len(self._seconds)

    def write(self, client_id: str, at: float) -> None:
        """The citizen sends a message; sending it once more is not writing."""
        self._written[client_id] = at

    def receive(self, message: Mapping[str, Any], at: float) -> None:
        """The stream brings `message`, the schema `Message` of the chat protocol."""
        number = int(message["seq"])
        if number in self._seen:
            self._doubled += 1
            return
        if number != self._highest + 1:
            self._out_of_order += 1
        self._seen.add(number)
        self._highest = max(self._highest, number)
        if message["author"] == "citizen":
            self._receive_own(number, message["id"])
        elif message["reply_to"] is not None:  # else a note, like the one that nobody of the staff is there
            self._receive_reply(message, at)

    def _receive_own(self, number: int, client_id: str) -> None:
        if client_id in self._ids.values():
            self._doubled += 1
            return
        self._ids[number] = client_id
        place = list(self._written).index(client_id) if client_id in self._written else -1
        if place <= self._newest:
            self._out_of_order += 1
        self._newest = max(self._newest, place)

    def _receive_reply(self, message: Mapping[str, Any], at: float) -> None:
        client_id = self._ids.get(message["reply_to"])
        if client_id not in self._written or message["reply_to"] < self._answering:
            self._out_of_order += 1
            return
        self._answering = message["reply_to"]
        if client_id in self._seconds:
            self._doubled += 1
        elif message["last"]:
            self._seconds[client_id] = at - self._written[client_id]
            self._unavailable += message["zone"] == "unavailable"

    @staticmethod
    def tally(ledgers: Iterable[Ledger]) -> Tally:
        """What all of them say together."""
        each = list(ledgers)
        return Tally(
            written=sum(len(ledger._written) for ledger in each),
            lost=sum(ledger.waiting for ledger in each),
            doubled=sum(ledger._doubled for ledger in each),
            out_of_order=sum(ledger._out_of_order for ledger in each),
            unavailable=sum(ledger._unavailable for ledger in each),
            seconds=tuple(seconds for ledger in each for seconds in ledger._seconds.values()),
        )
