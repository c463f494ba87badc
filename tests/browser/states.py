"""The states in which citizens see the chat, each reached from the closed chat on the start page."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.chat import PERSONAL, QUESTION, UNCLEAR, UNKNOWN, Chat
from tests.browser.installation import Installation
from tests.browser.staff import DIEHL
from tests.browser.standing import Standing


def closed(chat: Chat, installation: Installation) -> None:
    expect(chat.launcher).to_be_visible()


def notice(chat: Chat, installation: Installation) -> None:
    chat.open()


def conversation(chat: Chat, installation: Installation) -> None:
    chat.open()
    chat.ask(QUESTION)


def clarify(chat: Chat, installation: Installation) -> None:
    chat.open()
    chat.ask(UNCLEAR)


def decline(chat: Chat, installation: Installation) -> None:
    chat.open()
    chat.ask(UNKNOWN)


def reasons(chat: Chat, installation: Installation) -> None:
    chat.open()
    chat.ask(QUESTION).get_by_role("button", name="Nein").click()
    expect(chat.button("Es fehlt etwas")).to_be_visible()


def menu(chat: Chat, installation: Installation) -> None:
    chat.open()
    chat.ask(QUESTION)
    chat.menu()


def deletion(chat: Chat, installation: Installation) -> None:
    menu(chat, installation)
    chat.button("Unterhaltung löschen").click()
    expect(chat.button("Ja, löschen")).to_be_visible()


def personal_data(chat: Chat, installation: Installation) -> None:
    chat.open()
    chat.say(PERSONAL)
    expect(chat.button("Ohne diese Angaben senden")).to_be_visible()


def offline(chat: Chat, installation: Installation) -> None:
    chat.open()
    chat.ask(QUESTION)
    chat.page.context.set_offline(True)
    chat.say("Wer macht mit?")
    expect(chat.questions.last).to_contain_text("noch nicht gesendet")


def down(chat: Chat, installation: Installation) -> None:
    chat.page.route("**/api/v1/widget*", lambda route: route.abort())
    chat.launcher.click()
    expect(chat.button("Noch einmal versuchen")).to_be_visible()


def switched_off(chat: Chat, installation: Installation) -> None:
    with installation.switched_off("Wir warten den Chat bis 14 Uhr."):
        chat.launcher.click()
        expect(chat.log).to_contain_text("Wir warten den Chat bis 14 Uhr.")


def einfach(chat: Chat, installation: Installation) -> None:
    chat.open()
    chat.button("Einfache Sprache").click()
    expect(chat.log).to_contain_text("Computer-Programm")
    chat.ask(QUESTION)


def english(chat: Chat, installation: Installation) -> None:
    chat.open()
    chat.button("English").click()
    expect(chat.log).to_contain_text("automatic assistant")
    chat.ask("Who takes part?")


def requested(chat: Chat, standing: Standing) -> None:
    chat.wait_in_line()
    expect(chat.notes).to_have_count(1)


def staff(chat: Chat, standing: Standing) -> None:
    conversation = chat.wait_in_line()
    standing.staff.hand(conversation, "take")
    standing.staff.say(conversation, "Guten Tag, was kann ich für Sie tun?")
    expect(chat.staff).to_have_count(1)
    chat.say("Ich habe eine Frage zur Allianz.")
    expect(chat.questions).to_have_count(1)


def staff_types(chat: Chat, standing: Standing) -> None:
    staff(chat, standing)
    standing.staff.types(chat.conversation())
    expect(chat.log.locator(".typing")).to_contain_text(f"{DIEHL} schreibt")


def offered(chat: Chat, standing: Standing) -> None:
    standing.decline()
    chat.open()
    chat.ask("Wie wird das Wetter?")
    chat.ask("Und morgen?")
    expect(chat.log.get_by_role("button", name="Mit einem Menschen sprechen")).to_be_visible()


def nobody_there(chat: Chat, standing: Standing) -> None:
    leave_word(chat, standing)
    chat.button("Abbrechen").click()
    expect(chat.log.get_by_role("button", name="Anliegen hinterlassen")).to_be_visible()


def leave_word(chat: Chat, standing: Standing) -> None:
    standing.staff.there(False)
    chat.open()
    chat.ask_for_a_person()
    expect(chat.panel.get_by_role("form", name="Anliegen hinterlassen")).to_be_visible()


def word_refused(chat: Chat, standing: Standing) -> None:
    leave_word(chat, standing)
    chat.panel.get_by_label("Ihre E-Mail-Adresse").fill("keine")
    chat.button("Anliegen senden").click()
    expect(chat.panel.get_by_label("Ihr Anliegen")).to_have_attribute("aria-invalid", "true")


def word_left(chat: Chat, standing: Standing) -> None:
    leave_word(chat, standing)
    chat.panel.get_by_label("Ihr Anliegen").fill("Bitte senden Sie mir den Flyer der Allianz.")
    chat.panel.get_by_role("checkbox").check()
    chat.button("Anliegen senden").click()
    expect(chat.panel.get_by_role("group", name="Ihr Anliegen ist angekommen")).to_be_visible()


State = Callable[[Chat, Installation], None]

STATES: dict[str, State] = {
    state.__name__: state
    for state in (
        closed,
        notice,
        conversation,
        clarify,
        decline,
        reasons,
        menu,
        deletion,
        personal_data,
        offline,
        down,
        switched_off,
        einfach,
        english,
    )
}

#: Those in which the staff have a part; the bot is a stand-in.
HANDED: dict[str, Callable[[Chat, Standing], None]] = {
    state.__name__: state
    for state in (requested, staff, staff_types, offered, nobody_there, leave_word, word_refused, word_left)
}
