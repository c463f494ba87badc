from __future__ import annotations

import datetime
import json
import re
import uuid
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from tests.web import records
from web.chat.models import Author, Conversation, Message, State
from web.handoff.machine import conversation_hand
from web.handoff.models import Presence
from web.handoff.presence import present
from web.handoff.signs import citizen_seen
from web.handoff.sweep import handoffs_sweep
from web.rights.models import Reading

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def conversation() -> Conversation:
    return records.conversation([("citizen", "Wo finde ich <b>Hilfe</b>?")])


def _path(conversation: Conversation, end: str = "") -> str:
    return f"/team/beratung/{conversation.id}/{end}"


def _form(text: str, after: int = 1, **fields: Any) -> dict[str, Any]:
    return {"text": text, "id": str(uuid.uuid4()), "after": after, **fields}


def _page(response: Any) -> str:
    assert isinstance(response, HttpResponse)
    return response.content.decode()


def _said(conversation: Conversation) -> list[str]:
    return list(conversation.messages.filter(author=Author.STAFF).values_list("text", flat=True))


def _state(conversation: Conversation) -> tuple[str, int | None]:
    conversation.refresh_from_db()
    return conversation.state, conversation.owner_id


def test_availability_is_switched_by_a_form(client: Client, diehl: User) -> None:
    assert "Ich bin nicht mehr erreichbar" in _page(client.get("/team/beratung/"))
    response = client.post("/team/beratung/", {"available": "0"}, follow=True)
    assert 'data-available="true" hidden' in _page(response)
    assert not Presence.objects.get(user=diehl).available
    client.post("/team/beratung/", {"available": "1"})
    assert Presence.objects.get(user=diehl).available


@pytest.mark.parametrize(("minutes", "is_there"), [(9, True), (11, False)])
def test_without_a_script_a_page_holds_for_ten_minutes(
    client: Client, diehl: User, conversation: Conversation, minutes: int, is_there: bool
) -> None:
    conversation_hand(conversation.pk, "step_in", diehl)
    page = _page(client.get(f"/team/beratung/{conversation.pk}/"))
    [address] = re.findall(r'<noscript><img src="([^"]+)"', page)  # what a browser asks for that runs no script
    assert client.get(address).status_code == 204
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=minutes), tick=False):
        citizen_seen(conversation.pk)
        handoffs_sweep()
        assert present().exists() == is_there
    assert _state(conversation) == ((State.STAFF, diehl.pk) if is_there else (State.REQUESTED, None))


def test_where_a_script_gives_signs_they_count_alone(client: Client, diehl: User, conversation: Conversation) -> None:
    conversation_hand(conversation.pk, "step_in", diehl)
    client.get("/team/beratung/")
    client.post("/team/beratung/da", headers={"Accept": "application/json"})
    with time_machine.travel(timezone.now() + datetime.timedelta(seconds=61), tick=False):
        citizen_seen(conversation.pk)
        handoffs_sweep()
        assert not present().exists()
    assert _state(conversation) == (State.REQUESTED, None)


def test_the_title_of_the_desk_tells_how_many_wait(client: Client, conversation: Conversation) -> None:
    assert "<title>Beratung" in _page(client.get("/team/beratung/"))
    conversation_hand(conversation.id, "ask")
    assert "<title>(1) Beratung" in _page(client.get("/team/beratung/"))


def test_opening_a_conversation_is_recorded(client: Client, diehl: User, conversation: Conversation) -> None:
    page = _page(client.get(_path(conversation)))
    assert "Wo finde ich &lt;b&gt;Hilfe&lt;/b&gt;?" in page
    assert list(Reading.objects.values_list("user", "kind", "subject")) == [(diehl.pk, "conversation", str(conversation.id))]


def test_a_conversation_that_is_not_there(client: Client, conversation: Conversation) -> None:
    conversation.delete()
    conversation.id = uuid.uuid4()
    statuses = {
        end: client.post(_path(conversation, end), _form("Guten Tag", event="take")).status_code
        for end in ("", "uebernehmen/", "beenden/", "nachricht/")
    }
    assert statuses == {"": 404, "uebernehmen/": 404, "beenden/": 404, "nachricht/": 404}
    assert client.get(_path(conversation)).status_code == 404
    assert not Reading.objects.exists()


