"""Confirmed suggestions for the command line."""

from __future__ import annotations

import dataclasses
import datetime
import json

import pytest
import time_machine
from django.conf import LazySettings
from django.test import Client

from tests.web import records
from web.chat.models import Author
from web.review.suggestions import suggestion_confirm, suggestion_make, suggestions_mark_imported

pytestmark = pytest.mark.django_db(transaction=True)

_TOKEN = "a token for tests that is long enough"
_ADDRESS = "/api/v1/suggestions"


@pytest.fixture
def headers(settings: LazySettings) -> dict[str, str]:
    settings.WOHNLOTSE = dataclasses.replace(settings.WOHNLOTSE, import_token=f"an older token for tests of this,,{_TOKEN},")
    return {"Authorization": f"Bearer {_TOKEN}"}


@pytest.fixture(autouse=True)
def _suggestions() -> None:
    """„alt“ of the 1st, „neu“ of the 20th, „im Training“ of the 21st."""
    piesk = records.member("piesk", "Redaktion")
    for day, text in ((1, "alt"), (20, "neu"), (21, "im Training")):
        message = records.conversation([(Author.CITIZEN, text)]).messages.get()
        draft = suggestion_make(message, "alliance_goals", False, piesk)
        assert draft is not None
        with time_machine.travel(datetime.datetime(2026, 11, day, 12, tzinfo=datetime.timezone.utc), tick=False):
            suggestion_confirm(draft.pk, text, piesk, anonymous=True)
    suggestions_mark_imported([draft.pk])


@pytest.mark.parametrize(
    ("query", "texts"),
    [
        ("", ["alt", "neu"]),
        ("?status=confirmed&since=2026-11-20", ["neu"]),
        ("?status=imported", ["im Training"]),
        ("?since=2999-01-01", []),
    ],
)
def test_token_opens_what_is_asked_for(client: Client, headers: dict[str, str], query: str, texts: list[str]) -> None:
    response = client.get(_ADDRESS + query, headers=headers)

    assert (response.status_code, response["Content-Type"]) == (200, "application/x-ndjson; charset=utf-8")
    lines = [json.loads(line) for line in response.content.decode().splitlines()]
    assert [line["text"] for line in lines] == texts
    assert all(line.keys() == {"id", "text", "intent", "is_new_topic", "confirmed_at"} for line in lines)


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Bearer "},
        {"Authorization": f"Basic {_TOKEN}"},
        {"Authorization": "Bearer ä"},
    ],
)
def test_without_the_token_it_is_closed(client: Client, headers: dict[str, str], sent: dict[str, str]) -> None:
    response = client.get(_ADDRESS, headers=sent)

    assert response.status_code == 401
    assert response.json() == {"error": {"code": "unauthorized", "message": "Der Schlüssel fehlt oder ist falsch."}}


def test_where_no_token_is_set_there_is_nothing(client: Client) -> None:
    for sent in ({}, {"Authorization": "Bearer "}, {"Authorization": f"Bearer {_TOKEN}"}):
        assert client.get(_ADDRESS, headers=sent).status_code == 404


@pytest.mark.parametrize(("query", "field"), [("?status=draft", "status"), ("?since=gestern", "since")])
def test_bad_parameter_is_named(client: Client, headers: dict[str, str], query: str, field: str) -> None:
    response = client.get(_ADDRESS + query, headers=headers)

    assert response.status_code == 400
    assert list(response.json()["error"]["fields"]) == [field]
