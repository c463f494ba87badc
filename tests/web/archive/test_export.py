"""Conversations as files: for Excel, for programs, and as test stories that Rasa reads."""

from __future__ import annotations

import csv
import datetime
import io
import json
import tracemalloc
import warnings
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.models import User
from django.test import Client
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.importer import TrainingDataImporter

from tests.training.small_project import write_small_project
from tests.web.records import conversation, member, message, verdict
from training.processes import ROOT
from web.archive import export
from web.chat.models import Conversation, Feedback
from web.chat.transcript import transcript_lines
from web.handoff.machine import conversation_hand
from web.review.models import Review, Tag
from web.rights.models import Reading

pytestmark = pytest.mark.django_db(transaction=True)

_AT = datetime.datetime(2026, 1, 31, 11, 0, tzinfo=datetime.timezone.utc)


@pytest.fixture
def editor() -> User:
    return member("redaktion", "Redaktion")


@pytest.fixture
def client(editor: User) -> Client:
    client = Client()
    client.force_login(editor)
    return client


def _file(client: Client, form: str, query: str = "") -> str:
    response = client.get(f"/team/gespraeche/ausleiten/{form}/{query}")
    assert response.status_code == 200
    return _whole(response).decode()


def _whole(response: Any) -> bytes:
    async def whole() -> bytes:
        return b"".join([piece async for piece in response.streaming_content])

    return async_to_sync(whole)()


def _conversation() -> Conversation:
    made = conversation([("citizen", "Gibt es [Name]; Geld?"), ("bot", "=1+1")], at=_AT)
    question, answer = made.messages.order_by("seq")
    verdict(question, "oos_money", "decline", confidence=0.5)
    Review.objects.create(message=question, outcome="corrected", topic="alliance_investment")
    Feedback.objects.create(message=answer, helpful=False, reason="wrong")
    Tag.objects.create(name="Wärme").conversations.add(made)
    return made


def test_table_is_one_that_german_excel_reads(client: Client) -> None:
    made = _conversation()

    file = _file(client, "csv")

    assert file.startswith("\ufeffGespräch;Nummer;")
    head, *lines = csv.reader(io.StringIO(file.removeprefix("\ufeff")), delimiter=";")
    assert [dict(zip(head, line)) for line in lines] == [
        {
            "Gespräch": str(made.id),
            "Nummer": "1",
            "Zeit": "31.01.2026 12:00:01",
            "Von": "Bürgerin oder Bürger",
            "Text": "Gibt es [Name]; Geld?",
            "Sprache": "Deutsch",
            "Verstanden als": "Geld, Zuschüsse und Darlehen",
            "Sicherheit": "0,500",
            "Ausgang": "nicht beantwortet",
            "Geholfen": "",
            "Grund": "",
            "Prüfung": "anderes Thema",
            "Richtiges Thema": "Geht es auch um Investitionen?",
            "Zustand des Gesprächs": "beim Bot",
            "Kanal": "Chat auf unserer Seite",
            "Schlagwörter": "Wärme",
        },
        {
            "Gespräch": str(made.id),
            "Nummer": "2",
            "Zeit": "31.01.2026 12:00:02",
            "Von": "Wohnlotse",
            "Text": "'=1+1",
            "Sprache": "Deutsch",
            "Verstanden als": "",
            "Sicherheit": "",
            "Ausgang": "",
            "Geholfen": "nein",
            "Grund": "Die Antwort ist falsch.",
            "Prüfung": "",
            "Richtiges Thema": "",
            "Zustand des Gesprächs": "beim Bot",
            "Kanal": "Chat auf unserer Seite",
            "Schlagwörter": "Wärme",
        },
    ]


@pytest.mark.parametrize("text", ["=1+1", "+49 69", "-2", "@SUM(A1)", "\t=1", "  =1", "\r=1", "\n=1"])
def test_no_cell_is_a_formula(client: Client, text: str) -> None:
    conversation([("citizen", text)])

    _, line = csv.reader(io.StringIO(_file(client, "csv"), newline=""), delimiter=";")

    assert line[4] == f"'{text}"


