"""What goes wrong on the way costs no message and doubles none."""

from __future__ import annotations

import json
import re

from playwright.sync_api import APIResponse, Request, Route, expect

from content import read_content
from tests.browser.chat import FOLLOW_UP, QUESTION, Chat
from tests.browser.conftest import Browsing
from tests.browser.installation import Installation
from tests.browser.standing import Standing

CONTENT = read_content()
DEFINITION = CONTENT.answer("alliance_definition", "standard")
FOUNDED = CONTENT.answer("alliance_founding_year", "standard")

_MESSAGES = "**/api/v1/messages"


def _asked(chat: Chat, installation: Installation) -> list[str]:
    """What the server has of the citizen."""
    statement = "select text from chat_message where conversation_id = %s and author = 'citizen' order by seq"
    return [text for (text,) in installation.rows(statement, chat.conversation())]


def test_nothing_is_stored_before_the_first_message(chat: Chat, installation: Installation) -> None:
    before = installation.rows("select count(*) from chat_conversation")
    chat.open()
    chat.input.fill("Was ich fragen wollte")
    chat.button("English").click()
    expect(chat.log).to_contain_text("a chatbot and not a person")
    chat.button("Menu").click()
    chat.button("Leave a message").click()
    chat.panel.get_by_label("Your message").fill("Ein Anliegen")
    chat.page.reload()
    chat.open()
    stored = "[JSON.stringify(sessionStorage), JSON.stringify(localStorage), document.cookie]"
    assert chat.page.evaluate(stored) == ["{}", "{}", ""]
    assert chat.page.context.cookies() == []
    assert chat.page.evaluate("indexedDB.databases()") == []
    assert chat.page.evaluate("caches.keys()") == []
    assert installation.rows("select count(*) from chat_conversation") == before


def test_no_cookie_comes_with_a_conversation_either(chat: Chat) -> None:
    chat.open()
    chat.ask(QUESTION)
    assert chat.page.context.cookies() == []
    assert chat.page.evaluate("JSON.stringify(localStorage)") == "{}"


def test_reload_keeps_the_conversation_and_doubles_nothing(chat: Chat, installation: Installation) -> None:
    chat.open()
    chat.ask(QUESTION)
    chat.page.reload()
    expect(chat.answers).to_have_count(2)  # with the greeting
    expect(chat.questions).to_have_count(1)
    expect(chat.answers.last).to_contain_text(DEFINITION)
    expect(chat.ask(FOLLOW_UP)).to_contain_text(FOUNDED)
    assert _asked(chat, installation) == [QUESTION, FOLLOW_UP]


def test_reload_right_after_sending_loses_nothing(chat: Chat, installation: Installation) -> None:
    chat.open()
    chat.say(QUESTION)
    chat.page.reload()
    expect(chat.answers.last).to_contain_text(DEFINITION)
    expect(chat.questions).to_have_count(1)
    assert _asked(chat, installation) == [QUESTION]


def test_draft_outlives_a_reload(chat: Chat) -> None:
    chat.open()
    chat.ask(QUESTION)
    chat.input.fill("Was ich noch fragen wollte")
    chat.page.reload()
    expect(chat.input).to_have_value("Was ich noch fragen wollte")


def test_web_process_may_restart_in_the_middle(chat: Chat, installation: Installation) -> None:
    chat.open()
    chat.ask(QUESTION)
    web = installation.service.web
    web.stop()
    try:
        chat.say(FOLLOW_UP)
        expect(chat.questions.last).to_contain_text("noch nicht gesendet")
        expect(chat.status).to_contain_text("Keine Verbindung. Wir versuchen es weiter.")
    finally:
        web.start()
        web.wait()
    expect(chat.answers.last).to_contain_text(FOUNDED)
    expect(chat.answers).to_have_count(3)
    expect(chat.panel.get_by_text("Keine Verbindung.")).to_be_hidden()
    assert _asked(chat, installation) == [QUESTION, FOLLOW_UP]


def test_citizen_gets_the_address_while_the_bot_is_away_and_answers_after_that(chat: Chat, installation: Installation) -> None:
    chat.open()
    rasa = installation.service.bot.rasa
    rasa.stop()
    try:
        chat.say(QUESTION)
        expect(chat.notes).to_contain_text("Ich kann gerade nicht antworten.")
        expect(chat.notes).to_contain_text(CONTENT.contacts.address)
    finally:
        rasa.start()
        rasa.wait()
    expect(chat.ask(QUESTION)).to_contain_text(DEFINITION)
    assert _asked(chat, installation) == [QUESTION, QUESTION]


