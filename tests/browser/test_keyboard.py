"""Everything by keyboard alone: where the focus is, that it can be seen, and that what is pressed is large enough."""

from __future__ import annotations

import re
import string
from typing import Any, Literal

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.chat import PERSONAL, QUESTION, Chat
from tests.browser.conftest import Browsing
from tests.browser.contrast import contrast
from tests.browser.installation import Installation
from tests.browser.standing import Standing
from tests.browser.states import HANDED, STATES

#: What has the focus, in the page or in the widget: its name or text, its ring and the colour behind that.
_FOCUSED = """() => {
  let node = document.activeElement;
  while (node.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
  const {outlineStyle, outlineWidth, outlineColor} = getComputedStyle(node);
  let behind = node.parentElement;
  const clear = (colour) => colour === "rgba(0, 0, 0, 0)";
  while (behind && clear(getComputedStyle(behind).backgroundColor)) behind = behind.parentElement ?? behind.getRootNode().host;
  return {
    name: node.ariaLabel || node.labels?.[0]?.textContent || node.textContent.trim(),
    style: outlineStyle, width: parseFloat(outlineWidth), colour: outlineColor,
    behind: behind ? getComputedStyle(behind).backgroundColor : "rgb(255, 255, 255)",
  };
}"""


def _focused(chat: Chat) -> dict[str, Any]:
    focused: dict[str, Any] = chat.page.evaluate(_FOCUSED)
    return focused


def _controls(chat: Chat) -> list[tuple[str, float]]:
    """Name and smaller side, in px, of what can be pressed or filled in now.

    All at once, and without what has just gone: the widget may render anew between two looks.
    """
    locator = chat.element.locator("button:visible, textarea:visible, input:visible")
    seen: list[tuple[str, float]] = locator.evaluate_all(
        """all => all.filter(each => each.checkVisibility()).map(each => [
            each.ariaLabel || [...(each.labels ?? [])].map(label => label.innerText).join(" ") || each.innerText,
            Math.min(each.offsetWidth, each.offsetHeight)])"""
    )
    return seen


def _press(chat: Chat, *keys: str) -> None:
    for key in keys:
        chat.page.keyboard.press(key)


def _tab_to(chat: Chat, target: Locator, key: str = "Tab") -> None:
    """Fails where `target` is not among the next 60 stops."""
    for _ in range(60):
        if target.evaluate("node => node.getRootNode().activeElement === node"):
            return
        _press(chat, key)
    raise AssertionError(f"{key} does not lead to {target}")


def test_whole_conversation_by_keyboard(chat: Chat, installation: Installation) -> None:
    _tab_to(chat, chat.launcher)
    _press(chat, "Enter")
    expect(chat.panel.get_by_role("heading", name="Wohnlotse")).to_be_focused()
    expect(chat.answers).to_have_count(1)
    _tab_to(chat, chat.log.get_by_role("button", name=QUESTION))
    _press(chat, "Enter")
    expect(chat.answers).to_have_count(2)
    expect(chat.input).to_be_focused()
    _tab_to(chat, chat.answers.last.get_by_role("button", name="Nein"), "Shift+Tab")
    _press(chat, "Space")
    _tab_to(chat, chat.button("Es fehlt etwas"))
    with chat.page.expect_response(lambda response: response.url.endswith("/feedback")):
        _press(chat, "Enter")
    expect(chat.button("Es fehlt etwas")).to_be_focused()
    _tab_to(chat, chat.button("Menü"), "Shift+Tab")
    _press(chat, "Enter")
    _tab_to(chat, chat.button("Unterhaltung löschen"))
    _press(chat, "Enter")
    expect(chat.panel.get_by_role("heading", name="Unterhaltung löschen?")).to_be_focused()
    _tab_to(chat, chat.button("Ja, löschen"))
    _press(chat, "Enter")
    expect(chat.notes).to_contain_text("gelöscht")
    expect(chat.input).to_be_focused()
    _press(chat, "Escape")
    expect(chat.panel).to_be_hidden()
    expect(chat.launcher).to_be_focused()


