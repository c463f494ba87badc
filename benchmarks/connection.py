"""HTTP over bare sockets, as little of it as the web process speaks: who measures shares the machine with what is measured.

One connection for each request. With 300 citizens who are all told to come again, a pool of connections cost more than the
web process itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Answer:
    """`headers`: names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


async def post(url: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """Raises OSError or EOFError where the line breaks."""
    async with _asked("POST", url, {**headers, "Content-Length": str(len(body))}, body) as (status, received, reader):
        return Answer(status, received, await reader.readexactly(int(received["content-length"])))


@asynccontextmanager
async def stream(url: str, headers: Mapping[str, str]) -> AsyncIterator[tuple[int, AsyncIterator[bytes]]]:
    """The status and the chunks of the body, as they come. Raises OSError or EOFError where the line breaks."""
    async with _asked("GET", url, headers) as (status, _, reader):
        yield status, _chunks(reader)


@asynccontextmanager
async def _asked(
    method: str, url: str, headers: Mapping[str, str], body: bytes = b""
) -> AsyncIterator[tuple[int, dict[str, str], asyncio.StreamReader]]:
    parts = urlsplit(url)
    lines = [f"{method} {parts.path} HTTP/1.1", f"Host: {parts.netloc}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        first, *rest = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        received = {name.lower(): value for name, _, value in (line.partition(": ") for line in rest if line)}
        yield int(first.split()[1]), received, reader
    finally:
        writer.close()


async def _chunks(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    while size := int(await reader.readuntil(b"\r\n"), 16):
        yield (await reader.readexactly(size + 2))[:-2]
