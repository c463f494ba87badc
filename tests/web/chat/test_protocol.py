"""The chat protocol of docs/openapi.yaml, through the real uvicorn, with a stand-in for Rasa."""

from __future__ import annotations

import json
import re
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from content import read_content
from tests.web.running import API, Fragile, Web
from tests.web.settings import DATABASE
from tests.web.stand_in import VERDICT, reply
from training.processes import ROOT


def _error(response: httpx.Response) -> tuple[int, str]:
    """Status and code of an error, whose shape is checked."""
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Cache-Control"] == "no-store"
    assert ("Retry-After" in response.headers) == (response.status_code in (429, 503))
    body = response.json()
    assert body.keys() == {"error"}
    assert body["error"].keys() - {"fields", "text", "findings", "redacted"} == {"code", "message"}
    assert len(body["error"]["message"]) > 10
    return response.status_code, body["error"]["code"]


def _conversation(web: Web, key: dict[str, str]) -> str:
    """The id of the conversation that the key opens, from its deletion."""
    identifier: str = web.client.delete(f"{API}/conversation", headers=key).json()["id"]
    return identifier


def test_whole_conversation(web: Web) -> None:
    opened = web.client.post(f"{API}/conversations")
    assert (opened.status_code, opened.json().keys()) == (201, {"id", "key"})
    key = {"Authorization": f"Bearer {opened.json()['key']}"}
    assert web.messages(key) == []
    with web.stream(key) as events:
        posted = web.post(key, register="en")
        question, answer = next(events), next(events)
    assert posted.status_code == 202
    assert (
        posted.json()
        == question.data
        == {
            **{
                "seq": 1,
                "author": "citizen",
                "speaker": "",
                "text": "Was ist die Allianz?",
                "lang": "und",
                "zone": "",
                "topic": "",
            },
            **{"reply_to": None, "last": True, "buttons": [], "source": None, "redacted": False, "feedback": None},
            "id": question.data["id"],
            "at": question.data["at"],
        }
    )
    assert answer.data == {
        **{"seq": 2, "id": None, "author": "bot", "speaker": "", "text": "Antwort 1 auf: Was ist die Allianz?", "lang": "en"},
        **{"reply_to": 1, "last": True, "buttons": [{"title": "Ziele", "payload": "Ziele"}]},
        "source": {"title": "Die Seite", "url": "https://www.example.de/", "stand": "2026-11-22"},
        **{"zone": "answer", "topic": "alliance_goals", "redacted": False, "feedback": None},
        "at": answer.data["at"],
    }
    assert web.messages(key) == [question.data, answer.data]
    rated = web.client.put(f"{API}/messages/2/feedback", json={"helpful": True}, headers=key)
    assert (rated.status_code, rated.json()) == (200, {"helpful": True, "reason": None})
    deleted = web.client.delete(f"{API}/conversation", headers=key)
    assert (deleted.json()["id"], deleted.json()["messages"]) == (opened.json()["id"], 2)
    assert _error(web.post(key)) == (410, "deleted")


def test_opening_a_conversation_stores_nothing(web: Web) -> None:
    before = web.rows("select count(*) from chat_conversation")
    key = web.open()
    web.messages(key)
    web.client.get(f"{API}/transcript", headers=key)
    assert web.rows("select count(*) from chat_conversation") == before


def test_message_posted_again_is_one_message_and_one_question_to_the_bot(web: Web) -> None:
    key, identifier = web.open(), str(uuid.uuid4())
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: web.post(key, "Nur einmal?", id=identifier), range(8)))
    assert {answer.status_code for answer in answers} == {202}
    assert {json.dumps(answer.json()) for answer in answers} == {json.dumps(answers[0].json())}
    web.answer(key, "Und danach?")
    assert web.post(key, "Nur einmal?", id=identifier).json() == answers[0].json()
    assert [message["text"] for message in web.messages(key)] == [
        "Nur einmal?",
        "Antwort 1 auf: Nur einmal?",
        "Und danach?",
        "Antwort 1 auf: Und danach?",
    ]
    assert sum(asked.get("message") == "Nur einmal?" for asked in web.bot.asked) == 1


def test_same_id_in_two_conversations_is_two_messages(web: Web) -> None:
    identifier = str(uuid.uuid4())
    assert [web.post(web.open(), id=identifier).json()["seq"] for _ in range(2)] == [1, 1]


