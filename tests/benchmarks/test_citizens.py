"""Citizens send as the widget does, to a small server that answers as it is told."""

from __future__ import annotations

import asyncio
import itertools
import json
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from benchmarks.citizens import Writing, gathered, plan
from benchmarks.ledger import Ledger, Tally
from benchmarks.processes import CommandFailed

_WRITINGS = [Writing(0.0, 0, "eins"), Writing(0.0, 1, "zwei"), Writing(0.01, 0, "drei")]


class _Server:
    """Speaks the chat protocol. `refuse`: statuses for the first posts of messages, in order. `cut`: closes each stream once,
    after that many messages. `silent`: gives no replies."""

    def __init__(self, refuse: tuple[int, ...] = (), cut: int = 0, silent: bool = False) -> None:
        self._refuse = iter(refuse)
        self._cut = cut
        self._silent = silent
        self._messages: dict[str, list[dict[str, Any]]] = {}
        self._was_cut: set[str] = set()
        self.posts: list[dict[str, Any]] = []

    @asynccontextmanager
    async def running(self) -> AsyncIterator[str]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        async with server:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            key = headers.get("authorization", "").removeprefix("Bearer ")
            path = request.split()[1].removeprefix("/api/v1")
            if path == "/events":
                await self._stream(key, int(headers["last-event-id"]), writer)
            elif path == "/conversations":
                await self._answer(writer, 201, {"id": "", "key": self._opened()})
            else:
                await self._answer(writer, *self._take(key, json.loads(body)))
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def _opened(self) -> str:
        key = uuid.uuid4().hex
        self._messages[key] = []
        return key

    def _take(self, key: str, post: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        self.posts.append(post)
        status = next(self._refuse, 202)
        if status == 202:
            kept = self._messages[key]
            seq = len(kept) + 1
            own = {"seq": seq, "author": "citizen", "id": post["id"], "reply_to": None, "last": True, "zone": ""}
            reply = {"seq": seq + 1, "author": "bot", "id": None, "reply_to": seq, "last": True, "zone": "answer"}
            kept += [own] if self._silent else [own, reply]
        return status, {}

    async def _stream(self, key: str, after: int, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + _chunk("retry: 1\n\n"))
        for seq in itertools.count(after + 1):
            while len(self._messages[key]) < seq:
                await writer.drain()
                await asyncio.sleep(0.005)
            data = json.dumps(self._messages[key][seq - 1])
            writer.write(_chunk(f"id: {seq}\nevent: message\ndata: {data}\n\n"))
            if seq == self._cut and key not in self._was_cut:
                self._was_cut.add(key)
                await writer.drain()
                return

    async def _answer(self, writer: asyncio.StreamWriter, status: int, body: dict[str, Any]) -> None:
        text = json.dumps(body).encode()
        head = f"HTTP/1.1 {status} -\r\nRetry-After: 0\r\nConnection: close\r\nContent-Length: {len(text)}\r\n\r\n"
        writer.write(head.encode() + text)
        await writer.drain()


def _chunk(text: str) -> bytes:
    data = text.encode()
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


def _chat(server: _Server, patience: float = 5.0) -> tuple[Tally, int, int]:
    """The tally of `_WRITINGS`, how often was sent again, how many streams were reopened."""

    async def chat() -> tuple[Tally, int, int]:
        async with server.running() as url, gathered(url, 2) as crowd:
            await crowd.follow(_WRITINGS, patience)
            return Ledger.tally(crowd.ledgers), crowd.sent_again, crowd.reopened

    return asyncio.run(chat())


def test_each_message_gets_its_answer() -> None:
    server = _Server()

    tally, sent_again, reopened = _chat(server)

    assert tally.is_clean
    assert (tally.written, len(tally.seconds), sent_again, reopened) == (3, 3, 0, 0)
    assert sorted(post["text"] for post in server.posts) == ["drei", "eins", "zwei"]


def test_refused_post_is_sent_again_with_the_same_id() -> None:
    server = _Server(refuse=(503, 429))

    tally, sent_again, _ = _chat(server)

    assert tally.is_clean
    assert sent_again == 2
    assert len(server.posts) == 5
    assert len({post["id"] for post in server.posts}) == 3


def test_post_that_is_refused_for_good_ends_the_run() -> None:
    with pytest.raises(CommandFailed, match="POST /messages answered 422"):
        _chat(_Server(refuse=(422,)))


def test_messages_without_an_answer_are_lost_when_patience_ends() -> None:
    tally, _, _ = _chat(_Server(silent=True), patience=0.3)

    assert (tally.written, tally.lost) == (3, 3)


def test_stream_that_breaks_is_taken_up_where_it_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.citizens._PAUSE", 0.05)

    tally, _, reopened = _chat(_Server(cut=1))

    assert tally.is_clean
    assert (len(tally.seconds), reopened) == (3, 2)


def test_plan_has_the_rate_and_is_the_same_for_the_same_seed() -> None:
    texts = ["a", "b", "c"]
    found = plan(20.0, 5.0, 300, texts, seed=1)

    assert len(found) == 100
    assert [each.at for each in found] == sorted(each.at for each in found)
    assert 0 <= found[0].at <= found[-1].at <= 5
    assert {each.text for each in found} == set(texts)
    assert len({each.citizen for each in found}) > 50
    assert found == plan(20.0, 5.0, 300, texts, seed=1)
    assert found != plan(20.0, 5.0, 300, texts, seed=2)
