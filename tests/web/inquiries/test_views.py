"""The staff's pages."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace
from html import unescape

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from tests.web import records
from tests.web.inquiries.leaving import changed, left
from web.chat.conversations import conversation_delete
from web.inquiries.inquiries import inquiry_settle, inquiry_take
from web.inquiries.models import Inquiry
from web.rights.models import Reading
from web.rights.periods import period_set

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def diehl() -> User:
    return records.member("diehl", first_name="Xenia", last_name="Diehl")


@pytest.fixture
def team(client: Client, diehl: User) -> Client:
    """Frau Diehl's browser."""
    client.force_login(diehl, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _html(response: HttpResponse) -> str:
    assert response.status_code == 200
    return unescape(response.content.decode())


def _text(response: HttpResponse) -> str:
    """The page without its tags, each blank once."""
    return " ".join(re.sub(r"<[^>]+>", " ", _html(response)).split())


def _listed(response: HttpResponse) -> list[str]:
    """The references in the list, in order."""
    return re.findall(r'<a href="/team/anliegen/(WL-\w+-\w+)/">', _html(response))


def _step(team: Client, reference: str, step: str) -> str:
    """What the page says after a step."""
    response = team.post(f"/team/anliegen/{reference}/", {"schritt": step}, follow=True)
    [said] = re.findall(r'<ul class="messages"[^>]*>\s*<li class="(.*?)</li>', _html(response))
    return str(said).replace('">', ": ")


class TestList:
    def test_those_that_wait_are_shown_first_in_the_order_in_which_they_came(self, team: Client, diehl: User) -> None:
        now = timezone.now()
        late = changed(left(), at=now - datetime.timedelta(hours=1)).reference
        early = changed(left(), at=now - datetime.timedelta(days=3)).reference
        taken, done = left().reference, left().reference
        inquiry_take(taken, diehl)
        inquiry_settle(done, diehl)
        assert _listed(team.get("/team/anliegen/")) == [early, late]
        assert _listed(team.get("/team/anliegen/?stand=taken")) == [taken]
        assert _listed(team.get("/team/anliegen/?stand=done")) == [done]
        assert _listed(team.get("/team/anliegen/?stand=alle")) == [early, late, taken, done]

    def test_row_tells_what_can_be_told_without_reading(self, team: Client, diehl: User) -> None:
        reference = changed(left(phone="", register="einfach"), at=timezone.now() - datetime.timedelta(days=3)).reference
        inquiry_take(reference, diehl)
        page = _text(team.get("/team/anliegen/?stand=taken"))
        day = timezone.localtime(Inquiry.objects.get().at).strftime("%d.%m.%Y, %H:%M Uhr")
        assert f"{reference} ungelesen {day} 3 Tage alt in Arbeit Xenia Diehl E-Mail Einfache Sprache" in page
        assert "Mustermann" not in page
        assert Reading.objects.count() == 0

    def test_filters_tell_how_many_there_are(self, team: Client, diehl: User) -> None:
        inquiry_take(left().reference, diehl)
        left()
        assert "offen (1) in Arbeit (1) erledigt (0) alle (2)" in _text(team.get("/team/anliegen/"))

    def test_what_somebody_has_opened_is_not_unread_any_more(self, team: Client) -> None:
        reference = left().reference
        assert "ungelesen" in _text(team.get("/team/anliegen/"))
        team.get(f"/team/anliegen/{reference}/")
        assert "ungelesen" not in _text(team.get("/team/anliegen/"))

    @pytest.mark.parametrize(
        ("progress", "said"),
        [
            ("open", "Kein Anliegen wartet."),
            ("taken", "Gerade bearbeitet niemand ein Anliegen."),
            ("done", "Noch ist kein Anliegen erledigt."),
            ("alle", "Noch hat niemand ein Anliegen hinterlassen."),
        ],
    )
    def test_empty_list_says_so(self, team: Client, progress: str, said: str) -> None:
        assert said in _text(team.get(f"/team/anliegen/?stand={progress}"))

    def test_long_list_has_pages(self, team: Client) -> None:
        Inquiry.objects.bulk_create(
            [
                Inquiry(reference=f"WL-2222-{number}", post_id=f"{number:032x}", concern=b"", consented_at=timezone.now())
                for number in range(1000, 1051)
            ]
        )
        first, second = team.get("/team/anliegen/"), team.get("/team/anliegen/?stand=open&seite=2")
        assert (len(_listed(first)), _listed(second)) == (50, ["WL-2222-1050"])
        assert "Seite 1 von 2" in _text(first)
        assert 'href="?stand=open&seite=2"' in _html(first)

    def test_console_says_that_no_mail_is_sent(self, team: Client, settings: Settings) -> None:
        assert "E-Mails über neue Anliegen sind nicht eingerichtet." in _text(team.get("/team/anliegen/"))
        settings.WOHNLOTSE = replace(settings.WOHNLOTSE, smtp_url="smtp://127.0.0.1:9", mail_from="a@b.de")
        assert "nicht eingerichtet" not in _text(team.get("/team/anliegen/"))

    def test_console_says_that_the_mail_server_takes_none(self, team: Client, settings: Settings) -> None:
        settings.WOHNLOTSE = replace(settings.WOHNLOTSE, smtp_url="smtp://127.0.0.1:9", mail_from="a@b.de")
        User.objects.update(email="diehl@example.de")
        changed(left(), at=timezone.now() - datetime.timedelta(minutes=5))
        assert "Der Mailserver nimmt gerade keine E-Mails an." in _text(team.get("/team/anliegen/"))


class TestInquiry:
    def test_it_is_shown_in_clear_with_links_and_the_reading_is_recorded(self, team: Client, diehl: User) -> None:
        inquiry = left(email="erika+a%b@example.org")
        page = _html(team.get(f"/team/anliegen/{inquiry.reference}/"))
        links = re.findall(r'href="((?:mailto|tel):[^"]*)"', page)
        assert links == [
            f"mailto:erika%2Ba%25b@example.org?subject=Ihr%20Anliegen%20{inquiry.reference}",
            "tel:+49-611-123456",
        ]
        assert "Meine Vermieterin antwortet nicht.\nWas kann ich tun?" in page
        assert "+49 611 123456" in page
        [reading] = Reading.objects.all()
        assert (reading.user, reading.kind, reading.subject) == (diehl, "inquiry", inquiry.reference)

    def test_markup_in_a_text_is_text(self, team: Client) -> None:
        inquiry = left(concern="<script>alert(1)</script>", name="<b>Erika</b>")
        page = team.get(f"/team/anliegen/{inquiry.reference}/").content.decode()
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert "&lt;b&gt;Erika&lt;/b&gt;" in page

    def test_missing_contact_data_are_told(self, team: Client) -> None:
        inquiry = left(name="", email="", phone="")
        assert "Eine Antwort ist nicht möglich." in _text(team.get(f"/team/anliegen/{inquiry.reference}/"))

    def test_key_that_is_missing_is_told_and_the_list_still_works(self, team: Client, settings: Settings) -> None:
        inquiry = left()
        settings.WOHNLOTSE = replace(settings.WOHNLOTSE, contact_key="another key that is long enough to be one")
        page = _text(team.get(f"/team/anliegen/{inquiry.reference}/"))
        assert "Dieses Anliegen lässt sich nicht lesen: Der Schlüssel" in page
        assert "Bitte wenden Sie sich an die Technik." in page
        assert _listed(team.get("/team/anliegen/")) == [inquiry.reference]

    def test_conversation_is_linked_as_long_as_it_exists(self, team: Client) -> None:
        conversation = records.conversation([("citizen", "Ist jemand da?")])
        inquiry = left(conversation_id=conversation.id)
        address = f"/team/anliegen/{inquiry.reference}/"
        assert f'href="/team/gespraeche/{conversation.id}/"' in _html(team.get(address))
        conversation_delete(conversation.id)
        assert "Gespräch keines (Formular, oder das Gespräch ist gelöscht)" in _text(team.get(address))

    def test_day_of_deletion_is_told(self, team: Client, diehl: User) -> None:
        period_set("inquiry", 100)
        inquiry = left()
        address = f"/team/anliegen/{inquiry.reference}/"
        in_days = {
            days: f"{timezone.localtime(timezone.now() + datetime.timedelta(days=days)):%d.%m.%Y}" for days in (100, 200)
        }
        assert f"Löschung am {in_days[200]}, wenn es bis dahin offen bleibt." in _text(team.get(address))
        inquiry_settle(inquiry.reference, diehl)
        assert f"Löschung am {in_days[100]}" in _text(team.get(address))

    def test_steps_from_open_to_done_and_back(self, team: Client, diehl: User) -> None:
        reference = left().reference
        assert _step(team, reference, "take") == "success: Sie bearbeiten dieses Anliegen jetzt."
        assert Inquiry.objects.get().by == diehl
        assert _step(team, reference, "settle") == "success: Das Anliegen ist erledigt."
        assert _step(team, reference, "reopen") == "success: Das Anliegen ist wieder offen."
        assert Inquiry.objects.get().progress == "open"

    def test_second_of_two_is_told_who_was_faster(self, team: Client) -> None:
        reference = left().reference
        inquiry_take(reference, records.member("piesk", first_name="Susanne", last_name="Piesk"))
        assert _step(team, reference, "take") == "error: Dieses Anliegen bearbeitet schon Susanne Piesk."
        page = _text(team.get(f"/team/anliegen/{reference}/"))
        assert "Susanne Piesk bearbeitet dieses Anliegen. Wenn Sie es übernehmen möchten, geben Sie es erst frei." in page
        assert "Freigeben" in page

    @pytest.mark.parametrize("step", ["", "delete"])
    def test_step_that_there_is_none_changes_nothing(self, team: Client, step: str) -> None:
        reference = left().reference
        assert team.post(f"/team/anliegen/{reference}/", {"schritt": step}).status_code == 404
        assert Inquiry.objects.get().progress == "open"

    def test_reference_that_there_is_none_is_not_found(self, team: Client) -> None:
        assert team.get("/team/anliegen/WL-2222-2222/").status_code == 404
        assert team.post("/team/anliegen/WL-2222-2222/", {"schritt": "take"}).status_code == 404
        assert Reading.objects.count() == 0

    def test_only_those_who_may_answer_get_in(self, client: Client) -> None:
        reference = left().reference
        visitor = User.objects.create_user("ohne-rolle")
        assert client.get(f"/team/anliegen/{reference}/").status_code == 302
        client.force_login(visitor, backend="django.contrib.auth.backends.ModelBackend")
        assert client.get(f"/team/anliegen/{reference}/").status_code == 403
        assert client.get("/team/anliegen/").status_code == 403
        assert Reading.objects.count() == 0