def test_focus_comes_to_all_controls_in_the_order_in_which_they_stand(chat: Chat) -> None:
    chat.open()
    names = []
    for _ in range(12):
        names.append(_focused(chat)["name"])
        _press(chat, "Tab")
    assert names[0] == "Wohnlotse"
    assert names[1:7] == ["Menü", "Chat schließen", "Standard", "Einfache Sprache", "English", "Chatverlauf"]
    assert names[7] == "Datenschutz"
    assert names[8] == QUESTION
    assert names[11] == "Ihre Frage"


def test_tab_leaves_the_chat_and_comes_back(chat: Chat) -> None:
    chat.open()
    chat.button("Senden").focus()
    _press(chat, "Tab")
    assert chat.page.evaluate("document.activeElement.localName") != "wohnlotse-chat"
    expect(chat.panel).to_be_visible()
    _press(chat, "Shift+Tab")
    _tab_to(chat, chat.button("Senden"), "Shift+Tab")


def test_skip_link_leads_to_the_chat(chat: Chat) -> None:
    _tab_to(chat, chat.page.get_by_role("link", name="Zum Chat"))
    _press(chat, "Enter", "Tab")
    expect(chat.launcher).to_be_focused()


def test_escape_closes_first_the_menu_and_then_the_chat(chat: Chat) -> None:
    chat.open()
    chat.ask(QUESTION)
    chat.menu()
    _press(chat, "Escape")
    expect(chat.button("Unterhaltung löschen")).to_be_hidden()
    expect(chat.button("Menü")).to_be_focused()
    _press(chat, "Escape")
    expect(chat.panel).to_be_hidden()
    expect(chat.launcher).to_be_focused()


def test_escape_uncovers_the_page_where_the_focus_is_outside(chat: Chat) -> None:
    chat.open()
    link = chat.page.get_by_role("navigation").get_by_role("link", name="Fragen und Antworten")
    link.focus()
    _press(chat, "Escape")
    expect(chat.panel).to_be_hidden()
    expect(link).to_be_focused()


def test_focus_stays_where_it_is_when_an_answer_comes(chat: Chat) -> None:
    chat.open()
    chat.say(QUESTION)
    expect(chat.input).to_be_focused()
    menu = chat.button("Menü")
    menu.focus()
    expect(chat.answers).to_have_count(2)
    expect(menu).to_be_focused()


def test_focus_is_in_the_input_after_a_quick_reply(chat: Chat) -> None:
    chat.open()
    chat.ask(QUESTION).get_by_role("group", name="Vorschläge").get_by_role("button").first.press("Enter")
    expect(chat.input).to_be_focused()
    expect(chat.answers).to_have_count(3)
    expect(chat.input).to_be_focused()


def test_focus_goes_to_what_was_found_and_back_to_the_input(chat: Chat) -> None:
    chat.open()
    chat.say(PERSONAL)
    expect(chat.panel.get_by_role("heading", name="Ihr Text enthält persönliche Angaben")).to_be_focused()
    _tab_to(chat, chat.button("Text ändern"))
    _press(chat, "Enter")
    expect(chat.input).to_be_focused()


def test_shift_and_enter_begins_a_new_line_and_enter_sends(chat: Chat) -> None:
    chat.open()
    chat.input.focus()
    chat.page.keyboard.type("Guten Tag,")
    _press(chat, "Shift+Enter")
    chat.page.keyboard.type(QUESTION)
    expect(chat.input).to_have_value(f"Guten Tag,\n{QUESTION}")
    _press(chat, "Enter")
    expect(chat.questions).to_have_count(1)
    expect(chat.input).to_have_value("")


def test_log_scrolls_from_the_empty_input(chat: Chat) -> None:
    chat.open()
    for question in (QUESTION, "Wer macht mit?"):
        chat.ask(question)
    chat.input.focus()
    _press(chat, "Home")
    assert chat.log.evaluate("log => log.scrollTop") == 0
    _press(chat, "End")
    assert chat.log.evaluate("log => log.scrollHeight - log.scrollTop - log.clientHeight") < 2
    _press(chat, "PageUp")
    assert chat.log.evaluate("log => log.scrollHeight - log.scrollTop - log.clientHeight") > 100
    expect(chat.input).to_be_focused()