def test_messages_posted_at_once_are_answered_one_after_the_other(web: Web) -> None:
    key = web.open()
    web.bot.delay = 0.1
    with ThreadPoolExecutor(5) as threads:
        seqs = sorted(threads.map(lambda number: web.post(key, f"Frage {number}").json()["seq"], range(5)))
    with web.stream(key) as events:
        messages = [next(events).data for _ in range(10)]
    assert [message["seq"] for message in messages] == list(range(1, 11))
    assert len(set(seqs)) == 5
    answered = [message["reply_to"] for message in messages if message["author"] == "bot"]
    assert answered == seqs
    texts = {message["seq"]: message["text"] for message in messages}
    assert all(
        message["text"] == f"Antwort 1 auf: {texts[message['reply_to']]}" for message in messages if message["author"] == "bot"
    )


def test_several_replies_come_in_order_and_the_last_one_says_so(web: Web) -> None:
    key = web.open()
    web.bot.replies = 3
    web.answer(key, "Drei Fragen")
    assert [(each["text"], each["reply_to"], each["last"]) for each in web.messages(key, after=1)] == [
        ("Antwort 1 auf: Drei Fragen", 1, False),
        ("Antwort 2 auf: Drei Fragen", 1, False),
        ("Antwort 3 auf: Drei Fragen", 1, True),
    ]


def test_stream_goes_on_exactly_where_the_client_left_it(web: Web) -> None:
    key = web.open()
    for number in range(3):
        web.answer(key, f"Frage {number}")
    whole = web.messages(key)
    for last in range(6):
        with web.stream(key, last=last) as events:
            assert [next(events).data for _ in range(6 - last)] == whole[last:]


def test_last_event_id_wins_over_after(web: Web) -> None:
    key = web.open()
    web.answer(key)
    with web.stream(key, after=2, last=1) as events:
        event = next(events)
    assert (event.id, event.event, event.data["seq"]) == ("2", "message", 2)
    headers = {**key, "Last-Event-ID": "1"}
    polled = web.client.get(f"{API}/events", params={"after": 2}, headers=headers).json()["messages"]
    assert [message["seq"] for message in polled] == [2]


def test_poll_gives_the_messages_after_a_number(web: Web) -> None:
    key = web.open()
    web.answer(key)
    whole = web.messages(key)
    assert [web.messages(key, after=after) for after in range(4)] == [whole, whole[1:], [], []]


def test_two_readers_of_a_conversation_both_get_all_of_it(web: Web) -> None:
    key = web.open()
    with web.stream(key) as one, web.stream(key) as other:
        web.post(key, "Eins")
        web.post(key, "Zwei")
        first = [next(one).data for _ in range(4)]
        assert [next(other).data for _ in range(4)] == first
    assert first == web.messages(key)


def test_streams_of_other_conversations_stay_silent(web: Web) -> None:
    key, other = web.open(), web.open()
    web.answer(key, "Meins")
    with web.stream(other) as events:
        web.answer(key, "Auch meins")
        web.post(other, "Seins")
        assert next(events).data["text"] == "Seins"


def test_deleting_ends_the_streams_of_the_conversation(web: Web) -> None:
    key = web.open()
    web.answer(key)
    with web.stream(key, after=2) as one, web.stream(key, after=2) as other:
        web.client.delete(f"{API}/conversation", headers=key)
        for events in (one, other):
            assert [(event.id, event.event, event.data) for event in events] == [("", "deleted", {})]


def test_feedback_is_kept_and_the_second_one_replaces_the_first(web: Web) -> None:
    key = web.open()
    web.answer(key)
    for feedback in (
        {"helpful": False, "reason": "wrong"},
        {"helpful": False, "reason": None},
        {"helpful": True, "reason": None},
    ):
        response = web.client.put(f"{API}/messages/2/feedback", json=feedback, headers=key)
        assert (response.status_code, response.json()) == (200, feedback)
        assert [message["feedback"] for message in web.messages(key)] == [None, feedback]


@pytest.mark.parametrize(
    ("seq", "feedback", "error"),
    [
        ("1", {"helpful": True}, (404, "not_found")),  # the citizen's own
        ("3", {"helpful": True}, (404, "not_found")),
        ("0", {"helpful": True}, (404, "not_found")),
        ("-1", {"helpful": True}, (404, "not_found")),
        (str(2**31), {"helpful": True}, (404, "not_found")),
        (str(2**200), {"helpful": True}, (404, "not_found")),
        ("2", {"helpful": True, "reason": "wrong"}, (400, "invalid")),
        ("2", {"helpful": False, "reason": "hässlich"}, (400, "invalid")),
        ("2", {"helpful": "ja"}, (400, "invalid")),
        ("2", {"reason": "wrong"}, (400, "invalid")),
    ],
)
def test_feedback_that_makes_no_sense_is_refused(web: Web, seq: str, feedback: dict[str, Any], error: tuple[int, str]) -> None:
    key = web.open()
    web.answer(key)
    assert _error(web.client.put(f"{API}/messages/{seq}/feedback", json=feedback, headers=key)) == error
    assert web.messages(key)[1]["feedback"] is None


