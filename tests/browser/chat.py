"""The chat on a page, found as people find it: by roles and names."""

from __future__ import annotations

import json
import uuid
from typing import Any

from playwright.sync_api import Locator, Page, expect

#: Its answer, and that of „Und seit wann?“ after it, are facts that stay.
QUESTION = "Was ist die Allianz für Wohnen in Hessen?"
FOLLOW_UP = "Und seit wann?"
#: Two topics fit, so the bot asks back.
UNCLEAR = "Telefon Diehl"
UNKNOWN = "Wie wird das Wetter morgen?"
PERSONAL = "Ich heiße Petra Mustermann, 0611 1234567. Was ist die Allianz für Wohnen in Hessen?"


class Chat:
    """The widget on `page`."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.element = page.locator("wohnlotse-chat")
        self.launcher = self.element.get_by_role("button", name="Chat öffnen")
        self.panel = self.element.get_by_role("dialog", name="Wohnlotse")
        self.log = self.panel.get_by_role("log")
        self.input = self.panel.get_by_role("textbox")
        #: What citizens, bot and system said, each with its author and buttons; the greeting is the first.
        self.messages = self.log.locator("[data-author]")
        self.answers = self.log.locator("[data-author=bot]")
        self.questions = self.log.locator("[data-author=citizen]")
        self.notes = self.log.locator("[data-author=system]")
        self.staff = self.log.locator("[data-author=staff]")
        #: The one live region: messages with their speakers, and what else is to be told.
        self.status = self.element.get_by_role("status")

    def open(self) -> None:
        """Opens it and waits for the notice and the greeting."""
        self.launcher.click()
        expect(self.answers).to_have_count(1)

    def say(self, text: str) -> None:
        """Writes and sends without waiting."""
        self.input.fill(text)
        self.input.press("Enter")

    def ask(self, text: str) -> Locator:
        """Writes, sends, and returns the one answer that comes."""
        before = self.answers.count()
        self.say(text)
        expect(self.answers).to_have_count(before + 1)
        return self.answers.last

    def button(self, name: str) -> Locator:
        """The button of the panel that is called so."""
        return self.panel.get_by_role("button", name=name, exact=True)

    def menu(self) -> None:
        """Opens the menu."""
        self.button("Menü").click()
        expect(self.button("Unterhaltung löschen")).to_be_visible()

    def ask_for_a_person(self) -> None:
        """Presses the button in the menu, without waiting."""
        self.button("Menü").click()
        self.button("Mit einem Menschen sprechen").click()

    def wait_in_line(self) -> uuid.UUID:
        """Opens the chat, asks for a person, waits for the place in the queue, and returns the conversation."""
        self.open()
        self.ask_for_a_person()
        expect(self.panel.get_by_text("Sie können hier warten oder abbrechen.")).to_be_visible()
        return self.conversation()

    def kept(self) -> dict[str, Any]:
        """What the chat keeps in this tab."""
        kept: dict[str, Any] = json.loads(self.page.evaluate("sessionStorage.wohnlotse ?? '{}'"))
        return kept

    def conversation(self) -> uuid.UUID:
        """The id of the conversation, which stands in its key."""
        return uuid.UUID(self.kept()["key"].split(":")[0])
