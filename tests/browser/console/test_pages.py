"""Every page of the console: axe in light and dark, 320 px, the keyboard; a picture of each is left for people to look at."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.console.conftest import PASSWORD, Team
from tests.browser.console.shell import Shell
from training.processes import ROOT

SCREENS = ROOT / "reports" / "screens"
_SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
_PHONE: ViewportSize = {"width": 320, "height": 640}

#: Page: its address below /team/, filled with what `rows` made. All as Leitung, who may open all.
PAGES = {
    "account": "konto/",
    "settings": "einstellungen/",
    "switch": "einstellungen/chat/",
    "users": "konten/",
    "user": "konten/{user}/",
    "user_password": "konten/{user}/passwort/",
    "user_close": "konten/{user}/schliessen/",
    "team": "",
    "desk": "beratung/",
    "desk_conversation": "beratung/{waiting}/",
    "desk_close": "beratung/{mine}/beenden/",
    "desk_take_over": "beratung/{colleagues}/uebernehmen/",
    "inquiries": "anliegen/",
    "inquiry": "anliegen/{inquiry}/",
    "archive": "gespraeche/",
    "conversation": "gespraeche/{conversation}/",
    "conversation_delete": "gespraeche/{conversation}/loeschen/",
    "review": "pruefen/",
    "review_message": "pruefen/nachricht/{message}/",
    "suggestions": "pruefen/vorschlaege/",
    "suggestion_delete": "pruefen/vorschlaege/{suggestion}/loeschen/",
    "gaps": "luecken/",
    "editing": "inhalte/",
    "editing_history": "inhalte/verlauf/",
    "editing_edit": "inhalte/verlauf/{edit}/",
    "editing_entry": "inhalte/thema/alliance_definition/",
    "rights": "rechte/",
    "subject": "rechte/nummer/?nummer={conversation}",
    "readings": "rechte/gelesen/",
}
#: Addresses that are no page of their own: they only take forms, give files, or send events.
NO_PAGES = {
    "logout",
    "desk_beat",
    "desk_stream",
    "desk_say",
    "desk_typing",
    "archive_export",
    "review_withdraw",
    "review_undo",
    "note_add",
    "note_delete",
    "tag_add",
    "tag_remove",
    "suggestion",
    "suggestions_download",
    "hand_over",
}

_ROWS = """
import datetime, json, uuid
from django.utils import timezone
from tests.web import records
from web.accounts.changes import change_add
from web.chat.models import Feedback
from web.editing.models import Edit
from web.handoff.machine import conversation_hand
from web.handoff.presence import presence_set
from web.inquiries.entries import Entries
from web.inquiries.inquiries import inquiry_leave
from web.review.models import Note, Review, Suggestion, Tag
from web.rights.periods import period_set
from web.rights.retention import retention_run
from django.contrib.auth.models import User

leader = User.objects.filter(username="leitung").first() or records.member("leitung", "Leitung", "Frau Leitung")
other = records.member("schulze", "Redaktion", "Herr Schulze")
questions = [
    ("Was ist die Allianz für Wohnen in Hessen?", "alliance_definition", "answer"),
    ("Wie bekomme ich eine Wohnungsbauförderung für mein Mehrfamilienhaus?", "alliance_goals", "clarify"),
    ("Wer repariert meine Heizung?", "out_of_scope", "decline"),
    ("Wer macht mit?", "participants_overview", "answer"),
]
for number in range(30):
    text, intent, zone = questions[number % 4]
    at = timezone.now() - datetime.timedelta(hours=7 * number)
    said = [("citizen", text), ("bot", "Die Allianz für Wohnen in Hessen ist ein Bündnis.")]
    said += [("citizen", "Danke, und wo ist die Servicestelle?"), ("bot", "Das weiß ich nicht. Fragen Sie die Servicestelle.")]
    talk = records.conversation(said, at=at)
    question, answer = list(talk.messages.all())[:2]
    verdict = records.verdict(question, intent, zone, confidence=0.9 if zone == "answer" else 0.4)
    if number % 5 == 0:
        Feedback.objects.create(message=answer, helpful=False, reason="incomplete")
    if number == 26:
        Review.objects.create(message=question, outcome="new_topic", topic="Wer ist für Reparaturen an der Heizung zuständig?")
