"""The states in which citizens see the chat, each reached from the closed chat on the start page."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.chat import PERSONAL, QUESTION, UNCLEAR, UNKNOWN, Chat
from tests.browser.installation import Installation


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
