"""Requests over bare sockets, to a server that says what it is told and ends the line."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest

from benchmarks.connection import Answer, post, stream

T = TypeVar("T")


def _with_server(answer: bytes, ask: Callable[[str], Awaitable[T]]) -> tuple[T, bytes]:
    """What `ask` returned, and what the server was sent."""
    asked = b""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        asked = await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        writer.close()

    async def run() -> T:
        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            return await ask(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")

    return asyncio.run(run()), asked


async def _chunks(url: str) -> tuple[int, list[bytes]]:
    async with stream(f"{url}/events", {"Accept": "text/event-stream"}) as (status, chunks):
        return status, [chunk async for chunk in chunks]


def test_post_sends_headers_and_length_and_reads_the_whole_answer() -> None:
    answer = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 2\r\n\r\n{}"

    found, asked = _with_server(answer, lambda url: post(f"{url}/messages", {"X-Our": "own"}, b"{}"))

    assert found == Answer(503, {"retry-after": "5", "content-length": "2"}, b"{}")
    assert asked.startswith(b"POST /messages HTTP/1.1\r\nHost: 127.0.0.1:")
    assert b"\r\nX-Our: own\r\nContent-Length: 2\r\n\r\n" in asked


def test_stream_gives_the_chunks_without_their_lengths() -> None:
    answer = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\nb\r\na\r\n\r\nb\r\n\r\nc\r\n0\r\n\r\n"

    assert _with_server(answer, _chunks)[0] == (200, [b"one", b"a\r\n\r\nb\r\n\r\nc"])


@pytest.mark.parametrize("body", [b"", b"3\r\none\r\n", b"5\r\non"], ids=["at once", "between chunks", "within a chunk"])
def test_stream_that_breaks_raises(body: bytes) -> None:
    with pytest.raises(EOFError):
        _with_server(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body, _chunks)


def test_post_without_an_answer_raises() -> None:
    with pytest.raises(EOFError):
        _with_server(b"", lambda url: post(f"{url}/messages", {}, b"{}"))
