from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from content import read_content
from tests.web.records import conversation
from web.chat.conversations import conversations_expired
from web.chat.models import DIMENSIONS, Author, Conversation, Feedback, Message, State, Verdict
from web.demo.conversations import Plan, conversations_plan
from web.demo.people import COUNSELLOR
from web.handoff.machine import TABLE
from web.handoff.models import Transition
from web.inquiries.models import Inquiry
from web.review.models import Review, Suggestion
from web.rights.periods import days, limit, period_set

NOW = datetime.datetime(2026, 11, 23, 12, tzinfo=datetime.timezone.utc)


def _line(text: str, zone: str = "answer", topic: str = "alliance_definition", **fields: Any) -> dict[str, Any]:
    reply = {
        "text": f"Antwort auf {text}",
        "buttons": [],
        "topic": topic,
        "zone": zone,
        "source": {"title": "Die Allianz", "url": "https://example.org"},
        "stand": "2026-11-22",
        "register": "standard",
        "intent": topic,
    }
    verdict = {
        "intent": topic,
        "confidence": 0.9,
        "zone": zone,
        "ranking": [{"name": topic, "confidence": 0.9}, {"name": "alliance_goals", "confidence": 0.05}],
        "topics": [topic],
        "model": "test",
        "vector": [0.1] * DIMENSIONS,
    }
    turn = {"text": text, "replies": [reply], "handoff": None, "verdict": verdict, **fields}
    return {"language": "de", "register": "standard", "turns": [turn]}


LINES = [
    _line("Was ist die Allianz?"),
    _line("Und die Ziele?", "clarify", "alliance_goals"),
    _line("Wie beantrage ich Wohngeld?", "decline", "oos_money"),
    _line("Ich bin Erika Mustermann, Telefon 0611 1234567. Was ist die Allianz?"),
    _line("Ich will einen Menschen", handoff={"reason": "wish", "topic": ""}, verdict=None),
]


@pytest.fixture
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def answered(tmp_path: Path) -> Path:
    path = tmp_path / "demo.jsonl"
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in LINES), encoding="utf-8")
    return path


def _plan(count: int = 200, seed: int = 4, days: int = 20) -> Plan:
    return conversations_plan(LINES, read_content(), User(pk=1), count, NOW, days, seed)


def _told(plan: Plan) -> list[tuple[Any, ...]]:
    return [(message.conversation_id, message.seq, message.author, message.text, at) for message, at in plan.messages]


def test_same_seed_makes_the_same_conversations_and_another_one_others() -> None:
    assert _told(_plan()) == _told(_plan())
    assert _told(_plan()) != _told(_plan(seed=5))


def test_messages_are_numbered_without_a_gap_and_in_the_order_of_time() -> None:
    plan = _plan()

    for made, opened in plan.conversations:
        found = [(message.seq, at) for message, at in plan.messages if message.conversation_id == made.id]
        assert [seq for seq, _ in found] == list(range(1, made.last_seq + 1))
        assert [at for _, at in found] == sorted(at for _, at in found)
        assert NOW - datetime.timedelta(days=20) < opened < found[-1][1] < NOW


def test_personal_data_are_replaced_as_in_the_chat() -> None:
    asked = [message for message, _ in _plan().messages if message.author == Author.CITIZEN]

    assert {message.text for message in asked if message.redacted} == {
        "Ich bin [Name], Telefon [Telefonnummer]. Was ist die Allianz?"
    }
    assert not any("Mustermann" in message.text for message in asked)


def test_every_hand_off_is_a_way_through_the_machine() -> None:
    plan = _plan(count=800)
    states: dict[object, State] = {}
    for step, _ in plan.transitions:
        assert states.get(step.conversation_id, State.BOT) == step.before
        assert TABLE[State(step.before), step.event] == step.after  # type: ignore[index]
        states[step.conversation_id] = State(step.after)

    assert {step.event for step, _ in plan.transitions} == {"ask", "take", "give_back", "cancel", "nobody_came"}
    assert set(states.values()) == {State.BOT}


@pytest.mark.django_db
@pytest.mark.usefixtures("_now")
def test_command_fills_every_part_of_the_console(answered: Path) -> None:
    out = StringIO()

    call_command("demo", str(answered), "--count", "300", stdout=out)

    assert Conversation.objects.count() == 300
    for model in (Message, Verdict, Feedback, Transition, Review, Suggestion, Inquiry):
        assert model._default_manager.exists(), model
    oldest = Conversation.objects.earliest("opened_at")
    assert NOW - datetime.timedelta(days=60) < oldest.opened_at < NOW - datetime.timedelta(days=56)
    assert oldest.active_at == oldest.messages.latest("seq").at
    [counsellor, head] = [line.split()[:2] for line in out.getvalue().splitlines() if line.startswith("  demo-")]
    for name, password in (counsellor, head):
        assert User.objects.get(username=name).check_password(password)
    assert User.objects.get(username=head[0]).has_perm("accounts.manage")


@pytest.mark.django_db
@pytest.mark.usefixtures("_now")
def test_second_run_replaces_what_the_first_one_made(answered: Path) -> None:
    call_command("demo", str(answered), "--count", "50", stdout=StringIO())
    first = set(Conversation.objects.values_list("id", flat=True))

    with time_machine.travel(NOW + datetime.timedelta(hours=30), tick=False):
        call_command("demo", str(answered), "--count", "50", stdout=StringIO())

    assert set(Conversation.objects.values_list("id", flat=True)) == first
    assert Conversation.objects.latest("opened_at").opened_at > NOW
    assert not Inquiry.objects.filter(conversation=None).exists()
    assert User.objects.filter(username=COUNSELLOR.username).count() == 1


@pytest.mark.django_db
def test_real_conversations_are_left_alone_without_force(answered: Path) -> None:
    real = conversation([("citizen", "Was ist die Allianz?")])

    with pytest.raises(CommandError, match="--force"):
        call_command("demo", str(answered), "--count", "5", stdout=StringIO())
    assert list(Conversation.objects.all()) == [real]
    assert not User.objects.filter(username=COUNSELLOR.username).exists()

    call_command("demo", str(answered), "--count", "5", "--force", stdout=StringIO())
    assert Conversation.objects.count() == 6
    assert days("conversation") == 30, "real conversations are not kept longer"


@pytest.mark.django_db
@pytest.mark.usefixtures("_now")
def test_conversations_outlast_the_nightly_job_for_a_month(answered: Path) -> None:
    call_command("demo", str(answered), "--count", "300", stdout=StringIO())

    with time_machine.travel(NOW + datetime.timedelta(days=29), tick=False):
        assert not conversations_expired(limit("conversation")).exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("_now")
def test_period_that_staff_have_chosen_stays_and_no_conversation_is_older(answered: Path) -> None:
    period_set("conversation", 20)

    call_command("demo", str(answered), "--count", "300", stdout=StringIO())

    assert days("conversation") == 20
    assert Conversation.objects.earliest("opened_at").opened_at > NOW - datetime.timedelta(days=19)


@pytest.mark.django_db
def test_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="`make demo-data` makes it"):
        call_command("demo", str(tmp_path / "demo.jsonl"), stdout=StringIO())
