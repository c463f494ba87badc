"""Who may open what: every address below /team/, for each role and for nobody, GET and POST, pages and JSON."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse

from tests.web.records import member
from web.console import urls
from web.console.menu import AREAS
from web.console.roles import ROLES, Permission

#: What each page asks for; None: to be logged in. A page without a line here fails.
PAGES: dict[str, Permission | None] = {
    "logout": None,
    "account": None,
    "settings": "manage",
    "switch": "manage",
    "users": "manage",
    "user": "manage",
    "user_password": "manage",
    "user_close": "manage",
    "team": "read",
    "desk": "answer",
    "desk_beat": "answer",
    "desk_stream": "answer",
    "desk_conversation": "answer",
    "desk_take_over": "answer",
    "desk_close": "answer",
    "desk_say": "answer",
    "desk_typing": "answer",
    "inquiries": "answer",
    "inquiry": "answer",
    "archive": "read",
    "archive_export": "export",
    "conversation": "read",
    "conversation_delete": "manage",
    "review": "review",
    "review_message": "review",
    "review_withdraw": "review",
    "review_undo": "review",
    "note_add": "review",
    "note_delete": "review",
    "tag_add": "review",
    "tag_remove": "review",
    "suggestions": "suggest",
    "suggestion": "suggest",
    "suggestion_delete": "suggest",
    "suggestions_download": "suggest",
    "gaps": "review",
    "editing": "edit",
    "editing_history": "edit",
    "editing_edit": "edit",
    "editing_entry": "edit",
    "rights": "manage",
    "subject": "manage",
    "hand_over": "manage",
    "readings": "manage",
}
PUBLIC = {"login"}
#: What stands in addresses, so that nothing is meant by it.
_ARGUMENTS: dict[str, Any] = {
    "conversation_id": uuid.UUID(int=0),
    "suggestion_id": uuid.UUID(int=0),
    "user_id": 0,
    "message_id": 0,
    "note_id": 0,
    "tag_id": 0,
    "number": 0,
    "reference": "WL-2222-2222",
    "form": "nothing",
    "kind": "nothing",
    "key": "nothing",
}
_JSON = {"Accept": "application/json"}

pytestmark = pytest.mark.django_db(transaction=True)


def _patterns(patterns: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from _patterns(each.url_patterns)
        else:
            yield each


def _all() -> dict[str, URLPattern]:
    found = {str(pattern.name): pattern for pattern in _patterns(urls.urlpatterns)}
    assert "None" not in found
    return found


def _address(pattern: URLPattern) -> str:
    return reverse(str(pattern.name), kwargs={name: _ARGUMENTS[name] for name in pattern.pattern.regex.groupindex})


def test_every_page_has_a_line_here_and_asks_for_what_it_says() -> None:
    pages = {name: pattern.callback.permission for name, pattern in _all().items() if not pattern.callback.is_public}

    assert pages == PAGES
    assert {name for name, pattern in _all().items() if pattern.callback.is_public} == PUBLIC


def test_menu_shows_an_area_to_those_who_may_open_it() -> None:
    listed = [*AREAS, *(part for area in AREAS for part in area.parts)]
    assert {area.name: area.permission for area in listed} == {area.name: PAGES[area.name] for area in listed}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nobody_gets_no_further_than_the_log_in(method: str) -> None:
    client = Client()
    for name in PAGES:
        address = _address(_all()[name])
        response = client.generic(method, address)
        target = address if method == "GET" else "/team/"
        assert response.status_code == 302, name
        assert client.get(response.headers["Location"]).context["next"] == target, name
        refused = client.generic(method, address, headers=_JSON)
        assert (refused.status_code, refused.headers["Content-Type"]) == (401, "application/json"), name


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("role", [*ROLES, "none"])
def test_role_opens_what_its_permissions_say(role: str, method: str) -> None:
    user = member(role=role) if role in ROLES else User.objects.create_user("none")
    held = ROLES.get(role, ())
    client = Client()
    for name, permission in PAGES.items():
        address = _address(_all()[name])
        for headers in ({}, _JSON):
            if "team" not in client.cookies or not client.cookies["team"].value:  # the log-out is among the pages
                client.force_login(user)
            response = client.generic(method, address, headers=headers)
            place = f"{method} {name} as {role}: {response.status_code}"
            if permission is None or permission in held:
                assert response.status_code in (200, 204, 302, 400, 404, 405, 409, 422), place
                assert not response.headers.get("Location", "").startswith("/team/login/?next"), place
            else:
                assert response.status_code == 403, place
                assert ("json" in response.headers["Content-Type"]) is bool(headers), place


def test_former_member_is_nobody() -> None:
    user = member(role="Leitung")
    client = Client()
    client.force_login(user)
    assert client.get("/team/konten/").status_code == 200

    User.objects.filter(pk=user.pk).update(is_active=False)

    assert client.get("/team/konten/").status_code == 302


def test_role_that_is_taken_away_counts_at_once() -> None:
    user = member(role="Leitung")
    client = Client()
    client.force_login(user)

    user.groups.clear()

    assert client.get("/team/konten/").status_code == 403
