"""The pages of the archive, as each role sees them."""

from __future__ import annotations

import datetime
import html
import re
import uuid

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from tests.web.records import conversation, member, message, verdict
from web.accounts.models import Change
from web.archive.conversations import PAGE
from web.archive.documents import documents_index
from web.archive.models import Seen
from web.chat.models import Conversation, Deletion, Feedback
from web.handoff.models import Transition
from web.review.models import Review
from web.rights.models import Reading

pytestmark = pytest.mark.django_db(transaction=True)

LIST = "/team/gespraeche/"


@pytest.fixture
def reader() -> User:
    return member(first_name="Erika", last_name="Diehl")


@pytest.fixture
def client(reader: User) -> Client:
    client = Client()
    client.force_login(reader)
    return client


@pytest.fixture
def lead() -> Client:
    client = Client()
    client.force_login(member("leitung", "Leitung"))
    return client


def _text(client: Client, address: str, status: int = 200) -> str:
    """What stands on the page, without its tags."""
    response = client.get(address)
    assert response.status_code == status
    body = re.sub(r"(?s)<head>.*?</head>", "", response.content.decode())
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", body)).split())


def test_conversation_in_which_nothing_was_asked_can_be_opened_by_its_name(client: Client) -> None:
    made = conversation([("system", "Die Servicestelle weiß, dass Sie warten.")])

    page = client.get(LIST).content.decode()

    assert f'<a href="{LIST}{made.id}/">ohne Frage</a>' in page


def _address(made: Conversation, query: str = "") -> str:
    return f"{LIST}{made.id}/{query}"


def test_list_shows_conversations_newest_first_and_what_is_new(client: Client, reader: User) -> None:
    start = timezone.now() - datetime.timedelta(hours=1)
    conversation([("citizen", "Erste Frage?"), ("bot", "Antwort.")], at=start)
    conversation([("citizen", "Zweite Frage?")], at=start + datetime.timedelta(minutes=1))
    seen = conversation([("citizen", "Dritte Frage?")], at=start + datetime.timedelta(minutes=2))
    Seen.objects.create(user=reader, conversation=seen, seq=1)

    text = _text(client, LIST)

    assert re.findall(r"(\w+) Frage\?( neu)?", text) == [("Dritte", ""), ("Zweite", " neu"), ("Erste", " neu")]


def test_list_without_conversations_says_so(client: Client) -> None:
    assert "Es gibt hier keine Gespräche." in _text(client, LIST)
    assert "Kein Gespräch passt zu diesen Filtern." in _text(client, f"{LIST}?zone=decline")


def test_bad_address_is_no_error_and_says_what_was_left_out(client: Client) -> None:
    conversation([("citizen", "Erste Frage?")])

    text = _text(client, f"{LIST}?zone=mars&after=gestern&before=_&below=x&seite=3")

    assert "Ausgang: „mars“ wurde nicht beachtet." in text
    assert "Sicherheit unter (%): „x“ wurde nicht beachtet." in text
    assert "Erste Frage?" in text


def test_empty_fields_leave_the_address(client: Client) -> None:
    response = client.get(f"{LIST}?text=&zone=decline&since=&topic=")

    assert (response.status_code, response.headers["Location"]) == (302, f"{LIST}?zone=decline")


def test_filters_stay_on_the_way_through_the_pages(client: Client) -> None:
    for number in range(PAGE + 1):
        conversation([("citizen", f"Frage {number}?")], channel="embedded")
    body = client.get(f"{LIST}?channel=embedded").content.decode()
    older = re.search(r'href="([^"]*)" rel="next"', body)
    assert older is not None

    second = client.get(LIST + html.unescape(older[1])).content.decode()

    assert re.findall(r"Frage \d+\?", second) == ["Frage 0?"]
    newer = re.search(r'href="([^"]*)" rel="prev"', second)
    assert newer is not None
    assert client.get(LIST + html.unescape(newer[1])).content.decode().count('scope="row"') == PAGE
    assert 'rel="next"' not in second


def test_what_a_citizen_wrote_is_no_markup(client: Client) -> None:
    made = conversation([("citizen", "<script>alert(1)</script> Förderung <b>")])
    documents_index()

    for address in (f"{LIST}?text=f%C3%B6rderung", _address(made, "?text=f%C3%B6rderung")):
        body = client.get(address).content.decode()
        assert "<script>alert" not in body
        assert "&lt;script&gt;alert(1)&lt;/script&gt; <mark>Förderung</mark> &lt;b&gt;" in body