@pytest.mark.parametrize(("asked", "event"), [(False, "step_in"), (True, "take")])
def test_taking(client: Client, diehl: User, conversation: Conversation, asked: bool, event: str) -> None:
    if asked:
        conversation_hand(conversation.id, "ask")
    response = client.post(_path(conversation), {"event": event})
    assert (response.status_code, response.headers["Location"]) == (302, _path(conversation) + "#text")
    assert _state(conversation) == (State.STAFF, diehl.pk)


def test_giving_back(client: Client, diehl: User, conversation: Conversation) -> None:
    conversation_hand(conversation.id, "step_in", diehl)
    response = client.post(_path(conversation), {"event": "give_back"}, follow=True)
    assert "Der Bot antwortet in diesem Gespräch wieder." in _page(response)
    assert _state(conversation) == (State.BOT, None)


def test_a_conversation_is_ended_after_a_question(client: Client, diehl: User, conversation: Conversation) -> None:
    conversation_hand(conversation.id, "step_in", diehl)
    assert "<h1>Dieses Gespräch beenden?</h1>" in _page(client.get(_path(conversation, "beenden/")))
    assert _state(conversation) == (State.STAFF, diehl.pk)
    assert "Das Gespräch ist beendet." in _page(client.post(_path(conversation, "beenden/"), follow=True))
    assert _state(conversation) == (State.CLOSED, None)


def test_what_is_not_mine_is_not_ended(client: Client, piesk: User, conversation: Conversation) -> None:
    conversation_hand(conversation.id, "step_in", piesk)
    assert client.get(_path(conversation, "beenden/")).headers["Location"] == _path(conversation)
    page = _page(client.post(_path(conversation, "beenden/"), follow=True))
    assert "Das Gespräch führt inzwischen jemand anderes." in page
    assert _state(conversation) == (State.STAFF, piesk.pk)


def test_only_what_has_a_button_can_be_asked_for(client: Client, conversation: Conversation) -> None:
    conversation_hand(conversation.id, "ask")
    for event in ("", "lease_lost", "nobody_came", "take_over", "citizen_gone", "close"):
        assert client.post(_path(conversation), {"event": event}).status_code == 404
    assert _state(conversation) == (State.REQUESTED, None)


def test_who_takes_too_late_is_told_who_was_faster(client: Client, piesk: User, conversation: Conversation) -> None:
    conversation_hand(conversation.id, "ask")
    conversation_hand(conversation.id, "take", piesk)
    page = _page(client.post(_path(conversation), {"event": "take"}, follow=True))
    assert "Das Gespräch führt gerade Frau Piesk von der Servicestelle." in page
    assert _state(conversation) == (State.STAFF, piesk.pk)


def test_a_colleagues_conversation_is_taken_over_after_a_question(
    client: Client, diehl: User, piesk: User, conversation: Conversation
) -> None:
    conversation_hand(conversation.id, "step_in", piesk)
    asked = _page(client.get(_path(conversation, "uebernehmen/")))
    assert "<strong>Frau Piesk von der Servicestelle</strong>" in asked
    assert _state(conversation) == (State.STAFF, piesk.pk)
    response = client.post(_path(conversation, "uebernehmen/"))
    assert response.headers["Location"] == _path(conversation) + "#text"
    assert _state(conversation) == (State.STAFF, diehl.pk)


def test_nothing_to_take_over_leads_back(client: Client, conversation: Conversation) -> None:
    assert client.get(_path(conversation, "uebernehmen/")).headers["Location"] == _path(conversation)
    page = _page(client.post(_path(conversation, "uebernehmen/"), follow=True))
    assert "Das geht nicht mehr: Das Gespräch hat sich inzwischen geändert." in page
    assert _state(conversation) == (State.BOT, None)


def test_an_answer_is_sent_once_however_often_the_form_comes(client: Client, diehl: User, conversation: Conversation) -> None:
    conversation_hand(conversation.id, "step_in", diehl)
    form = _form("Guten Tag, hier bin ich.")
    for _ in range(2):
        response = client.post(_path(conversation, "nachricht/"), form)
        assert response.headers["Location"] == _path(conversation) + "#text"
    assert _said(conversation) == ["Guten Tag, hier bin ich."]


def test_a_script_gets_the_number(client: Client, diehl: User, conversation: Conversation) -> None:
    conversation_hand(conversation.id, "step_in", diehl)
    headers = {"Accept": "application/json"}
    response = client.post(_path(conversation, "nachricht/"), _form("Guten Tag"), headers=headers)
    assert json.loads(_page(response)) == {"seq": Message.objects.get(author=Author.STAFF).seq}


