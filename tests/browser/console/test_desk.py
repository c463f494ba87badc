"""The desk with three windows: two members of staff, and a citizen with the chat."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from content import read_content
from tests.browser.chat import Chat
from tests.browser.console.conftest import Team
from tests.browser.console.shell import Shell, running_shell
from tests.browser.watch import Watch
from tests.web.running import Web, running_web, standing_in
from training.serving.database import running_database

#: Seconds; the sweeper looks every five.
LEASE = 3.0
DIEHL, PIESK = "Frau Diehl von der Servicestelle", "Frau Piesk von der Servicestelle"


class Desk:
    """The desk of a member of staff in a window of its own, found as people find it."""

    def __init__(self, team: Team, name: str) -> None:
        self.page = team.open("beratung/", name=name)
        self.queue = self.page.get_by_role("region", name="Warteschlange")
        self.mine = self.page.get_by_role("region", name="Meine Gespräche")
        self.log = self.page.get_by_role("region", name="Verlauf")
        self.said = self.log.locator("li")
        self.situation = self.page.get_by_role("region", name="Wer antwortet")
        self.answer = self.page.get_by_label("Ihre Antwort")
        self.send = self.page.get_by_role("button", name="Senden")
        self.news = self.page.locator("#news")

    def be_there(self) -> None:
        self.page.get_by_role("button", name="Ich bin erreichbar").click()
        expect(self.page.get_by_text("Sie sind als erreichbar gemeldet.")).to_be_visible()

    def take(self) -> None:
        """Takes the first of the queue."""
        self.queue.get_by_role("button", name="Annehmen").first.click()
        expect(self.situation).to_contain_text("Sie antworten")

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def say(self, text: str) -> None:
        self.answer.fill(text)
        self.answer.press("Control+Enter")

    def texts(self, author: str) -> list[str]:
        """What an author said, as it stands here."""
        return self.log.locator(f"li.{author} .text").all_inner_texts()


@pytest.fixture(autouse=True)
def _nobody_else(team: Team) -> Iterator[None]:
    yield
    _leave(team)


@pytest.fixture
def diehl(team: Team) -> Desk:
    desk = Desk(team, "diehl")
    desk.be_there()
    return desk


@pytest.fixture
def piesk(team: Team) -> Desk:
    return Desk(team, "piesk")


@pytest.fixture
def citizen(team: Team) -> Chat:
    """Has asked the bot one question."""
    page = team.page()
    page.goto(team.url)
    chat = Chat(page)
    chat.open()
    chat.ask("Was ist die Allianz?")
    return chat


def _leave(team: Team) -> None:
    """The tests share a database: what one leaves behind is no business of the next."""
    team.web.rows("update handoff_presence set available = false returning id")
    _end(team, "active_at = 'yesterday'")


def _end(team: Team, more: str) -> None:
    """All conversations are over, and no window hears of it."""
    team.web.rows(f"update chat_conversation set state = 'closed', owner_id = null, owned_until = null, {more} returning id")


def _told(name: str, **fill: str) -> str:
    """What the citizen is told: the words are content's."""
    return read_content().reply(name, "standard", **fill)


def _ask_for_a_person(citizen: Chat) -> None:
    citizen.button("Menü").click()
    citizen.button("Mit einem Menschen sprechen").click()
    expect(citizen.notes.last).to_contain_text(_told("handoff_waiting"))


