"""How the chat fits: small windows, large text, more space between letters, colours that people choose."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.chat import QUESTION, Chat
from tests.browser.conftest import Browsing
from tests.browser.installation import Installation
from tests.browser.standing import Standing
from tests.browser.states import HANDED, STATES
from training.processes import ROOT

SCREENS: Path = ROOT / "reports" / "screens"

PHONE: ViewportSize = {"width": 320, "height": 640}
#: 1280 x 1024 at 400 %.
ZOOMED: ViewportSize = {"width": 320, "height": 256}

#: The values of WCAG 1.4.12, in the page and in the widget.
_SPACING = """() => {
  const text = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"
    + " p { margin-bottom: 2em !important }";
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  for (const root of [document, document.querySelector("wohnlotse-chat").shadowRoot])
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}"""

#: What is cut off in the page or the widget: wider than its box, or taller than a box that does not scroll.
_CUT = """() => {
  const chat = document.querySelector("wohnlotse-chat").shadowRoot;
  const cut = [];
  for (const node of [...document.querySelectorAll("html, main *"), ...chat.querySelectorAll("*")]) {
    if (!node.clientWidth || node.closest(".unseen, svg")) continue;
    const { overflowX, overflowY } = getComputedStyle(node);
    if (node.scrollWidth > node.clientWidth + 1) cut.push(`${node.localName}#${node.id} is ${node.scrollWidth} wide`);
    if (overflowY === "hidden" && node.scrollHeight > node.clientHeight + 1) cut.push(`${node.localName}#${node.id} is cut`);
  }
  return cut;
}"""


def _cut_off(page: Page) -> Any:
    return page.evaluate(_CUT)


def _check_that_nothing_is_cut_off(page: Page, state: str) -> None:
    """On a phone, then at 400 percent, with a picture of each."""
    page.screenshot(path=SCREENS / f"{state}-mobile.png")
    assert _cut_off(page) == []
    page.set_viewport_size(ZOOMED)
    page.screenshot(path=SCREENS / f"{state}-zoomed.png")
    assert _cut_off(page) == []


@pytest.mark.parametrize("state", STATES)
def test_state_fits_into_320_pixels_and_400_percent(browsing: Browsing, installation: Installation, state: str) -> None:
    chat = browsing.chat(viewport=PHONE)
    STATES[state](chat, installation)
    _check_that_nothing_is_cut_off(chat.page, state)


@pytest.mark.parametrize("state", HANDED)
def test_state_with_staff_fits_into_320_pixels_and_400_percent(visiting: Browsing, standing: Standing, state: str) -> None:
    chat = visiting.chat(viewport=PHONE)
    HANDED[state](chat, standing)
    _check_that_nothing_is_cut_off(chat.page, state)


@pytest.mark.parametrize("path", ["", "fragen/", "fragen/alliance_goals/", "datenschutz/", "barrierefreiheit/"])
def test_page_fits_into_320_pixels(browsing: Browsing, path: str) -> None:
    page = browsing.open(path, viewport=ZOOMED)
    assert _cut_off(page) == []


@pytest.mark.parametrize("viewport", [PHONE, ZOOMED])
def test_input_and_last_message_are_usable_in_a_small_window(browsing: Browsing, viewport: ViewportSize) -> None:
    chat = browsing.chat(viewport=viewport)
    chat.open()
    answer = chat.ask(QUESTION)
    answer.locator(".text").scroll_into_view_if_needed()
    expect(answer.locator(".text")).to_be_in_viewport(ratio=0.5)
    chat.input.scroll_into_view_if_needed()
    expect(chat.input).to_be_in_viewport(ratio=1)
    # Nothing lies on top of it.
    assert chat.input.evaluate(
        """node => { const {x, y, width, height} = node.getBoundingClientRect();
        return node.getRootNode().elementFromPoint(x + width / 2, y + height / 2) === node }"""
    )
    chat.ask("Wer macht mit?")
    expect(chat.answers).to_have_count(3)


def test_chat_covers_the_small_window_and_scrolls_as_one(browsing: Browsing) -> None:
    chat = browsing.chat(viewport=ZOOMED)
    chat.open()
    assert chat.panel.bounding_box() == {"x": 0, "y": 0, **ZOOMED}
    assert chat.log.evaluate("log => getComputedStyle(log).overflowY") == "visible"
    heading = chat.panel.get_by_role("heading", name="Wohnlotse")
    expect(heading).to_be_in_viewport()
    chat.input.scroll_into_view_if_needed()
    expect(heading).not_to_be_in_viewport()


def test_focus_on_the_page_is_not_behind_the_chat_in_a_small_window(browsing: Browsing) -> None:
    chat = browsing.chat(viewport=PHONE)
    chat.open()
    chat.button("Senden").focus()
    chat.page.keyboard.press("Tab")
    chat.page.get_by_role("link", name="Zum Inhalt").focus()
    expect(chat.panel).to_be_hidden()


@pytest.mark.parametrize("viewport", [{"width": 1280, "height": 900}, PHONE])
def test_more_space_between_letters_and_lines_costs_nothing(browsing: Browsing, viewport: ViewportSize) -> None:
    chat = browsing.chat(viewport=viewport)
    chat.open()
    chat.ask(QUESTION).get_by_role("button", name="Nein").click()
    chat.button("Menü").click()
    chat.page.evaluate(_SPACING)
    assert chat.answers.last.locator(".text").evaluate("node => getComputedStyle(node).letterSpacing") == "1.92px"
    chat.page.screenshot(path=SCREENS / f"spacing-{viewport['width']}.png")
    assert _cut_off(chat.page) == []
    expect(chat.button("Senden")).to_be_visible()


def test_text_of_double_size_costs_nothing(browsing: Browsing) -> None:
    chat = browsing.chat()
    chat.page.evaluate("document.documentElement.style.fontSize = '200%'")
    chat.open()
    chat.ask(QUESTION)
    assert chat.answers.last.locator(".text").evaluate("node => getComputedStyle(node).fontSize") == "32px"
    chat.page.screenshot(path=SCREENS / "text-200.png")
    assert _cut_off(chat.page) == []
    chat.input.scroll_into_view_if_needed()
    expect(chat.input).to_be_in_viewport(ratio=1)
    chat.answers.last.locator(".text").scroll_into_view_if_needed()
    expect(chat.answers.last.locator(".text")).to_be_in_viewport(ratio=0.3)


def test_colours_that_people_force_are_taken(browsing: Browsing, installation: Installation) -> None:
    chat = browsing.chat(forced_colors="active")
    STATES["reasons"](chat, installation)
    borders = "node => getComputedStyle(node).borderTopStyle + getComputedStyle(node).borderTopWidth"
    assert chat.answers.last.locator(".bubble").evaluate(borders) == "solid1px"
    assert chat.questions.last.locator(".bubble").evaluate(borders) == "solid1px"
    background = "node => getComputedStyle(node).backgroundColor"
    assert chat.button("Nein").evaluate(background) != chat.button("Ja").evaluate(background)
    assert chat.button("Standard").evaluate(background) == chat.button("Nein").evaluate(background)
    # A transparent line would be drawn, and the three languages look alike.
    line = "node => getComputedStyle(node).borderBottomColor"
    assert chat.button("English").evaluate(line) == chat.panel.evaluate(background)
    links = chat.page.get_by_role("navigation").get_by_role("link")
    lines = {link.inner_text(): link.evaluate(line) for link in links.all()}
    assert lines["Kontakt"] == lines["Fragen und Antworten"] == chat.panel.evaluate(background) != lines["Die Allianz"]


def test_answer_is_seen_with_the_question_whether_it_helped(chat: Chat) -> None:
    chat.open()
    answer = chat.ask(QUESTION)
    expect(answer.locator(".text")).to_be_in_viewport(ratio=1)
    expect(answer.get_by_role("button", name="Ja", exact=True)).to_be_in_viewport(ratio=1)


def test_first_suggestion_is_seen_as_the_chat_opens(chat: Chat) -> None:
    chat.open()
    expect(chat.log.get_by_role("button", name=QUESTION)).to_be_in_viewport(ratio=1)


def test_links_of_the_menu_stand_close_together(chat: Chat) -> None:
    chat.open()
    chat.button("Menü").click()
    links = [chat.panel.get_by_role("link", name=name).last for name in ("Barrierefreiheit", "Alle Fragen und Antworten")]
    first, second = (link.evaluate("link => link.getBoundingClientRect().top") for link in links)
    assert 24 <= second - first <= 36


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_theme_that_the_site_sets_wins(browsing: Browsing, scheme: Literal["light", "dark"]) -> None:
    chat = browsing.chat(color_scheme="light" if scheme == "dark" else "dark")
    chat.element.evaluate("(node, scheme) => node.setAttribute('theme', scheme)", scheme)
    chat.open()
    background = chat.panel.evaluate("node => getComputedStyle(node).backgroundColor")
    assert (background == "rgb(255, 255, 255)") is (scheme == "light")


def test_colours_can_be_set_from_outside(chat: Chat) -> None:
    chat.element.evaluate("node => node.style.setProperty('--wohnlotse-accent', 'rgb(120, 0, 60)')")
    chat.open()
    assert chat.button("Senden").evaluate("node => getComputedStyle(node).backgroundColor") == "rgb(120, 0, 60)"


@pytest.mark.parametrize(("motion", "animation"), [("reduce", "none"), ("no-preference", "dot")])
def test_dots_stand_still_for_those_who_want_it(browsing: Browsing, motion: Any, animation: str) -> None:
    chat = browsing.chat(reduced_motion=motion)
    chat.page.route("**/api/v1/events*", lambda route: route.abort())
    chat.open()
    chat.say(QUESTION)
    dot = chat.log.locator(".typing i").first
    expect(dot).to_be_attached()
    assert dot.evaluate("node => getComputedStyle(node).animationName") == animation


def test_dots_end_by_themselves_within_five_seconds(browsing: Browsing) -> None:
    chat = browsing.chat()
    chat.page.route("**/api/v1/events*", lambda route: route.abort())
    chat.open()
    chat.say(QUESTION)
    dots = chat.log.locator(".typing i")
    expect(dots).to_have_count(3)
    times = "node => { const {endTime} = node.getAnimations()[0].effect.getComputedTiming(); return endTime }"
    assert max(dot.evaluate(times) for dot in dots.all()) <= 5000
