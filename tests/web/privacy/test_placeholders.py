from __future__ import annotations

from typing import get_args

from content import Register
from web.privacy import LABELS, Finding, Kind, redact
from web.privacy.placeholders import PLACEHOLDERS


def test_every_kind_has_a_placeholder_and_a_label_in_each_register() -> None:
    assert set(PLACEHOLDERS) == set(LABELS) == set(get_args(Kind))
    assert {frozenset(labels) for labels in LABELS.values()} == {frozenset(get_args(Register))}


def test_findings_are_replaced_by_their_placeholders() -> None:
    text = "Ich bin Erika, 0611 1234567."
    findings = [Finding(8, 13, "name"), Finding(15, 27, "phone")]
    assert redact(text, findings) == "Ich bin [Name], [Telefonnummer]."


def test_a_text_without_findings_stays_as_it_is() -> None:
    assert redact("Guten Tag", []) == "Guten Tag"