def test_citizen_gets_the_address_while_the_database_is_away_and_an_answer_after_that(visit: Chat, standing: Standing) -> None:
    before = standing.rows("select count(*) from chat_message where author = 'citizen'")[0][0]
    standing.database.stop()
    try:
        visit.open()
        visit.say(QUESTION)
        trouble = visit.panel.get_by_text("Der Chat ist gerade gestört.").filter(visible=True)
        expect(trouble).to_contain_text(CONTENT.contacts.address)
        expect(visit.questions.last).to_contain_text("noch nicht gesendet")
    finally:
        standing.database.start()
        standing.database.wait()
    expect(visit.answers.last).to_contain_text(f"Antwort 1 auf: {QUESTION}")
    expect(trouble).to_be_hidden()
    assert standing.rows("select count(*) from chat_message where author = 'citizen'") == [(before + 1,)]


def test_message_written_offline_is_sent_once_when_the_line_is_back(chat: Chat, installation: Installation) -> None:
    chat.open()
    chat.ask(QUESTION)
    chat.page.context.set_offline(True)
    chat.say(FOLLOW_UP)
    expect(chat.questions.last.get_by_text("noch nicht gesendet")).to_be_in_viewport()
    chat.say("Wer macht mit?")
    expect(chat.questions.last).to_contain_text("noch nicht gesendet")
    chat.page.context.set_offline(False)
    expect(chat.answers).to_have_count(4)
    expect(chat.answers.nth(2)).to_contain_text(FOUNDED)
    expect(chat.status).to_contain_text("Die Verbindung ist wieder da.")
    expect(chat.questions).not_to_contain_text(["noch nicht gesendet"] * 3)
    assert _asked(chat, installation) == [QUESTION, FOLLOW_UP, "Wer macht mit?"]


def test_unsent_message_outlives_a_reload(chat: Chat, installation: Installation) -> None:
    chat.open()
    chat.ask(QUESTION)
    chat.page.route(_MESSAGES, lambda route: route.abort())
    chat.say(FOLLOW_UP)
    expect(chat.questions.last).to_contain_text("noch nicht gesendet")
    chat.page.unroute(_MESSAGES)
    chat.page.reload()
    expect(chat.answers.last).to_contain_text(FOUNDED)
    assert _asked(chat, installation) == [QUESTION, FOLLOW_UP]


def test_message_whose_receipt_was_lost_is_no_second_message(chat: Chat, installation: Installation) -> None:
    chat.open()
    lost: list[APIResponse] = []

    def lose_the_first(route: Route) -> None:
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch())
            route.abort()

    chat.page.route(_MESSAGES, lose_the_first)
    expect(chat.ask(QUESTION)).to_contain_text(DEFINITION)
    expect(chat.ask(FOLLOW_UP)).to_contain_text(FOUNDED)
    assert [response.status for response in lost] == [202]
    expect(chat.questions).to_have_count(2)
    assert _asked(chat, installation) == [QUESTION, FOLLOW_UP]


def test_refused_for_now_is_sent_again_and_counts_once(chat: Chat, installation: Installation) -> None:
    chat.open()
    refusals = [(429, "too_many"), (503, "busy")]
    ids: list[str] = []

    def refuse_twice(route: Route) -> None:
        ids.append(json.loads(route.request.post_data or "{}")["id"])
        if not refusals:
            route.continue_()
            return
        status, code = refusals.pop(0)
        error = {"error": {"code": code, "message": "Bitte warten Sie kurz."}}
        route.fulfill(status=status, headers={"Retry-After": "1"}, json=error)

    chat.page.route(_MESSAGES, refuse_twice)
    chat.say(QUESTION)
    expect(chat.panel.get_by_text("Bitte warten Sie kurz.")).to_be_visible()
    expect(chat.answers.last).to_contain_text(DEFINITION)
    expect(chat.panel.get_by_text("Bitte warten Sie kurz.")).to_be_hidden()
    expect(chat.questions).to_have_count(1)
    assert len(ids) == 3
    assert len(set(ids)) == 1
    assert _asked(chat, installation) == [QUESTION]