def test_feedback_does_not_reach_into_other_conversations(web: Web) -> None:
    key, other = web.open(), web.open()
    web.answer(key)
    response = web.client.put(f"{API}/messages/2/feedback", json={"helpful": True}, headers=other)
    assert _error(response) == (404, "not_found")
    assert web.messages(key)[1]["feedback"] is None


def test_feedback_on_the_sentence_of_the_chat_itself_is_refused(web: Web) -> None:
    key = web.open()
    web.bot.fault = "error"
    assert web.answer(key)["author"] == "system"
    response = web.client.put(f"{API}/messages/2/feedback", json={"helpful": True}, headers=key)
    assert _error(response) == (404, "not_found")


@pytest.mark.parametrize(
    ("register", "you", "bot", "source", "number"),
    [
        (
            "standard",
            "Sie",
            "Wohnlotse (automatischer Assistent)",
            "Quelle: Die Seite, Stand 22.11.2026, https://www.example.de/",
            "Nummer dieser Unterhaltung",
        ),
        (
            "en",
            "You",
            "Wohnlotse (automatic assistant)",
            "Source: Die Seite, as of 22.11.2026, https://www.example.de/",
            "Number of this conversation",
        ),
    ],
)
def test_transcript_is_a_copy_as_text(web: Web, register: str, you: str, bot: str, source: str, number: str) -> None:
    key = web.open()
    web.answer(key, "Was?\nWer?")
    response = web.client.get(f"{API}/transcript", params={"register": register}, headers=key)
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    time_ = r"\d\d\.\d\d\.\d{4}, \d\d:\d\d · "
    lines = [time_ + re.escape(f"{you}:"), "Was\\?", "Wer\\?", "", time_ + re.escape(f"{bot}:")]
    conversation = uuid.UUID(key["Authorization"].split()[1].split(":")[0])
    lines += ["Antwort 1 auf: Was\\?", "Wer\\?", re.escape(source), "", f"{number}: {conversation}", ""]
    assert re.fullmatch("\n".join(lines), response.text)


@pytest.mark.parametrize(
    ("register", "language", "you"), [("standard", "de", "Sie"), ("einfach", "de", "Sie"), ("en", "en", "You")]
)
def test_transcript_is_a_page_to_print(web: Web, register: str, language: str, you: str) -> None:
    key = web.open()
    web.answer(key, "Gilt <b>1 & 1</b>?", register="einfach")
    response = web.client.get(f"{API}/transcript", params={"register": register, "format": "html"}, headers=key)
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert f'<html lang="{language}">' in response.text
    assert f'<p class="speaker">{you},' in response.text
    assert '<p class="text">Gilt &lt;b&gt;1 &amp; 1&lt;/b&gt;?</p>' in response.text
    assert '<p class="text" lang="de">Antwort 1 auf: Gilt &lt;b&gt;' in response.text
    assert "<b>" not in response.text
    assert key["Authorization"].split()[1].split(":")[0] in response.text.replace("-", "")  # the number of the conversation
    [style] = re.findall(r'href="([^"]+)"', response.text)
    assert web.client.get(style).headers["Content-Type"].startswith("text/css")


def test_deleting_leaves_a_receipt_and_nothing_else(web: Web) -> None:
    key = web.open()
    web.answer(key, "Ein Geheimnis")
    web.client.put(f"{API}/messages/2/feedback", json={"helpful": True}, headers=key)
    response = web.client.delete(f"{API}/conversation", headers=key)
    receipt = response.json()
    assert (response.status_code, receipt["messages"], receipt["memory"]) == (200, 2, "deleted")
    assert receipt["text"] == "Die Unterhaltung mit 2 Nachrichten wurde gelöscht."
    assert web.bot.asked[-1] == {"forget": receipt["id"]}
    assert web.rows("select id from chat_conversation where id = %s", receipt["id"]) == []
    assert web.rows("select id from chat_message where conversation_id = %s", receipt["id"]) == []
    for table in ("chat_verdict", "chat_feedback"):
        assert web.rows(f"select 1 from {table} left join chat_message m on m.id = message_id where m.id is null") == []


def test_deleting_twice_gives_the_same_receipt_and_leaves_no_row(web: Web) -> None:
    key = web.open()
    web.answer(key)
    first = web.client.delete(f"{API}/conversation", headers=key).json()
    assert web.client.delete(f"{API}/conversation", headers=key).json() == first
    assert web.rows("select id from chat_conversation where id = %s", first["id"]) == []


def test_receipt_speaks_english_where_asked(web: Web) -> None:
    response = web.client.delete(f"{API}/conversation", params={"register": "en"}, headers=web.open())
    assert response.json()["text"] == "The conversation with 0 messages was deleted."


