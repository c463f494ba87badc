"""The widget opens whether the database is there or not."""

from __future__ import annotations

from content import read_content
from tests.web.running import API, Fragile


def test_widget_opens_as_last_known_while_the_database_is_away(fragile: Fragile) -> None:
    fragile.web.rows("insert into rights_period (kind, days, at) values ('conversation', 47, now()) returning id")
    before = fragile.web.client.get(f"{API}/widget")
    fragile.database.stop()
    try:
        away = fragile.web.client.get(f"{API}/widget")
        opened = fragile.web.client.post(f"{API}/conversations")
    finally:
        fragile.database.start()
        fragile.database.wait()

    assert "nach 47 Tagen" in " ".join(before.json()["notice"])
    assert (away.status_code, away.json()) == (200, before.json())
    assert (opened.status_code, opened.json()["error"]["code"]) == (503, "unavailable")
    assert read_content().contacts.address in opened.json()["error"]["message"]


def test_widget_stays_off_while_the_database_is_away(fragile: Fragile) -> None:
    fragile.web.turn(False, "Wartung bis 14 Uhr.")
    try:
        before = fragile.web.client.get(f"{API}/widget").json()
        fragile.database.stop()
        try:
            away = fragile.web.client.get(f"{API}/widget").json()
        finally:
            fragile.database.start()
            fragile.database.wait()
    finally:
        fragile.web.turn(True, "Der Test ist zu Ende.")

    assert (away["enabled"], away["switched_off"]) == (False, "Wartung bis 14 Uhr.")
    assert away == before