def test_transcript_says_what_was_understood_answered_and_thought_of_it(client: Client) -> None:
    made = conversation()
    question = message(made, "Welche Ziele?", redacted=True)
    verdict(question, "alliance_goals", "answer", confidence=0.874)
    answer = message(
        made,
        "Gutes Wohnen.",
        "bot",
        reply_to=1,
        buttons=[{"title": "Wer macht mit?", "payload": "Wer macht mit?"}],
        source={"title": "Seite der Allianz", "url": "https://example.de", "stand": "2026-01-31"},
    )
    Feedback.objects.create(message=answer, helpful=False, reason="incomplete")
    Review.objects.create(message=question, outcome="corrected", topic="alliance_reason")
    Transition.objects.create(conversation=made, event="ask", before="bot", after="requested")
    colleague = member("piesk", shown_as="Herr Piesk", first_name="Paul", last_name="Piesk")
    Transition.objects.create(conversation=made, event="take", before="requested", after="staff", by=colleague)
    message(made, "Guten Tag!", "staff", by=colleague)

    text = _text(client, _address(made))

    log = text[text.index("Verlauf") : text.index("Prüfung, Schlagwörter")]
    assert re.sub(r" ?, \d\d\.\d\d\.\d{4}, \d\d:\d\d Uhr", "", log) == (
        "Verlauf Bürgerin oder Bürger Angaben ersetzt Welche Ziele? "
        "Verstanden als Welche Ziele hat die Allianz? , Sicherheit 87 %, beantwortet "
        "Geprüft: anderes Thema, Warum gibt es die Allianz? "
        "Wohnlotse Gutes Wohnen. Angeboten: „Wer macht mit?“ Quelle: Seite der Allianz , Stand 31.01.2026 "
        "Rückmeldung: hat nicht geholfen. Es fehlt etwas. "
        "Nach einer Person gefragt Von der Servicestelle angenommen (Paul Piesk) "
        "Herr Piesk, Servicestelle Guten Tag! "
    )


def test_reading_a_transcript_is_recorded_and_makes_it_read(client: Client, reader: User) -> None:
    made = conversation([("citizen", "Frage?"), ("bot", "Antwort.")])

    client.get(_address(made))

    assert list(Reading.objects.values_list("user", "kind", "subject")) == [(reader.pk, "conversation", str(made.id))]
    assert list(Seen.objects.values_list("user", "conversation", "seq")) == [(reader.pk, made.id, 2)]
    assert "Frage? neu" not in _text(client, LIST)


def test_reading_the_list_is_recorded_once_with_its_filters(client: Client, reader: User) -> None:
    """It shows what citizens asked; what was searched for may be a name."""
    for _ in range(3):
        conversation([("citizen", "Frage?")])

    client.get(LIST)
    client.get(f"{LIST}?zone=decline&text=Vollmer")

    assert [(each.user, each.kind, each.subject) for each in Reading.objects.order_by("id")] == [
        (reader, "list", "Gespräche: alle"),
        (reader, "list", "Gespräche: Suche: …, Ausgang: nicht beantwortet"),
    ]


@pytest.mark.parametrize("query", ["until=9999-12-31", "since=9999-12-31", "since=0001-01-01", "until=0001-01-01"])
def test_day_at_the_edge_of_the_calendar_is_left_out_and_named(client: Client, query: str) -> None:
    conversation([("citizen", "Frage?")])

    text = _text(client, f"{LIST}?{query}")

    assert f"{query[-10:]}“ wurde nicht beachtet." in text
    assert "Frage?" in text


def test_transcript_leads_to_its_neighbours_within_the_filters(client: Client) -> None:
    channels = ("embedded", "widget", "embedded")
    newest_last = [conversation([("citizen", "Frage?")], channel=channel) for channel in channels]

    body = client.get(_address(newest_last[0], "?channel=embedded")).content.decode()

    assert re.findall(r'href="([^"]*)" rel="(\w+)"', body) == [(_address(newest_last[2], "?channel=embedded"), "prev")]


@pytest.mark.parametrize("ending", ["", "loeschen/"])
def test_conversation_that_is_not_there_is_a_page_that_says_so(lead: Client, ending: str) -> None:
    assert "Das gibt es nicht" in _text(lead, f"{LIST}{uuid.uuid4()}/{ending}", status=404)


def test_lead_deletes_a_conversation_after_being_asked(lead: Client) -> None:
    made = conversation([("citizen", "Frage?"), ("bot", "Antwort.")])
    other = conversation([("citizen", "Andere Frage?")])
    address = _address(made, "loeschen/")

    assert "alle 2 Nachrichten" in _text(lead, address)
    assert Conversation.objects.filter(pk=made.pk).exists()

    response = lead.post(address)

    assert (response.status_code, response.headers["Location"]) == (302, LIST)
    assert list(Conversation.objects.values_list("pk", flat=True)) == [other.pk]
    assert list(Deletion.objects.values_list("conversation_id", "messages")) == [(made.id, 2)]
    assert list(Change.objects.values_list("kind", "subject", "summary")) == [
        ("deletion", str(made.id), "Gespräch mit 2 Nachrichten gelöscht")
    ]
    assert "Das Gespräch mit 2 Nachrichten ist gelöscht." in _text(lead, LIST)


def test_who_may_not_delete_sees_no_way_to_it(client: Client) -> None:
    made = conversation([("citizen", "Frage?")])

    assert "Löschen" not in _text(client, _address(made))
    assert client.post(_address(made, "loeschen/")).status_code == 403
    assert Conversation.objects.filter(pk=made.pk).exists()


def test_who_may_not_export_sees_no_way_to_it(client: Client) -> None:
    conversation([("citizen", "Frage?")])

    assert "ausleiten" not in _text(client, LIST)
    assert client.get(f"{LIST}ausleiten/csv/").status_code == 403
    assert not Reading.objects.filter(kind="export").exists()
