"""From the bot to a person and back, and a message for those who are not there, as citizens see it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Request, Route, expect

from tests.browser.chat import Chat
from tests.browser.conftest import Browsing
from tests.browser.staff import DIEHL, NAMELESS
from tests.browser.standing import Standing
from tests.browser.states import HANDED

AUTOMATIC = "Wohnlotse Automatischer Assistent, kein Mensch"
WITH_DIEHL = f"Wohnlotse Sie schreiben mit: {DIEHL}"


def test_header_says_who_is_there_and_changes_back(visit: Chat, standing: Standing) -> None:
    conversation = visit.wait_in_line()
    expect(visit.panel).to_have_accessible_name("Wohnlotse Sie warten auf einen Menschen")
    standing.staff.hand(conversation, "take")
    expect(visit.panel).to_have_accessible_name(WITH_DIEHL)
    expect(visit.panel.get_by_text(f"Sie schreiben mit: {DIEHL}").filter(visible=True)).to_be_in_viewport()
    standing.staff.hand(conversation, "take_over", by="kollegin")
    expect(visit.panel).to_have_accessible_name(f"Wohnlotse Sie schreiben mit: {NAMELESS}")
    standing.staff.hand(conversation, "give_back", by="kollegin")
    expect(visit.panel).to_have_accessible_name(AUTOMATIC)


def test_citizen_is_told_that_a_person_reads_what_was_written(visit: Chat, standing: Standing) -> None:
    conversation = visit.wait_in_line()
    standing.staff.hand(conversation, "take")
    expect(visit.notes.last).to_contain_text(DIEHL)
    expect(visit.notes.last).to_contain_text("Mensch")
    expect(visit.notes.last).to_contain_text("was Sie bisher geschrieben haben")


def test_message_of_staff_carries_its_author_in_data_and_text(visit: Chat, standing: Standing) -> None:
    conversation = visit.wait_in_line()
    standing.staff.hand(conversation, "take")
    standing.staff.say(conversation, "Guten Tag!")
    expect(visit.staff).to_have_text(f"{DIEHL}Guten Tag!")
    expect(visit.staff.get_by_text("automatische Antwort")).to_have_count(0)


def test_citizen_and_staff_talk_and_the_bot_is_silent(visit: Chat, standing: Standing) -> None:
    conversation = visit.wait_in_line()
    standing.staff.hand(conversation, "take")
    expect(visit.panel.get_by_label("Ihre Nachricht")).to_be_visible()
    visit.say("Wann findet das nächste Treffen statt?")
    standing.staff.say(conversation, "Das steht noch nicht fest.")
    expect(visit.staff).to_contain_text(["Das steht noch nicht fest."])
    visit.say("Danke.")
    expect(visit.questions.last).not_to_contain_text("wird gesendet")
    expect(visit.log.locator(".typing")).to_have_count(0)
    expect(visit.answers).to_have_count(1)  # the greeting
    standing.staff.hand(conversation, "give_back")
    expect(visit.panel.get_by_label("Ihre Frage")).to_be_visible()
    expect(visit.ask("Was ist die Allianz?")).to_contain_text("Antwort 1 auf: Was ist die Allianz?")


def test_one_key_is_enough_for_asking_and_writing(visit: Chat, standing: Standing) -> None:
    keys: list[Request] = []
    visit.page.on("request", lambda request: keys.append(request) if request.url.endswith("/conversations") else None)
    visit.open()
    visit.say("Was ist die Allianz?")
    visit.ask_for_a_person()
    expect(visit.button("Nicht mehr warten")).to_be_visible()
    visit.say("Ich warte.")
    expect(visit.questions.last).not_to_contain_text("wird gesendet")
    assert len(keys) == 1


def test_place_in_the_queue_is_shown_and_moves_up(visiting: Browsing, standing: Standing) -> None:
    first, second = visiting.chat(), visiting.chat()
    first.wait_in_line()
    second.wait_in_line()
    place = re.compile(r"Sie sind auf Platz (\d+)\. Sie können hier warten oder abbrechen\.")
    before = place.search(second.panel.inner_text())
    first.button("Nicht mehr warten").click()
    expect(first.button("Nicht mehr warten")).to_be_hidden()
    expect(first.input).to_be_focused()
    assert before is not None
    moved = f"Sie sind auf Platz {int(before.group(1)) - 1}. Sie können hier warten oder abbrechen."
    expect(second.panel.get_by_text(moved)).to_be_visible()
    second.button("Nicht mehr warten").click()


def test_what_is_said_stays_in_sight_when_the_place_in_the_queue_takes_its_room(visit: Chat, standing: Standing) -> None:
    visit.open()
    for question in ("Was ist die Allianz?", "Wer macht mit?"):
        visit.ask(question)
    visit.ask_for_a_person()
    expect(visit.button("Nicht mehr warten")).to_be_visible()
    expect(visit.notes.last).to_be_in_viewport(ratio=1)
    conversation = visit.conversation()
    standing.staff.hand(conversation, "take")
    for text in ("Guten Tag!", "Was kann ich für Sie tun?"):
        standing.staff.say(conversation, text)
        expect(visit.staff.last).to_contain_text(text)
        expect(visit.staff.last).to_be_in_viewport(ratio=1)
    expect(visit.button("Neue Nachricht")).to_be_hidden()


def test_waiting_and_being_served_outlive_a_reload(visit: Chat, standing: Standing) -> None:
    conversation = visit.wait_in_line()
    visit.page.reload()
    expect(visit.button("Nicht mehr warten")).to_be_visible()
    standing.staff.hand(conversation, "take")
    standing.staff.say(conversation, "Guten Tag!")
    expect(visit.staff).to_have_count(1)
    visit.page.reload()
    expect(visit.panel).to_have_accessible_name(WITH_DIEHL)
    expect(visit.staff).to_have_count(1)
    expect(visit.notes).to_have_count(2)


def test_hand_off_works_where_streams_are_blocked(visit: Chat, standing: Standing) -> None:
    def block_streams(route: Route) -> None:
        if "text/event-stream" in route.request.headers["accept"]:
            route.abort()
        else:
            route.continue_()

    visit.page.route("**/api/v1/events*", block_streams)
    conversation = visit.wait_in_line()
    standing.staff.hand(conversation, "take")
    standing.staff.say(conversation, "Guten Tag!")
    expect(visit.panel).to_have_accessible_name(WITH_DIEHL)
    expect(visit.staff).to_have_text(f"{DIEHL}Guten Tag!")


def test_person_is_offered_after_two_declines_and_not_forced(visit: Chat, standing: Standing) -> None:
    HANDED["offered"](visit, standing)
    standing.web.bot.recover()
    expect(visit.panel).to_have_accessible_name(AUTOMATIC)
    expect(visit.input).to_be_focused()
    expect(visit.ask("Was ist die Allianz?")).to_contain_text("Antwort 1")
    expect(visit.log.get_by_role("button", name="Mit einem Menschen sprechen")).to_have_count(0)


def test_offer_is_taken_up_in_the_log(visit: Chat, standing: Standing) -> None:
    HANDED["offered"](visit, standing)
    visit.log.get_by_role("button", name="Mit einem Menschen sprechen").click()
    expect(visit.button("Nicht mehr warten")).to_be_visible()
    expect(visit.input).to_be_focused()
    visit.menu()
    expect(visit.button("Mit einem Menschen sprechen")).to_be_hidden()
    expect(visit.button("Anliegen hinterlassen")).to_be_visible()


def test_suggestions_of_the_bot_are_not_sent_to_staff(visit: Chat, standing: Standing) -> None:
    visit.open()
    suggestion = visit.ask("Was ist die Allianz?").get_by_role("button", name="Ziele")
    expect(suggestion).to_be_enabled()
    visit.ask_for_a_person()
    expect(suggestion).to_be_disabled()


def test_message_of_staff_is_counted_at_the_closed_chat(visit: Chat, standing: Standing) -> None:
    conversation = visit.wait_in_line()
    expect(visit.notes).to_have_count(1)
    visit.input.press("Escape")
    standing.staff.hand(conversation, "take")
    standing.staff.say(conversation, "Guten Tag!")
    expect(visit.launcher).to_have_accessible_name(re.compile("neue Nachrichten: 2$"))


def test_typing_is_shown_to_both_sides_and_ends_with_the_message(visit: Chat, standing: Standing) -> None:
    posts: list[Request] = []
    visit.page.on("request", lambda request: posts.append(request) if request.url.endswith("/typing") else None)
    conversation = visit.wait_in_line()
    visit.input.press_sequentially("Noch ist niemand da. ")
    standing.staff.hand(conversation, "take")
    expect(visit.panel).to_have_accessible_name(WITH_DIEHL)
    assert posts == []
    with visit.page.expect_response("**/api/v1/typing") as sent:
        visit.input.press_sequentially("Guten Tag, ich habe eine Frage.")
    assert sent.value.status == 204
    assert len(posts) == 1
    assert posts[0].post_data == "{}"
    standing.staff.types(conversation)
    line = visit.log.locator(".typing")
    expect(line).to_contain_text(f"{DIEHL} schreibt")
    standing.staff.say(conversation, "Bitte fragen Sie.")
    expect(visit.staff).to_have_count(1)
    expect(line).to_have_count(0)


def test_form_says_what_is_wrong_at_its_field_and_keeps_what_was_written(visit: Chat, standing: Standing) -> None:
    HANDED["word_refused"](visit, standing)
    concern = visit.panel.get_by_label("Ihr Anliegen")
    email = visit.panel.get_by_label("Ihre E-Mail-Adresse")
    expect(concern).to_be_focused()
    expect(visit.panel.locator("label", has_text="Ihr Anliegen")).to_be_in_viewport(ratio=1)
    expect(concern).to_have_accessible_description("Bitte schreiben Sie in das Feld, worum es geht.")
    expect(email).to_have_accessible_description(re.compile("^Diese E-Mail-Adresse kann nicht stimmen."))
    expect(visit.panel.get_by_role("checkbox")).to_have_accessible_description(re.compile("^Bitte stimmen Sie zu"))
    expect(email).to_have_value("keine")
    expect(visit.panel.get_by_text("Bitte prüfen Sie Ihre Angaben.")).to_be_visible()
    concern.fill("Bitte rufen Sie mich an.")
    visit.page.reload()
    expect(concern).to_have_value("Bitte rufen Sie mich an.")
    expect(email).to_have_value("keine")


def test_message_is_left_and_its_reference_stays_in_sight(visit: Chat, standing: Standing) -> None:
    before = standing.rows("select count(*) from inquiries_inquiry")[0][0]
    HANDED["word_left"](visit, standing)
    receipt = visit.panel.get_by_role("group", name="Ihr Anliegen ist angekommen")
    expect(visit.panel.get_by_role("heading", name="Ihr Anliegen ist angekommen")).to_be_focused()
    [(reference, conversation)] = standing.rows(
        "select reference, conversation_id from inquiries_inquiry order by id desc limit 1"
    )
    expect(receipt).to_contain_text(reference)
    expect(visit.status).to_contain_text(reference)
    assert conversation == visit.conversation()
    assert "Flyer" not in visit.page.evaluate("JSON.stringify(sessionStorage)")
    visit.page.reload()
    expect(receipt).to_contain_text(reference)
    receipt.get_by_role("button", name="Zurück zum Chat").click()
    expect(receipt).to_be_hidden()
    expect(visit.input).to_be_focused()
    assert standing.rows("select count(*) from inquiries_inquiry") == [(before + 1,)]


def test_message_is_left_without_a_conversation(visit: Chat, standing: Standing) -> None:
    visit.open()
    visit.button("Menü").click()
    visit.button("Anliegen hinterlassen").click()
    expect(visit.panel.get_by_role("heading", name="Anliegen hinterlassen")).to_be_focused()
    assert visit.panel.get_by_label("Ihr Anliegen").evaluate("field => field.offsetHeight") > 80  # room for a letter
    visit.panel.get_by_label("Ihr Anliegen").fill("Bitte senden Sie mir den Flyer der Allianz.")
    visit.panel.get_by_label("Ihre Telefonnummer").fill("0611 1234567")
    visit.panel.get_by_role("checkbox").check()
    visit.button("Anliegen senden").click()
    receipt = visit.panel.get_by_role("group", name="Ihr Anliegen ist angekommen")
    expect(receipt).to_be_visible()
    assert "key" not in visit.kept()
    visit.page.reload()
    visit.open()
    expect(receipt).to_contain_text("WL-")


def test_answer_that_was_lost_makes_no_second_message(visit: Chat, standing: Standing) -> None:
    before = standing.rows("select count(*) from inquiries_inquiry")[0][0]
    HANDED["leave_word"](visit, standing)

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    visit.page.route("**/api/v1/inquiries", lose, times=1)
    visit.panel.get_by_label("Ihr Anliegen").fill("Bitte senden Sie mir den Flyer der Allianz.")
    visit.panel.get_by_role("checkbox").check()
    visit.button("Anliegen senden").click()
    expect(visit.panel.get_by_text("Das hat nicht geklappt. Bitte noch einmal versuchen.")).to_be_visible()
    visit.button("Anliegen senden").click()
    expect(visit.panel.get_by_role("group", name="Ihr Anliegen ist angekommen")).to_be_visible()
    assert standing.rows("select count(*) from inquiries_inquiry") == [(before + 1,)]


def test_form_leads_to_the_privacy_notice_and_to_a_page_of_its_own(visit: Chat, standing: Standing) -> None:
    HANDED["leave_word"](visit, standing)
    form = visit.panel.get_by_role("form", name="Anliegen hinterlassen")
    expect(form.get_by_role("link", name="Datenschutz")).to_have_attribute("href", f"{standing.url}datenschutz/")
    expect(form.get_by_role("link", name="Lieber auf einer eigenen Seite schreiben")).to_have_attribute(
        "href", f"{standing.url}nachricht/"
    )


def test_message_can_be_left_while_the_chat_is_switched_off(visit: Chat, standing: Standing) -> None:
    standing.web.turn(on=False, comment="Wir warten den Chat.")
    try:
        visit.launcher.click()
        expect(visit.log).to_contain_text("Wir warten den Chat.")
        visit.log.get_by_role("button", name="Anliegen hinterlassen").click()
        visit.panel.get_by_label("Ihr Anliegen").fill("Bitte senden Sie mir den Flyer der Allianz.")
        visit.panel.get_by_role("checkbox").check()
        visit.button("Anliegen senden").click()
        expect(visit.panel.get_by_role("group", name="Ihr Anliegen ist angekommen")).to_be_visible()
    finally:
        standing.web.turn(on=True, comment="Der Test ist zu Ende.")


def test_talk_with_a_person_goes_on_while_the_chat_is_switched_off(visit: Chat, standing: Standing) -> None:
    conversation = visit.wait_in_line()
    standing.staff.hand(conversation, "take")
    standing.web.turn(on=False, comment="Wir warten den Chat.")
    try:
        visit.page.reload()
        visit.say("Sind Sie noch da?")
        expect(visit.questions.last).not_to_contain_text("wird gesendet")
        standing.staff.say(conversation, "Ja, ich bin noch da.")
        expect(visit.staff.last).to_contain_text("Ja, ich bin noch da.")
    finally:
        standing.web.turn(on=True, comment="Der Test ist zu Ende.")


@pytest.mark.parametrize(
    ("register", "kind", "title"),
    [
        ("English", "You are writing with: Frau Diehl from the Servicestelle", "Leave a message"),
        ("Einfache Sprache", f"Sie schreiben mit: {DIEHL}", "Eine Nachricht schreiben"),
    ],
)
def test_hand_off_speaks_the_citizens_language(visit: Chat, standing: Standing, register: str, kind: str, title: str) -> None:
    menu, person, stop = (
        ("Menu", "Talk to a person", "Stop waiting")
        if register == "English"
        else ("Menü", "Mit einem Menschen sprechen", "Nicht mehr warten")
    )
    visit.open()
    visit.button(register).click()
    visit.button(menu).click()
    expect(visit.button(title)).to_be_visible()
    visit.button(person).click()
    expect(visit.button(stop)).to_be_visible()
    standing.staff.hand(visit.conversation(), "take")
    expect(visit.panel).to_have_accessible_name(f"Wohnlotse {kind}")
