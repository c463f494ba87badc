from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import pytest
from django.conf import settings
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from content import Content, Register
from web.pages.frame import read_frame, widget

_PROTOCOL = Path(__file__).parents[3] / "docs" / "openapi.yaml"
_SWITCH = {"enabled": True, "switched_off": ""}


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    protocol: dict[str, Any] = YAML(typ="safe").load(_PROTOCOL.read_text(encoding="utf-8"))
    return {"$ref": "#/components/schemas/Widget", "components": protocol["components"]}


@pytest.mark.parametrize("register", get_args(Register))
def test_widget_with_the_switch_is_what_the_protocol_says(schema: dict[str, Any], register: Register, content: Content) -> None:
    body = {**_SWITCH, **widget(register, content, settings.WOHNLOTSE)}

    assert list(Draft202012Validator(schema).iter_errors(body)) == []


@pytest.mark.parametrize("register", get_args(Register))
def test_notice_tells_purpose_legal_basis_retention_and_no_personal_data(register: Register, content: Content) -> None:
    notice = " ".join(widget(register, content, settings.WOHNLOTSE)["notice"])

    days = f"{settings.WOHNLOTSE.retention_days} {'days' if register == 'en' else 'Tagen'}"
    basis = "Art. 6(1)(e) GDPR" if register == "en" else "Art. 6 Abs. 1 Buchst. e DSGVO"
    name = "no name" if register == "en" else "keinen Namen"
    told = {each: each in notice for each in (days, basis, "HDSIG", name, "Allianz für Wohnen in Hessen")}
    assert told == dict.fromkeys(told, True)


@pytest.mark.parametrize("register", get_args(Register))
def test_greeting_says_that_no_human_is_there(register: Register, content: Content) -> None:
    greeting = widget(register, content, settings.WOHNLOTSE)["greeting"]

    assert ("not a person" if register == "en" else "kein Mensch") in greeting


def test_starters_are_in_the_citizens_language_and_send_the_german_title(content: Content) -> None:
    starters = widget("en", content, settings.WOHNLOTSE)["starters"]

    assert starters[0] == {
        "title": content.topics["alliance_definition"].title_en,
        "payload": content.topics["alliance_definition"].title,
    }
    assert len(starters) == 3


def test_reasons_are_those_of_the_protocol(schema: dict[str, Any]) -> None:
    allowed = schema["components"]["schemas"]["Feedback"]["properties"]["reason"]["enum"]

    assert [*read_frame().reasons, None] == allowed


def test_contact_leaves_empty_what_is_not_known(content: Content) -> None:
    unknown = content.contacts.copy(update={"phone": "", "email": "", "form": "", "hours": "", "hours_en": ""})

    contact = widget("standard", content.copy(update={"contacts": unknown}), settings.WOHNLOTSE)["contact"]

    assert contact == {
        "office": "Servicestelle Wohnen",
        "address": ["HA Hessen Agentur GmbH", "Mainzer Straße 118", "65189 Wiesbaden"],
        "phone": "",
        "email": "",
        "form": "",
        "hours": "",
    }