def test_no_letter_alone_does_anything(chat: Chat) -> None:
    chat.open()
    chat.log.focus()
    before = chat.panel.inner_text()
    _press(chat, *string.ascii_letters, *string.digits, *"?/.,!+-")
    assert chat.panel.inner_text() == before
    expect(chat.log).to_be_focused()
    expect(chat.input).to_have_value("")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["", "fragen/"])
def test_focus_can_be_seen_on_every_stop(browsing: Browsing, scheme: Literal["light", "dark"], path: str) -> None:
    chat = browsing.chat(path, color_scheme=scheme)
    chat.open()
    chat.ask(QUESTION).get_by_role("button", name="Nein").click()
    chat.button("Menü").click()
    stops: list[dict[str, Any]] = []
    while len(stops) < 120 and (len(stops) < 2 or stops[-1] != stops[0]):
        _press(chat, "Tab")
        if chat.page.evaluate("document.activeElement !== document.body"):
            stops.append(_focused(chat))
    dim = [stop for stop in stops if stop["style"] in ("none", "auto") or stop["width"] < 2]
    assert dim == []
    assert [stop for stop in stops if contrast(stop["colour"], stop["behind"]) < 3] == []
    assert {"Menü", "Chat schließen", "Ihre Frage", "Senden", "Chatverlauf"} <= {stop["name"] for stop in stops}
    assert len(stops) > 25


@pytest.mark.parametrize("state", ["closed", "notice", "reasons", "menu", "deletion", "personal_data", "down"])
def test_whatever_is_pressed_is_large_enough_and_has_a_name(chat: Chat, installation: Installation, state: str) -> None:
    STATES[state](chat, installation)
    seen = _controls(chat)
    assert seen != []
    assert [name for name, size in seen if size < 24] == []
    assert [name for name, _ in seen if not re.search(r"\w", name)] == []
    main = ("Chat öffnen", "Chat schließen", "Menü", "Senden")
    assert min(size for name, size in seen if name.startswith(main)) >= 44


@pytest.mark.parametrize("state", ["requested", "offered", "word_refused", "word_left"])
def test_whatever_is_pressed_with_staff_is_large_enough_and_has_a_name(visit: Chat, standing: Standing, state: str) -> None:
    HANDED[state](visit, standing)
    seen = _controls(visit)
    assert len(seen) > 5
    assert [name for name, size in seen if size < 24] == []
    assert [name for name, _ in seen if not re.search(r"\w", name)] == []


def test_person_is_asked_for_and_a_message_left_by_keyboard(visit: Chat, standing: Standing) -> None:
    standing.staff.there(False)
    visit.open()
    _tab_to(visit, visit.button("Menü"), "Shift+Tab")
    _press(visit, "Enter")
    _tab_to(visit, visit.button("Mit einem Menschen sprechen"))
    _press(visit, "Enter")
    expect(visit.panel.get_by_role("heading", name="Anliegen hinterlassen")).to_be_focused()
    _tab_to(visit, visit.panel.get_by_label("Ihr Anliegen"))
    visit.page.keyboard.type("Bitte senden Sie mir den Flyer der Allianz.")
    _press(visit, "Tab", "Tab", "Tab", "Tab", "Space")
    expect(visit.panel.get_by_role("checkbox")).to_be_checked()
    _tab_to(visit, visit.button("Anliegen senden"))
    _press(visit, "Enter")
    expect(visit.panel.get_by_role("heading", name="Ihr Anliegen ist angekommen")).to_be_focused()
    _tab_to(visit, visit.button("Zurück zum Chat"))
    _press(visit, "Enter")
    expect(visit.input).to_be_focused()


def test_focus_stays_where_it_is_when_somebody_takes_over(visit: Chat, standing: Standing) -> None:
    conversation = visit.wait_in_line()
    menu = visit.button("Menü")
    menu.focus()
    standing.staff.hand(conversation, "take")
    standing.staff.say(conversation, "Guten Tag!")
    expect(visit.staff).to_have_count(1)
    expect(menu).to_be_focused()


def test_visible_label_is_in_the_accessible_name(chat: Chat) -> None:
    expect(chat.launcher).to_have_accessible_name(re.compile("^Chat öffnen"))
    assert chat.launcher.inner_text().strip() == "Chat öffnen"
