"""The form as a browser without JavaScript gets it."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import DatabaseError
from django.http import HttpResponse
from django.test import Client

from tests.web.inquiries.leaving import PERSONAL, TYPED, changed, left
from web.chat import switch
from web.chat.limits import AddressLimit
from web.inquiries import leave_word
from web.inquiries.contents import Contents, contents_of
from web.inquiries.models import Inquiry
from web.rights.periods import period_set

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def wide_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """All tests have the same address."""
    monkeypatch.setattr(leave_word, "address_limit", AddressLimit(1000))


def _html(response: HttpResponse) -> str:
    return unescape(response.content.decode())


def _send(client: Client, origin: str = "http://testserver", **fields: str) -> HttpResponse:
    """Sends the form, filled in well but for `fields`."""
    return client.post("/nachricht/", {**TYPED, "consent": "1", **fields}, headers={"origin": origin})


def _tag(html: str, identifier: str) -> str:
    """The tag with an id."""
    [tag] = re.findall(rf'<[a-z]+ [^>]*\bid="{identifier}"[^>]*>', html)
    return str(tag)


def _left() -> list[Contents]:
    return [contents_of(inquiry) for inquiry in Inquiry.objects.order_by("id")]


def test_form_leads_to_a_page_with_the_reference_which_stays_when_it_is_loaded_again(client: Client) -> None:
    response = _send(client)
    inquiry = Inquiry.objects.get()
    address = response.headers["Location"]
    assert (response.status_code, address) == (303, f"/nachricht/{inquiry.reference}/")
    assert _left() == [Contents(TYPED["concern"], "Erika Mustermann", "erika@example.org", "+49 611 123456")]
    for _ in range(2):
        shown = client.get(address)
        assert shown.status_code == 200
        assert f"Ihr Zeichen ist {inquiry.reference}." in _html(shown)
        assert [word for word in PERSONAL if word in _html(shown)] == []


def test_form_that_is_sent_twice_is_stored_once(client: Client) -> None:
    [identifier] = re.findall(r'name="id" value="([^"]+)"', _html(client.get("/nachricht/")))
    addresses = {_send(client, id=identifier).headers["Location"] for _ in range(2)}
    assert addresses == {f"/nachricht/{Inquiry.objects.get().reference}/"}


def test_each_form_has_an_id_of_its_own_and_keeps_it_when_it_comes_back(client: Client) -> None:
    ids = [re.findall(r'name="id" value="([^"]+)"', _html(client.get("/nachricht/"))) for _ in range(2)]
    assert ids[0] != ids[1]
    assert re.findall(r'name="id" value="([^"]+)"', _html(_send(client, id=ids[0][0], concern=""))) == ids[0]


@pytest.mark.parametrize(
    ("language", "title", "thanks"),
    [("einfach", "Eine Nachricht schreiben", "Ihre Nachricht ist da"), ("en", "Leave a message", "Your message has arrived")],
)
def test_language_goes_all_the_way(client: Client, language: str, title: str, thanks: str) -> None:
    page = _html(client.get(f"/nachricht/?sprache={language}"))
    assert f"<h1>{title}</h1>" in page
    assert f'name="sprache" value="{language}"' in page
    response = _send(client, sprache=language)
    assert Inquiry.objects.get().register == language
    assert urlsplit(response.headers["Location"]).query == f"sprache={language}"
    assert f"<h1>{thanks}</h1>" in _html(client.get(response.headers["Location"]))


def test_errors_are_listed_with_links_tied_to_their_fields_and_the_entries_are_kept(client: Client) -> None:
    response = client.post(
        "/nachricht/",
        {"concern": "", "name": "Erika <b>", "email": "erika@", "phone": "12"},
        headers={"origin": "http://testserver"},
    )
    html = response.content.decode()
    assert response.status_code == 422
    assert "<title>Fehler: Anliegen hinterlassen" in html
    assert re.findall(r'<li><a href="#(\w+)">', html) == ["concern", "email", "phone", "consent"]
    described = {
        field: re.findall(r'aria-describedby="([^"]+)"', _tag(html, field))[0] for field in ("concern", "email", "consent")
    }
    assert described == {
        "concern": "concern-hint concern-error",
        "email": "contact-hint email-error",
        "consent": "consent-hint consent-error",
    }
    assert [
        field for field in ("concern", "name", "email", "phone", "consent") if 'aria-invalid="true"' in _tag(html, field)
    ] == [*("concern", "email", "phone", "consent")]
    assert _tag(html, "email-error") in html
    assert 'value="Erika &lt;b&gt;"' in _tag(html, "name")
    assert 'value="erika@"' in _tag(html, "email")
    assert "checked" not in _tag(html, "consent")
    assert Inquiry.objects.count() == 0


def test_text_that_is_too_long_comes_back_whole_with_the_consent(client: Client) -> None:
    html = _html(_send(client, concern="x" * 2400))
    assert "Bitte kürzen Sie Ihr Anliegen auf höchstens 2000 Zeichen." in html
    assert f"\n{'x' * 2400}</textarea>" in html
    assert "checked" in _tag(html, "consent")


def test_form_says_who_reads_it_and_how_long_it_is_kept(client: Client) -> None:
    period_set("inquiry", 47)
    page = _html(client.get("/nachricht/"))
    assert "Wir löschen sie 47 Tage, nachdem Ihr Anliegen erledigt ist." in page
    assert "Ein Mensch liest Ihr Anliegen" in page


def test_word_can_be_left_while_the_chat_is_switched_off(client: Client) -> None:
    switch.turn(False, "Wartung", "test")
    assert _send(client).status_code == 303


def test_whoever_gave_no_contact_data_is_told_what_that_means(client: Client) -> None:
    response = _send(client, email="", phone="")
    assert "Deshalb können wir Ihnen nicht antworten." in _html(client.get(response.headers["Location"]))


def test_form_of_another_site_is_refused_and_the_entries_are_kept(client: Client) -> None:
    response = _send(client, origin="https://www.example.org")
    assert response.status_code == 403
    assert "Ihr Anliegen kam von einer anderen Website." in _html(response)
    assert 'value="Erika Mustermann"' in _html(response)
    assert Inquiry.objects.count() == 0


def test_too_many_from_one_address_are_put_off(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leave_word, "address_limit", AddressLimit(1))
    first, second = _send(client), _send(client, concern="Noch etwas.")
    assert [first.status_code, second.status_code] == [303, 429]
    assert "Das waren viele Anliegen in kurzer Zeit." in _html(second)
    assert "Noch etwas.</textarea>" in _html(second)


def test_database_that_is_away_loses_no_entry(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: Any, **kwargs: Any) -> None:
        raise DatabaseError

    monkeypatch.setattr(leave_word, "inquiry_leave", away)
    monkeypatch.setattr(leave_word, "days", away)
    response = _send(client)
    assert response.status_code == 503
    assert "Wir können Ihr Anliegen gerade nicht speichern." in _html(response)
    assert f"\n{TYPED['concern']}</textarea>" in _html(response)
    assert client.get("/nachricht/").status_code == 200


@pytest.mark.parametrize("reference", ["WL-2222-2222", "WL-0000-0000", "nonsense"])
def test_reference_that_nobody_has_is_not_found(client: Client, reference: str) -> None:
    assert client.get(f"/nachricht/{reference}/").status_code == 404


def test_pages_set_no_cookie_and_no_address_holds_what_was_typed(client: Client) -> None:
    responses = [client.get("/nachricht/"), _send(client), _send(client, concern="")]
    assert [dict(response.cookies) for response in responses] == [{}, {}, {}]
    assert 'method="post" action="/nachricht/"' in _html(responses[0])


def test_reference_is_shown_as_long_as_the_inquiry_is_there_whatever_its_progress(client: Client) -> None:
    inquiry = changed(left(), progress="taken")
    assert client.get(f"/nachricht/{inquiry.reference}/").status_code == 200
    inquiry.delete()
    assert client.get(f"/nachricht/{inquiry.reference}/").status_code == 404
