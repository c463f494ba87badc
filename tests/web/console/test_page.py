"""The frame of a page: what goes wrong becomes a page that people can read, and nothing of a citizen gets into the log."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.test import Client, RequestFactory
from psycopg_pool import PoolTimeout

from tests.web.records import conversation, member
from web.accounts.models import Profile
from web.console.page import Page, public
from web.handoff.machine import conversation_hand
from web.handoff.presence import presence_set

pytestmark = pytest.mark.django_db(transaction=True)

_SECRET = "Ich heiße Petra Beispiel"


def _raising(error: Exception) -> Page:
    def view(request: HttpRequest) -> HttpResponseBase:
        raise error

    return public(GET=view)


def _answer(page: Page, method: str = "GET", **headers: str) -> HttpResponse:
    request = RequestFactory(headers=headers).generic(method, "/team/somewhere/")
    request.resolver_match = None
    answered: Callable[..., Any] = async_to_sync(page)
    response: HttpResponse = answered(request)
    return response


@pytest.mark.parametrize(
    ("error", "status", "title"),
    [
        (Http404(_SECRET), 404, "Das gibt es nicht"),
        (PermissionDenied(_SECRET), 403, "Das dürfen Sie nicht öffnen"),
        (OperationalError(_SECRET), 503, "Die Datenbank ist gerade nicht erreichbar"),
        (PoolTimeout(_SECRET), 503, "Die Datenbank ist gerade nicht erreichbar"),
        (RequestDataTooBig(_SECRET), 413, "Das ist zu viel Text auf einmal"),
        (ValueError(_SECRET), 500, "Da ist etwas schiefgegangen"),
    ],
    ids=lambda each: type(each).__name__,
)
def test_error_is_a_page_and_json_and_its_text_stays_out_of_both_and_the_log(
    error: Exception, status: int, title: str, caplog: pytest.LogCaptureFixture
) -> None:
    page = _answer(_raising(error))
    data = _answer(_raising(error), accept="application/json")

    assert (page.status_code, data.status_code) == (status, status)
    assert f"<h1>{title}</h1>" in page.content.decode()
    body = json.loads(data.content)["error"]
    assert (body["code"], body["message"].startswith(f"{title}. ")) == (status, True)
    assert _SECRET not in page.content.decode() + data.content.decode() + caplog.text


def test_mistake_of_ours_leaves_its_place_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    _answer(_raising(ValueError(_SECRET)))

    [said] = caplog.messages
    assert said.startswith("ValueError in page.py:")
    assert "test_page.py:" in said


def test_longest_text_that_the_server_takes_is_said_to_be_too_long_beyond() -> None:
    client = Client()
    client.force_login(member())

    answered = client.post("/team/konto/", {"shown_as": "x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE})

    assert answered.status_code == 413
    assert "<h1>Das ist zu viel Text auf einmal</h1>" in answered.content.decode()


def test_character_that_no_text_can_hold_is_left_out() -> None:
    user = member(role="Leitung")
    client = Client()
    client.force_login(user)

    client.post("/team/konto/", {"shown_as": "Frau\0 Diehl"})
    asked = client.get("/team/rechte/gelesen/", {"nummer": "\0"})

    assert Profile.objects.get(user=user).shown_as == "Frau Diehl"
    assert asked.status_code == 200


def test_address_that_there_is_not_is_said_to_whoever_asked() -> None:
    staff, citizen = Client().get("/team/quatsch/"), Client().get("/quatsch/?sprache=en")

    assert (staff.status_code, citizen.status_code) == (404, 404)
    assert "<h1>Das gibt es nicht</h1>" in staff.content.decode()
    assert "<h1>This page does not exist</h1>" in citizen.content.decode()
    assert "<h1>Diese Seite gibt es nicht</h1>" in Client().get("/quatsch/").content.decode()


def test_other_method_is_refused_with_those_that_there_are() -> None:
    response = _answer(public(GET=lambda request: HttpResponse("da")), "PUT", **{"sec-fetch-site": "same-origin"})

    assert response.status_code == 403  # without the token of the form

    def exempt(request: HttpRequest) -> HttpResponse:
        return HttpResponse("da")

    assert _answer(public(POST=exempt)).status_code == 405


def test_no_page_is_kept_by_a_cache() -> None:
    client = Client()
    client.force_login(member(role="Leitung"))

    for path in ("/team/login/", "/team/konto/", "/team/konten/", "/team/konten/0/"):
        assert client.get(path).headers["Cache-Control"] == "no-store", path


def test_menu_names_the_areas_of_the_role_and_the_current_one() -> None:
    client = Client()
    client.force_login(member(role="Leitung"))

    context = client.get("/team/konten/").context

    assert [each["title"] for each in context["areas"] if each["current"]] == ["Verwaltung"]
    assert [(each["title"], each["current"]) for each in context["parts"]] == [
        ("Einstellungen", False),
        ("Aufbewahrung", False),
        ("Konten", True),
    ]
    assert len(context["areas"]) == 8
    assert client.get("/team/").context["parts"] == []
    assert [each["title"] for each in client.get("/team/").context["areas"] if each["current"]] == ["Übersicht"]
    assert [each["title"] for each in client.get("/team/konto/").context["areas"] if each["current"]] == []
    client.force_login(member("weber"))
    assert [each["title"] for each in client.get("/team/konto/").context["areas"]] == [
        "Übersicht",
        "Beratung",
        "Anliegen",
        "Gespräche",
        "Prüfen",
        "Lücken",
    ]


def test_frame_says_how_many_wait_and_whether_one_can_be_reached() -> None:
    user = member()
    client = Client()
    client.force_login(user)
    assert "<title>Mein Konto" in client.get("/team/konto/").content.decode()
    assert 'id="waiting" hidden>' in client.get("/team/konto/").content.decode()
    presence_set(user, available=True)
    conversation_hand(conversation([("citizen", "Guten Tag")]).id, "ask")

    page = client.get("/team/konto/").content.decode()

    assert "<title>(1) Mein Konto" in page
    assert '<span class="unseen" data-field="said">1 Person wartet</span>' in page
    assert 'data-field="reach">erreichbar</a>' in page
    assert 'data-beat="/team/beratung/da" data-seconds="15.0"' in page
