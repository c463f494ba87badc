"""What a screen reader is told. An observer writes down each text that comes into the live region."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from content import read_content
from tests.browser.chat import FOLLOW_UP, PERSONAL, QUESTION, UNCLEAR, Chat
from tests.browser.conftest import Browsing
from tests.browser.staff import DIEHL
from tests.browser.standing import Standing
from tests.browser.states import HANDED

CONTENT = read_content()
DEFINITION = f"Wohnlotse: {CONTENT.answer('alliance_definition', 'standard')}"
FOUNDED = f"Wohnlotse: {CONTENT.answer('alliance_founding_year', 'standard')}"

#: `spoken`: [text, language] of all that came into a live region, in order.
_OBSERVER = """
window.spoken = [];
customElements.whenDefined("wohnlotse-chat").then(() => {
  const region = (node) => {
    const element = node.nodeType === 1 ? node : node.parentElement;
    const found = element?.closest("[aria-live], [role=status], [role=alert], [role=log]");
    return found && found.getAttribute("aria-live") !== "off" ? found : null;
  };
  const hear = (records) => {
    const changed = ({type, target, addedNodes}) => type === "characterData" ? [target] : [...addedNodes];
    for (const node of new Set(records.flatMap(changed))) {
      const live = region(node);
      if (live && node.textContent) spoken.push([node.textContent, node.lang ?? ""]);
    }
  };
  const observer = new MutationObserver(hear);
  const all = { subtree: true, childList: true, characterData: true };
  observer.observe(document, all);
  for (const chat of document.querySelectorAll("wohnlotse-chat")) observer.observe(chat.shadowRoot, all);
});
"""


@pytest.fixture
def heard(browsing: Browsing) -> Chat:
    """The chat on the start page, closed, with the observer."""
    return browsing.chat(script=_OBSERVER)


#: Holds back the receipt of a deletion.
_RECEIPT_LATE = """() => {
  const fetch = window.fetch;
  window.fetch = async (...call) => {
    const response = await fetch(...call);
    if (call[1]?.method === "DELETE") await new Promise((resolve) => setTimeout(resolve, 1000));
    return response;
  };
}"""

#: Said only where it takes long.
_SLOW = ("wird gesendet …", "Wohnlotse schreibt")


def _spoken(chat: Chat) -> list[str]:
    """All that was said, in order, but that it takes long."""
    return [text for text, _ in chat.page.evaluate("spoken") if text not in _SLOW]


def _wait_until_spoken(chat: Chat, text: str) -> None:
    chat.page.wait_for_function("text => spoken.some((each) => each[0] === text)", arg=text)


def test_log_is_there_and_empty_at_load_and_silent_for_ever(chat: Chat) -> None:
    log = chat.element.locator("[role=log]")
    expect(log).to_have_count(1)
    expect(log).to_be_empty()
    chat.open()
    expect(chat.log).to_have_accessible_name("Chatverlauf")
    for question in (QUESTION, FOLLOW_UP):
        chat.ask(question)
    expect(chat.log).to_have_attribute("aria-live", "off")
    expect(chat.messages).to_have_count(5)


def test_one_region_is_live_and_it_is_empty_at_load(chat: Chat) -> None:
    expect(chat.element.locator("[aria-live]:not([aria-live=off]), [role=status], [role=alert]")).to_have_count(1)
    expect(chat.status).to_be_empty()
    expect(chat.status).to_have_attribute("aria-atomic", "false")  # what was said before is not said again


def test_each_answer_is_spoken_once_with_its_speaker_and_taken_away(heard: Chat) -> None:
    heard.open()
    greeting = "Wohnlotse: " + heard.answers.first.locator(".text").inner_text()
    _wait_until_spoken(heard, greeting)
    heard.ask(QUESTION)
    _wait_until_spoken(heard, DEFINITION)
    heard.ask(FOLLOW_UP)
    _wait_until_spoken(heard, FOUNDED)
    expect(heard.status).to_be_empty()
    assert _spoken(heard) == [greeting, DEFINITION, FOUNDED]


def test_topics_to_choose_from_are_spoken_with_the_question_back(heard: Chat) -> None:
    heard.open()
    question = heard.ask(UNCLEAR)
    choices = question.get_by_role("group", name="Vorschläge").get_by_role("button").all_inner_texts()
    assert "Wer ist Xenia Diehl?" in choices
    _wait_until_spoken(heard, " ".join([f"Wohnlotse: {question.locator('.text').inner_text()}", *choices]))


def test_deletion_is_spoken_once(heard: Chat) -> None:
    heard.open()
    heard.ask(QUESTION)
    _wait_until_spoken(heard, DEFINITION)
    # The stream tells of the deletion before its receipt is there.
    heard.page.evaluate(_RECEIPT_LATE)
    heard.menu()
    heard.button("Unterhaltung löschen").click()
    heard.button("Ja, löschen").click()
    _wait_until_spoken(heard, "Hinweis: Die Unterhaltung mit 2 Nachrichten wurde gelöscht.")
    assert _spoken(heard)[2:] == ["Hinweis: Die Unterhaltung mit 2 Nachrichten wurde gelöscht."]


def test_history_is_not_spoken_again_after_a_reload(heard: Chat) -> None:
    heard.open()
    heard.ask(QUESTION)
    _wait_until_spoken(heard, DEFINITION)
    heard.page.reload()
    expect(heard.answers.last).to_contain_text(DEFINITION.removeprefix("Wohnlotse: "))
    heard.ask(FOLLOW_UP)
    _wait_until_spoken(heard, FOUNDED)
    assert _spoken(heard) == [FOUNDED]


def test_english_answer_is_spoken_as_english(heard: Chat) -> None:
    heard.open()
    heard.button("English").click()
    expect(heard.log).to_contain_text("a chatbot and not a person")
    heard.ask("Who takes part?")
    text = f"Wohnlotse: {CONTENT.answer('participants_list', 'en')}"
    _wait_until_spoken(heard, text)
    assert [text, "en"] in heard.page.evaluate("spoken")


def test_lost_line_and_its_return_are_said(heard: Chat) -> None:
    heard.open()
    heard.ask(QUESTION)
    heard.page.context.set_offline(True)
    heard.say(FOLLOW_UP)
    _wait_until_spoken(heard, "Keine Verbindung. Wir versuchen es weiter.")
    heard.page.context.set_offline(False)
    _wait_until_spoken(heard, "Die Verbindung ist wieder da.")
    _wait_until_spoken(heard, FOUNDED)
    assert [text for text in _spoken(heard) if "Verbindung" in text] == [
        "Keine Verbindung. Wir versuchen es weiter.",
        "Die Verbindung ist wieder da.",
    ]


def test_long_wait_is_said_once(heard: Chat) -> None:
    heard.open()
    heard.page.route("**/api/v1/events*", lambda route: route.abort())
    heard.say(QUESTION)
    _wait_until_spoken(heard, "Wohnlotse schreibt")
    assert [text for text, _ in heard.page.evaluate("spoken")].count("Wohnlotse schreibt") == 1
    dots = heard.log.locator(".typing")
    expect(dots).to_have_attribute("aria-hidden", "true")


def test_personal_data_are_said(heard: Chat) -> None:
    heard.open()
    heard.say(PERSONAL)
    _wait_until_spoken(heard, "Ihr Text enthält persönliche Angaben")
    assert _spoken(heard)[1:] == ["Ihr Text enthält persönliche Angaben"]


def test_what_stays_in_sight_does_not_leave_with_its_announcement(heard: Chat) -> None:
    heard.open()
    heard.button("Senden").click()
    _wait_until_spoken(heard, "Bitte schreiben Sie erst Ihre Frage.")
    expect(heard.status).to_be_empty()
    expect(heard.panel.get_by_text("Bitte schreiben Sie erst Ihre Frage.")).to_be_visible()


@pytest.fixture
def heard_visit(visiting: Browsing) -> Chat:
    """As `heard`, where the stand-in answers and staff are there."""
    return visiting.chat(script=_OBSERVER)


def test_waiting_take_over_and_return_are_said_once_each(heard_visit: Chat, standing: Standing) -> None:
    conversation = heard_visit.wait_in_line()
    place = heard_visit.panel.get_by_text("Sie können hier warten oder abbrechen.").inner_text()
    for number, event in enumerate(("take", "give_back"), start=1):
        expect(heard_visit.notes).to_have_count(number)
        standing.staff.hand(conversation, event)
    expect(heard_visit.notes).to_have_count(3)
    notes = [f"Hinweis: {note}" for note in heard_visit.notes.locator(".text").all_inner_texts()]
    _wait_until_spoken(heard_visit, notes[-1])
    heard_visit.page.wait_for_timeout(500)  # whatever else is said comes within that
    assert "auf Platz" in place
    assert "auf Platz" not in notes[0]
    assert DIEHL in notes[1]
    said = _spoken(heard_visit)[1:]
    assert said.count(place) == 1
    assert [text for text in said if text != place] == notes


def test_place_that_moves_up_is_said(visiting: Browsing, heard_visit: Chat, standing: Standing) -> None:
    first = visiting.chat()
    first.wait_in_line()
    heard_visit.wait_in_line()
    said = heard_visit.panel.get_by_text("Sie können hier warten oder abbrechen.")
    before = said.inner_text()
    _wait_until_spoken(heard_visit, before)
    first.button("Nicht mehr warten").click()
    expect(said).not_to_have_text(before)
    _wait_until_spoken(heard_visit, said.inner_text())
    assert [text for text in _spoken(heard_visit) if "auf Platz" in text] == [before, said.inner_text()]


def test_message_of_staff_is_spoken_once_with_its_speaker(heard_visit: Chat, standing: Standing) -> None:
    conversation = heard_visit.wait_in_line()
    standing.staff.hand(conversation, "take")
    standing.staff.say(conversation, "Guten Tag!")
    _wait_until_spoken(heard_visit, f"{DIEHL}: Guten Tag!")
    heard_visit.page.reload()
    expect(heard_visit.staff).to_have_count(1)
    standing.staff.say(conversation, "Sind Sie noch da?")
    _wait_until_spoken(heard_visit, f"{DIEHL}: Sind Sie noch da?")
    assert [text for text in _spoken(heard_visit) if text.startswith(DIEHL)] == [f"{DIEHL}: Sind Sie noch da?"]


def test_staff_who_type_are_said_once(heard_visit: Chat, standing: Standing) -> None:
    conversation = heard_visit.wait_in_line()
    standing.staff.hand(conversation, "take")
    expect(heard_visit.notes).to_have_count(2)
    standing.staff.types(conversation)
    _wait_until_spoken(heard_visit, f"{DIEHL} schreibt")
    assert _spoken(heard_visit).count(f"{DIEHL} schreibt") == 1


def test_what_is_wrong_with_a_message_and_its_reference_are_said(heard_visit: Chat, standing: Standing) -> None:
    HANDED["word_refused"](heard_visit, standing)
    _wait_until_spoken(heard_visit, "Bitte prüfen Sie Ihre Angaben.")
    heard_visit.panel.get_by_label("Ihr Anliegen").fill("Bitte senden Sie mir den Flyer der Allianz.")
    heard_visit.panel.get_by_label("Ihre E-Mail-Adresse").fill("")
    heard_visit.panel.get_by_role("checkbox").check()
    heard_visit.button("Anliegen senden").click()
    receipt = heard_visit.panel.get_by_role("group", name="Ihr Anliegen ist angekommen").locator("p").inner_text()
    _wait_until_spoken(heard_visit, receipt)
