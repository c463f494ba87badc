"""The members of staff of the demonstration, and what they and the citizens write to each other. Nobody real."""

from __future__ import annotations

from typing import NamedTuple

from web.chat.models import Author


class Member(NamedTuple):
    username: str
    role: str
    first_name: str
    last_name: str
    shown_as: str


COUNSELLOR = Member("demo-beratung", "Beratung", "Martina", "Muster", "Frau Muster")
HEAD = Member("demo-leitung", "Leitung", "Jens", "Beispiel", "Herr Beispiel")

#: What is said once somebody has taken over, by language.
SAID: dict[str, tuple[tuple[tuple[str, str], ...], ...]] = {
    "de": (
        (
            (Author.STAFF, "Guten Tag, ich habe Ihre Fragen gelesen. Dazu berät Sie die Wohngeldstelle Ihrer Gemeinde."),
            (Author.CITIZEN, "Danke. Muss ich dort einen Termin machen?"),
            (Author.STAFF, "Am besten rufen Sie vorher an. Die Nummer finden Sie auf der Seite Ihrer Gemeinde."),
            (Author.CITIZEN, "Das mache ich. Vielen Dank!"),
        ),
        (
            (Author.STAFF, "Guten Tag! Worum geht es denn genau?"),
            (Author.CITIZEN, "Wir wollen mit mehreren Familien zusammen bauen und suchen jemanden, der uns berät."),
            (Author.STAFF, "Schreiben Sie uns bitte kurz auf, was Sie vorhaben. Wir melden uns dann bei Ihnen."),
        ),
        (
            (Author.STAFF, "Guten Tag, hier ist die Servicestelle. Ich lese mit und helfe Ihnen gern weiter."),
            (Author.CITIZEN, "Der Computer hat mich nicht verstanden. Ich wollte wissen, ob unser Verein mitmachen kann."),
            (Author.STAFF, "Das kläre ich für Sie. Bitte schicken Sie uns eine Beschreibung Ihres Vereins per Post."),
            (Author.CITIZEN, "Gut, das schicke ich Ihnen."),
        ),
        (
            (Author.STAFF, "Guten Tag! Für Fragen zur Miete ist ein Mieterverein die richtige Stelle."),
            (Author.CITIZEN, "Ach so. Und wo finde ich den?"),
            (Author.STAFF, "In den meisten Städten gibt es einen. Suchen Sie nach „Mieterverein“ und dem Namen Ihrer Stadt."),
            (Author.CITIZEN, "Danke für die schnelle Antwort."),
        ),
    ),
    "en": (
        (
            (Author.STAFF, "Hello, I have read your questions. Your local housing office can help you with this."),
            (Author.CITIZEN, "Thank you! Do they speak English?"),
            (Author.STAFF, "Many do. If you like, bring somebody who speaks German with you."),
        ),
        (
            (Author.STAFF, "Hello! I read along and will gladly help you. What is it about?"),
            (Author.CITIZEN, "I would like to know more about how the alliance works."),
            (Author.STAFF, "You find all of it on our page. Would you like to have the link?"),
            (Author.CITIZEN, "Yes, thank you."),
        ),
    ),
}

#: What somebody leaves word of.
CONCERNS = (
    "Ich möchte wissen, ob unsere Genossenschaft in der Allianz mitarbeiten kann. Bitte rufen Sie mich an.",
    "Meine Miete steigt zum dritten Mal. Gibt es eine Stelle im Land, die mich berät?",
    "Wir planen ein gemeinschaftliches Wohnprojekt und suchen ein Gespräch mit der Servicestelle.",
    "Ich brauche Hilfe beim Antrag auf Wohngeld und komme mit dem Formular nicht zurecht.",
    "Bitte schicken Sie mir Unterlagen über die Allianz für Wohnen, ich habe keinen Drucker.",
    "An unserer Hochschule schreibe ich eine Arbeit über bezahlbaren Wohnraum. Darf ich Sie dazu befragen?",
)
#: Who leaves it: name, e-mail, telephone. Each way to answer is one that leads nowhere.
WRITERS = (
    ("Erika Mustermann", "erika.mustermann@example.org", ""),
    ("Max Mustermann", "", "+49 30 23125 000"),
    ("", "anfrage@example.com", ""),
    ("Lieschen Müller", "l.mueller@example.net", "+49 30 23125 001"),
)