def test_all_that_needs_a_living_conversation_says_when_it_was_deleted(web: Web) -> None:
    key = web.open()
    web.answer(key)
    web.client.delete(f"{API}/conversation", headers=key)
    stream = {**key, "Accept": "text/event-stream"}
    assert [
        _error(response)
        for response in (
            web.post(key),
            web.client.put(f"{API}/messages/2/feedback", json={"helpful": True}, headers=key),
            web.client.get(f"{API}/events", headers=key),
            web.client.get(f"{API}/events", headers=stream),
            web.client.get(f"{API}/transcript", headers=key),
        )
    ] == [(410, "deleted")] * 5


def test_deleting_an_empty_conversation_makes_its_key_useless_too(web: Web) -> None:
    key = web.open()
    assert web.client.delete(f"{API}/conversation", headers=key).json()["messages"] == 0
    assert _error(web.post(key)) == (410, "deleted")


# Personal data

LETTER = "Ich heiße Renate Mustermann, meine Adresse ist renate.mustermann@example.org. Was ist die Allianz?"
REDACTED = "Ich heiße [Name], meine Adresse ist [E-Mail-Adresse]. Was ist die Allianz?"


def test_personal_data_are_shown_to_the_citizen_and_not_stored(web: Web) -> None:
    key, asked = web.open(), len(web.bot.asked)
    response = web.post(key, LETTER)
    assert _error(response) == (422, "personal_data")
    error = response.json()["error"]
    found = [(each["kind"], each["label"], error["text"][each["start"] : each["end"]]) for each in error["findings"]]
    assert found == [("name", "Name", "Renate Mustermann"), ("email", "E-Mail-Adresse", "renate.mustermann@example.org")]
    assert (error["text"], error["redacted"]) == (LETTER, REDACTED)
    assert len(web.bot.asked) == asked
    assert web.messages(key) == []
    assert web.rows("select id from chat_conversation where id = %s", _conversation(web, key)) == []


def test_personal_data_are_replaced_before_storing_and_before_the_bot(web: Web) -> None:
    key, identifier = web.open(), str(uuid.uuid4())
    assert web.post(key, LETTER, id=identifier).status_code == 422
    web.answer(key, LETTER, id=identifier, redact=True)
    question = web.messages(key)[0]
    assert (question["id"], question["text"], question["redacted"]) == (identifier, REDACTED, True)
    assert web.rows("select text from chat_message where client_id = %s", identifier) == [(REDACTED,)]
    assert web.bot.asked[-1]["message"] == REDACTED
    everything = "select count(*) from chat_message where (chat_message.*)::text like %s"
    assert web.rows(everything, "%Mustermann%") == web.rows(everything, "%mustermann%") == [(0,)]


def test_asking_to_replace_changes_nothing_where_nothing_is_found(web: Web) -> None:
    message = web.post(web.open(), "Was ist die Allianz?", redact=True).json()
    assert (message["text"], message["redacted"]) == ("Was ist die Allianz?", False)


def test_offsets_of_findings_count_code_points(web: Web) -> None:
    error = web.post(web.open(), "😀 Grüße, renate.mustermann@example.org").json()["error"]
    [finding] = error["findings"]
    assert error["text"][finding["start"] : finding["end"]] == "renate.mustermann@example.org"


# What a text may hold


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  Was?\r\nWer?\rWo?\u2028Wie?  ", "Was?\nWer?\nWo?\nWie?"),
        ("Was\x00 ist\x07 das?", "Was ist das?"),
        ("Was \ud800ist das?\udfff", "Was ist das?"),
        ("Scho\u0308n?", "Schön?"),
        ("Wo 👩‍👩‍👧?", "Wo 👩‍👩‍👧?"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("a" * 2000, "a" * 2000),
        (" " * 100 + "a" * 1999, "a" * 1999),
    ],
)
def test_text_is_kept_without_what_cannot_be_seen(web: Web, text: str, kept: str) -> None:
    body = json.dumps({"id": str(uuid.uuid4()), "text": text})
    key = web.open()
    response = web.client.post(f"{API}/messages", content=body, headers={**key, "Content-Type": "application/json"})
    assert (response.status_code, response.json().get("text")) == (202, kept)
    web.answer(key)
    assert web.messages(key)[0]["text"] == kept


@pytest.mark.parametrize("text", ["", "   \n\t ", "\x00\x01", "\ud800", "\u200b\u200d\ufeff", "\u00ad"])
def test_text_without_anything_to_read_is_refused(web: Web, text: str) -> None:
    body = json.dumps({"id": str(uuid.uuid4()), "text": text})
    response = web.client.post(f"{API}/messages", content=body, headers={**web.open(), "Content-Type": "application/json"})
    assert _error(response) == (422, "empty")


