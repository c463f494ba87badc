"""The same help without a script: a form, an answer, an address."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from content import read_content
from tests.browser.chat import QUESTION, UNCLEAR, UNKNOWN
from tests.browser.conftest import Browsing
from training.processes import ROOT

CONTENT = read_content()


@pytest.fixture
def page(browsing: Browsing) -> Page:
    """The page of questions in a browser without JavaScript."""
    return browsing.open("fragen/", java_script_enabled=False)


def _send(page: Page, text: str) -> None:
    page.get_by_role("main").get_by_role("textbox").fill(text)
    page.get_by_role("button", name="Frage senden").click()


def test_question_is_answered_on_a_page_whose_address_does_not_tell_it(page: Page) -> None:
    _send(page, QUESTION)
    expect(page).to_have_url(re.compile(r"/antwort/\?thema=alliance_definition$"))
    expect(page.get_by_role("main")).to_contain_text(CONTENT.answer("alliance_definition", "standard"))
    expect(page.get_by_role("main")).to_contain_text("automatische Antwort")
    page.screenshot(path=ROOT / "reports" / "screens" / "page-without-javascript.png", full_page=True)


def test_question_about_one_organisation_is_answered_about_it(page: Page) -> None:
    _send(page, "Macht die IHK mit?")
    chambers = next(each for each in CONTENT.participants if each.id == "chambers")
    text = CONTENT.reply("member_of_group", "standard", name="IHK", group=chambers.name)
    expect(page.get_by_role("main")).to_contain_text(text)


def test_unclear_question_is_asked_back(page: Page) -> None:
    _send(page, UNCLEAR)
    page.get_by_role("link", name="Wer ist Xenia Diehl?").click()
    expect(page.get_by_role("main")).to_contain_text(CONTENT.answer("contact_diehl", "standard"))


def test_question_about_something_else_is_declined_with_the_address(page: Page) -> None:
    _send(page, UNKNOWN)
    expect(page.get_by_role("main")).to_contain_text("Das weiß ich leider nicht.")
    expect(page.get_by_role("main")).to_contain_text(CONTENT.contacts.address)


def test_personal_data_are_found_and_the_text_comes_back_without(page: Page) -> None:
    _send(page, "Ich heiße Petra Mustermann. Was ist die Allianz?")
    expect(page.get_by_role("main")).to_contain_text("Ihr Text enthält persönliche Angaben.")
    field = page.get_by_role("main").get_by_role("textbox", name="Frage an den Wohnlotsen")
    expect(field).to_have_value("Ich heiße [Name]. Was ist die Allianz?")
    expect(field).to_have_accessible_description(re.compile("Das haben wir gefunden: Name"))
    page.get_by_role("button", name="Frage senden").click()
    expect(page.get_by_role("main")).to_contain_text(CONTENT.answer("alliance_definition", "standard"))


def test_place_of_the_chat_shows_the_address_and_the_questions(page: Page) -> None:
    place = page.locator("wohnlotse-chat")
    expect(place).to_contain_text(CONTENT.contacts.street)
    expect(place.get_by_role("link", name="Alle Fragen und Antworten")).to_be_visible()
