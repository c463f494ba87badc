"""The shape of everything the bot may say. A fact stands here once, in `content/`, and nowhere in the code."""

from __future__ import annotations

import datetime
import string
from itertools import pairwise
from typing import Literal, get_args

from pydantic import BaseModel, Extra, Field, validator

from content.opening import WEEKDAYS, Span, read_days, read_time, said, said_in_english

Register = Literal["standard", "einfach", "en"]
REGISTERS: tuple[Register, ...] = get_args(Register)

FollowUp = Literal["when", "who", "where", "why", "how", "more", "other", "before"]

#: Topics with which a citizen who has no question yet can start.
STARTERS = ("alliance_definition", "participants_list", "service_contact")

#: Contact fields that staff may leave empty; a topic that `needs` one has a text for when it is missing.
CONTACT_FIELDS = ("phone", "email", "fax", "form")

#: What a topic's texts may hold in braces, filled in from `contacts.yml`.
PLACEHOLDERS = frozenset({"address", "contact", "hours", "persons", "persons_with_function", *CONTACT_FIELDS})

#: The replies that the code asks for, with the braces that each may hold besides the contact ones.
REPLIES: dict[str, frozenset[str]] = {
    **{
        name: frozenset()
        for name in [
            "greet",
            "thanks",
            "goodbye",
            "how_are_you",
            "bot_human",
            "bot_capabilities",
            "repeat_nothing",
            "simpler_nothing",
            "not_my_question",
            "affirm",
            "deny",
            "insult",
            "handoff",
            "crisis",
            "background",
            "followup_nothing",
            "clarify",
            "something_else",
            "one_not_named",
            "guard_empty",
            "guard_symbols",
            "guard_command",
            "guard_invalid",
            "unavailable",
            "handoff_nobody",
            "handoff_waiting",
            "handoff_late",
            "handoff_lost",
            "handoff_back",
            "handoff_closed",
        ]
    },
    "handoff_taken": frozenset({"staff"}),
    "handoff_hours": frozenset({"opening"}),
    "repeat": frozenset({"answer"}),
    "simpler": frozenset({"answer"}),
    "member_of_group": frozenset({"name", "group"}),
    "not_named": frozenset({"name"}),
    "decline": frozenset({"reason"}),
    "guard_long": frozenset({"limit"}),
}


class ContentError(Exception):
    """Content that does not fit its schema. `problems` holds one line each: file, line, field, what is wrong."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class _Strict(BaseModel):
    class Config:
        extra = Extra.forbid
        allow_mutation = False
        anystr_strip_whitespace = True


class Text(_Strict):
    """One statement in the three registers: standard German (B1), Einfache Sprache, English."""

    standard: str
    einfach: str
    en: str

    @validator("*")
    def _says_something(cls, value: str) -> str:
        if not value:
            raise ValueError("darf nicht leer sein")
        if "\n\n" in value:
            raise ValueError("darf keine Leerzeile enthalten, sonst macht Rasa zwei Nachrichten daraus")
        return " ".join(value.split())

    def of(self, register: Register) -> str:
        text: str = getattr(self, register)
        return text

    def placeholders(self) -> set[str]:
        """What stands in braces over all registers. Raises ValueError where a brace is not closed."""
        parsed = (field for text in (self.standard, self.einfach, self.en) for field in string.Formatter().parse(text))
        # a conversion or a format belongs to what is returned: it is no name, so the reader refuses it
        return {
            name + (f"!{conversion}" if conversion else "") + (f":{form}" if form else "")
            for _, name, form, conversion in parsed
            if name is not None
        }


class Source(_Strict):
    """Where a fact was read, and the day on which a person last compared it."""

    title: str
    url: str
    date: datetime.date

    @validator("title")
    def _has_title(cls, value: str) -> str:
        if not value:
            raise ValueError("darf nicht leer sein")
        return value

    @validator("url")
    def _is_address(cls, value: str) -> str:
        if not value.startswith("https://"):
            raise ValueError("muss mit https:// beginnen")
        return value


class Topic(_Strict):
    """One thing the bot knows. Its id is the file's name, and also the intent that asks for it."""

    id: str
    title: str
    title_en: str
    source: str
    answers: Text
    needs: Literal["phone", "email", "fax", "form", "hours"] | None = None
    missing: Text | None = None
    related: list[str] = []
    follow_up: dict[FollowUp, str] = {}

    @validator("title", "title_en")
    def _is_button_label(cls, value: str) -> str:
        if not 3 <= len(value) <= 80:
            raise ValueError("muss 3 bis 80 Zeichen haben (es steht auf einer Schaltfläche)")
        return value

    @validator("missing", always=True)
    def _missing_goes_with_needs(cls, value: Text | None, values: dict[str, object]) -> Text | None:
        if (value is None) != (values.get("needs") is None):
            raise ValueError("„needs“ und „missing“ gehören zusammen: das eine nennt die Angabe, das andere ihr Fehlen")
        return value

    def titled(self, register: Register) -> str:
        return self.title_en if register == "en" else self.title


class Person(_Strict):
    """A contact person of the Servicestelle."""

    topic: str
    name: str
    function: str
    function_en: str
    aliases: list[str] = []


class OpeningHours(_Strict):
    """From when to when the Servicestelle is open on some weekdays."""

    days: str
    from_: str = Field(alias="from")
    to: str

    @validator("*", pre=True)
    def _is_quoted(cls, value: object) -> object:
        if not isinstance(value, str):
            raise ValueError("muss in Anführungszeichen stehen")
        return value

    @validator("days")
    def _are_days(cls, value: str) -> str:
        read_days(value)
        return value

    @validator("from_", "to")
    def _is_time(cls, value: str) -> str:
        read_time(value)
        return value

    @validator("to")
    def _ends_after_it_begins(cls, value: str, values: dict[str, str]) -> str:
        if "from_" in values and read_time(value) <= read_time(values["from_"]):
            raise ValueError("muss später sein als „from“")
        return value