def test_lines_of_json_hold_what_is_stored_but_nobody_of_the_staff(client: Client, editor: User) -> None:
    made = _conversation()
    message(made, "Guten Tag!", "staff", by=editor)

    [line] = _file(client, "jsonl").splitlines()

    told = json.loads(line)
    assert [sorted(each) for each in told.pop("messages")] == [
        ["at", "author", "redacted", "register", "review", "seq", "text", "verdict"],
        ["at", "author", "feedback", "redacted", "register", "seq", "text"],
        ["at", "author", "redacted", "register", "seq", "text"],
    ]
    assert told == {
        "id": str(made.id),
        "opened_at": "2026-01-31T11:00:00+00:00",
        "active_at": told["active_at"],
        "state": "bot",
        "channel": "widget",
        "tags": ["Wärme"],
    }
    assert editor.username not in line


def test_only_what_fits_the_filters_is_exported_in_the_order_of_the_list(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "_BATCH", 2)
    made = [conversation([("citizen", f"Frage {number}")], channel="embedded") for number in range(5)]
    conversation([("citizen", "Andere Frage")])

    lines = _file(client, "jsonl", "?channel=embedded").splitlines()

    assert [json.loads(line)["id"] for line in lines] == [str(each.id) for each in reversed(made)]


def test_conversation_that_is_deleted_meanwhile_is_left_out(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "_BATCH", 1)
    first, second, third = (conversation([("citizen", f"Frage {number}")]) for number in range(3))
    response: Any = client.get("/team/gespraeche/ausleiten/jsonl/")

    async def rest() -> list[str]:
        pieces = []
        async for piece in response.streaming_content:
            if piece and not pieces:
                await Conversation.objects.filter(pk=second.pk).adelete()
            pieces += [json.loads(line)["id"] for line in piece.decode().splitlines()]
        return pieces

    assert async_to_sync(rest)() == [str(third.id), str(first.id)]


@pytest.mark.parametrize("form", ["csv", "jsonl", "rasa"])
def test_file_names_neither_staff_nor_whom_they_told_of(client: Client, form: str) -> None:
    """What staff chose to write to the citizen, and who of them was there, is nobody else's business."""
    made = conversation()
    verdict(message(made, "Wer hilft mir?"), "alliance_definition")
    staff = member(shown_as="Frau Zimtstern", last_name="Zimtstern")
    conversation_hand(made.pk, "step_in", staff)
    made.refresh_from_db()
    message(made, "Die Nummer des Amtes: 0561 7871234. Ihre Frau Zimtstern (P. Zimtstern)", "staff", by=staff)

    file = _file(client, form)

    assert [word for word in ("Zimtstern", "7871234") if word in file] == []
    if form != "rasa":
        assert "Hier antwortet Ihnen jetzt eine Person von der Servicestelle." in file
        assert "Die Nummer des Amtes: [Telefonnummer]. Ihre [Name] (P. [Name])" in file
    if form == "jsonl":
        assert [each["redacted"] for each in json.loads(file)["messages"]] == [False, True, True]


def test_citizens_own_copy_names_who_answered() -> None:
    made = conversation([("citizen", "Wer hilft mir?")])
    conversation_hand(made.pk, "step_in", member(shown_as="Frau Zimtstern"))

    [_, note] = transcript_lines(list(made.messages.order_by("seq")), "standard")

    assert "Frau Zimtstern" in note.text


def test_export_is_recorded_with_its_filters(client: Client, editor: User) -> None:
    _file(client, "csv", "?zone=decline&channel=widget&nonsense=1")

    assert list(Reading.objects.values_list("user", "kind", "subject")) == [
        (editor.pk, "export", "csv: Ausgang: nicht beantwortet, Kanal: Chat auf unserer Seite")
    ]


def test_words_that_were_searched_for_are_not_recorded(client: Client, editor: User) -> None:
    """They may be a citizen's name, and the record outlives the conversation."""
    _file(client, "csv", "?text=Vollmer&zone=decline")

    assert list(Reading.objects.values_list("subject", flat=True)) == ["csv: Suche: …, Ausgang: nicht beantwortet"]


def test_file_has_a_name_and_a_kind(client: Client) -> None:
    response = client.get("/team/gespraeche/ausleiten/csv/")

    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"].endswith('.csv"')
    assert client.get("/team/gespraeche/ausleiten/docx/").status_code == 404