def test_a_person_is_asked_for_answers_and_gives_back(team: Team, diehl: Desk, citizen: Chat) -> None:
    _ask_for_a_person(citizen)
    expect(diehl.queue).to_contain_text("Platz 1")
    expect(diehl.queue).to_contain_text("Was ist die Allianz?")
    expect(diehl.news).to_have_text("Neue Anfrage, 1 Person wartet.")
    expect(diehl.page).to_have_title("(1) Beratung – Wohnlotse, Servicestelle")

    diehl.take()
    expect(diehl.answer).to_be_focused()
    expect(citizen.notes.last).to_contain_text(_told("handoff_taken", staff=DIEHL))
    expect(diehl.log).to_contain_text("Antwort 1 auf: Was ist die Allianz?")
    expect(diehl.log).to_contain_text("Welche Ziele hat die Allianz?, Sicherheit 90\u202f%, beantwortet")

    diehl.answer.press_sequentially("Guten Tag")
    expect(citizen.log).to_contain_text(f"{DIEHL} schreibt")
    diehl.say("Guten Tag, was kann ich für Sie tun?")
    expect(citizen.messages.last).to_contain_text("Guten Tag, was kann ich für Sie tun?")

    citizen.input.press_sequentially("Ich suche")
    expect(diehl.page.get_by_text("Die Bürgerin oder der Bürger schreibt gerade …")).to_be_visible()
    citizen.say("Ich suche eine Wohnung.")
    expect(diehl.said.last).to_contain_text("Ich suche eine Wohnung.")
    expect(diehl.news).to_have_text("Bürgerin oder Bürger: Ich suche eine Wohnung.")
    expect(diehl.page.get_by_text("Die Bürgerin oder der Bürger schreibt gerade …")).to_be_hidden()
    assert diehl.answer.evaluate("node => node === document.activeElement")
    assert citizen.answers.count() == 2, "the bot is silent while a person is there"

    diehl.button("An den Bot zurückgeben").click()
    expect(diehl.page.get_by_text("Der Bot antwortet in diesem Gespräch wieder.")).to_be_visible()
    expect(citizen.notes.last).to_contain_text(_told("handoff_back"))
    expect(citizen.ask("Und wer macht mit?")).to_contain_text("Antwort 1 auf: Und wer macht mit?")


def test_of_two_who_take_at_once_one_wins_and_the_other_sees_who(diehl: Desk, piesk: Desk, citizen: Chat) -> None:
    _ask_for_a_person(citizen)
    desks = (diehl, piesk)
    for desk in desks:
        expect(desk.queue.get_by_role("button", name="Annehmen")).to_be_visible()
    for desk in desks:
        desk.page.evaluate("document.querySelector('[value=take]').click()")  # does not wait for the page after it
    for desk in desks:
        expect(desk.situation).to_be_visible()
    [winner] = [desk for desk in desks if "Sie antworten" in desk.situation.inner_text()]
    [loser] = [desk for desk in desks if desk is not winner]
    name = DIEHL if winner is diehl else PIESK
    expect(loser.page.get_by_text(f"Das Gespräch führt gerade {name}.")).to_be_visible()
    expect(loser.situation).to_contain_text(f"{name} antwortet")
    expect(loser.answer).not_to_be_editable()
    winner.say("Ich bin für Sie da.")
    expect(citizen.messages.last).to_contain_text("Ich bin für Sie da.")
    expect(loser.said.last).to_contain_text("Ich bin für Sie da.")


def test_a_colleague_takes_over_after_a_question_and_the_draft_stays(diehl: Desk, piesk: Desk, citizen: Chat) -> None:
    _ask_for_a_person(citizen)
    diehl.take()
    diehl.answer.fill("Ich schreibe noch")
    piesk.page.get_by_role("region", name="Gespräche im Team").get_by_role("link", name="Ansehen").click()
    piesk.page.get_by_role("link", name="Übernehmen …").click()
    expect(piesk.page.get_by_role("heading", name="Dieses Gespräch übernehmen?")).to_be_visible()
    piesk.button("Ja, übernehmen").click()
    expect(piesk.situation).to_contain_text("Sie antworten")
    expect(citizen.notes.last).to_contain_text(_told("handoff_taken", staff=PIESK))
    expect(diehl.situation).to_contain_text(f"{PIESK} antwortet")
    expect(diehl.answer).not_to_be_editable()
    expect(diehl.answer).to_have_value("Ich schreibe noch")
    piesk.say("Ich habe übernommen.")
    expect(diehl.said.last).to_contain_text("Ich habe übernommen.")
    expect(citizen.messages.last).to_contain_text("Ich habe übernommen.")


