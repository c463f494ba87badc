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

_FILE = Path(__file__).with_name("frame.yml")


def widget(register: Register, content: Content, settings: Environment) -> dict[str, Any]:
    """The schema `Widget` of `docs/openapi.yaml`, without what the kill switch says (`enabled`, `switched_off`)."""
    frame = read_frame()
    starters = [content.topics[topic] for topic in STARTERS if topic in content.topics]
    return {
        "title": frame.title,
        "greeting": frame.greeting.of(register),
        "notice": [paragraph.of(register).format(days=settings.retention_days) for paragraph in frame.notice],
        "privacy_url": reverse("privacy"),
        "accessibility_url": reverse("accessibility"),
        "faq_url": questions_url(register),
        "starters": [{"title": topic.titled(register), "payload": topic.title} for topic in starters],
        "contact": _contact(content.contacts, register),
        "limits": {"characters": settings.characters},
        "reasons": [{"value": value, "label": label.of(register)} for value, label in frame.reasons.items()],
    }


def questions_url(register: Register) -> str:
    """The page of all questions and answers in `register`."""
    return reverse("questions") + ("" if register == "standard" else f"?sprache={register}")


class Frame(BaseModel):
    """`frame.yml`."""

    class Config:
        extra = Extra.forbid
        allow_mutation = False

    title: str
    greeting: Text
    notice: list[Text]
    reasons: dict[str, Text]


@functools.lru_cache(maxsize=1)
def read_frame() -> Frame:
    """The texts of the frame. Raises pydantic's ValidationError where the file does not fit."""
    return Frame(**YAML(typ="safe").load(_FILE.read_text(encoding="utf-8")))


def _contact(contacts: Contacts, register: Register) -> dict[str, Any]:
    return {
        "office": contacts.office,
        "address": [contacts.operator, contacts.street, f"{contacts.postcode} {contacts.town}"],
        "phone": contacts.phone,
        "email": contacts.email,
        "form": contacts.form,
        "hours": contacts.placeholders(register)["hours"],
    }