Note.objects.create(conversation=talk, text="Nachfragen, ob das öfter vorkommt.", by=other)
for name in ("Förderung", "Nachfrage zu einem Mehrfamilienhaus"):
    Tag.objects.create(name=name).conversations.add(talk)
Suggestion.objects.create(message=question, text="Wer macht bei der Allianz mit?", intent="participants_overview", by=other)
confirmed = Suggestion.objects.create(text="Wo ist die Servicestelle?", intent="service_contact", status="confirmed",
    confirmed_at=timezone.now())
waiting = records.conversation([("citizen", "Ich möchte mit einem Menschen sprechen."), ("bot", "Ich frage nach.")])
presence_set(leader, True)
conversation_hand(waiting.pk, "ask")
mine, colleagues = (records.conversation([("citizen", "Ich brauche Hilfe.")]) for _ in range(2))
for taken, by in ((mine, leader), (colleagues, other)):
    conversation_hand(taken.pk, "step_in", by)
    taken.refresh_from_db()
    taken.owned_until = taken.citizen_seen_at = timezone.now() + datetime.timedelta(hours=1)
    taken.save()
inquiry = inquiry_leave(Entries("Bitte rufen Sie mich wegen der Förderung an.", "Petra Beispiel", "petra@example.de", ""),
    uuid.uuid4(), "standard", talk.pk)
edit = Edit.objects.create(file="topics/alliance_definition.yml", before="title: Alt", after="title: Neu",
    summary="Titel geändert", by=other)
change_add(leader, "account", "schulze", "Konto angelegt, Rolle Redaktion")
period_set("inquiry", 120, leader)
retention_run()
print(json.dumps({"user": other.pk, "conversation": str(talk.pk), "message": question.pk, "waiting": str(waiting.pk),
    "mine": str(mine.pk), "colleagues": str(colleagues.pk),
    "inquiry": inquiry.reference, "edit": edit.pk,
    "suggestion": str(confirmed.pk)}))
