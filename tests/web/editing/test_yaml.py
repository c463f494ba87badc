from __future__ import annotations

import datetime
import difflib
from typing import Any

import pytest

from content import read_content
from content.reader import FOLDER
from web.editing.entries import Entry, Field, entries
from web.editing.yaml import changed, load, value_at

ENTRIES = [entry for found in entries(read_content()).values() for entry in found]
FIELDS = [pytest.param(entry, field, id=f"{entry.key}-{field.name}") for entry in ENTRIES for field in entry.fields]

TEXT = """\
# Kopf
plain: Guten Tag   # Gruß
quoted: "a: b"
single: 'ja'
folded: >-
  Erster Satz.
  Zweiter Satz.

# vor dem Letzten
last: {a: [x, y]}
"""


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: f"{entry.kind}-{entry.key}")
def test_values_that_are_there_already_change_no_byte(entry: Entry) -> None:
    text = (FOLDER / entry.file).read_text("utf-8")

    assert changed(text, {field.place: value_at(load(text), field.place) for field in entry.fields}) == text


@pytest.mark.parametrize(("entry", "field"), FIELDS)
def test_change_of_a_field_of_the_content_leaves_everything_else(entry: Entry, field: Field) -> None:
    text = (FOLDER / entry.file).read_text("utf-8")
    expected = load(text)
    old = value_at(expected, field.place)
    new = _other(old)
    value_at(expected, field.place[:-1])[field.place[-1]] = new

    after = changed(text, {field.place: new})

    assert load(after) == expected
    assert [line for line in _removed(text, after) if not _belongs(line, old, str(field.place[-1]))] == []
    assert _comments(after) == _comments(text)


@pytest.mark.parametrize(
    ("place", "value", "line"),
    [
        ("plain", "Hallo", "plain: Hallo   # Gruß"),
        ("plain", "so: nicht", 'plain: "so: nicht"   # Gruß'),
        ("plain", "# kein Kommentar", 'plain: "# kein Kommentar"   # Gruß'),
        ("plain", "", 'plain: ""   # Gruß'),
        ("plain", "12", 'plain: "12"   # Gruß'),
        ("quoted", 'sagt "ja"', 'quoted: "sagt \\"ja\\""'),
        ("single", "geht's", "single: 'geht''s'"),
        ("folded", "Neu. Und noch einer!", "folded: >-\n  Neu.\n  Und noch einer!"),
        ("folded", "", 'folded: ""'),
        ("last", [{"days": "Mo-Do", "from": "09:00"}], 'last: [{days: "Mo-Do", from: "09:00"}]'),
    ],
)
def test_value_is_written_in_the_style_of_the_old_one(place: str, value: Any, line: str) -> None:
    old = next(each for each in _statements(TEXT) if each.startswith(f"{place}:"))

    assert changed(TEXT, {(place,): value}) == TEXT.replace(old, line)


def test_several_values_are_changed_at_once() -> None:
    after = changed(TEXT, {("folded",): "Eins.", ("plain",): "Moin"})

    assert load(after) == {**load(TEXT), "folded": "Eins.", "plain": "Moin"}
    assert _comments(after) == _comments(TEXT)


def test_place_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError):
        changed(TEXT, {("fehlt",): "x"})


def _statements(text: str) -> list[str]:
    """Each key with its value, without the comments between them."""
    lines = text.splitlines()
    return [*lines[1:4], "\n".join(lines[4:7]), lines[-1]]


def _other(value: Any) -> Any:
    if isinstance(value, str):
        return f"{value} Etwas Neues: auch „das“. Und mehr."
    return datetime.date(2020, 1, 2) if isinstance(value, datetime.date) else [{"days": "Mo", "from": "09:00", "to": "12:00"}]


def _removed(before: str, after: str) -> list[str]:
    return [line[2:].strip() for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line.startswith("- ")]


def _belongs(line: str, value: Any, key: str) -> bool:
    return line.startswith(f"{key}:") or (isinstance(value, str) and line in value)


def _comments(text: str) -> list[str]:
    return [line[line.index("# ") :] for line in text.splitlines() if "# " in line]
