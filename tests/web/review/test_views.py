"""The pages of the review, by forms and links alone."""

from __future__ import annotations

import json
import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.web import records
from web.chat.models import Author, Conversation, Message
from web.review.models import Note, Review, Status, Suggestion, Tag
from web.review.suggestions import suggestion_confirm, suggestion_make
from web.rights.models import Reading

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def piesk() -> User:
    return records.member("piesk", "Redaktion")


@pytest.fixture
def client(piesk: User) -> Client:
    client = Client()
    client.force_login(piesk)
    return client


def _question(text: str, intent: str = "alliance_definition", zone: str = "answer", confidence: float = 0.6) -> Message:
    talk = records.conversation([(Author.CITIZEN, text), (Author.BOT, "Die Antwort.")])
    question = talk.messages.get(author=Author.CITIZEN)
    ranking = [{"name": intent, "confidence": confidence}, {"name": "oos_money", "confidence": 0.2}]
    records.verdict(question, intent, zone, confidence=confidence, ranking=ranking)
    return question


def _text(html: str) -> str:
    """What a page says, without its tags."""
    return " ".join(re.sub(r"<[^>]*>", " ", html.split("<main", 1)[1]).split())


def _page(client: Client, path: str) -> str:
    response = client.get(f"/team/{path}")
    assert response.status_code == 200
    return str(response.content.decode())


def _judge(client: Client, message: Message, **fields: object) -> str:
    """What the page after it says."""
    response = client.post(f"/team/pruefen/nachricht/{message.pk}/", fields, follow=True)
    return _text(response.content.decode())


def test_next_message_stands_there_with_its_verdict_and_its_answer_and_that_is_recorded(client: Client, piesk: User) -> None:
    question = _question("Wofür ist das gut?")

    text = _text(_page(client, "pruefen/"))

    assert "Noch zu prüfen: 1 ." in text
    assert "Wofür ist das gut?" in text
    assert "Die Antwort." in text
    assert "Verstanden als: Was ist die Allianz für Wohnen in Hessen? (60&nbsp;%)" in text
    assert list(Reading.objects.values_list("user", "kind", "subject")) == [
        (piesk.pk, "conversation", str(question.conversation_id))
    ]


def test_reading_similar_ones_of_other_conversations_is_recorded(client: Client) -> None:
    conversations = {str(_question("Wofür ist das gut?").conversation_id) for _ in range(2)}

    _page(client, "pruefen/")

    assert sorted(Reading.objects.values_list("subject", flat=True)) == sorted(conversations)


def test_empty_queue_says_why(client: Client) -> None:
    assert "Alle Nachrichten, die der Bot gelesen hat, sind geprüft." in _text(_page(client, "pruefen/"))
    question = _question("Wofür ist das gut?")
    assert "In dieser Auswahl ist alles geprüft." in _text(_page(client, "pruefen/?zone=decline"))
    assert "offen sind noch 1." in _text(_page(client, f"pruefen/?after={question.pk}"))


def test_nonsense_in_the_address_is_named_and_left_out(client: Client) -> None:
    _question("Wofür ist das gut?")

    text = _text(_page(client, "pruefen/?zone=x&conversation=y&after=z&unhelped=w"))

    assert "Diesen Ausgang gibt es nicht" in text
    assert "Wofür ist das gut?" in text


@pytest.mark.parametrize(
    ("fields", "kept", "said"),
    [
        (
            {"outcome": "accepted"},
            ("accepted", "alliance_definition"),
            "richtig verstanden, „Was ist die Allianz für Wohnen in Hessen?“.",
        ),
        ({"guess": "oos_money"}, ("corrected", "oos_money"), "anderes Thema, „Geld, Zuschüsse und Darlehen“."),
        ({"outcome": "corrected", "topic": "alliance_goals"}, ("corrected", "alliance_goals"), "anderes Thema"),
        ({"outcome": "new_topic", "title": "Wer zahlt?"}, ("new_topic", "Wer zahlt?"), "neues Thema, „Wer zahlt?“."),
        ({"outcome": "typed", "title": "Wer zahlt?", "topic": ""}, ("new_topic", "Wer zahlt?"), "neues Thema"),
        ({"outcome": "typed", "title": "", "topic": "alliance_goals"}, ("corrected", "alliance_goals"), "anderes Thema"),
        ({"outcome": "out_of_scope", "reason": "oos_money"}, ("out_of_scope", "oos_money"), "gehört nicht hierher"),
        ({"outcome": "ignored"}, ("ignored", ""), "Gespeichert: nicht verwertbar."),
    ],
)
def test_each_button_does_what_it_says(client: Client, fields: dict[str, str], kept: tuple[str, str], said: str) -> None:
    text = _judge(client, _question("Wofür ist das gut?"), **fields)

    assert list(Review.objects.values_list("outcome", "topic")) == [kept]
    assert said in text