def test_chat_works_where_streams_are_blocked(chat: Chat) -> None:
    streams: list[Request] = []

    def block_streams(route: Route) -> None:
        if "text/event-stream" in route.request.headers["accept"]:
            streams.append(route.request)
            route.abort()
        else:
            route.continue_()

    chat.page.route("**/api/v1/events*", block_streams)
    chat.open()
    expect(chat.ask(QUESTION)).to_contain_text(DEFINITION)
    expect(chat.ask(FOLLOW_UP)).to_contain_text(FOUNDED)
    assert len(streams) == 2


def test_answer_that_comes_while_the_chat_is_closed_is_counted_at_the_launcher(chat: Chat) -> None:
    chat.open()
    held: list[Route] = []
    chat.page.route(_MESSAGES, lambda route: held.append(route))
    with chat.page.expect_request(_MESSAGES):
        chat.say(QUESTION)
    chat.input.press("Escape")
    held[0].continue_()
    expect(chat.launcher).to_have_accessible_name(re.compile("neue Nachrichten: 1$"))
    chat.launcher.click()
    expect(chat.answers.last).to_contain_text(DEFINITION)
    chat.input.press("Escape")
    expect(chat.launcher).not_to_have_accessible_name(re.compile("neue"))


def test_two_tabs_have_two_conversations(chat: Chat, installation: Installation) -> None:
    chat.open()
    chat.ask(QUESTION)
    page = chat.page.context.new_page()
    page.goto(installation.url)
    other = Chat(page)
    other.open()
    other.ask("Wer macht mit?")
    chat.ask(FOLLOW_UP)
    assert chat.conversation() != other.conversation()
    assert _asked(chat, installation) == [QUESTION, FOLLOW_UP]
    assert _asked(other, installation) == ["Wer macht mit?"]
    expect(chat.questions).to_have_count(2)
    expect(other.questions).to_have_count(1)


def test_conversation_that_was_deleted_elsewhere_begins_anew(chat: Chat, installation: Installation) -> None:
    chat.open()
    chat.ask(QUESTION)
    before = chat.conversation()
    key = {"Authorization": f"Bearer {chat.kept()['key']}"}
    assert chat.page.request.delete(f"{installation.url}api/v1/conversation", headers=key).ok
    expect(chat.notes).to_contain_text("Die alte Unterhaltung ist beendet oder gelöscht.")
    expect(chat.questions).to_have_count(0)
    expect(chat.ask(QUESTION)).to_contain_text(DEFINITION)
    assert chat.conversation() != before


def test_chat_that_is_out_of_reach_shows_the_address_and_recovers(browsing: Browsing) -> None:
    chat = browsing.chat()
    chat.page.route("**/api/v1/widget*", lambda route: route.abort())
    chat.launcher.click()
    expect(chat.element.get_by_text(CONTENT.contacts.street)).to_be_visible()
    expect(chat.status).to_contain_text("Der Chat ist gerade nicht erreichbar. Wir versuchen es weiter.")
    expect(chat.input).to_be_hidden()
    chat.page.unroute("**/api/v1/widget*")
    chat.button("Noch einmal versuchen").click()
    expect(chat.ask(QUESTION)).to_contain_text(DEFINITION)


def test_message_written_as_the_chat_is_switched_off_waits_until_it_is_on_again(chat: Chat, installation: Installation) -> None:
    chat.open()
    chat.ask(QUESTION)
    posts: list[str] = []
    chat.page.on("request", lambda request: posts.append(request.url) if request.url.endswith("/messages") else None)
    with installation.switched_off("Wir warten den Chat bis 14 Uhr."):
        chat.say(FOLLOW_UP)
        expect(chat.input).to_be_hidden()
        expect(chat.panel.get_by_text("Wir warten den Chat bis 14 Uhr.").last).to_contain_text(CONTENT.contacts.address)
        expect(chat.questions.last).to_contain_text("noch nicht gesendet")
        chat.page.wait_for_timeout(2000)
        assert len(posts) == 1  # the next try is a minute later
    chat.page.evaluate("dispatchEvent(new Event('online'))")
    expect(chat.answers.last).to_contain_text(FOUNDED)
    expect(chat.input).to_be_visible()
    assert _asked(chat, installation) == [QUESTION, FOLLOW_UP]


def test_switched_off_chat_shows_the_comment_and_the_address(chat: Chat, installation: Installation) -> None:
    with installation.switched_off("Wir warten den Chat bis 14 Uhr."):
        chat.launcher.click()
        expect(chat.log).to_contain_text("Wir warten den Chat bis 14 Uhr.")
        expect(chat.log).to_contain_text(CONTENT.contacts.street)
        expect(chat.input).to_be_hidden()
