"""What the developers' command line runs as processes: it never imports `web`."""

from __future__ import annotations

import io
import json
import sys
import uuid

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection

from tests.web import records
from tests.web.settings import DATABASE
from training.serving import console
from training.serving.console import ConsoleError
from web.chat.models import Author
from web.review.models import Status, Suggestion
from web.review.suggestions import suggestion_confirm, suggestion_make

_KEYS = dict.fromkeys(("SECRET_KEY", "BOT_SECRET", "CONTACT_KEY"), "a key for tests that is long enough for all it signs")


def _confirmed(by: User, text: str) -> Suggestion:
    message = records.conversation([(Author.CITIZEN, text)]).messages.get()
    draft = suggestion_make(message, "alliance_goals", False, by)
    assert draft is not None
    return suggestion_confirm(draft.pk, text, by, anonymous=True)


@pytest.mark.django_db
def test_suggestions_are_listed_until_they_are_imported(piesk: User, capsys: pytest.CaptureFixture[str]) -> None:
    one, other = _confirmed(piesk, "a"), _confirmed(piesk, "b")

    call_command("suggestions", since="2026-01-01")
    assert [json.loads(line)["text"] for line in capsys.readouterr().out.splitlines()] == ["a", "b"]
    call_command("suggestions", mark_imported=[one.pk, uuid.uuid4()])
    assert capsys.readouterr().out == "1\n"
    call_command("suggestions")
    assert [json.loads(line)["id"] for line in capsys.readouterr().out.splitlines()] == [str(other.pk)]
    call_command("suggestions", status="imported", since="2999-01-01")
    assert capsys.readouterr().out == ""


def test_day_of_another_form_is_refused() -> None:
    with pytest.raises(CommandError, match="a day like 2026-11-01"):
        call_command("suggestions", since="gestern")


def test_personal_data_are_looked_for_without_a_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WOHNLOTSE_DATABASE_URL", "postgresql://127.0.0.1:1/nobody")

    texts = ["Wo ist das Büro?", "Schreiben Sie an hilde@example.org oder 0611 446622\u2028bitte"]
    assert console.personal_data(texts) == [[], ["E-Mail-Adresse", "Telefonnummer"]]


def test_line_that_is_no_json_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"Wo?\n")))

    with pytest.raises(CommandError, match="expected a JSON string a line"):
        call_command("personal_data")


@pytest.mark.django_db(transaction=True)
def test_command_line_takes_suggestions_from_the_console_and_marks_them(piesk: User, monkeypatch: pytest.MonkeyPatch) -> None:
    known = _confirmed(piesk, "Welche Ziele hat die Allianz?")
    for name, value in {"DATABASE_URL": DATABASE.url(connection.settings_dict["NAME"]), **_KEYS}.items():
        monkeypatch.setenv(f"WOHNLOTSE_{name}", value)

    [line] = console.suggestions().splitlines()
    console.mark_imported([str(known.pk)])

    assert json.loads(line)["text"] == "Welche Ziele hat die Allianz?"
    assert console.suggestions() == ""
    known.refresh_from_db()
    assert known.status == Status.IMPORTED


def test_console_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"DATABASE_URL": "postgresql://127.0.0.1:1/nobody", **_KEYS}.items():
        monkeypatch.setenv(f"WOHNLOTSE_{name}", value)

    with pytest.raises(ConsoleError, match="`python -m web suggestions` failed: "):
        console.suggestions()
