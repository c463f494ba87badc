from __future__ import annotations

import re
from pathlib import Path
from typing import Any, get_args

import pytest
from django.conf import settings
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from content import Content, Register
from web.inquiries.wording import text
from web.pages.frame import read_frame, widget

_PROTOCOL = Path(__file__).parents[3] / "docs" / "openapi.yaml"
_WIDGET = Path(__file__).parents[3] / "web" / "static" / "widget" / "wohnlotse.js"
_SWITCH = {"enabled": True, "switched_off": ""}
#: For which a conversation is kept.
_DAYS = 47


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    protocol: dict[str, Any] = YAML(typ="safe").load(_PROTOCOL.read_text(encoding="utf-8"))
    return {"$ref": "#/components/schemas/Widget", "components": protocol["components"]}


@pytest.mark.parametrize("register", get_args(Register))
def test_widget_with_the_switch_is_what_the_protocol_says(schema: dict[str, Any], register: Register, content: Content) -> None:
    body = {**_SWITCH, **widget(register, content, settings.WOHNLOTSE, _DAYS)}

    assert list(Draft202012Validator(schema).iter_errors(body)) == []


@pytest.mark.parametrize("register", get_args(Register))
def test_notice_tells_purpose_legal_basis_retention_and_no_personal_data(register: Register, content: Content) -> None:
    notice = " ".join(widget(register, content, settings.WOHNLOTSE, _DAYS)["notice"])

    days = f"{_DAYS} {'days' if register == 'en' else 'Tagen'}"
    basis = "Art. 6(1)(e) GDPR" if register == "en" else "Art. 6 Abs. 1 Buchst. e DSGVO"
    name = "no name" if register == "en" else "keinen Namen"
    told = {each: each in notice for each in (days, basis, "HDSIG", name, "Allianz für Wohnen in Hessen")}
    assert told == dict.fromkeys(told, True)


@pytest.mark.parametrize("register", get_args(Register))
def test_greeting_says_that_no_human_is_there(register: Register, content: Content) -> None:
    greeting = widget(register, content, settings.WOHNLOTSE, _DAYS)["greeting"]

    assert ("not a person" if register == "en" else "kein Mensch") in greeting


def test_starters_are_in_the_citizens_language_and_send_the_german_title(content: Content) -> None:
    starters = widget("en", content, settings.WOHNLOTSE, _DAYS)["starters"]

    assert starters[0] == {
        "title": content.topics["alliance_definition"].title_en,
        "payload": content.topics["alliance_definition"].title,
    }
    assert len(starters) == 3


def test_reasons_are_those_of_the_protocol(schema: dict[str, Any]) -> None:
    allowed = schema["components"]["schemas"]["Feedback"]["properties"]["reason"]["enum"]

    assert [*read_frame().reasons, None] == allowed


def test_contact_is_the_address_where_nothing_else_is_known(content: Content) -> None:
    unknown = content.contacts.copy(update={"phone": "", "email": "", "form": "", "opening": []})

    contact = widget("standard", content.copy(update={"contacts": unknown}), settings.WOHNLOTSE, _DAYS)["contact"]

    assert contact == ["Servicestelle Wohnen", "HA Hessen Agentur GmbH", "Mainzer Straße 118", "65189 Wiesbaden"]


def test_contact_names_what_is_known_in_the_language_of_the_register(content: Content) -> None:
    known = content.contacts.copy(update={"phone": "0611 123456", "email": "wohnen@example.de", "form": "", "opening": []})

    contact = widget("en", content.copy(update={"contacts": known}), settings.WOHNLOTSE, _DAYS)["contact"]

    assert contact[4:] == ["Phone: 0611 123456", "E-mail: wohnen@example.de"]


def test_words_are_those_of_the_register(content: Content) -> None:
    texts = {register: widget(register, content, settings.WOHNLOTSE, _DAYS)["texts"] for register in get_args(Register)}

    assert {register: each["hint"] for register, each in texts.items()} == {
        "standard": "Bitte keine persönlichen Angaben.",
        "einfach": "Bitte schreiben Sie keinen Namen.",
        "en": "Please no personal data.",
    }
    assert texts["einfach"]["send"] == texts["standard"]["send"]


def test_form_for_a_message_is_worded_as_on_its_page(content: Content) -> None:
    frame = widget("einfach", content, settings.WOHNLOTSE, _DAYS)

    assert frame["word"]["concern"] == text("concern", "einfach")
    assert frame["word_url"] == "/nachricht/?sprache=einfach"


def test_every_word_is_used_by_the_widget_and_none_is_missing() -> None:
    code = _WIDGET.read_text(encoding="utf-8")
    words = set(read_frame().texts)

    own = {"name", "lang", "open", "launcher", "kind", "register", "more", "close", "log", "down", "again"}
    read = set(re.findall(r"\bt\.(\w+)", code)) - own
    assert read - words == set()
    assert [word for word in words if not re.search(rf't\.{word}\b|"{word}"', code)] == []
