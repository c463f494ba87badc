"""The pages of retention and of citizens' rights, as a browser uses them."""

from __future__ import annotations

import json
import uuid

import pytest
from django.test import Client

from tests.web.records import conversation, member
from web.accounts.models import Change
from web.chat.models import Conversation
from web.inquiries.entries import Entries
from web.inquiries.inquiries import inquiry_leave
from web.inquiries.models import Inquiry
from web.rights.models import Period, Reading
from web.rights.periods import days
from web.rights.reading import reading_add

pytestmark = pytest.mark.django_db(transaction=True)

_PERIODS = {"conversation": "14", "review_set": "365", "inquiry": "90"}


@pytest.fixture
def leader() -> Client:
    client = Client()
    client.force_login(member("leitung", "Leitung"))
    return client


def _inquiry() -> Inquiry:
    entries = Entries("Bitte rufen Sie an.", "Petra <b>Beispiel</b>", "", "+49 611 123456")
    return inquiry_leave(entries, uuid.uuid4(), "standard", None)


def test_periods_are_set_and_their_history_is_kept(leader: Client) -> None:
    assert (days("conversation"), days("review_set"), days("inquiry")) == (30, 365, 180)

    assert leader.post("/team/rechte/", _PERIODS).status_code == 302

    assert (days("conversation"), days("review_set"), days("inquiry")) == (14, 365, 90)
    assert list(Period.objects.order_by("id").values_list("kind", "days", "by__username")) == [
        ("conversation", 14, "leitung"),
        ("inquiry", 90, "leitung"),
    ]
    page = leader.get("/team/rechte/").content.decode()
    assert "30 → 14 Tage" in page
    assert "14 Tage nach der letzten Nachricht" in page


@pytest.mark.parametrize("number", ["0", "-1", "3651", "viele", ""])
def test_period_that_is_none_is_refused_beside_its_field(leader: Client, number: str) -> None:
    page = leader.post("/team/rechte/", {**_PERIODS, "conversation": number}).content.decode()

    assert 'aria-invalid="true"' in page
    assert Period.objects.count() == 0


def test_number_is_found_however_it_is_spelt(leader: Client) -> None:
    talk = conversation([("citizen", "Was ist die Allianz?")])
    inquiry = _inquiry()
    spellings = (str(talk.pk), f" {str(talk.pk).upper()} ", talk.pk.hex, inquiry.reference, inquiry.reference.lower())
    for spelt in (*spellings, inquiry.reference.replace("-", " ")):
        response = leader.get("/team/rechte/nummer/", {"nummer": spelt})
        assert response.status_code == 200, spelt
        assert "Was ist die Allianz?" not in response.content.decode()
    for wrong in ("WL-2222-2222", str(uuid.uuid4()), "Petra", "%", "0"):
        assert leader.get("/team/rechte/nummer/", {"nummer": wrong}).status_code == 404
    assert Reading.objects.count() == 0


def test_hand_over_is_a_file_to_read_and_one_for_programs_and_is_recorded(leader: Client) -> None:
    inquiry = _inquiry()
    sent = {"nummer": inquiry.reference}

    page = leader.post("/team/rechte/auskunft/html/", sent)
    data = leader.post("/team/rechte/auskunft/json/", sent)

    assert page.headers["Content-Disposition"] == f'attachment; filename="auskunft-{inquiry.reference}.html"'
    assert "Petra &lt;b&gt;Beispiel&lt;/b&gt;" in page.content.decode()
    assert json.loads(data.content)["Anliegen"][0]["Name"] == "Petra <b>Beispiel</b>"
    assert (
        list(Reading.objects.values_list("user__username", "kind", "subject"))
        == [("leitung", "inquiry", inquiry.reference)] * 2
    )
    assert leader.post("/team/rechte/auskunft/pdf/", sent).status_code == 404
    assert leader.post("/team/rechte/auskunft/json/", {"nummer": "WL-2222-2222"}).status_code == 404


def test_deletion_wants_a_confirmation_and_gives_a_receipt(leader: Client) -> None:
    talk = conversation([("citizen", "Was ist die Allianz?"), ("bot", "Ein Bündnis.")])
    sent = {"nummer": str(talk.pk)}

    leader.post("/team/rechte/nummer/", sent)
    assert Conversation.objects.count() == 1
    receipt = leader.post("/team/rechte/nummer/", {**sent, "sure": "on"}).content.decode()

    assert "Das Gespräch mit 2 Nachrichten ist gelöscht" in receipt
    assert str(talk.pk) in receipt
    assert Conversation.objects.count() == 0
    assert list(Change.objects.values_list("by__username", "kind", "subject", "summary")) == [
        ("leitung", "deletion", str(talk.pk), "Gespräch auf Verlangen gelöscht")
    ]
    assert leader.post("/team/rechte/nummer/", {**sent, "sure": "on"}).status_code == 404


def test_readings_are_listed_by_number_and_never_counted_by_person(leader: Client) -> None:
    reader = member("weber")
    for subject in ("WL-2222-2222", "WL-3333-3333"):
        reading_add(reader, "inquiry", subject)

    everything = leader.get("/team/rechte/gelesen/").content.decode()
    one = leader.get("/team/rechte/gelesen/", {"nummer": "WL-2222-2222"}).content.decode()
    by_person = leader.get("/team/rechte/gelesen/", {"nummer": "weber"}).content.decode()

    assert everything.count("<td>weber</td>") == 2
    assert (one.count("<td>weber</td>"), "WL-3333-3333" in one) == (1, False)
    assert "Keine Vermerke." in by_person