def test_after_a_judgement_the_next_message_of_the_selection_comes(client: Client) -> None:
    first, second = _question("erste", zone="decline"), _question("zweite", zone="decline")
    _question("andere")

    response = client.post(f"/team/pruefen/nachricht/{second.pk}/?zone=decline", {"outcome": "ignored"})

    assert response["Location"] == "/team/pruefen/?zone=decline"
    assert first.text in _text(_page(client, "pruefen/?zone=decline"))


def test_skipped_message_is_not_brought_back_by_the_next_judgement(client: Client) -> None:
    last, second, first = (_question(text) for text in ("dritte", "zweite", "erste"))

    page = _page(client, f"pruefen/?zone=answer&after={first.pk}")
    action = f"/team/pruefen/nachricht/{second.pk}/?zone=answer&after={first.pk}"
    assert f'action="{action.replace("&", "&amp;")}"' in page
    response = client.post(action, {"outcome": "ignored"})

    assert response["Location"] == f"/team/pruefen/?zone=answer&after={first.pk}"
    page = _page(client, response["Location"].removeprefix("/team/"))
    assert last.text in _text(page)
    assert f'action="/team/pruefen/zuruecknehmen/?zone=answer&amp;after={first.pk}"' in page


def test_similar_ones_are_judged_with_it_and_taken_back_with_it(client: Client) -> None:
    question, same = _question("Wer zahlt die Miete?"), _question("Wer zahlt die Miete?")
    page = _page(client, f"pruefen/nachricht/{question.pk}/")
    assert f'name="similar" value="{same.pk}"' in page

    text = _judge(client, question, outcome="new_topic", title="Wer zahlt?", similar=[same.pk])
    assert "Auch für 1 ähnliche Nachricht." in text
    assert "mit 1 ähnlichen" in text

    batch = {"batch": str(Review.objects.first().batch)}  # type: ignore[union-attr]
    response = client.post("/team/pruefen/zuruecknehmen/", batch, follow=True)
    assert response.redirect_chain == [(f"/team/pruefen/nachricht/{question.pk}/", 302)]
    assert "Die Urteile über 2 Nachrichten sind zurückgenommen." in _text(response.content.decode())
    assert not Review.objects.exists()
    assert "Es gibt nichts mehr zurückzunehmen." in _text(
        client.post("/team/pruefen/zuruecknehmen/", batch, follow=True).content.decode()
    )


def test_undo_of_a_page_that_is_out_of_date_changes_nothing(client: Client) -> None:
    first, second = _question("Wer zahlt?"), _question("Was kostet das?")
    _judge(client, first, outcome="ignored")
    [shown] = re.findall(r'name="batch" value="([^"]+)"', _page(client, "pruefen/"))
    _judge(client, second, outcome="ignored")

    for batch, said in ((shown, "inzwischen etwas anderes geprüft"), ("x", "versuchen Sie es noch einmal")):
        response = client.post("/team/pruefen/zuruecknehmen/", {"batch": batch}, follow=True)
        assert said in _text(response.content.decode())

    assert Review.objects.count() == 2


def test_mistake_is_shown_at_its_field_with_what_was_entered(client: Client) -> None:
    question, same = _question("Wer zahlt?"), _question("Wer zahlt?")

    response = client.post(
        f"/team/pruefen/nachricht/{question.pk}/", {"outcome": "new_topic", "title": "ab", "similar": [same.pk]}
    )

    page = response.content.decode()
    assert response.status_code == 422
    assert 'value="ab"' in page
    assert 'aria-invalid="true" aria-describedby="title-error"' in page
    assert '<p class="errorlist" id="title-error">Der Titel eines neuen Themas hat 3 bis 80 Zeichen.</p>' in page
    assert f'value="{same.pk}" checked' in page


@pytest.mark.parametrize("fields", [{}, {"outcome": "nonsense"}, {"outcome": "corrected"}, {"guess": "x", "similar": ["a"]}])
def test_nonsense_in_a_form_changes_nothing(client: Client, fields: dict[str, object]) -> None:
    response = client.post(f"/team/pruefen/nachricht/{_question('Wer zahlt?').pk}/", fields)

    assert response.status_code == 422
    assert not Review.objects.exists()


def test_whoever_comes_second_is_told_and_gets_the_next_message(client: Client) -> None:
    question = _question("Wer zahlt?")
    Review.objects.create(message=question, outcome="ignored")

    assert "Das hat inzwischen jemand geprüft: nicht verwertbar." in _judge(client, question, outcome="accepted")
    assert Review.objects.count() == 1


