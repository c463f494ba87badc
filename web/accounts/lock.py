"""What django-axes notes of failed log-ins: name, address and number, for as long as the lock lasts."""

from __future__ import annotations

from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from django.http import HttpRequest, QueryDict

from web.chat.limits import address_of


class Attempts(AxesDatabaseHandler):  # type: ignore[misc]
    """Nothing of the browser is noted, and nothing that was sent."""

    def user_login_failed(self, sender: object, credentials: dict[str, Any], request: Any = None, **more: Any) -> None:
        if request is None:
            return
        sent = request.GET, request.POST
        request.axes_user_agent = request.axes_http_accept = ""
        request.GET = request.POST = QueryDict()
        try:
            super().user_login_failed(sender, credentials, request, **more)
        finally:
            request.GET, request.POST = sent


def address(request: HttpRequest) -> str | None:
    """The address that is locked: of IPv6 the network."""
    return address_of(request).partition("/")[0] or None
