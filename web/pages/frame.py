"""The frame of the chat: what the widget shows before the first message and around the answers."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

from django.urls import reverse
from pydantic import BaseModel, Extra
from ruamel.yaml import YAML

from content import STARTERS, Contacts, Content, Register, Text
from web.environment import Environment
from web.inquiries.wording import text

#: The words of the form for a message to the staff.
_WORD = ("title", "intro", "concern", "contact_hint", "name", "email", "phone", "consent", "send", "received_title")

_FILE = Path(__file__).with_name("frame.yml")


def widget(register: Register, content: Content, settings: Environment, days: int) -> dict[str, Any]:
    """The schema `Widget` of `docs/openapi.yaml`, without what the kill switch says (`enabled`, `switched_off`).

    `days`: for which a conversation is kept.
    """
    frame = read_frame()
    starters = [content.topics[topic] for topic in STARTERS if topic in content.topics]
    return {
        "title": frame.title,
        "greeting": frame.greeting.of(register),
        "notice": [paragraph.of(register).format(days=days) for paragraph in frame.notice],
        "privacy_url": reverse("privacy"),
        "accessibility_url": reverse("accessibility"),
        "faq_url": _url("questions", register),
        "word_url": _url("leave_word", register),
        "starters": [{"title": topic.titled(register), "payload": topic.title} for topic in starters],
        "contact": _contact(content.contacts, register),
        "limits": {"characters": settings.characters},
        "reasons": [{"value": value, "label": label.of(register)} for value, label in frame.reasons.items()],
        "word": {name: text(name, register) for name in _WORD},
        "texts": {name: _of(words, register) for name, words in frame.texts.items()},
    }


class Frame(BaseModel):
    """`frame.yml`."""

    class Config:
        extra = Extra.forbid
        allow_mutation = False

    title: str
    greeting: Text
    notice: list[Text]
    reasons: dict[str, Text]
    #: What stands before telephone number, e-mail address, form and opening hours.
    contact: list[tuple[str, str]]
    #: German, English, and Einfache Sprache where it differs from German.
    texts: dict[str, tuple[str, str] | tuple[str, str, str]]


@functools.lru_cache(maxsize=1)
def read_frame() -> Frame:
    """The texts of the frame. Raises pydantic's ValidationError where the file does not fit."""
    return Frame(**YAML(typ="safe").load(_FILE.read_text(encoding="utf-8")))


def _url(name: str, register: Register) -> str:
    return reverse(name) + ("" if register == "standard" else f"?sprache={register}")


def _of(words: tuple[str, ...], register: Register) -> str:
    column = {"standard": 0, "en": 1, "einfach": 2}[register]
    return words[column] if column < len(words) else words[0]


def _contact(contacts: Contacts, register: Register) -> list[str]:
    """The address and what else is known, line by line."""
    labels = [_of(each, register) for each in read_frame().contact]
    ways = zip(labels, (contacts.phone, contacts.email, contacts.form, contacts.placeholders(register)["hours"]))
    address = [contacts.office, contacts.operator, contacts.street, f"{contacts.postcode} {contacts.town}"]
    return address + [f"{label}: {way}" for label, way in ways if way]
