from __future__ import annotations

import pytest

from content import REGISTERS, Register
from web.inquiries.entries import Invalid, checked
from web.inquiries.wording import errors, read_wording, text


def _problems() -> dict[str, str]:
    """Each problem that there is, by its field."""
    found: dict[str, str] = {}
    for typed in ({}, {"concern": "x" * 2001, "name": "y" * 101, "email": "x", "phone": "x"}):
        with pytest.raises(Invalid) as invalid:
            checked(typed, consent=False)
        found |= {problem: field for field, problem in invalid.value.fields.items()}
    return found


@pytest.mark.parametrize("register", REGISTERS)
def test_each_problem_has_a_sentence_in_each_register(register: Register) -> None:
    problems = _problems()
    said = {problem: errors(Invalid({field: problem}), register)[field] for problem, field in problems.items()}
    assert problems.keys() | {"foreign", "too_many", "unavailable"} == read_wording().errors.keys()
    assert [each for each in said.values() if "{" in each or "None" in each or not each.endswith(".")] == []


def test_limit_is_named() -> None:
    assert errors(Invalid({"name": "name_too_long"}), "standard") == {
        "name": "Bitte kürzen Sie den Namen auf höchstens 100 Zeichen."
    }


@pytest.mark.parametrize("register", REGISTERS)
def test_texts_name_what_they_are_filled_with(register: Register) -> None:
    assert "WL-7K3M-92XA" in text("received", register, reference="WL-7K3M-92XA")
    assert "WL-7K3M-92XA" in text("note", register, reference="WL-7K3M-92XA")
    assert "180" in text("retention", register, days=180)
    assert "2000" in text("concern_hint", register, limit=2000)
