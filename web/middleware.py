"""Django's middleware for headers, called in the event loop.

Django calls each part of a middleware that is not written as async in a thread, and makes a thread for each request that
needs one: five parts here mean ten ways there and back for every request, and a thread for each open stream. What these
do is done in microseconds and waits for nothing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, cast

import csp.middleware
from asgiref.sync import markcoroutinefunction
from django.http import HttpRequest, HttpResponseBase
from django.middleware import clickjacking, common, security
from django.utils.deprecation import MiddlewareMixin
from whitenoise.middleware import WhiteNoiseMiddleware  # type: ignore[import-untyped]


class _Direct(MiddlewareMixin):
    """A middleware of the kind that has `process_request` and `process_response`, or one of the two."""

    async def __acall__(self, request: HttpRequest) -> HttpResponseBase:
        before: Callable[..., HttpResponseBase | None] = getattr(self, "process_request", lambda request: None)
        after: Callable[..., HttpResponseBase] = getattr(self, "process_response", lambda request, response: response)
        get_response = cast("Callable[[HttpRequest], Awaitable[HttpResponseBase]]", self.get_response)
        return after(request, before(request) or await get_response(request))


class SecurityMiddleware(_Direct, security.SecurityMiddleware):
    pass


class CSPMiddleware(_Direct, csp.middleware.CSPMiddleware):
    pass


class CommonMiddleware(_Direct, common.CommonMiddleware):
    pass


class XFrameOptionsMiddleware(_Direct, clickjacking.XFrameOptionsMiddleware):
    pass


class StaticFilesMiddleware(WhiteNoiseMiddleware):  # type: ignore[misc]
    """Serves the files that lay there at the start of the process."""

    sync_capable = False
    async_capable = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        markcoroutinefunction(self)

    async def __call__(self, request: HttpRequest) -> HttpResponseBase:
        static_file = self.files.get(request.path_info)
        response: HttpResponseBase = (
            await self.get_response(request) if static_file is None else self.serve(static_file, request)
        )
        return response
