"""Known names are found although misspelt, and names that only look alike are not."""

from __future__ import annotations

import pytest

from components.names import NameIndex

_INDEX = NameIndex(
    [
        ("WIBank", "wibank"),
        ("Mieterbund", "tenants"),
        ("Deutscher Mieterbund", "tenants"),
        ("IHK", "chambers"),
        ("Haus & Grund", "owners"),
        ("Städte- und Gemeindebund", "towns"),
        ("Frau Piesk", "piesk"),
        ("Piesk", "piesk"),
        ("die Kammern", "chambers"),
    ]
)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("WIBank", "wibank"),
        ("wibnak", "wibank"),
        ("Mieterbundd", "tenants"),
        ("der Mieterbund", "tenants"),
        ("MIETER-BUND", "tenants"),
        ("haus&grund", "owners"),
        ("Stadte und Gemeindebund", "towns"),
        ("Pisk", None),
        ("Piesck", "piesk"),
        ("ihk", "chambers"),
        ("Kammern", "chambers"),
    ],
)
def test_name_as_a_whole_is_known(name: str, key: str | None) -> None:
    found = _INDEX.best(name)

    assert (found.key if found else None) == key


@pytest.mark.parametrize("name", ["", "?!", "IHG", "IH", "Bieterbund", "Mietvertrag", "Bank", "der", "🙂"])
def test_other_name_is_unknown(name: str) -> None:
    assert _INDEX.best(name) is None


def test_exact_name_scores_full_and_misspelt_one_less() -> None:
    exact, misspelt = _INDEX.best("mieterbund"), _INDEX.best("Mietrebund")

    assert exact is not None
    assert misspelt is not None
    assert exact.score == 100.0 > misspelt.score


def test_names_are_found_with_their_places() -> None:
    text = "Sind der Mietrebund und die WIBank dabei, oder die IHK?"

    assert [(text[each.start : each.end], each.key) for each in _INDEX.find(text)] == [
        ("Mietrebund", "tenants"),
        ("WIBank", "wibank"),
        ("IHK", "chambers"),
    ]


def test_longer_name_wins() -> None:
    text = "Macht der Deutsche Mieterbund mit?"
    exact = "Macht Deutscher Mieterbund mit?"

    assert [exact[each.start : each.end] for each in _INDEX.find(exact)] == ["Deutscher Mieterbund"]
    assert [text[each.start : each.end] for each in _INDEX.find(text)] in (["Mieterbund"], ["Deutsche Mieterbund"])


def test_article_is_no_part_of_the_name() -> None:
    text = "Ist der Mieterbund dabei?"

    assert [text[each.start : each.end] for each in _INDEX.find(text)] == ["Mieterbund"]


@pytest.mark.parametrize("text", ["", "Wer leitet das?", "🙂 !!", "ich hab was gefragt"])
def test_text_without_a_name_has_none(text: str) -> None:
    assert _INDEX.find(text) == []


def test_first_of_two_alike_names_wins() -> None:
    found = NameIndex([("Müller", "one"), ("Mueller", "two")]).best("Muller")

    assert found is not None
    assert found.key == "one"


def test_index_without_names_finds_nothing() -> None:
    assert NameIndex([]).find("Mieterbund") == []
    assert NameIndex([("", "nobody"), ("?!", "nobody")]).best("Mieterbund") is None