def test_too_long_text_is_refused_with_the_limit(web: Web) -> None:
    for length in (2001, 10_000):
        response = web.post(web.open(), "ä" * length)
        assert _error(response) == (422, "too_long")
        assert "2000 Zeichen" in response.json()["error"]["message"]


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (b"{", {""}),
        (b"", {""}),
        (b"[]", {""}),
        (b"null", {""}),
        (b"\xff\xfe\x00", {""}),
        (b"[" * 30_000, {""}),
        (b'{"a":' * 5_000, {""}),
        (b"9" * 20_000, {""}),
        (b"{}", {"id", "text"}),
        (b'{"id": "x", "text": 1, "register": "fr", "redact": 1}', {"id", "text", "register", "redact"}),
        (b'{"id": 5, "text": null, "register": ["en"], "redact": null}', {"id", "text", "register", "redact"}),
        (b'{"id": "{0123456789abcdef01234567-89ab-cdef}", "text": "a"}', {"id"}),
        (b'{"id": "b6b1ac4f-5a1b-4c3c-9b6e-1d2f3a4b5c6d", "text": "a", "zzz": 1}', {"zzz"}),
        (b'{"id": "b6b1ac4f-5a1b-4c3c-9b6e-1d2f3a4b5c6d", "text": "a", "\\ud800": 1}', {"?"}),
        (b'{"id": "b6b1ac4f-5a1b-4c3c-9b6e-1d2f3a4b5c6d", "text": NaN}', {"text"}),
    ],
)
def test_body_that_is_wrong_is_refused_and_its_fields_are_named(web: Web, body: bytes, fields: set[str]) -> None:
    key = web.open()
    response = web.client.post(f"{API}/messages", content=body, headers={**key, "Content-Type": "application/json"})
    assert _error(response) == (400, "invalid")
    assert response.json()["error"]["fields"].keys() == fields
    assert web.messages(key) == []


@pytest.mark.parametrize(
    ("path", "parameters"),
    [
        ("events", {"after": "-1"}),
        ("events", {"after": "eins"}),
        ("events", {"after": str(2**31)}),
        ("events", {"after": "9" * 5000}),
        ("events", {"after": ""}),
        ("transcript", {"format": "pdf"}),
        ("transcript", {"register": "fr"}),
        ("widget", {"register": ""}),
    ],
)
def test_parameter_that_is_wrong_is_named(web: Web, path: str, parameters: dict[str, str]) -> None:
    response = web.client.get(f"{API}/{path}", params=parameters, headers=web.open())
    assert _error(response) == (400, "invalid")
    assert response.json()["error"]["fields"].keys() == parameters.keys()


@pytest.mark.parametrize("last", ["-1", "x", str(2**31), ""])
def test_last_event_id_that_is_wrong_is_named(web: Web, last: str) -> None:
    response = web.client.get(f"{API}/events", headers={**web.open(), "Last-Event-ID": last})
    assert _error(response) == (400, "invalid")
    assert response.json()["error"]["fields"].keys() == {"Last-Event-ID"}


@pytest.mark.parametrize("charset", ["utf-8", "rot13", "zlib", "no-such-thing"])
def test_charset_of_the_header_does_no_harm(web: Web, charset: str) -> None:
    headers = {**web.open(), "Content-Type": f"application/json; charset={charset}"}
    body = json.dumps({"id": str(uuid.uuid4()), "text": "Größe?"}, ensure_ascii=False).encode()
    response = web.client.post(f"{API}/messages?register=%C3%A4", content=body, headers=headers)
    assert (response.status_code, response.json()["text"]) == (202, "Größe?")
    assert _error(web.client.post(f"{API}/messages?register=%C3%A4", content=b"", headers=headers)) == (400, "invalid")


@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Bearer x", "Basic eDp5", "Bearer a:b:c", "Bearer ü:ä", "bearer " + "x" * 5000]
)
def test_key_that_is_not_ours_opens_nothing(web: Web, authorization: str) -> None:
    headers = [(b"Authorization", authorization.encode())]
    for path in ("events", "transcript"):
        response = web.client.get(f"{API}/{path}", headers=headers)
        assert _error(response) == (401, "unauthorized")


def test_key_in_the_address_opens_nothing(web: Web) -> None:
    key = web.open()["Authorization"].removeprefix("Bearer ")
    response = web.client.get(f"{API}/events", params={"key": key, "authorization": f"Bearer {key}"})
    assert _error(response) == (401, "unauthorized")