"""

#: What can be reached with Tab, in the order of the document.
_STOPS = """() => [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')]
  .filter(node => !node.disabled && node.checkVisibility({visibilityProperty: true})
    && !(node.type === 'radio' && !node.checked && [...document.getElementsByName(node.name)].some(
      each => each.checked || each.compareDocumentPosition(node) & 4 && !each.checked && each !== node)))
  .length"""

#: Of the element with the focus: a mark so that it is counted once, whether its ring can be seen, and whether it is too small.
_STOP = """() => {
  const node = document.activeElement;
  if (!node || node === document.body) return null;
  const style = getComputedStyle(node);
  const box = node.getBoundingClientRect();
  const inText = node.localName === 'a' && style.display === 'inline';
  const name = `${node.localName} ${node.id || node.name || node.textContent.trim().slice(0, 30)}`;
  node.dataset.seen = (Number(node.dataset.seen || 0) + 1);
  return {
    name,
    again: node.dataset.seen > 1,
    ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    small: !inText && (box.width < 24 || box.height < 24),
    hidden: box.width === 0 || box.height === 0,
  };
}"""


@pytest.fixture(scope="module")
def rows(team_shell: Shell) -> dict[str, Any]:
    """What the pages show, by the names in `PAGES`."""
    found: dict[str, Any] = json.loads(team_shell.run(_ROWS))
    return found


@pytest.fixture
def opened(team: Team, rows: dict[str, Any]) -> Callable[..., Page]:
    """Opens one of `PAGES`, and fails where it is an error."""

    def open_page(name: str, **options: Any) -> Page:
        page = team.open(PAGES[name].format(**rows), "Leitung", **options)
        title = page.get_by_role("heading", level=1)
        expect(title).to_have_count(1)
        wrong = ("Da ist etwas schiefgegangen", "Das gibt es nicht", "Das dürfen Sie nicht öffnen")
        assert title.inner_text() not in wrong, page.url
        return page

    return open_page


def _violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {each['help']} {[node['target'] for node in each['nodes']]}" for each in found]


def _look(page: Page, name: str) -> None:
    """axe and a picture, in both themes."""
    for scheme in _SCHEMES:
        page.emulate_media(color_scheme=scheme)
        page.screenshot(path=SCREENS / f"team-{name}-{scheme}.png", full_page=True)
        assert _violations(page) == [], scheme


def _too_wide(page: Page) -> Any:
    """How many pixels are beyond the right edge."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def test_every_address_of_the_console_is_looked_at(team: Team) -> None:
    names = team.run(
        "from django.urls import URLResolver\nfrom web.console import urls\n"
        "def names(patterns):\n"
        "    for each in patterns:\n"
        "        yield from names(each.url_patterns) if isinstance(each, URLResolver) else [each.name]\n"
        "print(*names(urls.urlpatterns))"
    ).split()

    assert sorted(set(names) - {"login"} - NO_PAGES) == sorted(PAGES)


@pytest.mark.parametrize("name", PAGES)
def test_page_has_no_violation(opened: Callable[..., Page], name: str) -> None:
    _look(opened(name), name)


@pytest.mark.parametrize("name", PAGES)
def test_page_fits_into_320_pixels(opened: Callable[..., Page], name: str) -> None:
    page = opened(name, viewport=_PHONE)
    page.screenshot(path=SCREENS / f"team-{name}-mobile.png", full_page=True)
    assert _too_wide(page) == 0


@pytest.mark.parametrize("name", PAGES)
def test_page_is_usable_with_the_keyboard(opened: Callable[..., Page], name: str) -> None:
    page = opened(name)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Zum Inhalt")).to_be_focused()
    stops, expected = [page.evaluate(_STOP)], page.evaluate(_STOPS)
    while len(stops) <= expected:
        page.keyboard.press("Tab")
        stop = page.evaluate(_STOP)
        if stop is None or stop["again"]:
            break
        stops.append(stop)
    assert [each["name"] for each in stops if not each["ring"] or each["small"] or each["hidden"]] == []
    assert len(stops) >= expected


def test_skip_link_leads_to_the_content(opened: Callable[..., Page]) -> None:
    page = opened("users")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("region", name="Alle Konten")).to_be_focused()


def test_log_in_page_takes_password_managers_and_paste(team: Team) -> None:
    page = team.page()
    page.goto(f"{team.url}/team/login/")
    _look(page, "login")
    name, password = page.get_by_label("Anmeldename"), page.get_by_label("Passwort")
    expect(name).to_have_attribute("autocomplete", "username")
    expect(password).to_have_attribute("autocomplete", "current-password")
    expect(name).to_be_focused()
    password.evaluate(
        """node => { const data = new DataTransfer(); data.setData("text/plain", "x");
        if (!node.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, cancelable: true}))) throw "refused" }"""
    )


def test_failed_log_in_is_said_and_locked_in_the_end(team: Team) -> None:
    team.member("vergesslich")
    page = team.page()
    page.goto(f"{team.url}/team/login/")
    for _ in range(5):
        page.get_by_label("Anmeldename").fill("vergesslich")
        page.get_by_label("Passwort").fill("falsch")
        page.get_by_role("button", name="Anmelden").click()
        expect(page.get_by_role("alert")).to_be_visible()
        if "gesperrt" not in page.get_by_role("alert").inner_text():
            assert _violations(page) == []
    expect(page.get_by_role("alert")).to_contain_text("für eine Viertelstunde gesperrt")
    _look(page, "locked")
    page.set_viewport_size(_PHONE)
    assert _too_wide(page) == 0