@pytest.mark.parametrize(
    ("text", "status", "code"),
    [(" \n", 422, "empty"), ("a" * (settings.WOHNLOTSE.characters + 1), 422, "too_long"), ("Guten Tag", 409, "not_owner")],
)
def test_an_answer_that_is_refused_comes_back(
    client: Client, diehl: User, conversation: Conversation, text: str, status: int, code: str
) -> None:
    if code != "not_owner":
        conversation_hand(conversation.id, "step_in", diehl)
    form = _form(text)
    page = client.post(_path(conversation, "nachricht/"), form)
    script = client.post(_path(conversation, "nachricht/"), form, headers={"Accept": "application/json"})
    error = json.loads(_page(script))["error"]
    assert (page.status_code, script.status_code, error["code"]) == (status, status, code)
    assert f'<p class="errorlist" id="text-error">{escape(error["message"])}</p>' in _page(page)
    assert f">{text}</textarea>" in _page(page)
    assert _said(conversation) == []
    # The page shows the transcript, whoever owns the conversation.
    assert list(Reading.objects.values_list("user", "kind", "subject")) == [(diehl.pk, "conversation", str(conversation.id))]


def test_personal_data_are_sent_after_a_choice(client: Client, diehl: User, conversation: Conversation) -> None:
    conversation_hand(conversation.id, "step_in", diehl)
    form = _form("Rufen Sie an: 0561 7871234")
    asked = client.post(_path(conversation, "nachricht/"), form)
    assert (asked.status_code, _said(conversation)) == (422, [])
    assert escape("„0561 7871234“ (Telefonnummer)") in _page(asked)
    assert '<div class="hint warn" id="personal">' in _page(asked)

    client.post(_path(conversation, "nachricht/"), {**form, "personal": "redact"})
    client.post(_path(conversation, "nachricht/"), _form(form["text"], after=9, personal="keep"))

    assert _said(conversation) == ["Rufen Sie an: [Telefonnummer]", form["text"]]


def test_a_colleague_has_answered_meanwhile(client: Client, diehl: User, piesk: User, conversation: Conversation) -> None:
    conversation_hand(conversation.id, "step_in", diehl)
    conversation.refresh_from_db()
    records.message(conversation, "Ich war schneller.", Author.STAFF, by=piesk)
    page = _page(client.post(_path(conversation, "nachricht/"), _form("Guten Tag")))
    assert "Inzwischen hat jemand anderes geantwortet. Ihr Text ist noch da." in page
    assert "Ich war schneller." in page
    seen = conversation.messages.latest("seq").seq
    assert f'<input type="hidden" name="after" value="{seen}">' in page
    client.post(_path(conversation, "nachricht/"), _form("Guten Tag", after=seen))
    assert _said(conversation) == ["Ich war schneller.", "Guten Tag"]


@pytest.mark.parametrize("wrong", [{"id": "1"}, {"after": "x"}, {"after": "-1"}])
def test_a_form_that_is_not_ours(client: Client, diehl: User, conversation: Conversation, wrong: dict[str, Any]) -> None:
    conversation_hand(conversation.id, "step_in", diehl)
    assert client.post(_path(conversation, "nachricht/"), _form("Guten Tag", **wrong)).status_code == 404
    assert _said(conversation) == []


def test_the_citizen_sees_that_somebody_is_writing(client: Client, diehl: User, conversation: Conversation) -> None:
    conversation_hand(conversation.id, "step_in", diehl)
    assert client.post(_path(conversation, "tippt/")).status_code == 204
    conversation.refresh_from_db()
    assert conversation.staff_types_until is not None


@pytest.mark.parametrize("state", ["bot", "requested", "mine", "colleague", "closed"])
def test_the_composer_is_locked_unless_the_conversation_is_mine(
    client: Client, diehl: User, piesk: User, conversation: Conversation, state: str
) -> None:
    if state == "requested":
        conversation_hand(conversation.id, "ask")
    elif state != "bot":
        conversation_hand(conversation.id, "step_in", piesk if state == "colleague" else diehl)
    if state == "closed":
        conversation_hand(conversation.id, "close", diehl)
    page = _page(client.get(_path(conversation)))
    shown = [name for name in ("bot", "requested", "mine", "colleague", "closed") if f'data-panel="{name}">' in page]
    assert shown == [state]
    assert (" readonly>" in page) == (state != "mine")


def test_texts_to_put_in_are_in_the_citizens_language(client: Client, conversation: Conversation) -> None:
    records.message(conversation, "Where is it?", register="en")
    assert '<p lang="en">One moment please, I will have a look for you.</p>' in _page(client.get(_path(conversation)))
