"""What can be edited, one form each: the contact data, a topic, a reply, a reason for declining, a participant, a phrase of
the staff, a source."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from content import REGISTERS, Content, Register
from web.editing.titles import TITLES
from web.editing.yaml import Place

Input = Literal["line", "text", "day", "opening"]

KINDS = {
    "kontakt": "Kontakt und Öffnungszeiten",
    "thema": "Themen",
    "antwort": "Sätze des Wohnlotsen",
    "ablehnung": "Gründe, warum er etwas nicht weiß",
    "beteiligte": "Beteiligte",
    "textbaustein": "Textbausteine für die Beratung",
    "quelle": "Quellen",
}
_REGISTERS: dict[Register, str] = {"standard": "Deutsch", "einfach": "Einfache Sprache", "en": "Englisch"}
_OPENING = "Tage wie „Mo-Do“ oder „Mo, Mi, Fr“, Zeiten wie „09:00“. Leere Zeilen zählen nicht; ganz leer heißt: nicht bekannt."


@dataclass(frozen=True)
class Field:
    """One value. `place`: in the file; `register`: of a text whose wording is looked at."""

    place: Place
    label: str
    input: Input = "line"
    help: str = ""
    register: Register | None = None
    required: bool = True

    @property
    def name(self) -> str:
        """In the form, and in the problems that the schema finds."""
        return ".".join(str(each) for each in self.place)


@dataclass(frozen=True)
class Entry:
    """`key` names it among its kind; `file` lies in `content/`."""

    kind: str
    key: str
    title: str
    file: str
    fields: tuple[Field, ...]


def entries(content: Content) -> dict[str, list[Entry]]:
    """All of them, by kind."""
    return {kind: list(make(content)) for kind, make in _MAKERS.items()}


def entry(content: Content, kind: str, key: str) -> Entry:
    """Raises KeyError where there is none."""
    found = (each for each in _MAKERS[kind](content) if each.key == key)
    try:
        return next(found)
    except StopIteration:
        raise KeyError(key) from None


def _contacts(content: Content) -> Iterator[Entry]:
    empty = "Leer heißt: Der Wohnlotse sagt, dass er das nicht weiß."
    fields = (
        Field(("office",), "Name der Stelle"),
        Field(("operator",), "Träger"),
        Field(("street",), "Straße und Hausnummer"),
        Field(("postcode",), "Postleitzahl"),
        Field(("town",), "Ort"),
        Field(("phone",), "Telefon", help=empty, required=False),
        Field(("email",), "E-Mail", help=empty, required=False),
        Field(("fax",), "Fax", help=empty, required=False),
        Field(("form",), "Adresse des Kontaktformulars", help=f"Beginnt mit https://. {empty}", required=False),
        Field(("opening",), "Öffnungszeiten", "opening", _OPENING, required=False),
    )
    yield Entry("kontakt", "servicestelle", content.contacts.office, "contacts.yml", fields)


def _topics(content: Content) -> Iterator[Entry]:
    for topic in sorted(content.topics.values(), key=lambda each: each.title.casefold()):
        fields = [
            Field(("title",), "Titel", help="Steht auf Schaltflächen: 3 bis 80 Zeichen."),
            Field(("title_en",), "Titel auf Englisch"),
            *_texts(("answers",), "Antwort"),
        ]
        if topic.missing is not None:
            fields += _texts(("missing",), "Antwort, solange die Angabe fehlt")
        yield Entry("thema", topic.id, topic.title, f"topics/{topic.id}.yml", tuple(fields))


def _replies(content: Content) -> Iterator[Entry]:
    for name in content.replies:
        yield Entry("antwort", name, TITLES.get(name, name), "replies.yml", _texts((name,), "Satz"))


def _declines(content: Content) -> Iterator[Entry]:
    for name in content.declines:
        yield Entry("ablehnung", name, TITLES.get(name, name), "declines.yml", _texts((name,), "Grund"))


def _participants(content: Content) -> Iterator[Entry]:
    for index, participant in enumerate(content.participants):
        fields = _texts((index, "answers"), "Antwort")
        yield Entry("beteiligte", participant.id, participant.name, "participants.yml", fields)


def _phrases(content: Content) -> Iterator[Entry]:
    for index, phrase in enumerate(content.phrases):
        fields = (Field((index, "title"), "Titel", help="Steht nur in der Beratung."), *_texts((index, "text"), "Text"))
        yield Entry("textbaustein", phrase.id, phrase.title, "phrases.yml", fields)


def _sources(content: Content) -> Iterator[Entry]:
    for name, source in content.sources.items():
        fields = (
            Field((name, "title"), "Titel"),
            Field((name, "url"), "Adresse", help="Beginnt mit https://."),
            Field((name, "date"), "Zuletzt verglichen am", "day", "Der Tag steht unter jeder Antwort als „Stand“."),
        )
        yield Entry("quelle", name, source.title, "sources.yml", fields)


def _texts(place: Place, label: str) -> tuple[Field, ...]:
    return tuple(
        Field((*place, register), f"{label}, {_REGISTERS[register]}", "text", register=register) for register in REGISTERS
    )


_MAKERS: dict[str, Callable[[Content], Iterator[Entry]]] = {
    "kontakt": _contacts,
    "thema": _topics,
    "antwort": _replies,
    "ablehnung": _declines,
    "beteiligte": _participants,
    "textbaustein": _phrases,
    "quelle": _sources,
}
