from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from content import read_content
from tests.web.editing.conftest import full_disk
from tests.web.records import member
from web.editing.models import Edit

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS = "/team/inhalte/thema/alliance_definition/"


@pytest.fixture
def client(folder: Path) -> Client:
    client = Client()
    client.force_login(member("redaktion", role="Redaktion", first_name="Rita", last_name="Redlich"))
    return client


def _fields(client: Client, address: str = ADDRESS) -> dict[str, str]:
    """What the browser would send back without a change."""
    context = client.get(address).context
    sent = {field.name: str(field.value()) for field in context["form"] if field.name != "opening"}
    return {**sent, "version": context["version"]}


def test_overview_leads_to_every_entry(client: Client) -> None:
    page = client.get("/team/inhalte/").content.decode()

    content = read_content()
    for topic in content.topics.values():
        assert f'<a href="/team/inhalte/thema/{topic.id}/">' in page
    for address in ("kontakt/servicestelle", "antwort/greet", "ablehnung/oos_money", "quelle/page"):
        assert f'<a href="/team/inhalte/{address}/">' in page
    for participant in content.participants:
        assert f'<a href="/team/inhalte/beteiligte/{participant.id}/">' in page
    assert "Bisher hat niemand etwas geändert." in page


def test_saved_form_changes_the_answer_and_is_told_with_author(client: Client, folder: Path) -> None:
    sent = {**_fields(client), "answers.einfach": "Die Allianz ist eine Gruppe. Viele machen mit."}

    response = client.post(ADDRESS, sent, follow=True)

    assert response.redirect_chain == [("/team/inhalte/", 302)]
    page = response.content.decode()
    assert "Gespeichert. Der Wohnlotse benutzt es ab jetzt." in page
    assert "Rita Redlich" in page
    assert (
        read_content(folder).topics["alliance_definition"].answers.einfach == "Die Allianz ist eine Gruppe. Viele machen mit."
    )


def test_form_sent_back_as_it_came_changes_nothing(client: Client, folder: Path) -> None:
    before = (folder / "contacts.yml").read_bytes()

    response = client.post(
        "/team/inhalte/kontakt/servicestelle/", _fields(client, "/team/inhalte/kontakt/servicestelle/"), follow=True
    )

    assert "Es war nichts geändert." in response.content.decode()
    assert (folder / "contacts.yml").read_bytes() == before


def test_opening_hours_are_entered_in_rows(client: Client, folder: Path) -> None:
    address = "/team/inhalte/kontakt/servicestelle/"
    rows = {"opening_0": "Mo – Do", "opening_1": "9", "opening_2": "12.00 Uhr"}

    client.post(address, {**_fields(client, address), **rows})
    page = client.get(address).content.decode()

    assert read_content(folder).contacts.hours == "Montag bis Donnerstag von 9 bis 12 Uhr"
    assert 'value="Mo-Do"' in page
    assert page.count('aria-label="Tage, ') == 3


def test_mistake_stands_at_its_field_and_the_entry_is_kept(client: Client) -> None:
    response = client.post(ADDRESS, {**_fields(client), "answers.standard": "Hallo du, {nichts}!", "title": "Neuer Titel"})

    page = response.content.decode()
    assert response.status_code == 422
    assert response.context["form"].errors == {"answers.standard": ["den Platzhalter {nichts} gibt es hier nicht"]}
    assert 'aria-invalid="true" aria-describedby="id_answers.standard_error"' in page
    assert "Hallo du, {nichts}!" in page
    assert 'value="Neuer Titel"' in page


def test_preview_fills_the_braces_and_saves_nothing(client: Client, folder: Path) -> None:
    address = "/team/inhalte/thema/service_address/"
    before = (folder / "topics" / "service_address.yml").read_bytes()

    response = client.post(address, {**_fields(client, address), "answers.einfach": "Hier: {address}.", "preview": "1"})

    content = read_content(folder)
    assert f"Hier: {content.contacts.address}." in response.content.decode()
    assert (folder / "topics" / "service_address.yml").read_bytes() == before
    assert Edit.objects.count() == 0


