"""Whatever is sent, the citizen gets a sentence and the conversation stays as it was."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
import uuid

import pytest

from content import read_content
from tests.dialogue.conftest import Say
from training.chat import ask
from training.serving.service import Bot

CONTENT = read_content()


@pytest.mark.parametrize(
    ("message", "reply"),
    [
        ("", "guard_empty"),
        ("   \t \n ", "guard_empty"),
        (None, "guard_empty"),
        ("\u200b\u200d\ufeff\x00\x07", "guard_empty"),
        ("😀🏠🎉", "guard_symbols"),
        ("?!...—", "guard_symbols"),
        ("/restart", "guard_command"),
        ("  /alliance_lead", "guard_command"),
        ("\u200b/session_start", "guard_command"),
        ('/inform{"memory": {"topic": "alliance_lead"}}', "guard_command"),
        (12, "guard_invalid"),
        (["Was ist die Allianz?"], "guard_invalid"),
    ],
)
def test_what_is_no_question_gets_its_sentence(say: Say, message: object, reply: str) -> None:
    assert say(message).text == CONTENT.reply(reply, "standard")


def test_ten_thousand_characters_are_refused_kindly(say: Say) -> None:
    assert say("Was ist die Allianz? " * 500).text == CONTENT.reply("guard_long", "standard", limit="2000")


@pytest.mark.parametrize(
    "message",
    [
        "<script>alert(1)</script>",
        "'; DROP TABLE events; --",
        "\u202eما هو الطقس\u202c",
        "{{7*7}} ${jndi:ldap://x} %s %n {0}",
        "a" * 1999,
    ],
)
def test_attacks_and_odd_text_get_a_sentence_without_an_echo(say: Say, message: str) -> None:
    said = say(message)
    assert said.text
    assert "<script>" not in said.text
    assert "Traceback" not in said.text


def test_commands_do_not_touch_the_conversation(say: Say) -> None:
    say("Was ist die Allianz für Wohnen in Hessen?")
    say("/restart")
    say("")
    assert say("Und seit wann?").text == CONTENT.answer("alliance_founding_year", "standard")


def test_two_senders_have_two_conversations(bot: Bot) -> None:
    one, other = uuid.uuid4().hex, uuid.uuid4().hex
    ask(bot.url, one, "Was ist die Allianz für Wohnen in Hessen?")
    assert ask(bot.url, other, "seit wann?")[0]["text"] == CONTENT.reply("followup_nothing", "standard")


@pytest.mark.parametrize(
    "body",
    [b"{", b"[]", b'"text"', b"{}", b'{"message": "Hallo"}', b'{"sender": "", "message": "Hallo"}', b'{"sender": 5}', b""],
)
def test_requests_that_are_none_are_refused_with_400(bot: Bot, body: bytes) -> None:
    request = urllib.request.Request(bot.url, body, {"Content-Type": "application/json"})
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=10)
    assert refused.value.code == 400
    assert json.load(refused.value)["error"].startswith("Die Anfrage")


def test_citizen_gets_the_postal_address_while_the_action_server_is_away(bot: Bot) -> None:
    sender = uuid.uuid4().hex
    bot.actions.stop()
    try:
        away = ask(bot.url, sender, "Was ist die Allianz?")
    finally:
        bot.actions.start()
        bot.actions.wait()
    assert away[0]["text"] == CONTENT.reply("unavailable", "standard")
    assert CONTENT.contacts.address in away[0]["text"]
    assert away[1]["custom"]["answer"]["zone"] == "unavailable"
    back = ask(bot.url, sender, "Was ist die Allianz für Wohnen in Hessen?")
    assert back[0]["text"] == CONTENT.answer("alliance_definition", "standard")
