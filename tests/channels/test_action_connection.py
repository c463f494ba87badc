"""Rasa asks the action server again and again over the same connection."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from rasa.utils.endpoints import EndpointConfig

from channels.action_connection import close_connections, keep_connections

_RASAS_OWN = EndpointConfig.session
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n"


@pytest.fixture(autouse=True)
def _kept() -> Iterator[None]:
    keep_connections()
    yield
    EndpointConfig.session = _RASAS_OWN


async def _asked(times: int, closing: bool = False) -> tuple[list[object], int]:
    """What a server answers that is asked so many times, over how many connections. `closing`: it ends each after an answer."""
    connections = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        while await reader.readline():
            while (await reader.readline()).strip():
                pass
            await reader.readexactly(2)
            writer.write(_HEAD + b"{}")
            if closing:
                break
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        endpoint = EndpointConfig(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/webhook")
        answers = []
        for _ in range(times):
            answers.append(await endpoint.request(json={}))
            await asyncio.sleep(0.01)
        await close_connections(endpoint)
    return answers, connections


def test_connection_serves_again_and_again() -> None:
    assert asyncio.run(_asked(3)) == ([{}, {}, {}], 1)


def test_connection_that_the_server_has_closed_is_replaced() -> None:
    assert asyncio.run(_asked(3, closing=True)) == ([{}, {}, {}], 3)
