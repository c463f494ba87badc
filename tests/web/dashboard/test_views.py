from __future__ import annotations

import pytest
from django.test import Client

from tests.web.records import conversation, member, message, verdict
from web.chat.models import State

pytestmark = pytest.mark.django_db(transaction=True)


def _client(role: str) -> Client:
    client = Client()
    client.force_login(member(role=role))
    return client


def test_empty_database_has_a_page_that_says_so() -> None:
    response = _client("Beratung").get("/team/")

    page = response.content.decode()
    assert response.status_code == 200
    assert "In den letzten 30 Tagen hat niemand geschrieben." in page
    assert "Noch keine Fragen in diesem Zeitraum." in page


@pytest.mark.parametrize(("query", "days"), [("", 30), ("?tage=7", 7), ("?tage=90", 90), ("?tage=1000", 30), ("?tage=x", 30)])
def test_period_stands_in_the_address(query: str, days: int) -> None:
    page = _client("Beratung").get(f"/team/{query}").content.decode()

    assert f'<a href="?tage={days}" aria-current="page">{days} Tage</a>' in page


def test_figures_are_drawn_and_stand_in_a_table() -> None:
    verdict(message(conversation(), "Was?"), zone="decline")

    page = _client("Beratung").get("/team/").content.decode()

    assert page.count("<rect class=") - page.count('<rect class="whole"') == 1
    assert '<td class="number">1</td><td class="number">100 %</td>' in page
    assert "style=" not in page


def test_period_that_goes_back_further_than_what_is_kept_says_so() -> None:
    client = _client("Beratung")

    assert "Gespräche werden nach 30 Tagen gelöscht." in client.get("/team/?tage=90").content.decode()
    assert "Gespräche werden nach" not in client.get("/team/?tage=30").content.decode()


def test_each_sees_the_work_that_they_may_do() -> None:
    conversation(state=State.REQUESTED)

    page = _client("Beratung").get("/team/").content.decode()

    assert '<a href="/team/beratung/"><strong>1</strong> Person wartet auf Sie</a>' in page
    assert "Vorschläge zu bestätigen" not in page


def test_redaktion_is_led_to_the_suggestions() -> None:
    page = _client("Redaktion").get("/team/").content.decode()

    assert '<a href="/team/pruefen/vorschlaege/"><strong>0</strong> Vorschläge zu bestätigen</a>' in page
