"""axe finds nothing, in no state and no theme. Each state is left as a picture for people to look at."""

from __future__ import annotations

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page

from tests.browser.chat import Chat
from tests.browser.conftest import Browsing
from tests.browser.installation import Installation
from tests.browser.standing import Standing
from tests.browser.states import HANDED, STATES
from training.processes import ROOT

SCREENS = ROOT / "reports" / "screens"
_SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
_PAGES = {
    "start": "",
    "questions": "fragen/",
    "question": "fragen/alliance_definition/",
    "question-einfach": "fragen/alliance_definition/?sprache=einfach",
    "question-english": "fragen/alliance_definition/?sprache=en",
    "answer": "antwort/?thema=alliance_goals",
    "privacy": "datenschutz/",
    "accessibility": "barrierefreiheit/",
    "not-found": "quatsch/",
}


def _violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {each['help']} {[node['target'] for node in each['nodes']]}" for each in found]


def _picture_in_forced_colours(page: Page, state: str) -> None:
    """For people to look at: axe reads the colours that we wrote, and not those that are shown then."""
    page.emulate_media(forced_colors="active")
    page.screenshot(path=SCREENS / f"{state}-forced.png")


@pytest.mark.parametrize("state", STATES)
def test_state_has_no_violation(browsing: Browsing, installation: Installation, state: str) -> None:
    chat = browsing.chat()
    STATES[state](chat, installation)
    for scheme in _SCHEMES:
        chat.page.emulate_media(color_scheme=scheme)
        chat.page.screenshot(path=SCREENS / f"{state}-{scheme}.png")
        assert _violations(chat.page) == [], scheme
    _picture_in_forced_colours(chat.page, state)


@pytest.mark.parametrize("state", HANDED)
def test_state_with_staff_has_no_violation(visit: Chat, standing: Standing, state: str) -> None:
    HANDED[state](visit, standing)
    for scheme in _SCHEMES:
        visit.page.emulate_media(color_scheme=scheme)
        visit.page.screenshot(path=SCREENS / f"{state}-{scheme}.png")
        assert _violations(visit.page) == [], scheme
    _picture_in_forced_colours(visit.page, state)


@pytest.mark.parametrize("name", _PAGES)
def test_page_has_no_violation(browsing: Browsing, name: str) -> None:
    page = browsing.open(_PAGES[name])
    for scheme in _SCHEMES:
        page.emulate_media(color_scheme=scheme)
        page.screenshot(path=SCREENS / f"page-{name}-{scheme}.png", full_page=True)
        assert _violations(page) == [], scheme


def test_form_that_is_sent_back_has_no_violation(browsing: Browsing) -> None:
    page = browsing.open("fragen/")
    page.get_by_role("main").get_by_role("textbox").fill("Ich heiße Petra Mustermann. Was ist die Allianz?")
    page.get_by_role("button", name="Frage senden").click()
    page.get_by_text("Ihr Text enthält persönliche Angaben.").wait_for()
    for scheme in _SCHEMES:
        page.emulate_media(color_scheme=scheme)
        page.screenshot(path=SCREENS / f"page-personal-data-{scheme}.png", full_page=True)
        assert _violations(page) == [], scheme


def test_print_view_has_no_violation(browsing: Browsing, installation: Installation) -> None:
    chat = browsing.chat(script="window.print = () => {}")
    STATES["menu"](chat, installation)
    with chat.page.expect_popup() as popup:
        chat.button("Unterhaltung drucken").click()
    page = popup.value
    page.get_by_role("heading", name="Unterhaltung mit dem Wohnlotsen").wait_for()
    page.screenshot(path=SCREENS / "print.png")
    assert _violations(page) == []
