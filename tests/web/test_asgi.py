"""What goes around Django: bodies of any size, and the start and end of the process."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from django.http import HttpRequest, StreamingHttpResponse
from django.urls import path
from pytest_django.fixtures import Settings

from tests.web.running import API, Fragile, Web
from web.asgi import Message, _cut, application


def _body(size: int) -> bytes:
    return json.dumps({"id": str(uuid.uuid4()), "text": "a"}).encode().ljust(size)


def _in_chunks(body: bytes) -> Iterator[bytes]:
    for start in range(0, len(body), 1000):
        yield body[start : start + 1000]


@pytest.mark.parametrize("is_chunked", [False, True])
@pytest.mark.parametrize(("size", "status"), [(32_000, 202), (32_001, 413), (500_000, 413)])
def test_body_may_have_so_many_bytes_whether_it_tells_its_length_or_not(
    web: Web, size: int, status: int, is_chunked: bool
) -> None:
    body = _body(size)
    headers = {**web.open(), "Content-Type": "application/json"}
    response = web.client.post(f"{API}/messages", content=_in_chunks(body) if is_chunked else body, headers=headers)
    assert response.status_code == status
    if status == 413:
        assert response.json()["error"]["code"] == "too_large"


@pytest.mark.parametrize(
    ("sent", "received"),
    [
        ([(b"abc", False)], [(b"abc", False)]),
        ([(b"ab", True), (b"cd", False)], [(b"ab", True), (b"cd", False)]),
        ([(b"abcde", False)], [(b"abcde", False)]),
        ([(b"abcdef", False)], [(b"abcde", False)]),
        ([(b"abcd", True), (b"efgh", True), (b"ij", False)], [(b"abcd", True), (b"e", False)]),
        ([(b"abcde", True), (b"", False)], [(b"abcde", False)]),
    ],
)
def test_django_reads_no_more_of_a_body_than_it_needs_to_refuse_it(
    sent: list[tuple[bytes, bool]], received: list[tuple[bytes, bool]]
) -> None:
    *messages, last = asyncio.run(_received(sent))
    assert [(message["body"], message["more_body"]) for message in messages] == received
    assert last == {"type": "http.disconnect"}


async def _received(sent: list[tuple[bytes, bool]]) -> list[Message]:
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": more} for body, more in sent]
    waiting.append({"type": "http.disconnect"})

    async def receive() -> Message:
        return waiting.pop(0)

    cut = _cut(receive, 5)
    messages: list[Message] = []
    while not messages or messages[-1]["type"] != "http.disconnect":
        messages.append(await cut())
    return messages


def test_process_that_is_told_to_end_does_so_within_five_seconds_with_an_open_stream(fragile: Fragile) -> None:
    web = fragile.web
    key = web.open()
    web.answer(key, "Vorher")
    with web.stream(key) as events:
        assert [next(events).data["seq"] for _ in range(2)] == [1, 2]
        started = time.monotonic()
        web.process.stop()
        assert time.monotonic() - started < 5
    web.process.start()
    web.process.wait()
    assert [message["text"] for message in web.messages(key)] == ["Vorher", "Antwort 1 auf: Vorher"]


def test_message_that_was_with_the_bot_at_the_end_is_answered_after_the_next_start(fragile: Fragile) -> None:
    web = fragile.web
    key = web.open()
    fragile.rasa.delay = 1.9
    web.post(key, "Über den Neustart hinweg")
    time.sleep(0.3)
    web.process.stop()
    fragile.rasa.recover()
    web.process.start()
    web.process.wait()
    started = time.monotonic()
    while len(messages := web.messages(key)) < 2 and time.monotonic() - started < 8:
        time.sleep(0.1)
    assert [message["text"] for message in messages] == [
        "Über den Neustart hinweg",
        "Antwort 1 auf: Über den Neustart hinweg",
    ]


_SECRET = "Ich heiße Petra Beispiel"


async def _breaking(request: HttpRequest) -> StreamingHttpResponse:
    async def parts() -> AsyncIterator[bytes]:
        yield b"begun"
        raise ValueError(_SECRET)

    return StreamingHttpResponse(parts())


urlpatterns = [path("breaking", _breaking)]


def test_response_that_breaks_off_leaves_kind_and_place_in_the_log_and_no_text(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.ROOT_URLCONF = __name__
    messages: list[Message] = [{"type": "http.request", "body": b"", "more_body": False}]
    sent: list[Any] = []

    async def receive() -> Message:
        if not messages:
            await asyncio.Event().wait()
        return messages.pop()

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/breaking", "query_string": b"", "headers": [(b"host", b"localhost")]}
    asyncio.run(asyncio.wait_for(application(scope, receive, send), 5))

    assert [message.get("body") for message in sent] == [None, b"begun"]  # no end: uvicorn closes the line
    [said] = caplog.messages
    assert said.startswith("ValueError in ")
    assert said.split(" > ")[-1].startswith("test_asgi.py:")