def test_judged_message_says_so_and_can_be_judged_anew(client: Client) -> None:
    question = _question("Wer zahlt?")
    Review.objects.create(message=question, outcome="corrected", topic="alliance_goals")
    page = _page(client, f"pruefen/nachricht/{question.pk}/")
    assert "anderes Thema : Welche Ziele hat die Allianz?" in _text(page)
    assert 'value="accepted"' not in page

    response = client.post(f"/team/pruefen/nachricht/{question.pk}/neu/", follow=True)

    assert "Richtig verstanden" in _text(response.content.decode())
    assert not Review.objects.exists()


def test_only_messages_of_citizens_have_a_page(client: Client) -> None:
    answer = _question("Wer zahlt?").conversation.messages.get(author=Author.BOT)

    assert client.get(f"/team/pruefen/nachricht/{answer.pk}/").status_code == 404
    assert client.get("/team/pruefen/nachricht/999999/").status_code == 404


def test_shortcuts_can_be_switched_off(client: Client, piesk: User) -> None:
    _question("Wer zahlt?")
    assert "data-shortcuts" in _page(client, "pruefen/")

    piesk.profile.shortcuts = False
    piesk.profile.save()

    page = _page(client, "pruefen/")
    assert "data-shortcuts" not in page
    assert "Die Tastenkürzel sind abgeschaltet." in page


def test_notes_and_tags_come_back_to_the_page_they_were_made_on(client: Client) -> None:
    talk: Conversation = _question("Wer zahlt?").conversation
    address = f"/team/pruefen/gespraech/{talk.pk}"
    back = f"/team/gespraeche/{talk.pk}/#panel-title"
    assert f'name="next" value="{back}"' in _page(client, f"gespraeche/{talk.pk}/")

    assert client.post(f"{address}/notizen/", {"note": "Wichtig", "next": back})["Location"] == back
    assert client.post(f"{address}/notizen/", {"note": " ", "next": back})["Location"] == f"/team/gespraeche/{talk.pk}/"
    assert (
        client.post(f"{address}/schlagwoerter/", {"tag": "Geld", "next": "https://evil.example/"})["Location"]
        == "/team/pruefen/"
    )
    assert (Note.objects.get().text, Tag.objects.get().name) == ("Wichtig", "Geld")

    client.post(f"{address}/schlagwoerter/{Tag.objects.get().pk}/", {"next": back})
    client.post(f"{address}/notizen/{Note.objects.get().pk}/", {"next": "//evil.example/team/"})
    assert (Note.objects.count(), Tag.objects.count()) == (0, 0)


def test_empty_note_is_explained(client: Client) -> None:
    talk = _question("Wer zahlt?").conversation
    response = client.post(f"/team/pruefen/gespraech/{talk.pk}/notizen/", {"note": " "}, follow=True)

    assert "Bitte schreiben Sie erst eine Notiz." in _text(response.content.decode())


def _draft(by: User, text: str, intent: str = "alliance_goals", is_new_topic: bool = False) -> Suggestion:
    made = suggestion_make(_question(text), intent, is_new_topic, by)
    assert made is not None
    return made


def test_draft_is_confirmed_by_a_person_who_read_it(client: Client, piesk: User) -> None:
    draft = _draft(records.member("diehl"), "Wofür ist das gut?")
    page = _page(client, "pruefen/vorschlaege/")
    assert "Diese Korrektur ist von Ihnen." not in page
    assert draft.message is not None
    assert f'href="/team/gespraeche/{draft.message.conversation_id}/">Gespräch ansehen' in page
    address = f"/team/pruefen/vorschlaege/{draft.pk}/"

    unread = client.post(address, {"action": "confirm", "text": "Wofür ist es gut?"})
    assert unread.status_code == 422
    assert "Bitte bestätigen Sie zuerst" in unread.content.decode()
    assert ">Wofür ist es gut?</textarea>" in unread.content.decode()

    client.post(address, {"action": "confirm", "text": "Wofür ist es gut?", "anonymous": "on"})
    draft.refresh_from_db()
    assert (draft.status, draft.text, draft.confirmed_by) == (Status.CONFIRMED, "Wofür ist es gut?", piesk)


def test_personal_data_are_marked_and_cannot_be_confirmed(client: Client, piesk: User) -> None:
    draft = _draft(piesk, "Bitte an erika@example.org schreiben")
    page = _page(client, "pruefen/vorschlaege/")
    assert "<mark>erika@example.org</mark> (E-Mail-Adresse)" in page
    assert "Diese Korrektur ist von Ihnen. Besser bestätigt sie eine zweite Person." in page

    response = client.post(
        f"/team/pruefen/vorschlaege/{draft.pk}/", {"action": "confirm", "text": "Bitte an max@example.org", "anonymous": "on"}
    )

    assert response.status_code == 422
    assert "(E-Mail-Adresse). Bitte entfernen Sie sie." in response.content.decode()
    assert "<mark>max@example.org</mark>" in response.content.decode()
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT


