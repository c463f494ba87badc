from __future__ import annotations

import pytest

from content import Content
from web.privacy import find


@pytest.mark.parametrize(
    "text",
    [
        "Ich bin Frau Diehl",
        "Mein Name ist Xenia Diehl",
        "gez. Susanne Piesk",
        "Mit freundlichen Grüßen\nMieterbund Hessen",
        "Mainzer Straße 118, 65189 Wiesbaden",
        "Mainzer Str. 118 in Wiesbaden",
        "mainzer strasse 118",
        "MAINZER STRASSE 118, 65189 WIESBADEN",
    ],
)
def test_what_stands_in_content_is_no_find(text: str, content: Content) -> None:
    assert find(text, content) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Mein Name ist Susanne Müller", "Susanne Müller"),
        ("Ich wohne Mainzer Straße 118a", "Mainzer Straße 118a"),
        ("Ich wohne Mainzer Straße 11", "Mainzer Straße 11"),
        ("Ich wohne Mainzer Straße 118, 55116 Mainz", "Mainzer Straße 118, 55116 Mainz"),
    ],
)
def test_what_only_resembles_content_is_a_find(text: str, found: str, content: Content) -> None:
    assert [text[each.start : each.end] for each in find(text, content)] == [found]


def test_contact_data_that_staff_fill_in_is_no_find_any_more(content: Content) -> None:
    text = "Stimmt 0611 7654321 noch, und Servicestelle@Beispiel.de? Meine Nummer ist 0611 7654322."
    assert len(find(text, content)) == 3
    contacts = content.contacts.copy(update={"phone": "+49 (0)611 765-4321", "email": "servicestelle@beispiel.de"})
    filled = content.copy(update={"contacts": contacts})
    assert [text[each.start : each.end] for each in find(text, filled)] == ["0611 7654322"]