@pytest.mark.parametrize(
    "path", ["/api", "/api/", "/api/v1", "/api/v1/", "/api/v2/widget", "/api/v1/messages/", "/api/v1/%00", "/api/v1/ä?b=\ud83d"]
)
def test_unknown_path_below_the_api_is_not_found_in_the_shape_of_an_error(web: Web, path: str) -> None:
    for method in ("GET", "POST", "PUT", "DELETE"):
        address = path.encode("utf-8", "replace").decode()
        assert _error(web.client.request(method, address)) == (404, "not_found")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", "widget", "GET"),
        ("GET", "conversations", "POST"),
        ("GET", "conversation", "DELETE"),
        ("PATCH", "messages", "POST"),
        ("GET", "messages", "POST"),
        ("POST", "messages/1/feedback", "PUT"),
        ("DELETE", "events", "GET"),
        ("PUT", "transcript", "GET"),
        ("TRACE", "widget", "GET"),
        ("OPTIONS", "widget", "GET"),
    ],
)
def test_method_that_is_not_allowed_is_answered_with_those_that_are(web: Web, method: str, path: str, allowed: str) -> None:
    response = web.client.request(method, f"{API}/{path}")
    assert _error(response) == (405, "method_not_allowed")
    assert response.headers["Allow"] == allowed


# Limits


def _from(web: Web, address: str) -> dict[str, str]:
    """The headers of a new conversation of somebody at an address."""
    there = {"X-Forwarded-For": address}
    return {**there, "Authorization": f"Bearer {web.client.post(f'{API}/conversations', headers=there).json()['key']}"}


def test_more_messages_in_a_minute_than_a_conversation_may_have_are_refused(strict: Web) -> None:
    key = _from(strict, "203.0.113.1")
    identifier = str(uuid.uuid4())
    for each in (identifier, str(uuid.uuid4()), str(uuid.uuid4())):
        strict.answer(key, id=each)
    assert _error(strict.post(key)) == (429, "too_many")
    assert strict.post(key, id=identifier).status_code == 202  # that is none more
    assert strict.post(_from(strict, "203.0.113.1")).status_code == 202


def test_more_openings_and_messages_in_a_minute_than_an_address_may_have_are_refused(strict: Web) -> None:
    one, other = {"X-Forwarded-For": "203.0.113.2"}, {"X-Forwarded-For": "203.0.113.3"}
    assert [strict.client.post(f"{API}/conversations", headers=one).status_code for _ in range(10)] == [201] * 10
    assert _error(strict.client.post(f"{API}/conversations", headers=one)) == (429, "too_many")
    claimed = {"X-Forwarded-For": "203.0.113.200, 203.0.113.2"}  # what a client writes there itself comes first
    assert _error(strict.client.post(f"{API}/conversations", headers=claimed)) == (429, "too_many")
    assert strict.client.post(f"{API}/conversations", headers=other).status_code == 201


def test_more_streams_than_a_worker_may_have_are_refused(strict: Web) -> None:
    key = _from(strict, "203.0.113.4")
    with strict.stream(key) as events:
        strict.post(key)
        next(events)
        assert _error(strict.client.get(f"{API}/events", headers={**key, "Accept": "text/event-stream"})) == (503, "busy")
        assert len(strict.messages(key)) >= 1  # asking works all the same
    time.sleep(0.2)
    with strict.stream(key) as events:
        assert next(events).data["seq"] == 1


def test_more_messages_than_may_wait_are_refused(strict: Web) -> None:
    strict.bot.delay = 1.0
    keys = [_from(strict, f"203.0.113.{5 + number}") for number in range(3)]
    assert strict.post(keys[0]).status_code == 202  # is with the bot
    time.sleep(0.3)
    assert strict.post(keys[1]).status_code == 202  # waits
    response = strict.post(keys[2])
    assert _error(response) == (503, "busy")
    time.sleep(float(response.headers["Retry-After"]))
    assert strict.post(keys[2]).status_code == 202


@contextmanager
def _with_a_person(web: Web, key: dict[str, str]) -> Iterator[None]:
    """The conversation of `key` waits for a person while the block runs."""
    identifier = uuid.UUID(key["Authorization"].split()[1].split(":")[0])
    statement = "update chat_conversation set state = %s, state_since = now() where id = %s returning id"
    assert web.rows(statement, "requested", identifier) == [(identifier,)]
    yield
    web.rows(statement, "bot", identifier)


def test_what_is_said_to_a_person_is_taken_while_the_bot_has_too_much_to_do(strict: Web) -> None:
    talk, *others = (_from(strict, f"203.0.113.{30 + number}") for number in range(4))
    strict.answer(talk, "Vorher")
    strict.bot.delay = 1.0
    with _with_a_person(strict, talk):
        for key in others[:2]:
            assert strict.post(key).status_code == 202
            time.sleep(0.3)

        assert _error(strict.post(others[2])) == (503, "busy")
        assert strict.post(talk, "An die Person").status_code == 202
        assert strict.messages(talk)[-1]["text"] == "An die Person"
    while not all(strict.messages(key, after=1) for key in others[:2]):  # the next test finds nobody waiting
        time.sleep(0.1)


