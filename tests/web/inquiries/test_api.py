"""`POST /api/v1/inquiries`, through the real web process."""

from __future__ import annotations

import re
import uuid
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.web.inquiries.leaving import PERSONAL, TYPED
from tests.web.running import API, Web


def _leave(web: Web, key: dict[str, str] | None = None, **fields: Any) -> httpx.Response:
    body = {"id": str(uuid.uuid4()), "consent": True, **TYPED, **fields}
    return web.client.post(f"{API}/inquiries", json=body, headers=key or {})


def _row(web: Web, reference: str) -> tuple[Any, ...]:
    statement = (
        "select conversation_id::text, register, concern, name, email, phone from inquiries_inquiry where reference = %s"
    )
    [row] = web.rows(statement, reference)
    return row


def test_citizen_gets_a_reference(web: Web) -> None:
    response = _leave(web)
    reference = response.json()["reference"]
    assert response.status_code == 201
    assert response.headers["Cache-Control"] == "no-store"
    assert response.json() == {
        "reference": reference,
        "text": f"Vielen Dank. Ihr Anliegen ist bei der Servicestelle Wohnen angekommen. Ihr Zeichen ist {reference}. "
        "Bitte heben Sie das Zeichen auf. Damit finden wir Ihr Anliegen wieder, wenn Sie nachfragen "
        "oder es löschen lassen möchten.",
    }
    assert re.fullmatch(r"WL-\w{4}-\w{4}", reference)


def test_nothing_that_can_be_read_gets_into_the_table_or_the_log(web: Web, web_log: Path) -> None:
    row = _row(web, _leave(web).json()["reference"])
    kept = b"".join(bytes(each) for each in row[2:]) + web_log.read_bytes()
    assert [word for word in PERSONAL if word.encode() in kept] == []
    assert row[:2] == (None, "standard")


def test_same_post_again_gives_the_same_reference(web: Web) -> None:
    identifier = str(uuid.uuid4())
    assert _leave(web, id=identifier).json() == _leave(web, id=identifier).json()


def test_conversation_is_linked_and_gets_the_note_over_its_stream(web: Web) -> None:
    key = web.open()
    web.answer(key)
    with web.stream(key, after=2) as events:
        reference = _leave(web, key, register="einfach").json()["reference"]
        note = next(event for event in events if event.event == "message").data
    assert (note["author"], note["text"]) == (
        "system",
        f"Sie haben der Servicestelle eine Nachricht geschrieben. Ihr Zeichen ist {reference}.",
    )
    linked = _row(web, reference)[:2]
    assert linked == (web.client.delete(f"{API}/conversation", headers=key).json()["id"], "einfach")
    assert _row(web, reference)[:2] == (None, "einfach")


@pytest.mark.parametrize("key", [{}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic YTpi"}])
def test_word_can_be_left_without_a_conversation_or_with_a_key_that_is_too_old(web: Web, key: dict[str, str]) -> None:
    assert _leave(web, key).status_code == 201


def test_word_can_be_left_while_the_chat_is_switched_off(web: Web) -> None:
    web.turn(False, "Wartung")
    try:
        assert web.client.post(f"{API}/conversations").status_code == 503
        assert _leave(web).status_code == 201
    finally:
        web.turn(True, "Ende der Wartung")


def test_word_can_be_left_while_the_bot_is_away(web: Web) -> None:
    web.bot.fault = "away"
    assert _leave(web).status_code == 201


@pytest.mark.parametrize("fields", [{"name": None, "email": None, "phone": None}, {"name": "", "email": "", "phone": ""}])
def test_contact_data_may_be_missing_and_the_citizen_is_told_what_that_means(web: Web, fields: dict[str, Any]) -> None:
    response = _leave(web, **fields)
    assert response.status_code == 201
    assert response.json()["text"].endswith("Deshalb können wir Ihnen nicht antworten.")
    assert _row(web, response.json()["reference"])[3:] == (None, None, None)


@pytest.mark.parametrize(
    ("register", "message", "concern"),
    [
        ("standard", "Bitte prüfen Sie Ihre Angaben.", "Bitte schreiben Sie in das Feld, worum es geht."),
        (
            "einfach",
            "Bitte prüfen Sie, was Sie geschrieben haben.",
            "Das Feld ist leer. Bitte schreiben Sie Ihre Nachricht hinein.",
        ),
        ("en", "Please check your details.", "Please write into the field what it is about."),
    ],
)
def test_each_field_that_is_wrong_is_told_in_the_citizens_register(web: Web, register: str, message: str, concern: str) -> None:
    response = _leave(web, concern=" ", email="erika", phone="12", consent=False, register=register)
    error = response.json()["error"]
    assert (response.status_code, error["code"], error["message"]) == (422, "invalid", message)
    assert list(error["fields"]) == ["concern", "email", "phone", "consent"]
    assert error["fields"]["concern"] == concern


def test_concern_and_consent_that_are_missing_are_told_like_empty_ones(web: Web) -> None:
    response = web.client.post(f"{API}/inquiries", json={"id": str(uuid.uuid4())})
    assert (response.status_code, list(response.json()["error"]["fields"])) == (422, ["concern", "consent"])


@pytest.mark.parametrize(
    "fields",
    [{"id": "1"}, {"concern": 5}, {"consent": "yes"}, {"register": "de"}, {"more": "x"}],
    ids=lambda each: next(iter(each)),
)
def test_body_that_no_form_makes_is_a_bad_request(web: Web, fields: dict[str, Any]) -> None:
    response = _leave(web, **fields)
    assert (response.status_code, list(response.json()["error"]["fields"])) == (400, list(fields))


def test_other_sites_may_leave_word_only_where_they_may_embed_the_chat(web: Web) -> None:
    assert _leave(web, {"Origin": "https://www.example.de"}).status_code == 201
    assert _leave(web, {"Origin": "https://www.example.org"}).status_code == 403


def test_address_that_leaves_word_again_and_again_is_put_off(strict: Web) -> None:
    """Only what would be stored counts: whoever mends a form is not sent away."""
    for_one = {"X-Forwarded-For": "203.0.113.77"}
    assert {_leave(strict, for_one, concern="").status_code for _ in range(5)} == {422}
    assert [_leave(strict, for_one).status_code for _ in range(3)] == [201, 201, 429]
    assert _leave(strict, {"X-Forwarded-For": "203.0.113.78"}).status_code == 201


def test_debug_log_names_nobody(strict: Web) -> None:
    _leave(strict, {"X-Forwarded-For": "203.0.113.79"})
    _leave(strict, {"X-Forwarded-For": "203.0.113.79"}, email="erika")
    log = strict.process.log.read_bytes()
    assert [word for word in (*PERSONAL, "203.0.113.79") if word.encode() in log] == []
