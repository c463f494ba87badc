"""The form of an entry, made of its fields."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from web.editing.entries import Entry, Field
from web.editing.yaml import Place

_PARTS = ("days", "from", "to")
#: „9“, „9:30“, „9.30 Uhr“: as people write a time.
_TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?(?: ?Uhr)?")
#: Empty rows for more opening hours.
_SPARE = 2


class OpeningInput(forms.MultiWidget):
    """Rows of days, from, to; one input after the other."""

    def __init__(self, rows: int) -> None:
        labels = ("Tage", "von", "bis")
        examples = ("Mo-Do", "09:00", "12:00")
        super().__init__(
            [
                forms.TextInput({"aria-label": f"{label}, {row}. Zeile", "placeholder": example, "autocomplete": "off"})
                for row in range(1, rows + 1)
                for label, example in zip(labels, examples)
            ]
        )

    def decompress(self, value: Any) -> list[str]:
        return []  # what is not a list is nothing


class OpeningField(forms.MultiValueField):
    """A list of {days, from, to}; a row that is wholly empty does not count."""

    def __init__(self, rows: int, **options: Any) -> None:
        parts = [forms.CharField(required=False, max_length=40) for _ in range(3 * rows)]
        super().__init__(parts, widget=OpeningInput(rows), require_all_fields=False, **options)

    def compress(self, data_list: Sequence[str]) -> list[dict[str, str]]:
        texts = [_spelled(each or "") for each in data_list]
        rows = [dict(zip(_PARTS, texts[start : start + 3])) for start in range(0, len(texts), 3)]
        return [row for row in rows if any(row.values())]


def _spelled(text: str) -> str:
    """A time or days as `content/` holds them: „09:00“, „Mo-Do“."""
    time = _TIME.fullmatch(text)
    return f"{int(time[1]):02}:{time[2] or '00'}" if time else re.sub(r"\s*[-–—]\s*", "-", text)


def entry_form(entry: Entry, values: Mapping[Place, Any], data: Mapping[str, str] | None = None) -> forms.Form:
    """`values`: how the entry stands; `data`: what was sent."""
    form = forms.Form(data, initial={field.name: _shown(values[field.place]) for field in entry.fields}, prefix=None)
    for field in entry.fields:
        form.fields[field.name] = _input(field, values[field.place])
    return form


def entered(entry: Entry, form: forms.Form) -> dict[Place, Any]:
    """What was entered in a valid form."""
    return {field.place: _joined(form.cleaned_data[field.name]) for field in entry.fields}


def _input(field: Field, value: Any) -> forms.Field:
    options: dict[str, Any] = {"label": field.label, "help_text": field.help, "required": field.required}
    attrs = {"lang": "en"} if field.register == "en" or field.place[-1] == "title_en" else {}
    if field.input == "opening":
        return OpeningField(len(value or ()) + _SPARE, **options)
    if field.input == "day":
        return forms.DateField(widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), **options)
    if field.input == "text":
        return forms.CharField(widget=forms.Textarea({**attrs, "rows": 5}), max_length=2000, **options)
    return forms.CharField(widget=forms.TextInput(attrs), max_length=300, **options)


def _shown(value: Any) -> Any:
    if isinstance(value, list):
        return [row[part] for row in value for part in _PARTS]
    return _joined("" if value is None else value)


def _joined(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else value