def test_what_is_said_to_a_person_is_taken_while_the_chat_is_switched_off(web: Web) -> None:
    key, other = web.open(), web.open()
    web.answer(key, "Vorher")
    with _with_a_person(web, key):
        web.turn(False, "Wartung.")
        try:
            assert web.post(key, "An die Person").status_code == 202
            assert _error(web.post(other, "An den Bot")) == (503, "switched_off")
        finally:
            web.turn(True, "Fertig.")


# Errors


def _deleted(web: Web) -> httpx.Response:
    key = web.open()
    web.client.delete(f"{API}/conversation", headers=key)
    return web.post(key)


def _too_many(strict: Web) -> httpx.Response:
    key = _from(strict, "203.0.113.20")
    for _ in range(3):
        strict.answer(key)
    return strict.post(key)


def _switched_off(web: Web) -> httpx.Response:
    key = web.open()
    web.turn(False, "Wartung.")
    try:
        return web.post(key)
    finally:
        web.turn(True, "Fertig.")


def _unavailable(fragile: Fragile) -> httpx.Response:
    key = fragile.web.open()
    fragile.database.stop()
    try:
        return fragile.web.post(key)
    finally:
        fragile.database.start()
        fragile.database.wait()


_HERE = {"Content-Type": "application/json"}
#: code: (status, the process to ask, how)
_CAUSES: dict[str, tuple[int, str, Callable[[Any], httpx.Response]]] = {
    "invalid": (400, "web", lambda web: web.client.post(f"{API}/messages", content=b"{", headers={**web.open(), **_HERE})),
    "unauthorized": (401, "web", lambda web: web.post({})),
    "forbidden": (403, "web", lambda web: web.post({**web.open(), "Origin": "https://evil.example"})),
    "not_found": (404, "web", lambda web: web.client.get(f"{API}/nothing")),
    "method_not_allowed": (405, "web", lambda web: web.client.patch(f"{API}/messages")),
    "deleted": (410, "web", _deleted),
    "too_large": (413, "web", lambda web: web.post(web.open(), "a" * 40_000)),
    "unsupported_type": (415, "web", lambda web: web.client.post(f"{API}/messages", data={"text": "a"}, headers=web.open())),
    "empty": (422, "web", lambda web: web.post(web.open(), " ")),
    "too_long": (422, "web", lambda web: web.post(web.open(), "a" * 3000)),
    "personal_data": (422, "web", lambda web: web.post(web.open(), LETTER)),
    "too_many": (429, "strict", _too_many),
    "busy": (503, "strict", lambda strict: _busy(strict)),
    "switched_off": (503, "web", _switched_off),
    "unavailable": (503, "fragile", _unavailable),
}


def _busy(strict: Web) -> httpx.Response:
    key = _from(strict, "203.0.113.21")
    with strict.stream(key) as events:
        strict.post(key)
        next(events)
        return strict.client.get(f"{API}/events", headers={**key, "Accept": "text/event-stream"})


@pytest.mark.parametrize("code", _CAUSES)
def test_each_error_has_its_status_and_the_one_shape(code: str, request: pytest.FixtureRequest) -> None:
    status, process, cause = _CAUSES[code]
    assert _error(cause(request.getfixturevalue(process))) == (status, code)


def test_each_error_of_the_contract_is_caused_here() -> None:
    contract = yaml.safe_load((ROOT / "docs" / "openapi.yaml").read_text(encoding="utf-8"))
    error = contract["components"]["schemas"]["Error"]["properties"]["error"]
    assert list(_CAUSES) == error["properties"]["code"]["enum"]


def test_error_speaks_the_language_of_the_person(web: Web) -> None:
    def message(**asked: Any) -> str:
        text: str = web.client.get(f"{API}/events", **asked).json()["error"]["message"]
        return text

    german = "Diese Unterhaltung kann nicht fortgesetzt werden. Bitte beginnen Sie eine neue."
    english = "This conversation cannot be continued. Please start a new one."
    assert message() == message(headers={"Accept-Language": "fr, en"}) == german
    assert message(params={"register": "en"}) == message(headers={"Accept-Language": "en-GB, de"}) == english
    assert message(params={"register": "einfach"}, headers={"Accept-Language": "en"}) == german


# The bot is not well


