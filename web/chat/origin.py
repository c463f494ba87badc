"""Whether a page may use the chat. Checked by `Origin` and `Sec-Fetch-Site`: there is no cookie that could be abused, so
no token is needed either."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest


def is_allowed(request: HttpRequest) -> bool:
    """Own pages, the sites that are set, and programs that are no browser."""
    if "Origin" not in request.headers:
        return request.headers.get("Sec-Fetch-Site", "none") in ("none", "same-origin")
    return not is_elsewhere(request) or request.headers["Origin"] in settings.WOHNLOTSE.sites


def is_elsewhere(request: HttpRequest) -> bool:
    """Whether the page belongs to another site."""
    if "Origin" not in request.headers:
        return False
    try:
        parts = urlsplit(request.headers["Origin"])
    except ValueError:
        return True
    return (parts.scheme, parts.netloc) != (request.scheme, request.get_host())
