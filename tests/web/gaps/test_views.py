"""The page of the gaps."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from django.test import Client

from tests.web import records
from web.chat.models import DIMENSIONS, Author, Message
from web.gaps import knowledge
from web.review.models import Review, Suggestion
from web.rights.models import Reading

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(records.member("diehl"))
    return client


def _declined(text: str, **fields: Any) -> Message:
    question = records.conversation([(Author.CITIZEN, text)]).messages.get()
    records.verdict(question, "oos_money", "decline", **fields)
    return question


def _text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html.split("<main", 1)[1]).split())


def _page(client: Client, query: str = "") -> str:
    response = client.get(f"/team/luecken/{query}")
    assert response.status_code == 200
    return str(response.content.decode())


def test_reading_the_questions_is_recorded(client: Client) -> None:
    _declined("Wer zahlt?")

    _page(client, "?days=90")

    assert list(Reading.objects.values_list("user__username", "kind", "subject")) == [("diehl", "list", "Lücken: 90 Tage")]


def test_empty_page_says_what_is_true(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(knowledge, "STALE_DAYS", 100_000)  # whenever this runs
    text = _text(_page(client, "?days=90"))

    assert "In den letzten 90 Tagen hat der Bot keine Frage unbeantwortet gelassen." in text
    assert "Alle Quellen hat in den letzten 180 Tagen jemand mit den Themen verglichen." in text
    assert "In den letzten 90 Tagen hat niemand danach gefragt: 36 Themen." in text


def test_stale_source_leads_whoever_may_change_it_to_its_date(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(knowledge, "STALE_DAYS", -100_000)
    link = 'href="/team/inhalte/quelle/page/">Neues Datum eintragen'
    assert link not in _page(client)

    client.force_login(records.member("piesk", "Redaktion"))

    assert link in _page(client)


def test_single_questions_are_counted_though_they_are_no_group(client: Client) -> None:
    _declined("Wer zahlt Wohngeld?")

    assert "Ohne Antwort: 1 Frage. Keine zwei davon klingen ähnlich." in _text(_page(client))


def test_gap_becomes_suggestions_with_one_click(client: Client) -> None:
    questions = [_declined("Wer zahlt Wohngeld?") for _ in range(3)]
    page = _page(client)
    assert "3 Fragen , wird mehr" in _text(page)
    ids = re.findall(r'name="message" value="(\d+)"', page)
    assert sorted(map(int, ids)) == [each.pk for each in questions]

    response = client.post("/team/luecken/?days=90", {"message": ids, "title": "Wer zahlt Wohngeld?"}, follow=True)

    assert response.redirect_chain == [("/team/luecken/?days=90", 302)]
    text = _text(response.content.decode())
    assert "3 Fragen sind für das neue Thema „Wer zahlt Wohngeld?“ vorgemerkt." in text
    assert "Vorgemerkt als neues Thema: „Wer zahlt Wohngeld?“." in text
    assert "Alle Fragen dieser Gruppe sind geprüft." in text
    assert list(Suggestion.objects.values_list("intent", "is_new_topic")) == [("Wer zahlt Wohngeld?", True)] * 3


def test_all_questions_of_a_gap_can_be_read_before_the_click(client: Client) -> None:
    near = np.eye(1, DIMENSIONS)[0]
    questions = [_declined(f"Wer zahlt Wohngeld in Ort {number}?", vector=near) for number in range(7)]

    page = _page(client)

    [further] = re.findall(r"<details><summary>Noch 2 Wortlaute<.*?</details>", page, re.S)
    links = re.findall(r'href="/team/pruefen/nachricht/(\d+)/"', page)
    assert sorted(map(int, links)) == [each.pk for each in questions]
    assert re.findall(r'href="/team/pruefen/nachricht/(\d+)/"', further) == links[5:]


def test_bad_title_is_explained_at_its_gap_and_kept(client: Client) -> None:
    ids = [_declined("Wer zahlt Wohngeld?").pk for _ in range(2)]

    response = client.post("/team/luecken/", {"message": ids, "title": "ab"})

    page = response.content.decode()
    assert response.status_code == 422
    assert '<p class="errorlist" id="error-1">Der Titel eines neuen Themas hat 3 bis 80 Zeichen.</p>' in page
    assert 'value="ab" aria-invalid="true" aria-describedby="error-1"' in page
    assert not Review.objects.exists()


@pytest.mark.parametrize("query", ["?days=x", "?days=31", "?days="])
def test_other_periods_are_the_shorter_one(client: Client, query: str) -> None:
    assert '?days=30" aria-current="true"' in _page(client, query)


def test_late_click_changes_nothing(client: Client) -> None:
    response = client.post("/team/luecken/", {"message": ["x", "999999"], "title": "Wohngeld"}, follow=True)

    assert "Diese Fragen sind inzwischen alle geprüft." in _text(response.content.decode())
