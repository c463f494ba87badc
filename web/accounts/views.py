"""Log-in, one's own account, the accounts of the team, the switch of the chat."""

from __future__ import annotations

import posixpath
from typing import cast
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import auth, messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from web.accounts import members
from web.accounts.changes import change_add, changes
from web.accounts.forms import DetailsForm, LoginForm, MemberForm, PasswordForm, ProfileForm, SwitchForm
from web.accounts.members import Refused
from web.accounts.models import Profile
from web.chat import switch
from web.chat.limits import AddressLimit, address_of
from web.handoff.machine import leases_extend
from web.handoff.presence import presence_set

#: Checking a password takes its time on purpose; nobody may make the server do that all day.
_limit = AddressLimit(settings.WOHNLOTSE.address_per_minute)


def show_login(request: HttpRequest) -> HttpResponseBase:
    if request.user.is_authenticated:
        return redirect(_next(request))
    return _login_page(request, LoginForm(request))


def log_in(request: HttpRequest) -> HttpResponseBase:
    if not _limit.takes(address_of(request)):
        return _login_page(request, LoginForm(request), is_locked=True)
    form = LoginForm(request, request.POST)
    target = _next(request)
    if not form.is_valid():
        return _login_page(request, form, is_locked=getattr(request, "axes_locked_out", False))
    user = form.get_user()
    auth.login(request, user)
    profile, _ = Profile.objects.get_or_create(user=user)
    if profile.must_renew:
        request.session["must_renew"] = True
        return redirect("account")
    return redirect(target)


def log_out(request: HttpRequest) -> HttpResponseBase:
    """Who logs out takes no conversations any more, and holds theirs no longer than somebody who closed the page."""
    presence_set(_user(request), available=False)
    leases_extend(_user(request))
    auth.logout(request)
    return redirect(f"{reverse('login')}?{urlencode({'abgemeldet': 1})}")


def show_account(request: HttpRequest) -> HttpResponseBase:
    user = _user(request)
    return _account_page(request, ProfileForm(instance=_profile(user)), PasswordForm(user))


def change_account(request: HttpRequest) -> HttpResponseBase:
    """Either of the two forms of the page."""
    user = _user(request)
    if "new" in request.POST:
        password_form = PasswordForm(user, request.POST)
        if not password_form.is_valid():
            return _account_page(request, ProfileForm(instance=_profile(user)), password_form)
        members.password_change(user, password_form.cleaned_data["new"])
        auth.update_session_auth_hash(request, user)
        request.session.pop("must_renew", None)
        messages.success(request, "Ihr Passwort ist geändert. Auf allen anderen Geräten sind Sie abgemeldet.")
        return redirect("account")
    profile_form = ProfileForm(request.POST, instance=_profile(user))
    if not profile_form.is_valid():
        return _account_page(request, profile_form, PasswordForm(user))
    profile_form.save()
    messages.success(request, "Ihre Angaben sind gespeichert.")
    return redirect("account")


def show_users(request: HttpRequest) -> HttpResponseBase:
    return _users_page(request, MemberForm())


def add_user(request: HttpRequest) -> HttpResponseBase:
    form = MemberForm(request.POST)
    if form.is_valid():
        try:
            user, password = members.member_add(form.cleaned_data["name"], form.details(), by=_user(request))
        except Refused as refused:
            form.add_error("name", str(refused))
        else:
            return _password_page(request, user, password)
    return _users_page(request, form)


def show_user(request: HttpRequest, user_id: int) -> HttpResponseBase:
    user = _account(user_id)
    profile = _profile(user)
    initial = {"role": members.role_of(user), "shown_as": profile.shown_as, "email": user.email}
    return _user_page(request, user, DetailsForm(initial=initial))


def change_user(request: HttpRequest, user_id: int) -> HttpResponseBase:
    """`action` says what: the details, reopen."""
    user = _account(user_id)
    action, by = request.POST.get("action"), _user(request)
    form = DetailsForm(request.POST) if action == "details" else DetailsForm()
    try:
        if action == "details":
            if not form.is_valid():
                return _user_page(request, user, form)
            members.member_change(user_id, form.details(), by)
            messages.success(request, f"Das Konto „{user.username}“ ist geändert.")
        elif action == "reopen":
            members.member_reopen(user_id, by)
            messages.success(request, f"Das Konto „{user.username}“ ist wieder geöffnet.")
        else:
            raise Http404
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("user", user_id=user_id)
    return redirect("users")