class Contacts(_Strict):
    """How the Servicestelle is reached; an empty field is one the bot does not know."""

    office: str
    operator: str
    street: str
    postcode: str
    town: str
    phone: str
    email: str
    fax: str
    form: str
    opening: list[OpeningHours]
    persons: list[Person]

    @validator(*CONTACT_FIELDS, "postcode", pre=True)
    def _is_quoted(cls, value: object) -> object:
        if value is None:  # nothing after the colon means the same as ""
            return ""
        if not isinstance(value, str):
            raise ValueError("muss in Anführungszeichen stehen, sonst geht die Null am Anfang verloren")
        return value

    @validator("postcode")
    def _is_postcode(cls, value: str) -> str:
        if not (len(value) == 5 and value.isdigit()):
            raise ValueError("muss aus fünf Ziffern bestehen, in Anführungszeichen")
        return value

    @validator("opening", pre=True)
    def _may_be_left_empty(cls, value: object) -> object:
        return [] if value is None else value

    @validator("opening")
    def _does_not_overlap(cls, value: list[OpeningHours]) -> list[OpeningHours]:
        for weekday, spans in zip(WEEKDAYS, _week(value)):
            if any(later[0] < earlier[1] for earlier, later in pairwise(spans)):
                raise ValueError(f"am {weekday} überschneiden sich zwei Zeiten")
        return value

    @property
    def week(self) -> list[list[Span]]:
        """When the Servicestelle is open, in order, for each weekday from Monday on; nothing at all: not known."""
        return _week(self.opening)

    @property
    def hours(self) -> str:
        """The opening hours as a part of a German sentence; empty: not known."""
        return said(self.week)

    @property
    def address(self) -> str:
        """The postal address on one line."""
        return f"{self.operator}, {self.street}, {self.postcode} {self.town}"

    def placeholders(self, register: Register) -> dict[str, str]:
        """The value of every contact placeholder; an unknown field is an empty string."""
        english = register == "en"
        ways = (
            (self.phone, "by phone", "per Telefon unter"),
            (self.email, "by e-mail to", "per E-Mail an"),
            (self.fax, "by fax to", "per Fax an"),
            (self.form, "with the form", "mit dem Formular"),
            (self.address, "by post to", "per Post an"),
        )
        functions = [f"{person.name} ({person.function_en if english else person.function})" for person in self.persons]
        joined = " and " if english else " und "
        return {
            "address": self.address,
            "contact": "; ".join(f"{en if english else de} {value}" for value, en, de in ways if value),
            "persons": _listed([person.name for person in self.persons], joined),
            "persons_with_function": _listed(functions, joined),
            "phone": self.phone,
            "email": self.email,
            "fax": self.fax,
            "form": self.form,
            "hours": said_in_english(self.week) if english else said(self.week, easy=register == "einfach"),
        }


class Member(_Strict):
    """An organisation that belongs to a group which the source names, without being named itself."""

    name: str
    aliases: list[str] = []


class Participant(_Strict):
    """An organisation or a group of which the source says something."""

    id: str
    status: Literal["listed", "other"]
    name: str
    aliases: list[str]
    answers: Text
    members: list[Member] = []


class Phrase(_Strict):
    """What a person of the Servicestelle says again and again; `title`: what staff find it by."""

    id: str
    title: str
    text: Text

    @validator("title")
    def _has_title(cls, value: str) -> str:
        if not value:
            raise ValueError("darf nicht leer sein")
        return value


class Content(_Strict):
    """Everything the bot may say, read and validated as one."""

    topics: dict[str, Topic]
    sources: dict[str, Source]
    contacts: Contacts
    participants: list[Participant]
    replies: dict[str, Text]
    declines: dict[str, Text]
    phrases: list[Phrase]

    def fill(self, text: Text, register: Register, /, **more: str) -> str:
        """`text` in `register` with its braces filled from the contacts and from `more`."""
        return text.of(register).format(**self.contacts.placeholders(register), **more)

    def reply(self, name: str, register: Register, /, **more: str) -> str:
        """The reply `name`; KeyError for one that the schema does not require."""
        return self.fill(self.replies[name], register, **more)

    def knows(self, topic_id: str) -> bool:
        """Whether the contact field that the topic needs is filled in."""
        needed = self.topics[topic_id].needs
        return needed is None or bool(getattr(self.contacts, needed))

    def related(self, topic_id: str) -> tuple[str, ...]:
        """What to offer beside an answer: the related topics, save those of which the bot would only say that it does not
        know."""
        return tuple(filter(self.knows, self.topics[topic_id].related))

    def answer(self, topic_id: str, register: Register) -> str:
        """What the bot says to a topic; while the contact field it needs is empty, that it is not known."""
        topic = self.topics[topic_id]
        text = topic.answers if topic.missing is None or self.knows(topic_id) else topic.missing
        return self.fill(text, register)


def _week(opening: list[OpeningHours]) -> list[list[Span]]:
    week: list[list[Span]] = [[] for _ in WEEKDAYS]
    for each in opening:
        for day in read_days(each.days):
            week[day].append((read_time(each.from_), read_time(each.to)))
    return [sorted(spans) for spans in week]


def _listed(names: list[str], last: str) -> str:
    return last.join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)
