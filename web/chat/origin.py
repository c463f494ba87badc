"""Whether a page may use the chat. Checked by `Origin` and `Sec-Fetch-Site`: there is no cookie that could be abused, so
no token is needed either."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest


def is_allowed(request: HttpRequest) -> bool:
    """Own pages, the sites that are set, and programs that are no browser."""
    origin = request.headers.get("Origin")
    if origin is None:
        return request.headers.get("Sec-Fetch-Site", "none") in ("none", "same-origin")
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return (parts.scheme, parts.netloc) == (request.scheme, request.get_host()) or origin in settings.WOHNLOTSE.sites
