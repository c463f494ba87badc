"""Which origins may use the chat, where the own address is not the one of the process."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.conf import settings
from django.test import RequestFactory, override_settings

from web.chat.origin import is_allowed

_SITE = "https://www.example.de"


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("https://chat.example.de", True),
        ("http://chat.example.de", False),
        ("https://chat.example.de:8443", False),
        ("https://CHAT.example.de.evil.example", False),
        (_SITE, True),
        (f"{_SITE}/", False),
        (f"{_SITE}:8443", False),
        ("null", False),
        ("https://[::1", False),
    ],
)
def test_own_origin_is_that_under_which_the_chat_is_reached(origin: str, allowed: bool) -> None:
    request = RequestFactory().post("/", secure=True, HTTP_HOST="chat.example.de", HTTP_ORIGIN=origin)
    wohnlotse = replace(settings.WOHNLOTSE, sites=(_SITE,))
    with override_settings(WOHNLOTSE=wohnlotse, ALLOWED_HOSTS=["chat.example.de"]):
        assert is_allowed(request) is allowed