def ask_password(request: HttpRequest, user_id: int) -> HttpResponseBase:
    """Asks whether the account is to get a new password."""
    return render(request, "accounts/ask_password.html", {"account": _account(user_id)})


def renew_password(request: HttpRequest, user_id: int) -> HttpResponseBase:
    return _password_page(request, _account(user_id), members.password_renew(user_id, _user(request)))


def ask_close(request: HttpRequest, user_id: int) -> HttpResponseBase:
    """Asks whether the account is to be closed."""
    return render(request, "accounts/ask_close.html", {"account": _account(user_id)})


def close_user(request: HttpRequest, user_id: int) -> HttpResponseBase:
    user = _account(user_id)
    try:
        members.member_close(user_id, _user(request))
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("user", user_id=user_id)
    messages.success(request, f"Das Konto „{user.username}“ ist geschlossen.")
    return redirect("users")


def show_settings(request: HttpRequest) -> HttpResponseBase:
    context = {"state": switch.current(), "history": switch.history()[:20], "changes": changes()[:50]}
    return render(request, "accounts/settings.html", context)


def ask_switch(request: HttpRequest) -> HttpResponseBase:
    """Asks whether the chat is to be switched off, or on again, and why."""
    return _switch_page(request, SwitchForm())


def turn_chat(request: HttpRequest) -> HttpResponseBase:
    form = SwitchForm(request.POST)
    if not form.is_valid():
        return _switch_page(request, form)
    is_on = form.cleaned_data["on"] == "1"
    user = _user(request)
    switch.turn(is_on, form.cleaned_data["comment"], user.username)
    change_add(user, "switch", "Chat", "eingeschaltet" if is_on else "abgeschaltet")
    messages.success(request, "Der Chat ist eingeschaltet." if is_on else "Der Chat ist abgeschaltet.")
    return redirect("settings")


def _login_page(request: HttpRequest, form: LoginForm, is_locked: bool = False) -> HttpResponse:
    context = {"form": form, "is_locked": is_locked, "next": _next(request), "is_out": "abgemeldet" in request.GET}
    return render(request, "accounts/login.html", context, status=429 if is_locked else 200)


def _account_page(request: HttpRequest, profile_form: ProfileForm, password_form: PasswordForm) -> HttpResponse:
    user = _user(request)
    context = {
        "role": members.role_of(user),
        "profile_form": profile_form,
        "password_form": password_form,
        "must_renew": "must_renew" in request.session,
        "changes": changes("account", user.username)[:20],
    }
    return render(request, "accounts/account.html", context)


def _users_page(request: HttpRequest, form: MemberForm) -> HttpResponse:
    accounts = [{"user": user, "role": members.role_of(user), "profile": _profile(user)} for user in members.members()]
    return render(request, "accounts/users.html", {"accounts": accounts, "form": form, "changes": changes("account")[:50]})


def _user_page(request: HttpRequest, user: User, form: DetailsForm) -> HttpResponse:
    context = {"account": user, "form": form, "changes": changes("account", user.username)[:50]}
    return render(request, "accounts/user.html", context)


def _password_page(request: HttpRequest, user: User, password: str) -> HttpResponse:
    return render(request, "accounts/password.html", {"account": user, "password": password})


def _switch_page(request: HttpRequest, form: SwitchForm) -> HttpResponse:
    return render(request, "accounts/switch.html", {"state": switch.current(), "form": form})


def _next(request: HttpRequest) -> str:
    """Where the log-in leads: a page of the console that was asked for, else its first one."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    home = reverse("team")
    stays = f"{posixpath.normpath(urlsplit(target).path)}/".startswith(home)  # „/team/../“ leads out again
    is_ours = target.startswith(home) and stays and url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return target if is_ours else home


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)


def _account(user_id: int) -> User:
    return get_object_or_404(members.members(), pk=user_id)


def _profile(user: User) -> Profile:
    try:
        return user.profile
    except Profile.DoesNotExist:
        return Profile.objects.create(user=user)