@pytest.mark.parametrize("kind", ["kontakt/servicestelle", "antwort/repeat", "antwort/handoff_taken", "ablehnung/oos_money"])
def test_preview_of_every_kind_is_shown(client: Client, kind: str) -> None:
    address = f"/team/inhalte/{kind}/"

    response = client.post(address, {**_fields(client, address), "preview": "1"})

    assert response.status_code == 200
    assert "Vorschau, noch nicht gespeichert" in response.content.decode()


def test_entry_changed_by_somebody_else_shows_both_and_can_be_saved_again(client: Client, folder: Path) -> None:
    mine = {**_fields(client), "title": "Mein Titel"}
    client.post(ADDRESS, {**_fields(client), "title": "Titel der Kollegin"})

    response = client.post(ADDRESS, mine)

    page = response.content.decode()
    assert response.status_code == 409
    assert "Jetzt gespeichert: Titel der Kollegin" in page
    assert "Ihre Eingabe: Mein Titel" in page
    assert client.post(ADDRESS, {**mine, "version": response.context["version"]}).status_code == 302
    assert read_content(folder).topics["alliance_definition"].title == "Mein Titel"


def test_disk_that_takes_nothing_keeps_the_entry_in_the_form(client: Client) -> None:
    sent = {**_fields(client), "title": "Neuer Titel"}

    with full_disk():
        response = client.post(ADDRESS, sent)

    page = response.content.decode()
    assert response.status_code == 503
    assert "Die Datei konnte nicht geschrieben werden, es ist nichts geändert." in page
    assert 'value="Neuer Titel"' in page


def test_change_is_shown_line_by_line_and_taken_back(client: Client, folder: Path) -> None:
    before = (folder / "topics" / "alliance_definition.yml").read_bytes()
    title = read_content(folder).topics["alliance_definition"].title
    client.post(ADDRESS, {**_fields(client), "title": "Neuer Titel"})
    address = reverse("editing_edit", args=[Edit.objects.get().pk])

    page = client.get(address).content.decode()
    assert f"<del><span>−</span>title: {title}</del>" in page
    assert "<ins><span>+</span>title: Neuer Titel</ins>" in page

    page = client.post(address, follow=True).content.decode()
    assert "Die Änderung ist zurückgenommen." in page
    assert (folder / "topics" / "alliance_definition.yml").read_bytes() == before
    assert "Diese Änderung ist schon zurückgenommen." in client.post(address, follow=True).content.decode()


def test_history_has_pages(client: Client) -> None:
    Edit.objects.bulk_create([Edit(file="x.yml", before="a", after="b", summary=f"Nummer {number}") for number in range(51)])

    first = client.get("/team/inhalte/verlauf/")
    [second] = client.get(f"/team/inhalte/verlauf/?vor={first.context['older']}").context["edits"]

    assert [edit.summary for edit in first.context["edits"]] == [f"Nummer {number}" for number in range(50, 0, -1)]
    assert second.summary == "Nummer 0"
    assert client.get("/team/inhalte/verlauf/?vor=unsinn").status_code == 200


@pytest.mark.parametrize("address", ["thema/gibtsnicht/", "unsinn/greet/", "verlauf/99/"])
def test_what_is_not_there_is_not_found(client: Client, address: str) -> None:
    assert client.get(f"/team/inhalte/{address}").status_code == 404


def test_broken_file_is_told_and_the_last_good_content_stays(client: Client, folder: Path) -> None:
    client.get("/team/inhalte/")
    (folder / "replies.yml").write_text("greet: [", encoding="utf-8")

    page = client.get("/team/inhalte/").content.decode()

    assert "Der Wohnlotse benutzt weiter die letzte gute Fassung." in page
    assert "replies.yml, Zeile" in page


def test_content_that_was_never_good_is_told(client: Client, folder: Path) -> None:
    (folder / "replies.yml").write_text("greet: [", encoding="utf-8")

    page = client.get("/team/inhalte/").content.decode()

    assert "lassen sich hier nicht bearbeiten" in page
    assert client.get(ADDRESS).status_code == 404


def test_beratung_may_not_edit(folder: Path) -> None:
    client = Client()
    client.force_login(member(role="Beratung"))

    assert client.get("/team/inhalte/").status_code == 403
    assert client.post(ADDRESS, {}).status_code == 403
