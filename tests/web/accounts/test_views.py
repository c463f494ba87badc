"""Log-in, one's own account, the accounts of the team and the switch, as a browser sends their forms."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from axes.models import AccessAttempt, AccessLog
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from tests.web.records import conversation, member
from web.accounts.models import Change, Profile
from web.chat import switch
from web.handoff.machine import conversation_hand, lease_end
from web.handoff.models import Presence
from web.handoff.presence import presence_set

pytestmark = pytest.mark.django_db(transaction=True)

LOGIN = "/team/login/"
PASSWORD = "geheim-und-lang"


def _log_in(client: Client, name: str = "diehl", password: str = PASSWORD, **more: str) -> tuple[int, str]:
    response = client.post(LOGIN, {"username": name, "password": password, **more})
    return response.status_code, response.headers.get("Location", "")


def _as(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_log_in_leads_to_the_page_that_was_asked_for(client: Client) -> None:
    member()
    asked = client.get("/team/konto/?a=b")
    assert asked.headers["Location"] == "/team/login/?next=%2Fteam%2Fkonto%2F%3Fa%3Db"

    assert _log_in(client, next="/team/konto/?a=b") == (302, "/team/konto/?a=b")

    assert client.get("/team/konto/").status_code == 200


@pytest.mark.parametrize(
    "target",
    [
        "https://example.org/team/",
        "//example.org/team/",
        "/fragen/",
        "javascript:alert(1)",
        "/team/../",
        "",
        "/team\\@example.org",
    ],
)
def test_log_in_leads_nowhere_else(client: Client, target: str) -> None:
    member()

    assert _log_in(client, next=target) == (302, "/team/")


def test_cookies_are_for_the_console_alone_and_for_no_script(client: Client) -> None:
    member()
    _log_in(client)

    cookies = {name: (each["path"], each["samesite"], each["httponly"]) for name, each in client.cookies.items()}

    assert cookies == {"team": ("/team/", "Strict", True), "csrftoken": ("/team/", "Strict", True)}


def test_wrong_password_is_said_in_words_and_nothing_tells_whether_the_name_exists(client: Client) -> None:
    member()

    known = client.post(LOGIN, {"username": "diehl", "password": "falsch"}).content.decode()
    unknown = client.post(LOGIN, {"username": "niemand", "password": "falsch"}).content.decode()

    assert "Anmeldename und Passwort passen nicht zusammen." in known
    assert "Anmeldename und Passwort passen nicht zusammen." in unknown


def test_five_failures_lock_the_name_for_a_quarter_of_an_hour(client: Client) -> None:
    member()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        states = [_log_in(client, password="falsch")[0] for _ in range(5)]
        assert states == [200, 200, 200, 200, 429]
        locked = client.post(LOGIN, {"username": "diehl", "password": PASSWORD})
        assert locked.status_code == 429
        assert "für eine Viertelstunde gesperrt" in locked.content.decode()
        clock.shift(datetime.timedelta(minutes=14, seconds=59))
        assert _log_in(client)[0] == 429
        clock.shift(datetime.timedelta(seconds=2))
        assert _log_in(client) == (302, "/team/")


def test_lock_is_for_the_name_from_one_address(client: Client) -> None:
    member()
    member("weber")
    for _ in range(5):
        _log_in(client, password="falsch")

    assert _log_in(client, "weber") == (302, "/team/")
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert _log_in(elsewhere) == (302, "/team/")


def test_nothing_of_the_browser_is_noted_and_no_success() -> None:
    member()
    client = Client(HTTP_USER_AGENT="Geheimbrowser 7", HTTP_ACCEPT="text/html;geheim=1")
    client.post(f"{LOGIN}?spur=1", {"username": "diehl", "password": "falsch", "spur": "2"})

    [noted] = AccessAttempt.objects.values("username", "ip_address", "user_agent", "http_accept", "get_data", "post_data")
    assert noted == {
        "username": "diehl",
        "ip_address": "127.0.0.1",
        "user_agent": "",
        "http_accept": "",
        "get_data": "",
        "post_data": "",
    }

    _log_in(client)
    assert AccessAttempt.objects.count() == AccessLog.objects.count() == 0


def test_session_ends_after_a_day(client: Client) -> None:
    member()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        _log_in(client)
        clock.shift(datetime.timedelta(hours=23, minutes=59))
        assert client.get("/team/konto/").status_code == 200
        clock.shift(datetime.timedelta(minutes=2))
        assert client.get("/team/konto/").status_code == 302


def test_log_out_ends_the_session_for_good() -> None:
    client = _as(member())
    before = client.cookies["team"].value

    assert client.post("/team/logout/").headers["Location"] == "/team/login/?abgemeldet=1"

    client.cookies["team"] = before
    assert client.get("/team/konto/").status_code == 302
    assert Session.objects.count() == 0


def test_who_logs_out_takes_no_conversations_any_more_and_soon_holds_none() -> None:
    user = member()
    client = _as(user)
    presence_set(user, available=True)
    held = conversation([("citizen", "Guten Tag")])
    conversation_hand(held.pk, "step_in", user)
    client.get("/team/beratung/")

    client.post("/team/logout/")

    assert not Presence.objects.get(user=user).available
    held.refresh_from_db()
    assert held.owned_until is not None
    assert held.owned_until <= lease_end()


def test_forms_are_refused_without_their_token() -> None:
    user = member()
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)

    assert client.post("/team/konto/", {"shown_as": "Frau Anders"}).status_code == 403
    assert client.post(LOGIN, {"username": "diehl", "password": PASSWORD}).status_code == 403
    assert Profile.objects.get().shown_as == "Frau Diehl"


def test_member_changes_what_citizens_see_the_shortcuts_and_the_sound() -> None:
    user = member()

    _as(user).post("/team/konto/", {"shown_as": "Herr Diehl", "rings": "on", "notify": "on"})

    profile = Profile.objects.get(user=user)
    assert (profile.shown_as, profile.shortcuts, profile.rings, profile.notify) == ("Herr Diehl", False, True, True)


def test_password_change_ends_all_other_sessions() -> None:
    user = member()
    here, there = _as(user), _as(user)

    response = here.post("/team/konto/", {"old": PASSWORD, "new": "drei kurze Wörter"})

    assert response.headers["Location"] == "/team/konto/"
    assert here.get("/team/konto/").status_code == 200
    assert there.get("/team/konto/").status_code == 302
    assert _log_in(Client(), password="drei kurze Wörter") == (302, "/team/")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("falsch", "drei kurze Wörter", "Das ist nicht Ihr bisheriges Passwort."),
        (PASSWORD, "kurz", "Dieses Passwort ist zu kurz."),
        (PASSWORD, "123456789012345", "Dieses Passwort"),
        (PASSWORD, PASSWORD, "Das ist Ihr bisheriges Passwort."),
    ],
)
def test_bad_password_is_refused_beside_its_field(old: str, new: str, said: str) -> None:
    user = member()

    page = _as(user).post("/team/konto/", {"old": old, "new": new}).content.decode()

    assert said in page
    assert 'aria-invalid="true"' in page
    assert User.objects.get().check_password(PASSWORD)


def test_password_that_was_made_up_has_to_be_changed_first() -> None:
    leader = _as(member("leitung", "Leitung"))
    page = leader.post("/team/konten/", {"name": "neu", "role": "Beratung"}).content.decode()
    password = page.split("<code>")[1].split("</code>")[0]
    client = Client()

    assert _log_in(client, "neu", password, next="/team/beratung/") == (302, "/team/konto/")
    assert client.get("/team/beratung/").headers["Location"] == "/team/konto/"
    client.post("/team/konto/", {"old": password, "new": "drei kurze Wörter"})

    assert client.get("/team/konto/").status_code == 200
    assert not Profile.objects.get(user__username="neu").must_renew
    assert _log_in(Client(), "neu", "drei kurze Wörter", next="/team/beratung/") == (302, "/team/beratung/")


def test_leader_changes_role_closes_and_reopens_an_account() -> None:
    leader = member("leitung", "Leitung")
    other = member("weber")
    client = _as(leader)
    address = f"/team/konten/{other.pk}/"

    client.post(address, {"action": "details", "role": "Redaktion", "shown_as": "Herr Weber", "email": "weber@example.de"})
    asked = client.get(f"{address}schliessen/").content.decode()
    assert "<h1>Das Konto weber schließen?</h1>" in asked
    assert _log_in(Client(), "weber")[0] == 302
    client.post(f"{address}schliessen/")
    assert _log_in(Client(), "weber")[0] == 200
    client.post(address, {"action": "reopen"})

    other.refresh_from_db()
    assert [group.name for group in other.groups.all()] == ["Redaktion"]
    assert (other.email, other.profile.shown_as, other.is_active) == ("weber@example.de", "Herr Weber", True)
    assert list(Change.objects.order_by("id").values_list("by__username", "subject", "summary")) == [
        ("leitung", "weber", "geändert: Rolle Beratung → Redaktion, Name für Bürgerinnen und Bürger, E-Mail-Adresse"),
        ("leitung", "weber", "Konto geschlossen"),
        ("leitung", "weber", "Konto wieder geöffnet"),
    ]


def test_closed_account_is_out_with_the_next_page() -> None:
    leader = member("leitung", "Leitung")
    other = member("weber")
    client = _as(other)
    assert client.get("/team/konto/").status_code == 200

    _as(leader).post(f"/team/konten/{other.pk}/schliessen/")

    assert client.get("/team/konto/").status_code == 302


def test_last_leader_can_neither_close_the_own_account_nor_give_up_the_role() -> None:
    leader = member("leitung", "Leitung")
    client = _as(leader)
    address = f"/team/konten/{leader.pk}/"

    closed = client.post(f"{address}schliessen/", follow=True).content.decode()
    changed = client.post(address, {"action": "details", "role": "Beratung"}, follow=True).content.decode()

    assert "Das ist das letzte Konto mit der Rolle Leitung." in closed
    assert "Das ist das letzte Konto mit der Rolle Leitung." in changed
    assert client.get("/team/konten/").status_code == 200
    assert Change.objects.count() == 0


def test_new_password_is_shown_once_and_ends_the_sessions() -> None:
    leader = member("leitung", "Leitung")
    other = member("weber")
    client = _as(other)

    asking = _as(leader)
    assert "<h1>Ein neues Passwort für weber?</h1>" in asking.get(f"/team/konten/{other.pk}/passwort/").content.decode()
    assert client.get("/team/konto/").status_code == 200
    page = asking.post(f"/team/konten/{other.pk}/passwort/").content.decode()

    password = page.split("<code>")[1].split("</code>")[0]
    other.refresh_from_db()
    assert other.check_password(password)
    assert client.get("/team/konto/").status_code == 302
    assert password not in "".join(Change.objects.values_list("summary", flat=True))


def test_account_of_a_name_that_is_taken_is_refused_beside_the_name() -> None:
    client = _as(member("leitung", "Leitung"))

    page = client.post("/team/konten/", {"name": "Leitung", "role": "Beratung"}).content.decode()

    assert "Das Konto „Leitung“ gibt es schon." in page
    assert User.objects.count() == 1


def test_chat_is_switched_with_a_reason_and_that_is_kept() -> None:
    client = _as(member("leitung", "Leitung"))

    assert "<h1>Den Chat abschalten?</h1>" in client.get("/team/einstellungen/chat/").content.decode()
    without = client.post("/team/einstellungen/chat/", {"on": "0", "comment": " "}).content.decode()
    assert "Bitte schreiben Sie einen Satz dazu." in without
    assert switch.current().on
    client.post("/team/einstellungen/chat/", {"on": "0", "comment": "Wartung bis 14 Uhr."})
    assert (switch.current().on, switch.current().comment) == (False, "Wartung bis 14 Uhr.")
    assert "<h1>Den Chat einschalten?</h1>" in client.get("/team/einstellungen/chat/").content.decode()
    client.post("/team/einstellungen/chat/", {"on": "1", "comment": "Fertig."})

    page = client.get("/team/einstellungen/").content.decode()
    assert [(each.on, each.comment, each.by) for each in switch.history()] == [
        (True, "Fertig.", "leitung"),
        (False, "Wartung bis 14 Uhr.", "leitung"),
    ]
    assert "Wartung bis 14 Uhr." in page
    assert list(Change.objects.values_list("kind", "summary").order_by("id")) == [
        ("switch", "abgeschaltet"),
        ("switch", "eingeschaltet"),
    ]
