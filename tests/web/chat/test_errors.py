"""Errors: a German and an English sentence for each code of the contract, and no code beside them."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from content import Content, ContentError, read_content
from training.processes import ROOT
from web.chat import facts
from web.chat.errors import _ERRORS, ChatError

_CONTRACT = yaml.safe_load((ROOT / "docs" / "openapi.yaml").read_text(encoding="utf-8"))
_CODES = _CONTRACT["components"]["schemas"]["Error"]["properties"]["error"]["properties"]["code"]["enum"]
_FILL: dict[str, Any] = {"limit": 2000, "comment": "Wartung."}


def _body(error: ChatError, english: bool = False) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(error.response("en" if english else "einfach").content)
    return body


def test_contract_and_code_know_the_same_errors() -> None:
    assert list(_ERRORS) == _CODES


@pytest.mark.parametrize("code", _CODES)
def test_each_error_has_a_sentence_in_both_languages(code: str) -> None:
    german, english = (_body(ChatError(code, **_FILL), language)["error"]["message"] for language in (False, True))
    assert german != english
    for sentence in (german, english):
        assert sentence[0].isupper()
        assert sentence[-1] == "."
        assert "{" not in sentence


@pytest.mark.parametrize("code", _CODES)
def test_those_that_are_worth_another_try_say_when(code: str) -> None:
    response = ChatError(code, **_FILL).response("standard")
    assert ("Retry-After" in response.headers) == (response.status_code in (429, 503))


@pytest.mark.parametrize("code", ["unavailable", "switched_off"])
def test_who_cannot_be_answered_now_is_told_another_way(code: str) -> None:
    for english in (False, True):
        assert read_content().contacts.address in _body(ChatError(code, **_FILL), english)["error"]["message"]


def test_error_has_its_shape_without_any_content(monkeypatch: pytest.MonkeyPatch) -> None:
    def content() -> Content:
        raise ContentError(["Datei fehlt"])

    monkeypatch.setattr(facts, "content", content)

    assert _body(ChatError("unavailable"))["error"]["message"] == "Der Chat ist gerade gestört. Wir versuchen es weiter."


def test_further_fields_stand_beside_the_sentence() -> None:
    error = _body(ChatError("invalid", {"fields": {"id": "fehlt"}}))["error"]
    assert error == {"code": "invalid", "message": "Die Anfrage ist nicht in Ordnung.", "fields": {"id": "fehlt"}}


def test_braces_in_what_is_filled_in_stay_as_they_are() -> None:
    message = _body(ChatError("switched_off", comment="{0} {limit} %s"))["error"]["message"]
    assert message.startswith("Der Chat ist zurzeit abgeschaltet. {0} {limit} %s Die Servicestelle")
