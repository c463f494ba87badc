"""The kill switch: by management command, with a comment that the citizens read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command

from content import read_content
from tests.web.running import API, Web
from web.chat import switch
from web.chat.models import Switch


@pytest.fixture
def switched_off(web: Web) -> Iterator[str]:
    """The comment of a chat that is switched off during the test."""
    comment = "Wartung bis {14} Uhr."
    web.turn(False, comment)
    yield comment
    web.turn(True, "Fertig.")


def test_while_it_is_off_the_widget_says_why_and_nothing_can_be_asked(web: Web, switched_off: str) -> None:
    shown = web.client.get(f"{API}/widget").json()
    assert (shown["enabled"], shown["switched_off"]) == (False, switched_off)
    response = web.client.post(f"{API}/conversations")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "60")
    ways = read_content().contacts.placeholders("standard")["contact"]
    assert response.json()["error"] == {
        "code": "switched_off",
        "message": f"Der Chat ist zurzeit abgeschaltet. {switched_off} Die Servicestelle Wohnen erreichen Sie auch so: {ways}.",
    }


def test_while_it_is_off_old_conversations_can_be_read_copied_and_deleted(web: Web, request: pytest.FixtureRequest) -> None:
    key = web.open()
    web.answer(key)
    request.getfixturevalue("switched_off")
    assert web.post(key).json()["error"]["code"] == "switched_off"
    assert len(web.messages(key)) == 2
    assert web.client.get(f"{API}/transcript", headers=key).status_code == 200
    assert web.client.delete(f"{API}/conversation", headers=key).json()["messages"] == 2


def test_command_turns_it_off_and_on_while_the_chat_runs(web: Web) -> None:
    try:
        result = web.command("chat", "off", "--comment", "Wartung.", "--by", "Test")
        assert (result.returncode, result.stdout) == (0, "The chat is off. „Wartung.“\n"), result.stderr
        assert web.client.get(f"{API}/widget").json()["switched_off"] == "Wartung."
    finally:
        result = web.command("chat", "on", "--comment", "Fertig.")
    assert (result.returncode, result.stdout) == (0, "The chat is on. „Fertig.“\n"), result.stderr
    assert web.client.get(f"{API}/widget").json()["enabled"] is True
    assert web.answer(web.open())["zone"] == "answer"


@pytest.mark.django_db
def test_nobody_ever_touched_it_means_on() -> None:
    assert switch.current().on


@pytest.mark.django_db
def test_newest_position_counts_and_all_are_kept() -> None:
    switch.turn(False, " Wartung. ", "Anna")
    switch.turn(True, "Fertig.", "Bert")
    assert switch.current().on
    kept = list(Switch.objects.order_by("id").values_list("on", "comment", "by"))
    assert kept == [(False, "Wartung.", "Anna"), (True, "Fertig.", "Bert")]


@pytest.mark.django_db
@pytest.mark.parametrize("position", ["on", "off"])
def test_it_is_not_turned_without_a_comment(position: str) -> None:
    with pytest.raises(CommandError, match="say why: --comment"):
        call_command("chat", position, "--comment", "  ")
    assert not Switch.objects.exists()


@pytest.mark.django_db
def test_asking_for_its_state_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("chat", "state")
    assert capsys.readouterr().out == "The chat is on.\n"
    assert not Switch.objects.exists()