@pytest.mark.parametrize("fault", ["slow", "error", "nothing", "nonsense", "away"])
def test_whatever_the_bot_lacks_the_citizen_gets_a_sentence_with_the_postal_address(web: Web, fault: str) -> None:
    key = web.open()
    web.bot.fault = fault
    started = time.monotonic()
    said = web.answer(key, "Hört mich wer?")
    assert time.monotonic() - started < 4.0
    assert (said["author"], said["zone"], said["topic"], said["lang"]) == ("system", "unavailable", "unavailable", "de")
    assert said["text"] == read_content().reply("unavailable", "standard")
    assert re.search(r"per Post an .+, .+ \d+.*, \d{5} \w+", said["text"])
    web.bot.recover()
    assert web.answer(key, "Und jetzt?")["text"] == "Antwort 1 auf: Und jetzt?"
    assert [message["text"] for message in web.messages(key)][::2] == ["Hört mich wer?", "Und jetzt?"]


def test_the_sentence_comes_in_the_register_of_the_question(web: Web) -> None:
    key = web.open()
    web.bot.fault = "error"
    starts = {
        "einfach": ("de", "Ich kann gerade nicht antworten. Bitte fragen Sie später"),
        "en": ("en", "I cannot answer right"),
    }
    for register, (language, start) in starts.items():
        said = web.answer(key, register=register)
        assert (said["lang"], said["text"][: len(start)]) == (language, start)


def test_slow_bot_does_not_hold_up_other_conversations(web: Web) -> None:
    web.bot.delay = 1.5
    keys = [web.open() for _ in range(3)]
    started = time.monotonic()
    with ThreadPoolExecutor(3) as threads:
        said = list(threads.map(web.answer, keys))
    assert {each["author"] for each in said} == {"bot"}
    assert time.monotonic() - started < 2.9


@pytest.mark.parametrize(
    "wrong",
    [
        {"verdict": {**VERDICT, "vector": [0.1] * 3}},
        {"verdict": {**VERDICT, "surprise": 1}},
        {"verdict": {"intent": "alliance_goals"}},
        {"verdict": "alliance_goals"},
        {"verdict": {**VERDICT, "intent": "x" * 300}},
        {"handoff": "\x00"},
    ],
)
def test_answer_that_cannot_be_kept_is_none(web: Web, wrong: dict[str, Any]) -> None:
    key = web.open()
    body = {"message": "Was?", "metadata": {"register": "standard"}}
    web.bot.said = {"replies": [reply(body, 1)], "handoff": None, "verdict": VERDICT, **wrong}
    assert web.answer(key)["zone"] == "unavailable"
    web.bot.recover()
    assert web.answer(key)["zone"] == "answer"


def test_answer_without_a_verdict_is_kept_without_one(web: Web) -> None:
    key = web.open()
    body = {"message": "Was?", "metadata": {"register": "standard"}}
    web.bot.said = {"replies": [reply(body, 1)], "handoff": {"reason": "wish", "topic": None}, "verdict": None}
    assert web.answer(key)["zone"] == "answer"
    identifier = _conversation(web, key)
    assert web.rows("select id from chat_message where conversation_id = %s", identifier) == []


# Nothing that is personal is logged


def test_no_text_address_or_user_agent_is_logged_whatever_happens(web: Web, strict: Web, web_log: Path) -> None:
    agent = {"User-Agent": "Kennzeichen-Agent/1.0", "Referer": "https://kennzeichen-referer.example/"}
    for each in (web, strict):
        key = {**_from(each, "203.0.113.77"), **agent}
        for text in ("Kennzeichen-Frage?", f"Kennzeichen-Frage? {LETTER}", "Kennzeichen-lang" * 500, "Kennzeichen-groß" * 5000):
            each.post(key, text)
        each.bot.said = {"replies": [{"text": "Kennzeichen-Antwort"}], "handoff": None, "verdict": None}
        each.post(key, "Kennzeichen-Unsinn?")
        each.bot.recover()
        for fault in ("error", "away"):
            each.bot.fault = fault
            each.post({**_from(each, "203.0.113.78"), **agent}, "Kennzeichen-Fehler?")
        each.bot.recover()
        each.client.post(f"{API}/messages", content=b"{Kennzeichen-kaputt", headers={**key, "Content-Type": "application/json"})
        each.client.get(f"{API}/kennzeichen-pfad?text=Kennzeichen-Parameter", headers=key)
        each.client.get("/kennzeichen-seite?text=Kennzeichen-Parameter", headers=key)
        each.client.get("/", headers={**key, "Host": "kennzeichen-host.example"})
        each.client.delete(f"{API}/conversation", headers=key)
    time.sleep(0.5)
    logs = [path.read_text(encoding="utf-8", errors="replace") for path in (web_log, strict.process.log, DATABASE.log)]
    for word in ("kennzeichen", "mustermann", "203.0.113."):
        assert [line for log in logs for line in log.splitlines() if word in line.casefold()] == []
    assert "the bot" in logs[0]