def test_new_colleague_gets_a_password_and_chooses_an_own_one(team: Team) -> None:
    leader = team.open("konten/", "Leitung")
    leader.get_by_label("Anmeldename").fill("neuling")
    leader.get_by_label("Rolle").select_option("Redaktion")
    leader.get_by_role("button", name="Konto anlegen").click()
    password = leader.locator("code").inner_text()
    _look(leader, "password")
    page = team.page()
    page.goto(f"{team.url}/team/inhalte/")
    page.get_by_label("Anmeldename").fill("neuling")
    page.get_by_label("Passwort").fill(password)
    page.get_by_role("button", name="Anmelden").click()
    expect(page.get_by_text("Bitte wählen Sie zuerst ein eigenes.")).to_be_visible()
    _look(page, "must-renew")
    page.get_by_label("Bisheriges Passwort").fill(password)
    page.get_by_label("Neues Passwort").fill("drei kurze Wörter")
    page.get_by_role("button", name="Passwort ändern").click()
    expect(page.get_by_text("Ihr Passwort ist geändert.")).to_be_visible()
    page.get_by_role("link", name="Inhalte").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_form_is_sent_once_by_two_clicks(team: Team) -> None:
    number = team.run("from tests.web import records\nprint(records.conversation([('citizen', 'Hallo?')]).pk)").strip()
    page = team.open(f"gespraeche/{number}/", "Leitung")
    page.get_by_label("Neue Notiz").fill("Bitte zurückrufen lassen.")
    page.get_by_role("button", name="Notiz speichern").dblclick()
    expect(page.get_by_role("button", name="Notiz entfernen")).to_have_count(1)
    assert team.web.rows("select count(*) from review_note where conversation_id = %s", number) == [(1,)]

    page.goto(f"{team.url}/team/konten/")
    page.get_by_label("Anmeldename").fill("doppelt")
    page.get_by_role("button", name="Konto anlegen").dblclick()
    expect(page.get_by_role("heading", level=1)).to_have_text("Passwort für doppelt")


def test_error_beside_a_field_is_tied_to_it(team: Team) -> None:
    page = team.open("konto/", name="pruefling")
    page.get_by_label("Bisheriges Passwort").fill(PASSWORD)
    page.get_by_label("Neues Passwort").fill("kurz")
    page.get_by_role("button", name="Passwort ändern").click()
    field = page.get_by_label("Neues Passwort")
    expect(field).to_have_attribute("aria-invalid", "true")
    assert "zu kurz" in field.evaluate(
        "node => node.getAttribute('aria-describedby').split(' ').map(id => document.getElementById(id).textContent).join(' ')"
    )
    _look(page, "field-error")


def test_conversation_is_deleted_by_its_number_with_a_receipt(team: Team) -> None:
    number = team.run(
        "from tests.web import records\nprint(records.conversation([('citizen', 'Bitte löschen.'), ('bot', 'Gut.')]).pk)"
    ).strip()
    page = team.open("rechte/", "Leitung")
    page.get_by_label("Nummer oder Zeichen").fill(number.upper())
    page.get_by_role("button", name="Suchen").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Zum Lesen (HTML)").click()
    assert download.value.suggested_filename == f"auskunft-{number}.html"
    copy = team.page()
    copy.set_content(download.value.path().read_text(encoding="utf-8"))
    expect(copy.get_by_text("Bitte löschen.")).to_be_visible()
    assert _violations(copy) == []
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Endgültig löschen").click()
    expect(page.get_by_text("Das Gespräch mit 2 Nachrichten ist gelöscht")).to_be_visible()
    _look(page, "receipt")


def test_page_that_the_role_does_not_have_says_so(team: Team) -> None:
    page = team.open("konten/", "Beratung")
    expect(page.get_by_role("heading", name="Das dürfen Sie nicht öffnen")).to_be_visible()
    _look(page, "problem")
    page.set_viewport_size(_PHONE)
    assert _too_wide(page) == 0
