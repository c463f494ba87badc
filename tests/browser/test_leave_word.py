"""Leaving word on a page of its own: with the keyboard alone, without a script, and as axe sees it."""

from __future__ import annotations

import re
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, expect

from tests.browser.conftest import Browsing
from training.processes import ROOT

SCREENS = ROOT / "reports" / "screens"
_SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
_REFERENCE = re.compile(r"/nachricht/WL-\w{4}-\w{4}/$")


def _check(page: Page, name: str) -> None:
    """No violation in either theme, no sideways scrolling on a narrow screen; a picture of each for people to look at."""
    for scheme in _SCHEMES:
        page.emulate_media(color_scheme=scheme)
        page.screenshot(path=SCREENS / f"page-{name}-{scheme}.png", full_page=True)
        found = Axe().run(page).response["violations"]
        assert [f"{each['id']}: {[node['target'] for node in each['nodes']]}" for each in found] == [], scheme
    page.set_viewport_size({"width": 320, "height": 800})
    page.screenshot(path=SCREENS / f"page-{name}-320.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.parametrize("language", ["", "?sprache=einfach", "?sprache=en"])
def test_form_has_no_violation(visiting: Browsing, language: str) -> None:
    _check(visiting.open(f"nachricht/{language}"), f"leave-word{language[9:] and f'-{language[9:]}'}")


def test_errors_have_no_violation_and_get_the_focus(visiting: Browsing) -> None:
    page = visiting.open("nachricht/")
    page.get_by_label("Ihre E-Mail-Adresse").fill("erika@")
    page.get_by_role("button", name="Anliegen senden").click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(page.get_by_label("Ihre E-Mail-Adresse")).to_have_accessible_description(
        re.compile(r"Diese E-Mail-Adresse kann nicht stimmen\.")
    )
    summary.get_by_role("link", name="Bitte schreiben Sie in das Feld, worum es geht.").click()
    expect(page.get_by_label("Ihr Anliegen")).to_be_focused()
    _check(page, "leave-word-errors")


def test_word_is_left_with_the_keyboard_and_the_reference_stays(visiting: Browsing) -> None:
    page = visiting.open("nachricht/")
    page.get_by_label("Ihr Anliegen").focus()
    for typed in ("Bitte rufen Sie mich an.", "Erika Mustermann", "erika@example.org", "0611 123456"):
        page.keyboard.type(typed)
        page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Mehr zum Datenschutz")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(_REFERENCE)
    reference = page.url.split("/")[-2]
    page.reload()
    expect(page.get_by_role("main")).to_contain_text(f"Ihr Zeichen ist {reference}.")
    _check(page, "word-left")


def test_word_is_left_without_a_script(visiting: Browsing) -> None:
    page = visiting.open("nachricht/", java_script_enabled=False)
    page.get_by_label("Ihr Anliegen").fill("Bitte schreiben Sie mir.")
    page.get_by_role("button", name="Anliegen senden").click()
    expect(page.get_by_role("alert")).to_contain_text("Bitte stimmen Sie zu")
    expect(page.get_by_label("Ihr Anliegen")).to_have_value("Bitte schreiben Sie mir.")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Anliegen senden").click()
    expect(page).to_have_url(_REFERENCE)
    expect(page.get_by_role("main")).to_contain_text("Deshalb können wir Ihnen nicht antworten.")
