"""The middleware sets what Django's own sets, and starts no thread for it."""

from __future__ import annotations

import asyncio
import importlib
import threading
from collections.abc import AsyncIterator
from typing import Any

import pytest
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path
from pytest_django.fixtures import Settings

import web.asgi

_DJANGOS = {
    "web.middleware.SecurityMiddleware": "django.middleware.security.SecurityMiddleware",
    "web.middleware.StaticFilesMiddleware": "whitenoise.middleware.WhiteNoiseMiddleware",
    "web.middleware.CSPMiddleware": "csp.middleware.CSPMiddleware",
    "web.middleware.CommonMiddleware": "django.middleware.common.CommonMiddleware",
    "web.middleware.XFrameOptionsMiddleware": "django.middleware.clickjacking.XFrameOptionsMiddleware",
}
_STREAMS = 20


async def _page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Guten Tag")


async def _endless(request: HttpRequest) -> StreamingHttpResponse:
    async def parts() -> AsyncIterator[bytes]:
        yield b"begun"
        await asyncio.Event().wait()

    return StreamingHttpResponse(parts())


urlpatterns = [path("page", _page), path("page/", _page), path("endless", _endless)]


@pytest.fixture(autouse=True)
def _our_pages(settings: Settings) -> None:
    settings.ROOT_URLCONF = __name__


async def _get(application: Any, address: str, received: list[dict[str, Any]]) -> None:
    asked = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receive() -> dict[str, Any]:
        message = next(asked, None)
        if message is None:
            await asyncio.Event().wait()
        assert message is not None
        return message

    async def send(message: dict[str, Any]) -> None:
        received.append(message)

    headers = [(b"host", b"localhost"), (b"user-agent", b"a program")]
    scope = {"type": "http", "method": "GET", "path": address, "query_string": b"", "headers": headers}
    await application(scope, receive, send)


def _answer(application: Any, address: str) -> list[dict[str, Any]]:
    received: list[dict[str, Any]] = []
    asyncio.run(asyncio.wait_for(_get(application, address, received), 5))
    return received


@pytest.mark.parametrize("address", ["/page", "/nothing", "/static/widget/wohnlotse.js", "//page"])
def test_answers_are_the_same_as_with_djangos_own_middleware(address: str, settings: Settings) -> None:
    ours = _answer(ASGIHandler(), address)
    settings.MIDDLEWARE = [_DJANGOS.get(name, name) for name in settings.MIDDLEWARE]

    assert ours == _answer(ASGIHandler(), address)
    assert b"content-security-policy" in {name.lower() for name, _ in ours[0]["headers"]} or address.startswith("/static")


def test_every_middleware_of_the_settings_is_one_that_needs_no_thread(settings: Settings) -> None:
    assert set(settings.MIDDLEWARE) == {*_DJANGOS, "corsheaders.middleware.CorsMiddleware"}


def test_open_streams_keep_no_threads() -> None:
    importlib.reload(web.asgi)  # Django's test client, where a test before this one used it, has undone what that did

    async def threads_for_streams() -> int:
        received: list[dict[str, Any]] = []
        before = threading.active_count()
        streams = [asyncio.create_task(_get(web.asgi.application, "/endless", received)) for _ in range(_STREAMS)]
        while sum(message.get("body") == b"begun" for message in received) < _STREAMS:
            await asyncio.sleep(0.01)
        kept = threading.active_count() - before
        for stream in streams:
            stream.cancel()
        await asyncio.gather(*streams, return_exceptions=True)
        return kept

    assert asyncio.run(asyncio.wait_for(threads_for_streams(), 10)) == 0
