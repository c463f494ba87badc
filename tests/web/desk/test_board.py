from __future__ import annotations

import datetime
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from content.schema import OpeningHours
from tests.web import records
from web.chat import facts
from web.chat.models import Conversation
from web.desk.beat import Standing
from web.desk.board import Board, Row, board
from web.handoff.machine import conversation_hand
from web.handoff.presence import presence_set

pytestmark = pytest.mark.django_db(transaction=True)

#: A Tuesday, 14:00 in Wiesbaden.
NOW = datetime.datetime(2026, 11, 24, 13, 0, tzinfo=datetime.timezone.utc)


def _row(conversation: Conversation, head: str, since: str, **fields: Any) -> Row:
    return Row(
        str(conversation.id), f"/team/beratung/{conversation.id}/", head, since, fields.pop("language", "Deutsch"), **fields
    )


def test_an_empty_desk(diehl: User) -> None:
    assert board(diehl) == Board(
        standing=Standing(0, "0 Personen warten", available=True, reach="erreichbar"),
        there="1 Person ist erreichbar.",
        opening="Es sind keine Öffnungszeiten hinterlegt.",
        seen="Bürgerinnen und Bürger können jetzt eine Person anfragen.",
        waiting=[],
        mine=[],
        colleagues=[],
        bot=[],
    )


def test_each_conversation_stands_in_the_list_of_whoever_has_it(diehl: User, piesk: User) -> None:
    with time_machine.travel(NOW, tick=False):
        presence_set(diehl, available=True)
        waiting, mine, colleagues = (records.conversation([("citizen", f"Frage {number}")]) for number in range(3))
        bot = records.conversation()
        records.verdict(records.message(bot, "Wer zahlt das?"), intent="alliance_goals", zone="decline")
        records.message(bot, "Das weiß ich nicht.", "bot", reply_to=1, zone="decline")
        for asked in (waiting, mine, colleagues):
            conversation_hand(asked.id, "ask")
        conversation_hand(mine.id, "take", diehl)
        conversation_hand(colleagues.id, "take", piesk)
    with time_machine.travel(NOW + datetime.timedelta(minutes=5), tick=False):
        presence_set(diehl, available=True)
        seen = board(diehl)
    assert seen.waiting == [_row(waiting, "Platz 1", "14:00 Uhr (5 Min.)", text="Frage 0")]
    assert seen.mine == [_row(mine, "wartet auf Ihre Antwort", "14:00 Uhr (4 Min.)", text="Frage 1")]
    assert seen.colleagues == [_row(colleagues, "Frau Piesk von der Servicestelle", "14:00 Uhr (5 Min.)")]
    assert seen.bot == [_row(bot, "Welche Ziele hat die Allianz?", "14:00 Uhr (5 Min.)", badge="nicht beantwortet")]


def test_what_was_said_to_the_bot_or_to_a_colleague_is_not_shown(diehl: User, piesk: User) -> None:
    records.conversation([("citizen", "Mein Geheimnis")])
    asked = records.conversation([("citizen", "Mein anderes Geheimnis")])
    conversation_hand(asked.id, "step_in", piesk)
    assert "Geheimnis" not in str(board(diehl))


def test_my_conversation_is_answered_once_i_wrote_last(diehl: User) -> None:
    mine = records.conversation([("citizen", "Guten Tag"), ("staff", "Guten Tag, was gibt es?")])
    conversation_hand(mine.id, "step_in", diehl)
    assert [(row.head, row.text) for row in board(diehl).mine] == [("beantwortet", "Guten Tag, was gibt es?")]


def test_the_citizens_language_stands_with_the_conversation(diehl: User) -> None:
    made = records.conversation()
    records.message(made, "Hello", register="en")
    records.message(made, "Hallo!", "bot")
    assert [row.language for row in board(diehl).bot] == ["Englisch"]


def test_a_long_text_is_cut(diehl: User) -> None:
    made = records.conversation([("citizen", "a" * 161)])
    conversation_hand(made.id, "ask")
    assert [row.text for row in board(diehl).waiting] == ["a" * 160 + " …"]


def test_a_conversation_with_the_bot_that_is_over_is_not_shown(diehl: User) -> None:
    records.conversation([("citizen", "Guten Tag")], at=NOW - datetime.timedelta(minutes=11))
    with time_machine.travel(NOW, tick=False):
        assert board(diehl).bot == []


def test_who_waits_since_yesterday_sees_the_day(diehl: User) -> None:
    made = records.conversation([("citizen", "Guten Tag")])
    with time_machine.travel(NOW - datetime.timedelta(days=1), tick=False):
        presence_set(diehl, available=True)
        conversation_hand(made.id, "ask")
    with time_machine.travel(NOW, tick=False):
        assert [row.since for row in board(diehl).waiting] == ["23.11., 14:00 Uhr"]


@pytest.mark.parametrize(("available", "hour", "can_ask"), [(True, 10, True), (True, 20, False), (False, 10, False)])
def test_what_citizens_see_of_it(
    diehl: User, monkeypatch: pytest.MonkeyPatch, available: bool, hour: int, can_ask: bool
) -> None:
    hours = [OpeningHours(**{"days": "Mo-Fr", "from": "09:00", "to": "17:00"})]
    contacts = facts.content().contacts.copy(update={"opening": hours})
    content = facts.content().copy(update={"contacts": contacts})
    monkeypatch.setattr(facts, "content", lambda: content)
    with time_machine.travel(NOW.replace(hour=hour), tick=False):
        presence_set(diehl, available)
        seen = board(diehl).seen
    assert seen == (
        "Bürgerinnen und Bürger können jetzt eine Person anfragen."
        if can_ask
        else "Bürgerinnen und Bürger lesen, dass gerade niemand da ist, und können ein Anliegen hinterlassen."
    )


def test_an_answer_that_the_bot_could_not_give_is_marked(diehl: User) -> None:
    made = records.conversation([("citizen", "Wer macht mit?")])
    records.message(made, "Ich kann gerade nicht antworten.", "system", reply_to=1, zone="unavailable")
    assert [(row.head, row.badge) for row in board(diehl).bot] == [("kein Thema", "Bot gestört")]


@pytest.mark.parametrize(("others", "said"), [(0, "Niemand ist erreichbar."), (2, "2 Personen sind erreichbar.")])
def test_how_many_are_there(diehl: User, others: int, said: str) -> None:
    presence_set(diehl, available=False)
    for number in range(others):
        presence_set(records.member(f"person{number}"), available=True)
    seen = board(diehl)
    assert (seen.standing.available, seen.there) == (False, said)


def test_who_waits_is_counted_in_the_look_that_lists_them(diehl: User) -> None:
    conversation_hand(records.conversation([("citizen", "Guten Tag")]).id, "ask")
    with CaptureQueriesContext(connection) as queries:
        seen = board(diehl)
    assert (seen.standing.waiting, len(seen.waiting)) == (1, 1)
    assert sum("'requested'" in each["sql"] for each in queries) == 1, "between two looks somebody else may come"


def test_a_full_desk_takes_no_more_queries_than_an_empty_one(diehl: User) -> None:
    with CaptureQueriesContext(connection) as empty:
        board(diehl)
    for number in range(20):
        made = records.conversation([("citizen", f"Frage {number}")])
        records.verdict(made.messages.get())
        if number < 10:
            conversation_hand(made.id, "ask")
        if number < 5:
            conversation_hand(made.id, "take", records.member(f"person{number}"))
    with CaptureQueriesContext(connection) as full:
        board(diehl)
    assert len(full) == len(empty)
