"""One citizen, from the first look to the deletion, with the real bot."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from content import read_content
from tests.browser.chat import FOLLOW_UP, PERSONAL, QUESTION, UNCLEAR, UNKNOWN, Chat
from tests.browser.conftest import Browsing
from tests.browser.installation import Installation

CONTENT = read_content()
DEFINITION = CONTENT.answer("alliance_definition", "standard")
SOURCE = CONTENT.sources[CONTENT.topics["alliance_definition"].source]


def test_notice_and_greeting_stand_before_the_first_input(chat: Chat) -> None:
    chat.open()
    expect(chat.log.get_by_role("heading", name="Bevor Sie schreiben")).to_be_visible()
    expect(chat.log).to_contain_text("automatischer Assistent")
    expect(chat.log).to_contain_text("Art. 6 Abs. 1 Buchst. e DSGVO, § 3 HDSIG")
    expect(chat.log).to_contain_text("keine persönlichen Angaben")
    expect(chat.log).to_contain_text("nach 30 Tagen gelöscht")
    expect(chat.log.get_by_role("link", name="Datenschutz")).to_have_attribute("href", re.compile("/datenschutz/$"))
    expect(chat.answers.first).to_contain_text("ein Chatbot und kein Mensch")
    assert chat.log.inner_text().index("Bevor Sie schreiben") < chat.log.inner_text().index("ein Chatbot und kein Mensch")


def test_header_says_at_all_times_that_no_person_answers(chat: Chat) -> None:
    chat.open()
    expect(chat.panel).to_have_accessible_name("Wohnlotse Automatischer Assistent, kein Mensch")
    for question in (QUESTION, FOLLOW_UP, "Wer macht mit?"):
        chat.ask(question)
    expect(chat.panel.get_by_text("Automatischer Assistent, kein Mensch")).to_be_in_viewport()


def test_starter_is_answered_with_source_and_date(chat: Chat) -> None:
    chat.open()
    starters = chat.log.get_by_role("group", name="Vorschläge")
    expect(starters.get_by_role("button")).to_have_count(3)
    starters.get_by_role("button", name=QUESTION).click()
    expect(chat.answers).to_have_count(2)
    answer = chat.answers.last
    expect(chat.questions).to_contain_text([QUESTION])
    expect(answer).to_contain_text(DEFINITION)
    expect(answer).to_contain_text(f"Stand {SOURCE.date:%d.%m.%Y}")
    link = answer.get_by_role("link")
    expect(link).to_have_attribute("href", SOURCE.url)
    expect(link).to_have_accessible_name(f"{SOURCE.title} (andere Website)")
    expect(chat.log.get_by_role("group", name="Vorschläge")).to_have_count(1)  # those of the answer


def test_follow_up_is_understood_from_the_answer_before(chat: Chat) -> None:
    chat.open()
    chat.ask(QUESTION)
    expect(chat.ask(FOLLOW_UP)).to_contain_text(CONTENT.answer("alliance_founding_year", "standard"))


def test_chosen_button_stays_readable_and_the_others_are_disabled(chat: Chat) -> None:
    chat.open()
    answer = chat.ask(QUESTION)
    choices = answer.get_by_role("group", name="Vorschläge").get_by_role("button")
    first, second = (choices.nth(place).inner_text() for place in (0, 1))
    choices.first.click()
    expect(chat.answers).to_have_count(3)
    expect(chat.questions.last).to_contain_text(first)
    before = chat.answers.nth(1)
    expect(before.get_by_role("button", name=f"gewählt: {first}")).to_be_disabled()
    expect(before.get_by_role("button", name=second)).to_be_disabled()


def test_unclear_question_is_asked_back_and_the_choice_answered(chat: Chat) -> None:
    chat.open()
    answer = chat.ask(UNCLEAR)
    expect(answer).to_contain_text("Meinten Sie eine dieser Fragen?")
    answer.get_by_role("button", name="Wer ist Xenia Diehl?").click()
    expect(chat.answers).to_have_count(3)
    expect(chat.answers.last).to_contain_text(CONTENT.answer("contact_diehl", "standard"))


def test_question_about_something_else_is_declined_with_the_address(chat: Chat) -> None:
    chat.open()
    answer = chat.ask(UNKNOWN)
    expect(answer).to_contain_text("Das weiß ich leider nicht.")
    expect(answer).to_contain_text(CONTENT.contacts.address)


def test_english_is_spoken_after_the_switch_and_after_a_reload(chat: Chat) -> None:
    chat.open()
    chat.button("English").click()
    expect(chat.log).to_contain_text("a chatbot and not a person")
    answer = chat.ask("Who takes part?")
    expect(answer).to_contain_text(CONTENT.answer("participants_list", "en"))
    expect(answer.locator(".text")).to_have_attribute("lang", "en")
    expect(chat.panel.get_by_label("Your question")).to_be_visible()
    chat.page.reload()
    expect(chat.panel.get_by_label("Your question")).to_be_visible()
    expect(chat.answers.last).to_contain_text(CONTENT.answer("participants_list", "en"))


def test_einfache_sprache_is_spoken_after_the_switch(chat: Chat) -> None:
    chat.open()
    chat.button("Einfache Sprache").click()
    expect(chat.log).to_contain_text("Dieser Chat ist ein Computer-Programm.")
    expect(chat.ask(QUESTION)).to_contain_text(CONTENT.answer("alliance_definition", "einfach"))
    expect(chat.button("Einfache Sprache")).to_have_attribute("aria-pressed", "true")


def test_feedback_is_stored_with_its_reason_and_can_be_changed(chat: Chat, installation: Installation) -> None:
    chat.open()
    answer = chat.ask(QUESTION)
    feedback = """select helpful, reason from chat_feedback join chat_message on chat_message.id = message_id
        where conversation_id = %s"""

    def press(name: str) -> None:
        with chat.page.expect_response(lambda response: response.url.endswith("/feedback")):
            answer.get_by_role("button", name=name, exact=True).click()
        expect(answer.get_by_role("button", name=name, exact=True)).to_have_attribute("aria-pressed", "true")

    press("Nein")
    press("Es fehlt etwas")
    expect(chat.status).to_contain_text("Danke für Ihre Rückmeldung.")
    assert installation.rows(feedback, chat.conversation()) == [(False, "incomplete")]
    press("Ja")
    assert installation.rows(feedback, chat.conversation()) == [(True, None)]
    expect(answer.get_by_role("button", name="Es fehlt etwas")).to_be_hidden()


def test_conversation_is_copied_as_text(browsing: Browsing) -> None:
    chat = browsing.chat(permissions=["clipboard-read", "clipboard-write"])
    chat.open()
    chat.ask(QUESTION)
    chat.menu()
    chat.button("Unterhaltung kopieren").click()
    expect(chat.panel.get_by_text("Die Unterhaltung ist kopiert.")).to_be_visible()
    copy = chat.page.evaluate("navigator.clipboard.readText()")
    assert QUESTION in copy
    assert DEFINITION in copy
    assert f"Stand {SOURCE.date:%d.%m.%Y}" in copy


def test_conversation_is_printed_from_a_page_of_its_own(browsing: Browsing) -> None:
    chat = browsing.chat(script="window.print = () => { window.printed = true }")
    chat.open()
    chat.ask(QUESTION)
    chat.menu()
    with chat.page.expect_popup() as popup:
        chat.button("Unterhaltung drucken").click()
    page = popup.value
    expect(page.get_by_role("heading", name="Unterhaltung mit dem Wohnlotsen")).to_be_visible()
    expect(page.get_by_role("listitem")).to_contain_text([QUESTION, DEFINITION])
    page.wait_for_function("() => window.printed")
    assert page.get_by_role("list").evaluate("list => getComputedStyle(list).listStyleType") == "none"  # it has its style


def test_personal_data_are_shown_and_only_sent_without(chat: Chat, installation: Installation) -> None:
    chat.open()
    stored = installation.rows("select count(*) from chat_message")
    chat.say(PERSONAL)
    found = chat.panel.get_by_role("group", name="Ihr Text enthält persönliche Angaben")
    expect(found.locator("mark")).to_have_text(["Petra Mustermann (Name)", "0611 1234567 (Telefonnummer)"])
    expect(chat.status).to_contain_text("Ihr Text enthält persönliche Angaben")
    assert installation.rows("select count(*) from chat_message") == stored
    found.get_by_role("button", name="Ohne diese Angaben senden").click()
    expect(chat.answers).to_have_count(2)
    expect(chat.questions.last).to_contain_text("Ich heiße [Name], [Telefonnummer].")
    expect(chat.answers.last).to_contain_text(DEFINITION)
    expect(chat.input).to_be_focused()
    kept = installation.rows(
        "select text, redacted from chat_message where conversation_id = %s and author = 'citizen'", chat.conversation()
    )
    assert kept == [(PERSONAL.replace("Petra Mustermann", "[Name]").replace("0611 1234567", "[Telefonnummer]"), True)]
    assert "Mustermann" not in chat.page.evaluate("JSON.stringify(sessionStorage)")


def test_text_with_personal_data_can_be_changed_instead(chat: Chat) -> None:
    chat.open()
    chat.say(PERSONAL)
    chat.button("Text ändern").click()
    expect(chat.input).to_be_focused()
    expect(chat.input).to_have_value(PERSONAL)
    expect(chat.questions).to_have_count(0)
    expect(chat.ask(QUESTION)).to_contain_text(DEFINITION)


def test_deletion_is_asked_for_receipted_and_real(chat: Chat, installation: Installation) -> None:
    chat.open()
    chat.ask(QUESTION)
    conversation = chat.conversation()
    chat.menu()
    chat.button("Unterhaltung löschen").click()
    chat.button("Abbrechen").click()
    assert installation.rows("select count(*) from chat_message where conversation_id = %s", conversation) == [(2,)]
    chat.button("Unterhaltung löschen").click()
    chat.button("Ja, löschen").click()
    expect(chat.notes).to_contain_text("mit 2 Nachrichten wurde gelöscht")
    expect(chat.questions).to_have_count(0)
    assert installation.rows("select count(*) from chat_message where conversation_id = %s", conversation) == [(0,)]
    assert installation.rows("select count(*) from chat_conversation where id = %s", conversation) == [(0,)]
    assert installation.rows("select messages, memory_deleted from chat_deletion where conversation_id = %s", conversation) == [
        (2, True)
    ]
    # It begins anew, and the bot remembers nothing.
    chat.ask(FOLLOW_UP)
    expect(chat.answers.last).not_to_contain_text(CONTENT.answer("alliance_founding_year", "standard"))
    assert chat.conversation() != conversation


def test_author_is_named_for_eyes_and_ears(chat: Chat) -> None:
    chat.open()
    chat.ask(QUESTION)
    expect(chat.questions.last).to_have_text(re.compile("^Sie"))
    expect(chat.answers.last).to_have_text(re.compile("^Wohnlotse, automatische Antwort"))


def test_language_of_page_buttons_and_answers_is_marked(chat: Chat) -> None:
    expect(chat.page.locator("html")).to_have_attribute("lang", "de")
    chat.open()
    expect(chat.button("English")).to_have_attribute("lang", "en")
    assert chat.ask(QUESTION).locator(".text").get_attribute("lang") == "de"
    assert chat.questions.last.locator(".text").get_attribute("lang") == ""  # whoever writes, chooses
    assert chat.ask("Who takes part?").locator(".text").get_attribute("lang") == "en"


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Bist du ein Mensch?", CONTENT.reply("bot_human", "standard")),
        ("Ist dieser Chat barrierefrei?", CONTENT.answer("bot_accessibility", "standard")),
        ("Was passiert mit meinen Daten?", CONTENT.answer("bot_privacy", "standard")),
    ],
)
def test_chat_answers_for_itself(chat: Chat, question: str, answer: str) -> None:
    chat.open()
    expect(chat.ask(question)).to_contain_text(answer)


def test_too_long_text_is_named_tied_to_the_input_and_kept(chat: Chat) -> None:
    chat.open()
    text = "Wohnen " * 300 + "Hessen"
    chat.say(text)
    expect(chat.input).to_have_attribute("aria-invalid", "true")
    expect(chat.input).to_have_accessible_description("106 Zeichen zu viel. Bitte kürzen. Bitte keine persönlichen Angaben.")
    expect(chat.status).to_contain_text("106 Zeichen zu viel. Bitte kürzen.")
    expect(chat.input).to_have_value(text)
    expect(chat.questions).to_have_count(0)


def test_hand_that_presses_twice_is_not_told_off(chat: Chat) -> None:
    chat.open()
    chat.input.fill(QUESTION)
    chat.button("Senden").dblclick()
    expect(chat.answers).to_have_count(2)
    expect(chat.questions).to_have_count(1)
    expect(chat.panel.get_by_text("Bitte schreiben Sie erst Ihre Frage.")).to_be_hidden()
    expect(chat.input).to_be_focused()


def test_empty_text_is_named_and_tied_to_the_input(chat: Chat) -> None:
    chat.open()
    chat.button("Senden").click()
    expect(chat.input).to_have_accessible_description(re.compile("^Bitte schreiben Sie erst Ihre Frage."))
    expect(chat.input).to_be_focused()