def test_staff_step_in(diehl: Desk, citizen: Chat) -> None:
    row = diehl.page.get_by_role("region", name="Gerade beim Bot")
    expect(row).to_contain_text("Welche Ziele hat die Allianz?")
    row.get_by_role("link", name="Ansehen").click()
    expect(diehl.situation).to_contain_text("Der Bot antwortet. Übernehmen?")
    expect(diehl.answer).not_to_be_editable()
    diehl.button("Gespräch übernehmen").click()
    expect(citizen.notes.last).to_contain_text(_told("handoff_taken", staff=DIEHL))
    citizen.say("Oh, ein Mensch!")
    expect(diehl.said.last).to_contain_text("Oh, ein Mensch!")
    diehl.page.get_by_role("link", name="Gespräch beenden …").click()
    diehl.button("Ja, beenden").click()
    expect(citizen.notes.last).to_contain_text(_told("handoff_closed"))


def test_a_text_of_the_content_is_put_in(diehl: Desk, citizen: Chat) -> None:
    _ask_for_a_person(citizen)
    diehl.take()
    diehl.answer.fill("Guten Tag.")
    diehl.page.keyboard.press("Control+k")
    diehl.page.keyboard.type("PLATZ taschenbuch")
    expect(diehl.page.get_by_text("0 Treffer")).to_be_visible()
    diehl.page.get_by_label("Textbaustein suchen").fill("verabschiedung")
    expect(diehl.page.get_by_text("1 Treffer")).to_be_visible()
    diehl.page.keyboard.press("Enter")
    goodbye = "Danke für Ihre Fragen. Auf Wiedersehen und alles Gute!"
    expect(diehl.answer).to_have_value(f"Guten Tag. {goodbye}")
    expect(diehl.answer).to_be_focused()
    diehl.page.get_by_text("Verabschiedung", exact=True).click()
    diehl.button("Einsetzen (Verabschiedung)").click()
    expect(diehl.answer).to_have_value(f"Guten Tag. {goodbye} {goodbye}")


def test_a_broken_line_loses_and_doubles_nothing(diehl: Desk, citizen: Chat) -> None:
    _ask_for_a_person(citizen)
    diehl.take()
    diehl.page.context.set_offline(True)
    expect(diehl.page.get_by_text("Die Verbindung ist unterbrochen")).to_be_visible()
    diehl.say("Ich schreibe im Tunnel.")
    citizen.say("Sind Sie noch da?")
    expect(citizen.questions.last).to_contain_text("Sind Sie noch da?")
    expect(diehl.page.get_by_label("Noch nicht gesendet")).to_contain_text("Ich schreibe im Tunnel.")
    diehl.page.context.set_offline(False)
    expect(citizen.messages.last).to_contain_text("Ich schreibe im Tunnel.")
    expect(diehl.page.get_by_text("Die Verbindung ist unterbrochen")).to_be_hidden()
    expect(diehl.page.get_by_label("Noch nicht gesendet")).to_be_hidden()
    assert diehl.texts("staff") == ["Ich schreibe im Tunnel."]
    assert diehl.texts("citizen") == ["Was ist die Allianz?", "Sind Sie noch da?"]


def test_a_restart_of_the_server_loses_and_doubles_nothing(team: Team, diehl: Desk, citizen: Chat) -> None:
    _ask_for_a_person(citizen)
    diehl.take()
    diehl.say("Vor dem Neustart.")
    expect(citizen.messages.last).to_contain_text("Vor dem Neustart.")
    team.web.process.stop()
    diehl.say("Während des Neustarts.")
    expect(diehl.page.get_by_text("Die Verbindung ist unterbrochen")).to_be_visible()
    citizen.say("Hallo?")
    team.web.process.start()
    team.web.process.wait()
    expect(citizen.log).to_contain_text("Während des Neustarts.")
    expect(diehl.log).to_contain_text("Hallo?")
    diehl.say("Nach dem Neustart.")
    expect(citizen.messages.last).to_contain_text("Nach dem Neustart.")
    expect(diehl.said.last).to_contain_text("Nach dem Neustart.")
    assert diehl.texts("staff") == ["Vor dem Neustart.", "Während des Neustarts.", "Nach dem Neustart."]
    assert diehl.texts("citizen") == ["Was ist die Allianz?", "Hallo?"]


