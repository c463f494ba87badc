"""The accounts of the staff: made, changed, closed. Each function is one transaction and leaves a record of itself."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.contrib.auth.models import Group, User
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import QuerySet

from web.accounts.changes import change_add
from web.accounts.models import Profile
from web.console.roles import ROLES

LEADING = "Leitung"


class Refused(Exception):
    """It cannot be done; the German message says why, for the one who tried."""


@dataclass(frozen=True)
class Details:
    """What the Leitung decides of an account. `shown_as`: what citizens see; empty: the function alone."""

    role: str
    shown_as: str = ""
    email: str = ""


def members() -> QuerySet[User]:
    """All accounts with profile and role, the open ones first."""
    return User.objects.select_related("profile").prefetch_related("groups").order_by("-is_active", "username")


def role_of(user: User) -> str:
    """The name of the user's role, "" without one."""
    return next((group.name for group in user.groups.all()), "")


@transaction.atomic
def member_add(name: str, details: Details, password: str | None = None, by: User | None = None) -> tuple[User, str]:
    """The new account and its password. Without `password` one is made up, which has to be changed after the first log-in.

    Raises Refused.
    """
    _check_details(details)
    try:
        UnicodeUsernameValidator()(name)
    except ValidationError:
        raise Refused("Der Anmeldename darf nur Buchstaben, Ziffern und die Zeichen @ . + - _ enthalten.") from None
    if User.objects.filter(username__iexact=name).exists():
        raise Refused(f"Das Konto „{name}“ gibt es schon.")
    user = User(username=name, email=details.email)
    secret = _checked(password, user) if password is not None else _made_up()
    user.set_password(secret)
    user.save()
    Profile.objects.create(user=user, shown_as=details.shown_as, must_renew=password is None)
    user.groups.set([Group.objects.get(name=details.role)])
    change_add(by, "account", name, f"Konto angelegt, Rolle {details.role}")
    return user, secret


@transaction.atomic
def member_change(user_id: int, details: Details, by: User | None = None) -> User:
    """Changes role, shown name and e-mail address. Raises Refused."""
    _check_details(details)
    user = _locked(user_id)
    before = role_of(user)
    if before == LEADING and details.role != LEADING:
        _check_others_lead(user)
    done = []
    if before != details.role:
        user.groups.set([Group.objects.get(name=details.role)])
        done.append(f"Rolle {before or 'keine'} → {details.role}")
    profile, _ = Profile.objects.get_or_create(user=user)
    if profile.shown_as != details.shown_as:
        done.append("Name für Bürgerinnen und Bürger")
    if user.email != details.email:
        done.append("E-Mail-Adresse")
    profile.shown_as, user.email = details.shown_as, details.email
    profile.save(update_fields=["shown_as"])
    user.save(update_fields=["email"])
    if done:
        change_add(by, "account", user.username, f"geändert: {', '.join(done)}")
    return user


@transaction.atomic
def member_close(user_id: int, by: User | None = None) -> User:
    """Nobody can log in with it any more; whoever is, is out with the next page. Raises Refused."""
    user = _locked(user_id)
    if role_of(user) == LEADING:
        _check_others_lead(user)
    return _set_active(user, False, "Konto geschlossen", by)


@transaction.atomic
def member_reopen(user_id: int, by: User | None = None) -> User:
    """Undoes `member_close`."""
    return _set_active(_locked(user_id), True, "Konto wieder geöffnet", by)


@transaction.atomic
def password_renew(user_id: int, by: User | None = None) -> str:
    """A new password, which is nowhere else to be read. It ends all sessions, and has to be changed after the log-in."""
    user = _locked(user_id)
    password = _made_up()
    user.set_password(password)
    user.save(update_fields=["password"])
    Profile.objects.update_or_create(user=user, defaults={"must_renew": True})
    change_add(by, "account", user.username, "neues Passwort vergeben")
    return password


@transaction.atomic
def password_change(user: User, password: str) -> None:
    """The user's own choice, which has been checked. Ends all sessions of the user; the caller may keep its own."""
    user.set_password(password)
    user.save(update_fields=["password"])
    Profile.objects.update_or_create(user=user, defaults={"must_renew": False})
    change_add(user, "account", user.username, "eigenes Passwort geändert")


def _locked(user_id: int) -> User:
    """The account, after everybody else who changes accounts is done: of two who close each other's one comes too late."""
    Group.objects.select_for_update().get(name=LEADING)
    return User.objects.get(pk=user_id)


def _check_others_lead(user: User) -> None:
    if user.is_active and not User.objects.filter(groups__name=LEADING, is_active=True).exclude(pk=user.pk).exists():
        raise Refused("Das ist das letzte Konto mit der Rolle Leitung. Geben Sie zuerst einem anderen Konto diese Rolle.")


def _check_details(details: Details) -> None:
    if details.role not in ROLES:
        raise Refused(f"Die Rolle „{details.role}“ gibt es nicht. Es gibt {', '.join(ROLES)}.")
    if len(details.shown_as) > 80:
        raise Refused("Der Name für Bürgerinnen und Bürger darf höchstens 80 Zeichen haben.")
    if details.email:
        try:
            validate_email(details.email)
        except ValidationError:
            raise Refused(f"„{details.email}“ ist keine E-Mail-Adresse.") from None


def _checked(password: str, user: User) -> str:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from None
    return password


def _set_active(user: User, is_active: bool, summary: str, by: User | None) -> User:
    if user.is_active != is_active:
        user.is_active = is_active
        user.save(update_fields=["is_active"])
        change_add(by, "account", user.username, summary)
    return user


#: Letters and digits that nobody mixes up, on screen or on paper: 20 of 30 are 98 bits.
_SIGNS = "abcdefghjkmnpqrstuvwxyz2345679"


def _made_up() -> str:
    return "-".join("".join(secrets.choice(_SIGNS) for _ in range(5)) for _ in range(4))
