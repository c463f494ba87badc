"""Which conversations are wanted: the filters as they stand in the address of the list."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict

from web.chat import facts
from web.chat.models import Channel, Reason, Register, State
from web.review.intents import choices
from web.review.models import Tag

PERIODS = {"1": "heute", "7": "letzte 7 Tage", "30": "letzte 30 Tage"}
ZONES = {"answer": "beantwortet", "clarify": "nachgefragt", "decline": "nicht beantwortet"}
ANSWERS = {"unsure": "geringe Sicherheit", "none": "unbeantwortet"}
FEEDBACK = {"down": "hat nicht geholfen", "up": "hat geholfen"}
HANDOFFS = {
    "any": "irgendeine Übergabe",
    "asked": "nach einer Person gefragt",
    "taken": "von einer Person übernommen",
    "word": "Anliegen hinterlassen",
}
REVIEWS = {"no": "noch zu prüfen", "yes": "fertig geprüft"}

Choices = list[tuple[str, Any]]

#: What lies beyond was mistyped; the day after the last one that Python knows, or its midnight in Berlin, cannot be computed.
_FIRST_DAY = datetime.date(2000, 1, 1)
_LAST_DAY = datetime.date(2199, 12, 31)


def _day(label: str) -> forms.DateField:
    """A day as `<input type="date">` sends it."""
    attributes = {"type": "date", "min": f"{_FIRST_DAY}", "max": f"{_LAST_DAY}"}
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs=attributes, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        validators=[MinValueValidator(_FIRST_DAY), MaxValueValidator(_LAST_DAY)],
    )


class FilterForm(forms.Form):
    """Every field is optional; what is not valid is left out, and the form says why."""

    text = forms.CharField(
        label="Suche",
        required=False,
        max_length=200,
        help_text="Sucht in dem, was Menschen geschrieben haben. „Förderung“ findet auch „Wohnungsbauförderung“, "
        "„-Miete“ schließt aus, Anführungszeichen suchen die genaue Wortfolge.",
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    period = forms.ChoiceField(label="Zeitraum", required=False, choices=[("", "alle"), *PERIODS.items()])
    since = _day("Von")
    until = _day("Bis")
    topic = forms.ChoiceField(label="Verstanden als", required=False)
    zone = forms.ChoiceField(label="Ausgang", required=False, choices=[("", "alle"), *ZONES.items()])
    above = forms.IntegerField(label="Sicherheit ab (%)", required=False, min_value=0, max_value=100)
    below = forms.IntegerField(label="Sicherheit unter (%)", required=False, min_value=0, max_value=100)
    answer = forms.ChoiceField(label="Antwort des Bots", required=False, choices=[("", "alle"), *ANSWERS.items()])
    feedback = forms.ChoiceField(label="Rückmeldung", required=False, choices=[("", "alle"), *FEEDBACK.items()])
    reason = forms.ChoiceField(label="Warum nicht geholfen", required=False, choices=[("", "alle"), *Reason.choices])
    handoff = forms.ChoiceField(label="Übergabe", required=False, choices=[("", "alle"), *HANDOFFS.items()])
    reviewed = forms.ChoiceField(label="Prüfung", required=False, choices=[("", "alle"), *REVIEWS.items()])
    register = forms.ChoiceField(label="Sprache", required=False, choices=[("", "alle"), *Register.choices])
    channel = forms.ChoiceField(label="Kanal", required=False, choices=[("", "alle"), *Channel.choices])
    state = forms.ChoiceField(label="Zustand", required=False, choices=[("", "alle"), *State.choices])
    tag = forms.ChoiceField(label="Schlagwort", required=False)
    unread = forms.BooleanField(label="nur Ungelesenes", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("topic", _topics())
        self._offer("tag", [(name, name) for name in Tag.objects.order_by("name").values_list("name", flat=True)])

    def _offer(self, name: str, offered: Choices) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "alle"), *offered]


@dataclass(frozen=True)
class Active:
    """A filter that is set, in words, and the query of the list without it."""

    label: str
    value: str
    without: str


@dataclass(frozen=True)
class Filters:
    """`values`: what is valid and set, by the names of `FilterForm`. `problems`: what was left out, in words for staff."""

    form: FilterForm
    values: dict[str, Any]
    problems: tuple[str, ...]

    @classmethod
    def read(cls, parameters: QueryDict) -> Filters:
        """From the query of an address, in which anything may stand."""
        form = FilterForm(parameters)
        form.full_clean()
        values = {name: value for name, value in form.cleaned_data.items() if value not in (None, "", False)}
        problems = tuple(
            f"{form.fields[name].label}: „{parameters.get(name, '')[:60]}“ wurde nicht beachtet." for name in form.errors
        )
        return cls(form, values, problems)

    @property
    def query(self) -> str:
        """The filters as the query of an address, without the question mark."""
        return _query(self.values)

    @property
    def recorded(self) -> str:
        """The filters in words, for the record of who read what: those that were searched for may be a citizen's name."""
        told = {
            name: "…" if name == "text" else _in_words(self.form.fields[name], value) for name, value in self.values.items()
        }
        return ", ".join(f"{self.form.fields[name].label}: {value}" for name, value in told.items())

    @property
    def active(self) -> list[Active]:
        return list(self._active())

    def _active(self) -> Iterator[Active]:
        for name, value in self.values.items():
            field = self.form.fields[name]
            others = {other: kept for other, kept in self.values.items() if other != name}
            yield Active(str(field.label), _in_words(field, value), _query(others))


def _query(values: dict[str, Any]) -> str:
    return urlencode({name: "1" if value is True else value for name, value in values.items()})


def _in_words(field: forms.Field, value: Any) -> str:
    if isinstance(field, forms.ChoiceField):
        return str(_flat(field.choices).get(value, value))
    if isinstance(field, forms.DateField):
        return f"{value:%d.%m.%Y}"
    if isinstance(field, forms.IntegerField):
        return str(value)
    return "ja" if value is True else str(value)


def _flat(choices: Any) -> dict[str, str]:
    flat: dict[str, str] = {}
    for value, label in choices:
        flat |= _flat(label) if isinstance(label, (list, tuple)) else {value: label}
    return flat


def _topics() -> Choices:
    groups: dict[str, list[tuple[str, str]]] = {}
    for choice in choices(facts.content()).values():
        groups.setdefault(choice.group, []).append((choice.intent, choice.title))
    return list(groups.items())