def test_a_draft_and_what_is_unsent_outlive_a_reload(diehl: Desk, citizen: Chat) -> None:
    _ask_for_a_person(citizen)
    diehl.take()
    diehl.page.route("**/nachricht/", lambda route: route.abort())
    diehl.say("Noch unterwegs.")
    diehl.answer.fill("Noch ein Entwurf")
    diehl.page.unroute_all()
    diehl.page.once("dialog", lambda dialog: dialog.accept())
    diehl.page.reload()
    expect(citizen.messages.last).to_contain_text("Noch unterwegs.")
    expect(diehl.answer).to_have_value("Noch ein Entwurf")
    expect(diehl.said.last).to_contain_text("Noch unterwegs.")
    assert diehl.texts("staff") == ["Noch unterwegs."]


def test_what_is_refused_is_a_draft_again(team: Team, diehl: Desk, citizen: Chat) -> None:
    _ask_for_a_person(citizen)
    diehl.take()
    diehl.page.route("**/stream*", lambda route: route.abort())  # this window does not hear that it is over
    diehl.page.reload()
    _end(team, "state_since = now()")
    diehl.say("Kommt nicht an.")
    expect(diehl.page.get_by_text("Sie führen dieses Gespräch nicht mehr. Ihr Text ist noch da.")).to_be_visible()
    expect(diehl.answer).to_have_value("Kommt nicht an.")
    assert diehl.answer.get_attribute("aria-invalid") == "true"
    assert diehl.texts("staff") == []


def test_a_deleted_conversation_leaves_the_page(diehl: Desk, citizen: Chat) -> None:
    _ask_for_a_person(citizen)
    diehl.take()
    diehl.answer.fill("Ein Entwurf über die Person")
    citizen.menu()
    citizen.button("Unterhaltung löschen").click()
    citizen.button("Ja, löschen").click()
    expect(diehl.situation).to_contain_text("Die Bürgerin oder der Bürger hat das Gespräch gelöscht.")
    expect(diehl.said).to_have_count(0)
    expect(diehl.answer).to_have_value("")
    assert "Entwurf" not in diehl.page.evaluate("JSON.stringify(sessionStorage)")


def test_personal_data_are_sent_after_a_choice(diehl: Desk, citizen: Chat) -> None:
    _ask_for_a_person(citizen)
    diehl.take()
    number = "Das Amt hat die Nummer 0561 7871234."
    for button, said in (
        ("Ohne diese Angaben senden", "Das Amt hat die Nummer [Telefonnummer]."),
        ("Mit diesen Angaben senden", number),
    ):
        diehl.say(number)
        expect(diehl.page.locator("#text-error")).to_contain_text("„0561 7871234“ (Telefonnummer)")
        expect(diehl.answer).to_have_value(number)
        diehl.button(button).click()
        expect(citizen.messages.last).to_contain_text(said)
        expect(diehl.button(button)).to_be_hidden()
    expect(diehl.log.locator("li.staff .text")).to_have_text(["Das Amt hat die Nummer [Telefonnummer].", number])


def test_a_draft_is_nobody_elses_and_gone_after_the_log_out(team: Team, diehl: Desk, citizen: Chat) -> None:
    _ask_for_a_person(citizen)
    diehl.take()
    diehl.answer.fill("Ein Entwurf über die Person")
    address = diehl.page.url
    other = diehl.page.context.new_page()
    other.goto(address)
    other.get_by_label("Ihre Antwort").fill("Noch ein Entwurf")

    diehl.button("Abmelden").click()

    expect(diehl.page.get_by_text("Sie sind abgemeldet.")).to_be_visible()
    for page in (diehl.page, other):
        page.wait_for_function("!JSON.stringify(sessionStorage).includes('Entwurf')")
    team.login(diehl.page, name="piesk")
    diehl.page.goto(address)
    expect(diehl.answer).to_have_value("")


def test_every_page_says_how_many_wait(team: Team, diehl: Desk, citizen: Chat) -> None:
    piesk = team.open("konto/", name="piesk")
    link = piesk.get_by_role("navigation", name="Hauptmenü").get_by_role("link", name="Beratung")
    expect(link).to_have_accessible_name("Beratung")
    _ask_for_a_person(citizen)
    piesk.reload()
    expect(link).to_have_accessible_name("Beratung 1 Person wartet")
    expect(piesk).to_have_title("(1) Mein Konto – Wohnlotse, Servicestelle")
    diehl.take()
    expect(link).to_have_accessible_name("Beratung")
    expect(piesk).to_have_title("Mein Konto – Wohnlotse, Servicestelle")