def test_drafts_are_rejected_taken_up_again_and_confirmed_ones_deleted(client: Client, piesk: User) -> None:
    draft = _draft(piesk, "Wofür ist das gut?")
    address = f"/team/pruefen/vorschlaege/{draft.pk}/"

    client.post(address, {"action": "reject"})
    assert "Verworfen: 1" in _text(_page(client, "pruefen/vorschlaege/"))
    client.post(address, {"action": "reopen"})
    assert "Zu bestätigen: 1" in _text(_page(client, "pruefen/vorschlaege/"))
    suggestion_confirm(draft.pk, draft.text, piesk, anonymous=True)
    late = client.post(address, {"action": "reject"}, follow=True)
    assert "inzwischen jemand anderes entschieden: bestätigt" in _text(late.content.decode())
    asked = _text(_page(client, f"pruefen/vorschlaege/{draft.pk}/loeschen/"))
    assert "Diesen Vorschlag löschen? „Wofür ist das gut?“" in asked
    assert Suggestion.objects.exists()
    deleted = client.post(f"{address}loeschen/", follow=True)
    assert "Der Vorschlag ist gelöscht." in _text(deleted.content.decode())
    assert not Suggestion.objects.exists()
    assert client.get(f"{address}loeschen/").headers["Location"] == "/team/pruefen/vorschlaege/"


def test_drafts_that_nobody_decides_keep_no_later_one_away(client: Client, piesk: User) -> None:
    made = [_draft(piesk, f"Wer hilft mir mit der Nummer {number} weiter?") for number in range(21)]
    shown = [re.findall(r'id="draft-([^"]*)"', _page(client, f"pruefen/vorschlaege/?seite={each}")) for each in (1, 2, 3)]
    assert shown == [[str(each.pk) for each in made[start : start + 10]] for start in (0, 10, 20)]
    page = _page(client, "pruefen/vorschlaege/?seite=2")
    assert "Vorige Seite Seite 2 von 3 Nächste Seite" in _text(page)

    address = f"/team/pruefen/vorschlaege/{made[10].pk}/?seite=2"
    assert f'action="{address}"' in page
    unread = client.post(address, {"action": "confirm", "text": "Wer hilft?"})
    assert (unread.status_code, "Seite 2 von 3" in unread.content.decode()) == (422, True)
    assert client.post(address, {"action": "reject"})["Location"] == "/team/pruefen/vorschlaege/?seite=2"
    last = f"/team/pruefen/vorschlaege/{made[20].pk}/?seite=3"
    assert client.post(last, {"action": "reject"})["Location"] == "/team/pruefen/vorschlaege/?seite=2"


def test_confirmed_ones_are_downloaded_marked_as_imported_and_that_is_recorded(client: Client, piesk: User) -> None:
    for text in ("a", "b"):
        suggestion_confirm(_draft(piesk, text).pk, text, piesk, anonymous=True)
    page = _page(client, "pruefen/vorschlaege/")

    response = client.get("/team/pruefen/vorschlaege.jsonl")
    assert [json.loads(line)["text"] for line in response.content.decode().splitlines()] == ["a", "b"]
    assert response["Content-Disposition"] == 'attachment; filename="vorschlaege.jsonl"'
    readings = Reading.objects.order_by("id").values_list("kind", "subject")
    assert list(readings) == [("list", "Trainingsvorschläge"), ("export", "Trainingsvorschläge")]

    suggestion_confirm(_draft(piesk, "später").pk, "später", piesk, anonymous=True)
    [until] = re.findall(r'name="until" value="([^"]*)"', page)
    text = _text(client.post("/team/pruefen/vorschlaege/", {"until": until}, follow=True).content.decode())
    assert "Als übernommen vermerkt: 2." in text
    assert "Bestätigt: 1" in text
    assert "Das hat nicht geklappt" in _text(
        client.post("/team/pruefen/vorschlaege/", {"until": "x"}, follow=True).content.decode()
    )


def test_advisers_may_review_but_not_confirm() -> None:
    client = Client()
    client.force_login(records.member("diehl", "Beratung"))

    assert client.get("/team/pruefen/").status_code == 200
    assert client.get("/team/pruefen/vorschlaege/").status_code == 403
    assert client.get("/team/pruefen/vorschlaege.jsonl").status_code == 403
