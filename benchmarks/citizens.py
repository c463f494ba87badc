"""Citizens who all chat at once: each keeps a stream open and sends as the widget does."""

from __future__ import annotations

import asyncio
import json
import random
import time
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from benchmarks.connection import post, stream
from benchmarks.event_stream import read_events
from benchmarks.ledger import Ledger
from benchmarks.processes import CommandFailed

_PAUSE = 2.0  # seconds until a citizen comes back where the server does not say when
_OPENING = 20  # streams that are opened at the same time
_BROKEN = (OSError, EOFError)  # what a line that breaks raises
_POLL = 0.05


@dataclass(frozen=True)
class Writing:
    """Citizen number `citizen` writes `text`, `at` seconds after the start."""

    at: float
    citizen: int
    text: str


def plan(rate: float, seconds: float, citizens: int, texts: Sequence[str], seed: int) -> list[Writing]:
    """`rate` x `seconds` messages in order of time. People do not take turns: moments (as in a Poisson process), citizens
    and texts are drawn, by `seed`."""
    draw = random.Random(f"{seed}:{rate}")
    moments = sorted(draw.uniform(0, seconds) for _ in range(round(rate * seconds)))
    return [Writing(moment, draw.randrange(citizens), draw.choice(texts)) for moment in moments]


class Crowd:
    """Citizens with their streams open, from `gathered`."""

    def __init__(self, citizens: Sequence[Citizen]) -> None:
        self._citizens = citizens

    async def follow(self, writings: Sequence[Writing], patience: float) -> None:
        """Lets them write, and waits until all is answered, or until `patience` seconds bring no further answer.

        Raises CommandFailed where the server refuses a message for good.
        """
        start = time.perf_counter()
        sending: list[asyncio.Task[None]] = []
        for writing in writings:
            await asyncio.sleep(max(0.0, start + writing.at - time.perf_counter()))
            sending.append(asyncio.create_task(self._citizens[writing.citizen].write(writing.text)))
        waiting, since = len(writings), time.perf_counter()
        while waiting and time.perf_counter() < since + patience:
            await asyncio.sleep(_POLL)
            if failed := next((each for each in sending if each.done() and each.exception()), None):
                await failed
            before, waiting = waiting, sum(each.ledger.waiting for each in self._citizens)
            since = time.perf_counter() if waiting < before else since
        for each in sending:
            each.cancel()
        await asyncio.gather(*sending, return_exceptions=True)

    @property
    def ledgers(self) -> list[Ledger]:
        return [each.ledger for each in self._citizens]

    @property
    def sent_again(self) -> int:
        """Posts beyond the first of a message."""
        return sum(each.sent_again for each in self._citizens)

    @property
    def reopened(self) -> int:
        """Streams that broke and were opened once more."""
        return sum(each.reopened for each in self._citizens)


@asynccontextmanager
async def gathered(url: str, count: int) -> AsyncIterator[Crowd]:
    """`count` citizens at the web process at `url`, each with a stream open as long as the block lasts."""
    citizens = [Citizen(f"{url}api/v1") for _ in range(count)]
    door = asyncio.Semaphore(_OPENING)

    async def come(citizen: Citizen) -> None:
        async with door:
            await citizen.open()

    try:
        await asyncio.gather(*map(come, citizens))
        yield Crowd(citizens)
    finally:
        await asyncio.gather(*(each.close() for each in citizens))


class Citizen:
    """One conversation: its key, its stream, what was written and what came."""

    def __init__(self, api: str) -> None:
        self.ledger = Ledger()
        self.sent_again = 0
        self.reopened = 0
        self._api = api
        self._headers: dict[str, str] = {}
        self._sending = asyncio.Lock()
        self._is_open = asyncio.Event()
        self._listening: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Returns when the stream is open."""
        opened = await self._post("/conversations", None)
        self._headers = {"Authorization": f"Bearer {opened['key']}"}
        self._listening = asyncio.create_task(self._listen())
        await self._is_open.wait()

    async def close(self) -> None:
        if self._listening is not None:
            self._listening.cancel()
            with suppress(asyncio.CancelledError):
                await self._listening

    async def write(self, text: str) -> None:
        """Returns when the server has it; messages wait for those before them."""
        client_id = str(uuid.uuid4())
        self.ledger.write(client_id, time.perf_counter())
        async with self._sending:
            # Some test questions hold names: redacting is what a citizen agrees to then, and changes nothing otherwise.
            await self._post("/messages", {"id": client_id, "text": text, "redact": True})

    async def _post(self, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
        """Sends the same again as long as the server asks for it. Raises CommandFailed where it refuses."""
        headers = {**self._headers, "Content-Type": "application/json"}
        while True:
            pause = _PAUSE
            with suppress(*_BROKEN):
                answer = await post(self._api + path, headers, json.dumps(body).encode())
                if answer.status in (201, 202):
                    accepted: dict[str, Any] = json.loads(answer.body)
                    return accepted
                if answer.status not in (429, 503):
                    raise CommandFailed(f"POST {path} answered {answer.status}: {answer.body.decode()[:300]}")
                pause = float(answer.headers["retry-after"])
            self.sent_again += 1
            await asyncio.sleep(pause)

    async def _listen(self) -> None:
        last = "0"
        while True:
            headers = {**self._headers, "Accept": "text/event-stream", "Last-Event-ID": last}
            with suppress(*_BROKEN):
                async with stream(f"{self._api}/events", headers) as (status, chunks), aclosing(read_events(chunks)) as events:
                    if status == 200:
                        self._is_open.set()
                        async for event in events:
                            last = event.id or last
                            if event.name == "handoff":
                                continue
                            self.ledger.receive(json.loads(event.data), time.perf_counter())
            self.reopened += 1
            await asyncio.sleep(_PAUSE)