def test_memory_does_not_grow_with_the_number_of_conversations(editor: User, client: Client) -> None:
    def peak(count: int) -> int:
        made = Conversation.objects.bulk_create([Conversation(last_seq=1) for _ in range(count)])
        rows = [
            each.messages.model(conversation=each, seq=1, author="citizen", text="x" * 1000, register="standard")
            for each in made
        ]
        made[0].messages.model.objects.bulk_create(rows)
        response: Any = client.get("/team/gespraeche/ausleiten/csv/")

        async def size() -> int:
            return sum([len(piece) async for piece in response.streaming_content])

        tracemalloc.start()
        total = async_to_sync(size)()
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert total > count * 1000
        return peak

    assert peak(4 * export._BATCH) < 1.5 * peak(export._BATCH)


def _stories(text: str, folder: Path) -> list[list[tuple[str, str]]]:
    """What Rasa reads: each story's user texts with their intents, and actions."""
    file = folder / "test_conversations.yml"
    file.write_text(text, encoding="utf-8")
    assert YAMLStoryReader.is_test_stories_file(file)
    domain = Domain.load(str(ROOT / "domain.yml"))
    read = YAMLStoryReader(domain).read_from_file(file)
    return [[_said(event) for event in step.events if isinstance(event, (UserUttered, ActionExecuted))] for step in read]


def _said(event: UserUttered | ActionExecuted) -> tuple[str, str]:
    if isinstance(event, UserUttered):
        assert event.entities == []
        return str(event.text), str(event.intent["name"])
    return "action", str(event.action_name)


def test_stories_are_read_by_rasa_with_the_right_intents(client: Client, tmp_path: Path) -> None:
    made = conversation()
    verdict(message(made, 'Was: "ist" #das?\n- Die [Allianz](org) {x}?'), "alliance_definition")
    message(made, "Ein Bündnis.", "bot", zone="answer")
    wrong = message(made, "Und das Geld?")
    verdict(wrong, "oos_money", "decline")
    Review.objects.create(message=wrong, outcome="corrected", topic="alliance_investment")
    odd = message(made, "Ist das ein neues Thema?")
    verdict(odd, "alliance_goals", "clarify")
    Review.objects.create(message=odd, outcome="new_topic", topic="Balkonkraftwerke")
    message(made, "!!!")
    conversation([("citizen", "Ohne Antwort")])

    assert _stories(_file(client, "rasa"), tmp_path) == [
        [
            ('Was: "ist" #das? - Die [Allianz] (org) {x}?', "alliance_definition"),
            ("action", "action_answer"),
            ("Und das Geld?", "alliance_investment"),
            ("action", "action_answer"),
        ]
    ]


def test_stories_of_nothing_are_read_by_rasa(client: Client, tmp_path: Path) -> None:
    assert _stories(_file(client, "rasa"), tmp_path) == []


def test_stories_go_with_our_project_through_rasas_importer(client: Client, tmp_path: Path) -> None:
    """As `rasa test` loads them: with our domain, rules and training questions of every intent, without a warning."""
    write_small_project(tmp_path, per_intent=3)
    topics = ["alliance_definition", "alliance_goals", "oos_money"]
    for number, topic in enumerate(topics):
        made = conversation()
        verdict(message(made, f"Frage Nummer {number}: [was](da) /ist | {{das}}?"), topic)
        message(made, "Eine Antwort.", "bot")
    file = tmp_path / "test_conversations.yml"
    file.write_text(_file(client, "rasa"), encoding="utf-8")

    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        warnings.filterwarnings("ignore", "Slot auto-fill")  # of the domain alone, which has no slot that is filled so
        importer = TrainingDataImporter.load_from_dict(
            config={}, domain_path=str(tmp_path / "domain.yml"), training_data_paths=[str(tmp_path / "data"), str(file)]
        )
        told: StoryGraph = importer.get_stories(exclusion_percentage=None)
        domain, training = importer.get_domain(), importer.get_nlu_data()

    tests = {
        step.block_name: [event for event in step.events if isinstance(event, UserUttered)]
        for step in told.story_steps
        if step.source_name == str(file)
    }
    assert sorted(str(event.intent["name"]) for events in tests.values() for event in events) == topics
    assert set(topics) <= set(domain.intents)
    assert set(topics) <= training.intents
    actions = {
        str(event.action_name) for step in told.story_steps for event in step.events if isinstance(event, ActionExecuted)
    }
    assert actions - {"action_listen", "..."} <= set(domain.action_names_or_texts)
