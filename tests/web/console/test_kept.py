"""What staff wrote into a form is not lost because their log-in has ended."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client

from tests.web import records
from web.review.models import Note

pytestmark = pytest.mark.django_db(transaction=True)

_NOTE = "Bitte noch einmal\nbei <b>der Stadt</b> nachfragen."
_PAGE = "/team/gespraeche/00000000-0000-0000-0000-000000000000/"


def _kept(body: str) -> str:
    """What stands in the page's field."""
    [text] = re.findall(r'(?s)<textarea id="kept"[^>]*>\n?(.*?)</textarea>', body)
    return html.unescape(text)


def _post(client: Client, fields: dict[str, str], **headers: str) -> tuple[int, str]:
    talk = records.conversation([("citizen", "Guten Tag")])
    response = client.post(f"/team/pruefen/gespraech/{talk.pk}/notizen/", fields, headers=headers)
    return response.status_code, response.headers.get("Location") or response.content.decode()


def test_text_is_shown_to_whoever_is_not_logged_in_any_more() -> None:
    fields = {"note": _NOTE, "next": "/team/pruefen/", "old": "mein altes Passwort", "csrfmiddlewaretoken": "a b"}

    status, body = _post(Client(), fields, referer=f"http://testserver{_PAGE}?zone=decline")

    assert (status, _kept(body)) == (401, _NOTE)
    [target] = re.findall(r'href="(/team/login/[^"]*)"', body)
    assert Client().get(html.unescape(target)).context["next"] == f"{_PAGE}?zone=decline"
    assert not Note.objects.exists()


@pytest.mark.parametrize(
    "referer", ["", "https://evil.example/team/", "http://testserver/", "http://[", "//evil.example/team/"]
)
def test_log_in_leads_back_to_pages_of_the_console_only(referer: str) -> None:
    _, body = _post(Client(), {"note": _NOTE}, referer=referer)

    assert 'href="/team/login/?next=%2Fteam%2F"' in body


def test_form_without_a_text_leads_to_the_log_in() -> None:
    assert _post(Client(), {"outcome": "ignored"}) == (302, "/team/login/?next=%2Fteam%2F")


def test_text_is_shown_where_somebody_has_logged_in_anew_since_the_page_was_opened() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(records.member())

    status, body = _post(client, {"note": _NOTE, "csrfmiddlewaretoken": "x" * 64}, referer=f"http://testserver{_PAGE}")

    assert (status, _kept(body)) == (403, _NOTE)
    assert f'<a class="button" href="{_PAGE}">' in body
    assert not Note.objects.exists()


def test_text_that_another_site_sent_is_not_shown() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(records.member())

    status, body = _post(client, {"note": _NOTE}, origin="https://evil.example", referer="https://evil.example/team/")

    assert (status, "nachfragen" in body, "https://evil" in body) == (403, False, False)


def test_script_is_told_in_json() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(records.member())
    talk = records.conversation()

    response = client.post(
        f"/team/pruefen/gespraech/{talk.pk}/notizen/", {"note": _NOTE}, headers={"accept": "application/json"}
    )

    assert (response.status_code, response.json()) == (
        403,
        {
            "error": {
                "code": 403,
                "message": "Diese Seite war nicht mehr aktuell. Es wurde nichts gespeichert, weil Sie sich inzwischen neu "
                "angemeldet haben. Bitte öffnen Sie die Seite noch einmal.",
            }
        },
    )
