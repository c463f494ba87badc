"""What is removed when its time is over, with a moved clock, on the real databases: ours, and one like Rasa's."""

from __future__ import annotations

import datetime
import threading
import time
import uuid
from collections.abc import Iterator
from io import StringIO
from typing import Any

import psycopg
import pytest
import time_machine
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.test import Client
from django.utils import timezone

from tests.web.records import conversation, member, message, verdict
from web.accounts.changes import change_add
from web.accounts.models import Change
from web.chat.conversations import Post, message_add
from web.chat.models import Conversation, Deletion
from web.inquiries.entries import Entries
from web.inquiries.inquiries import inquiry_leave, inquiry_settle
from web.inquiries.models import Inquiry
from web.review.models import Status, Suggestion
from web.rights import tracker
from web.rights.models import Proof, Reading
from web.rights.periods import period_set
from web.rights.reading import reading_add
from web.rights.retention import retention_preview, retention_run, retention_run_when_due

pytestmark = pytest.mark.django_db(transaction=True)

_START = datetime.datetime(2026, 3, 2, 12, 0, tzinfo=datetime.timezone.utc)
_DAY = datetime.timedelta(days=1)


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(_START, tick=False) as clock:
        yield clock


@pytest.fixture
def events() -> Iterator[psycopg.Connection[Any]]:
    """Rasa's table, as its SQLTrackerStore makes it."""
    with psycopg.connect(tracker.address(), autocommit=True) as rasa:
        rasa.execute(
            "create table events (id serial primary key, sender_id varchar(255) not null, type_name varchar(255) not null,"
            " timestamp float, intent_name varchar(255), action_name varchar(255), data text)"
        )
        try:
            yield rasa
        finally:
            rasa.execute("drop table events")


def _numbers() -> dict[str, int | None]:
    outcomes = retention_run()
    assert outcomes is not None
    return {outcome.rule.kind: outcome.number for outcome in outcomes if outcome.number}


def _inquiry() -> Inquiry:
    return inquiry_leave(Entries("Bitte rufen Sie an.", "", "", "+49 611 123456"), uuid.uuid4(), "standard", None)


def test_conversation_is_removed_so_many_days_after_its_last_message(clock: Any) -> None:
    old = conversation([("citizen", "Was ist die Allianz?"), ("bot", "Ein Bündnis.")])
    clock.shift(30 * _DAY)
    assert _numbers() == {}
    clock.shift(_DAY)
    young = conversation([("citizen", "Wer macht mit?")])

    assert _numbers() == {"conversation": 1}

    assert [each.pk for each in Conversation.objects.all()] == [young.pk]
    assert [(each.conversation_id, each.messages, each.memory_deleted) for each in Deletion.objects.all()] == [
        (old.pk, 2, False)
    ]


def test_conversation_in_which_somebody_writes_while_it_is_due_stays() -> None:
    """Whoever removes waits for the one who writes, and looks again then."""
    talk = conversation([("citizen", "Vor langer Zeit.")], at=timezone.now() - 40 * _DAY)
    numbers: list[dict[str, int | None]] = []

    def remove() -> None:
        try:
            numbers.append(_numbers())
        finally:
            connections.close_all()

    job = threading.Thread(target=remove)
    with transaction.atomic():
        message_add(talk.pk, Post(uuid.uuid4(), "Noch eine Frage.", "standard", redacted=False))
        job.start()
        _wait_until_somebody_waits()
    job.join()

    assert numbers == [{}]
    assert talk.messages.count() == 2


def _wait_until_somebody_waits() -> None:
    """For a lock."""
    with connection.cursor() as cursor:
        for _ in range(500):
            cursor.execute("select count(*) from pg_stat_activity where wait_event_type = 'Lock'")
            if cursor.fetchone()[0]:
                return
            time.sleep(0.01)
    raise AssertionError("nobody waits")


def test_period_that_staff_set_counts(clock: Any) -> None:
    conversation([("citizen", "Was ist die Allianz?")])
    period_set("conversation", 7, member(role="Leitung"))
    clock.shift(7 * _DAY)
    assert _numbers() == {}
    clock.shift(datetime.timedelta(minutes=1))

    assert _numbers() == {"conversation": 1}


def test_only_confirmed_training_questions_outlive_their_conversation(clock: Any) -> None:
    talk = conversation([("citizen", "Ich heiße Petra."), ("citizen", "Was kostet das?")])
    draft, other = talk.messages.all()
    verdict(draft)
    Suggestion.objects.create(message=draft, text="Ich heiße Petra.", intent="alliance_goals")
    Suggestion.objects.create(text="Was kostet das?", intent="costs", status=Status.CONFIRMED, confirmed_at=timezone.now())
    clock.shift(31 * _DAY)

    assert _numbers() == {"conversation": 1}
    assert [each.text for each in Suggestion.objects.all()] == ["Was kostet das?"]
    clock.shift(335 * _DAY)
    assert _numbers() == {"review_set": 1}
    assert Suggestion.objects.count() == 0
    assert other.text not in str(list(Suggestion.objects.values()))


def test_inquiry_is_removed_after_it_was_done(clock: Any) -> None:
    done, left = _inquiry(), _inquiry()
    inquiry_settle(done.reference, member())
    clock.shift(181 * _DAY)
    assert _numbers() == {"inquiry": 1}
    clock.shift(180 * _DAY)

    assert _numbers() == {"inquiry": 1}
    assert not Inquiry.objects.filter(pk=left.pk).exists()