def test_without_javascript_everything_works_by_forms(team: Team, citizen: Chat) -> None:
    page = team.open("beratung/", name="diehl", java_script_enabled=False)
    page.get_by_role("button", name="Ich bin erreichbar").click()
    _ask_for_a_person(citizen)
    page.reload()
    page.get_by_role("button", name="Annehmen").click()
    page.get_by_label("Ihre Antwort").fill("Ganz ohne Skript.")
    page.get_by_role("button", name="Senden").click()
    expect(page.get_by_role("region", name="Verlauf").locator("li").last).to_contain_text("Ganz ohne Skript.")
    expect(citizen.messages.last).to_contain_text("Ganz ohne Skript.")
    page.get_by_role("button", name="An den Bot zurückgeben").click()
    expect(citizen.notes.last).to_contain_text(_told("handoff_back"))


@pytest.fixture(scope="module")
def _hasty_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Web, Shell]]:
    folder = tmp_path_factory.mktemp("hasty")
    variables = {"WOHNLOTSE_LEASE": str(LEASE)}
    with (
        running_database(folder) as database,
        standing_in() as bot,
        running_web(folder, database.url(), bot, variables) as web,
        running_shell(web.variables) as shell,
    ):
        yield web, shell


@pytest.fixture
def hasty(browser: Browser, _hasty_process: tuple[Web, Shell]) -> Iterator[Team]:
    """A console where staff lose what is theirs soon."""
    web, shell = _hasty_process
    team = Team(browser, web, shell, Watch(web.url), {})
    yield team
    team.close()
    _leave(team)
    assert team.watch.complaints == []


def _with_a_citizen(team: Team) -> Desk:
    """Frau Diehl, who has taken a conversation."""
    diehl = Desk(team, "diehl")
    diehl.be_there()
    key = team.web.open()
    team.web.answer(key)
    assert team.web.client.post("/api/v1/handoff", json={"action": "ask"}, headers=key).json()["state"] == "requested"
    diehl.take()
    return diehl


def test_a_closed_laptop_returns_the_citizen_to_the_queue(hasty: Team) -> None:
    diehl, piesk = Desk(hasty, "diehl"), Desk(hasty, "piesk")
    for desk in (diehl, piesk):
        desk.be_there()
    page = hasty.page()
    page.goto(hasty.url)
    citizen = Chat(page)
    citizen.open()
    citizen.ask("Was ist die Allianz?")
    _ask_for_a_person(citizen)
    diehl.take()
    page.wait_for_timeout(3000 * LEASE)
    expect(diehl.situation).to_contain_text("Sie antworten")
    diehl.page.close()
    expect(citizen.notes.last).to_contain_text(_told("handoff_lost"))
    piesk.take()
    expect(citizen.notes.last).to_contain_text(_told("handoff_taken", staff=PIESK))


def test_who_opens_another_page_of_the_console_stays_there(hasty: Team) -> None:
    diehl = _with_a_citizen(hasty)
    address = diehl.page.url
    diehl.page.goto(f"{hasty.url}/team/anliegen/")
    diehl.page.wait_for_timeout(1000 * LEASE + 7000)
    diehl.page.goto(address)
    expect(diehl.situation).to_contain_text("Sie antworten")


def test_who_lost_the_line_for_long_is_told_and_may_take_again(hasty: Team) -> None:
    diehl = _with_a_citizen(hasty)
    diehl.answer.fill("Mein Entwurf")
    diehl.page.context.set_offline(True)
    for _ in range(60):
        if not hasty.web.rows("select 1 from chat_conversation where state = 'staff'"):
            break
        diehl.page.wait_for_timeout(1000)
    diehl.page.context.set_offline(False)
    expect(diehl.page.get_by_text("Ihre Verbindung war zu lange unterbrochen.")).to_be_visible()
    expect(diehl.answer).not_to_be_editable()
    diehl.button("Annehmen").last.click()
    expect(diehl.situation).to_contain_text("Sie antworten")
    expect(diehl.answer).to_have_value("Mein Entwurf")
