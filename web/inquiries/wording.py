"""What citizens read when they leave word, in their register."""

from __future__ import annotations

import functools
from pathlib import Path

from pydantic import BaseModel, Extra
from ruamel.yaml import YAML

from content import Register, Text
from web.inquiries.entries import LONGEST, Invalid

_FILE = Path(__file__).with_name("wording.yml")


class Wording(BaseModel):
    """`wording.yml`."""

    class Config:
        extra = Extra.forbid
        allow_mutation = False

    texts: dict[str, Text]
    errors: dict[str, Text]


@functools.lru_cache(maxsize=1)
def read_wording() -> Wording:
    """Raises pydantic's ValidationError where the file does not fit."""
    return Wording(**YAML(typ="safe").load(_FILE.read_text(encoding="utf-8")))


def text(name: str, register: Register, **fill: object) -> str:
    """The text `name`, its braces filled."""
    return read_wording().texts[name].of(register).format(**fill)


def error(name: str, register: Register, **fill: object) -> str:
    """What is said of the problem `name`."""
    return read_wording().errors[name].of(register).format(**fill)


def errors(invalid: Invalid, register: Register) -> dict[str, str]:
    """Each field that is wrong, with a sentence that says how to put it right."""
    return {field: error(problem, register, limit=LONGEST.get(field)) for field, problem in invalid.fields.items()}
