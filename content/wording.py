"""How German texts are worded beyond what the schema can say: plain, addressed with „Sie“, with umlauts, short enough."""

from __future__ import annotations

import re
from collections.abc import Iterator

from content.readability import lix, words_per_sentence
from content.schema import Register

#: Characters that fit into a chat.
LONGEST = 600
#: Below this LIX a text reads like a newspaper; like a book for young people.
HARDEST: dict[Register, float] = {"standard": 50, "einfach": 40}
#: Words that a sentence in Einfache Sprache has on average, at most.
LONGEST_SENTENCES = 12

MINISTRY = "Ministerium für Wirtschaft, Energie, Verkehr, Wohnen und ländlichen Raum"
ADDRESS = "HA Hessen Agentur GmbH, Mainzer Straße 118, 65189 Wiesbaden"

#: Names that nobody can shorten or say in other words.
OFFICIAL_NAMES = (
    "Allianz",
    "Allianz für Wohnen",
    "Allianz für Wohnen in Hessen",
    "Servicestelle",
    "Servicestelle Wohnen",
    "Einfacher Sprache",
    "Hessische Umweltministerium",
    "Hessischen Umweltministerium",
    f"Hessische {MINISTRY}",
    f"Hessisches {MINISTRY}",
    "Hessischen Ministeriums für Wirtschaft, Energie, Verkehr, Wohnen und ländlichen Raum",
    "Wirtschafts- und Infrastrukturbank Hessen",
    "WIBank",
    "HA Hessen Agentur GmbH",
    ADDRESS,
    "Xenia Diehl",
    "Susanne Piesk",
    "Stadtplanerin AKH, SRL",
    "Architektin AKH",
    "Landesressorts",
    "Verbände der Wohnungswirtschaft",
    "kommunalen Spitzenverbände",
    "kommunale Spitzenverbände",
    "Kammern",
    "Mieterbund",
    "Studentenwerke",
    "Interessenverbände",
    "Interessenverbänden",
)

_INFORMAL = re.compile(r"\b(du|dich|dir|dein\w*|euch|euer\w*|eure\w*|ihr habt|ihr könnt)\b", re.IGNORECASE)
#: ae, oe and ue where no German word has them: „neue“, „dauer“, „aktuell“ and the like are none.
_NO_UMLAUT = re.compile(r"[a-z]*(?:(?<![aeäqz])ue(?!ll)|ae|oe)[a-z]*", re.IGNORECASE)
_SHARP_S = re.compile(
    r"\b(strasse|gruess\w*|grosse?\w*|ausser\w*|heisst|heissen|weiss|schliessen|regelmaessig\w*)\b", re.IGNORECASE
)


def faults(text: str, register: Register) -> list[str]:
    """What is wrong with the wording of `text`, whose braces are filled: German sentences for staff, none where all is well."""
    return list(_faults(text, register))


def _faults(text: str, register: Register) -> Iterator[str]:
    if len(text) > LONGEST:
        yield f"Der Text hat {len(text)} Zeichen. Mehr als {LONGEST} sind für einen Chat zu viel."
    if register == "en" or not any(letter.isalpha() for letter in text):
        return
    if (found := lix(text, OFFICIAL_NAMES)) >= HARDEST[register]:
        yield (
            f"Der Text ist zu schwer zu lesen: Lesbarkeitsindex LIX {found:.0f}, weniger als {HARDEST[register]:.0f} ist gut. "
            "Bitte schreiben Sie kürzere Sätze und Wörter."
        )
    if register == "einfach" and (average := words_per_sentence(text, OFFICIAL_NAMES)) > LONGEST_SENTENCES:
        yield (
            f"Die Sätze haben im Durchschnitt {average:.0f} Wörter. In Einfacher Sprache sind es höchstens {LONGEST_SENTENCES}."
        )
    if informal := _INFORMAL.search(text):
        yield f"„{informal[0]}“: Bitte sprechen Sie die Menschen mit „Sie“ an."
    if misspelt := _NO_UMLAUT.search(text) or _SHARP_S.search(text):
        yield f"„{misspelt[0]}“: Bitte schreiben Sie Umlaute (ä, ö, ü) und ß."
