"""The filters in the address."""

from __future__ import annotations

import pytest
from django.http import QueryDict

from web.archive.filters import Active, Filters
from web.review.models import Tag

pytestmark = pytest.mark.django_db(transaction=True)


def _read(query: str) -> Filters:
    return Filters.read(QueryDict(query))


def test_address_without_filters_has_none() -> None:
    filters = _read("text=&topic=&unread=&after=x")

    assert (filters.values, filters.query, filters.active, filters.problems) == ({}, "", [], ())


def test_filters_stand_in_the_address_again() -> None:
    Tag.objects.create(name="Wärme & Co")
    query = "text=F%C3%B6rderung&period=7&since=2026-01-31&topic=alliance_goals&below=40&tag=W%C3%A4rme+%26+Co&unread=1"

    assert _read(query).query == query


def test_each_filter_is_said_in_words_and_can_be_removed() -> None:
    assert _read("topic=alliance_goals&until=2026-01-31&below=40&unread=1").active == [
        Active("Bis", "31.01.2026", "topic=alliance_goals&below=40&unread=1"),
        Active("Verstanden als", "Welche Ziele hat die Allianz?", "until=2026-01-31&below=40&unread=1"),
        Active("Sicherheit unter (%)", "40", "until=2026-01-31&topic=alliance_goals&unread=1"),
        Active("nur Ungelesenes", "ja", "until=2026-01-31&topic=alliance_goals&below=40"),
    ]


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("zone=mars", "Ausgang: „mars“ wurde nicht beachtet."),
        ("topic=alliance_moon", "Verstanden als: „alliance_moon“ wurde nicht beachtet."),
        ("below=101", "Sicherheit unter (%): „101“ wurde nicht beachtet."),
        ("above=viel", "Sicherheit ab (%): „viel“ wurde nicht beachtet."),
        ("since=31.01.2026", "Von: „31.01.2026“ wurde nicht beachtet."),
        ("until=0000-00-00", "Bis: „0000-00-00“ wurde nicht beachtet."),
        ("until=9999-12-31", "Bis: „9999-12-31“ wurde nicht beachtet."),
        ("since=0001-01-01", "Von: „0001-01-01“ wurde nicht beachtet."),
        ("tag=nirgends", "Schlagwort: „nirgends“ wurde nicht beachtet."),
        ("text=" + "a" * 201, f"Suche: „{'a' * 60}“ wurde nicht beachtet."),
        ("text=%00", "Suche: „\x00“ wurde nicht beachtet."),
    ],
)
def test_value_that_is_none_is_left_out_and_named(query: str, problem: str) -> None:
    filters = _read(f"{query}&register=en")

    assert filters.problems == (problem,)
    assert filters.query == "register=en"