def test_events_of_rasa_are_removed_after_a_day(events: psycopg.Connection[Any]) -> None:
    now = timezone.now().timestamp()
    for age in (25 * 3600, 24 * 3600 + 60, 24 * 3600 - 60, 0):
        events.execute("insert into events (sender_id, type_name, timestamp) values ('anna', 'user', %s)", [now - age])

    assert _numbers() == {"tracker_event": 2}

    assert events.execute("select count(*) from events").fetchone() == (2,)


def test_missing_table_of_rasa_is_said_and_is_no_failure() -> None:
    [outcome] = [each for each in retention_preview() if each.rule.kind == "tracker_event"]
    assert (outcome.number, outcome.note) == (0, "Rasa hat noch keine Tabelle angelegt.")


def test_database_of_rasa_that_is_away_stops_nothing_else_and_is_said(
    monkeypatch: pytest.MonkeyPatch, clock: Any, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(tracker, "address", lambda: "postgresql://nobody@127.0.0.1:1/rasa")
    conversation([("citizen", "Was ist die Allianz?")])
    clock.shift(31 * _DAY)

    assert _numbers() == {"conversation": 1}

    proof = Proof.objects.get(kind="tracker_event")
    assert (proof.removed, proof.note) == (None, "Rasas Datenbank ist nicht erreichbar.")
    assert caplog.messages == ["the database of Rasa is not reached: old events could not be removed"]
    with pytest.raises(CommandError, match="Nicht alles war erreichbar"):
        call_command("retention", stdout=StringIO())


def test_what_is_kept_of_staff_goes_too(clock: Any) -> None:
    user = member()
    reading_add(user, "conversation", "x")
    change_add(user, "account", "diehl", "Rolle")
    client = Client()
    client.post("/team/login/", {"username": "diehl", "password": "falsch"})
    client.force_login(user)
    clock.shift(datetime.timedelta(minutes=14))
    assert _numbers() == {}
    clock.shift(datetime.timedelta(minutes=2))
    assert _numbers() == {"attempt": 1}
    clock.shift(datetime.timedelta(hours=24))
    assert _numbers() == {"session": 1}
    clock.shift(365 * _DAY)
    assert _numbers() == {"reading": 1}
    clock.shift(730 * _DAY)
    assert _numbers() == {"change": 1}
    assert Reading.objects.count() == Change.objects.count() == AccessAttempt.objects.count() == Session.objects.count() == 0


def test_dry_run_prints_what_is_due_and_changes_nothing(clock: Any) -> None:
    conversation([("citizen", "Ich heiße Petra Beispiel.")])
    clock.shift(31 * _DAY)
    printed = StringIO()

    call_command("retention", "--dry-run", stdout=printed)

    assert "       1  Gespräche mit allem, was dazu gehört, älter als 03.03.2026, 13:00" in printed.getvalue()
    assert "Petra" not in printed.getvalue()
    assert (Conversation.objects.count(), Proof.objects.count(), Deletion.objects.count()) == (1, 0, 0)
    call_command("retention", stdout=printed)
    assert Conversation.objects.count() == 0


def test_proof_holds_numbers_and_no_text(clock: Any) -> None:
    conversation([("citizen", "Ich heiße Petra Beispiel.")])
    clock.shift(31 * _DAY)

    retention_run()

    proof = Proof.objects.get(kind="conversation")
    assert (proof.removed, proof.older_than, proof.note) == (1, timezone.now() - 30 * _DAY, "")
    assert "Petra" not in str(list(Proof.objects.values()))


def test_web_process_runs_it_once_a_night_and_catches_up(clock: Any) -> None:
    def runs() -> int:
        retention_run_when_due()
        return Proof.objects.filter(kind="conversation").count()

    assert runs() == 1  # never ran
    assert runs() == 1
    clock.move_to(datetime.datetime(2026, 3, 3, 1, 59, tzinfo=datetime.timezone.utc))  # 2:59 in Hessen
    assert runs() == 1
    clock.move_to(datetime.datetime(2026, 3, 3, 2, 1, tzinfo=datetime.timezone.utc))
    assert runs() == 2
    assert runs() == 2
    clock.shift(5 * _DAY)
    assert runs() == 3


def test_what_could_not_be_done_is_tried_again_after_an_hour(monkeypatch: pytest.MonkeyPatch, clock: Any) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(tracker, "address", lambda: "postgresql://nobody@127.0.0.1:1/rasa")
        retention_run_when_due()
    clock.shift(datetime.timedelta(minutes=59))
    retention_run_when_due()
    assert Proof.objects.filter(kind="tracker_event").count() == 1
    clock.shift(datetime.timedelta(minutes=2))
    retention_run_when_due()

    assert list(Proof.objects.filter(kind="tracker_event").order_by("id").values_list("removed", flat=True)) == [None, 0]


def test_two_processes_do_not_run_at_the_same_time() -> None:
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_lock(4703118)")
            held.set()
            release.wait(10)
            cursor.execute("select pg_advisory_unlock(4703118)")  # or the pool hands the lock on with the connection
        connections.close_all()

    other = threading.Thread(target=hold)
    other.start()
    held.wait(10)
    try:
        assert retention_run() is None
        with pytest.raises(CommandError, match="Ein anderer Prozess löscht gerade"):
            call_command("retention")
    finally:
        release.set()
        other.join()
    assert Proof.objects.count() == 0


def test_message_keeps_a_conversation() -> None:
    with time_machine.travel(_START, tick=False) as clock:
        talk = conversation([("citizen", "Was ist die Allianz?")])
        clock.shift(29 * _DAY)
        message(talk, "Und wer macht mit?")
        Conversation.objects.get(pk=talk.pk).save()
        clock.shift(2 * _DAY)

        assert _numbers() == {}
