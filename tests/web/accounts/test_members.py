"""Accounts as services and as the command line makes them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import CommandError, call_command
from django.db import connections

from tests.web.records import member
from web.accounts.members import Details, Refused, member_add, member_change, member_close, role_of
from web.accounts.models import Change, Profile
from web.console.roles import ROLES

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "drei kurze Wörter"


def test_roles_have_the_permissions_that_the_code_names() -> None:
    found = {group.name: {permission.codename for permission in group.permissions.all()} for group in Group.objects.all()}
    assert found == {role: set(permissions) for role, permissions in ROLES.items()}


def test_new_account_has_one_role_a_profile_and_a_record() -> None:
    user, password = member_add("diehl", Details("Redaktion", "Frau Diehl", "diehl@example.de"))

    user = User.objects.get(username="diehl")
    assert user.check_password(password)
    assert (role_of(user), user.email, user.profile.shown_as, user.profile.must_renew) == (
        "Redaktion",
        "diehl@example.de",
        "Frau Diehl",
        True,
    )
    assert (user.is_staff, user.is_superuser) == (False, False)
    [change] = Change.objects.all()
    assert (change.by, change.subject, change.summary) == (None, "diehl", "Konto angelegt, Rolle Redaktion")


@pytest.mark.parametrize(
    ("name", "details", "password", "said"),
    [
        ("diehl", Details("Chef"), None, "Die Rolle „Chef“ gibt es nicht. Es gibt Beratung, Redaktion, Leitung."),
        ("frau diehl", Details("Beratung"), None, "Der Anmeldename darf nur Buchstaben"),
        ("", Details("Beratung"), None, "Der Anmeldename darf nur Buchstaben"),
        ("diehl", Details("Beratung", email="diehl"), None, "„diehl“ ist keine E-Mail-Adresse."),
        ("diehl", Details("Beratung", "x" * 81), None, "höchstens 80 Zeichen"),
        ("diehl", Details("Beratung"), "kurz", "Dieses Passwort ist zu kurz."),
    ],
)
def test_account_that_cannot_be_is_refused_in_words(name: str, details: Details, password: str | None, said: str) -> None:
    with pytest.raises(Refused, match=said):
        member_add(name, details, password)
    assert User.objects.count() == Profile.objects.count() == Change.objects.count() == 0


def test_two_leaders_who_close_each_other_leave_one() -> None:
    one, two = member("eins", "Leitung"), member("zwei", "Leitung")

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(_in_thread, partial(member_close, two.pk, one))
        second = threads.submit(_in_thread, partial(member_close, one.pk, two))

    assert sorted([type(first.exception()), type(second.exception())], key=str) == [type(None), Refused]
    assert User.objects.filter(is_active=True).count() == 1


def test_change_of_nothing_leaves_no_record() -> None:
    user = member()

    member_change(user.pk, Details("Beratung", "Frau Diehl"))

    assert Change.objects.count() == 0


def test_command_makes_an_account_with_a_password_that_is_shown_once() -> None:
    printed = StringIO()

    call_command("account", "diehl", role="Leitung", name="Frau Diehl", generate=True, stdout=printed)

    said, password = printed.getvalue().strip().rsplit(": ", 1)
    assert said.startswith("Das Konto „diehl“ mit der Rolle Leitung ist angelegt.")
    assert User.objects.get().check_password(password)
    assert Profile.objects.get().must_renew


def test_command_reads_a_password_that_is_piped_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", StringIO(PASSWORD + "\n"))

    call_command("account", "diehl", role="Leitung", stdout=StringIO())

    assert User.objects.get().check_password(PASSWORD)
    assert not Profile.objects.get().must_renew


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["diehl", "--role", "Leitung"], "Dieses Passwort ist zu kurz."),
        (["weber", "--role", "Beratung", "--generate"], "Das Konto „weber“ gibt es schon."),
    ],
)
def test_command_says_what_is_wrong(monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str) -> None:
    member("weber")
    monkeypatch.setattr("sys.stdin", StringIO("kurz\n"))

    with pytest.raises(CommandError, match=said):
        call_command("account", *arguments)
    assert User.objects.count() == 1


def _in_thread(work: Callable[[], Any]) -> None:
    try:
        work()
    finally:
        connections.close_all()
