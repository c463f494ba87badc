"""What Django's settings mean for those who talk to the web process: headers, embedding in other sites, HTTPS."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from tests.web.running import API, Fragile, Web

SITE = "https://www.example.de"
CSP = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
    "require-trusted-types-for 'script'",
}
_PATHS = (f"{API}/widget", f"{API}/nothing", f"{API}/transcript?format=html", "/health", "/no-such-page")


@pytest.mark.parametrize("path", _PATHS)
def test_each_answer_has_the_headers_that_protect_its_reader(web: Web, path: str) -> None:
    key = web.open()
    headers = web.client.get(path, headers=key).headers
    assert set(headers["Content-Security-Policy"].split("; ")) == CSP
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in headers
    assert "Server" not in headers


def test_no_cookie_is_ever_set(web: Web) -> None:
    key = web.open()
    web.answer(key)
    with web.stream(key) as events:
        next(events)
    for path in _PATHS:
        assert "Set-Cookie" not in web.client.get(path, headers=key).headers
    assert dict(web.client.cookies) == {}


def test_behind_https_browsers_are_told_to_stay_there(strict: Web) -> None:
    headers = strict.client.get(f"{API}/widget").headers
    assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    response = strict.client.get(f"{API}/widget", headers={"X-Forwarded-Proto": "http"})
    assert (response.status_code, response.headers["Location"]) == (
        301,
        f"https://127.0.0.1:{strict.client.base_url.port}{API}/widget",
    )


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 201),
        ({"Sec-Fetch-Site": "same-origin"}, 201),
        ({"Sec-Fetch-Site": "none"}, 201),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "own"}, 201),
        ({"Origin": SITE, "Sec-Fetch-Site": "cross-site"}, 201),
        ({"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": ""}, 403),
        ({"Origin": "http://["}, 403),
        ({"Origin": f"{SITE}.evil.example"}, 403),
        ({"Origin": "http://www.example.de"}, 403),
        ({"Origin": "https://127.0.0.1"}, 403),
    ],
)
def test_pages_that_may_write_are_our_own_and_the_sites_that_are_set(web: Web, headers: dict[str, str], status: int) -> None:
    if headers.get("Origin") == "own":
        headers = {"Origin": web.url}
    assert web.client.post(f"{API}/conversations", headers=headers).status_code == status


@pytest.mark.parametrize(("method", "path"), [("POST", "messages"), ("PUT", "messages/2/feedback"), ("DELETE", "conversation")])
def test_no_foreign_page_may_write_even_with_a_key(web: Web, method: str, path: str) -> None:
    key = web.open()
    web.answer(key)
    response = web.client.request(method, f"{API}/{path}", json={}, headers={**key, "Origin": "https://evil.example"})
    assert (response.status_code, response.json()["error"]["code"]) == (403, "forbidden")
    assert "Access-Control-Allow-Origin" not in response.headers
    assert len(web.messages(key)) == 2


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_browsers_learn_that_an_allowed_site_may_embed_the_chat(web: Web, method: str) -> None:
    asked = {
        "Origin": SITE,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "authorization,content-type,last-event-id,accept",
    }
    headers = web.client.options(f"{API}/messages", headers=asked).headers
    assert headers["Access-Control-Allow-Origin"] == SITE
    assert method in headers["Access-Control-Allow-Methods"].split(", ")
    assert set(headers["Access-Control-Allow-Headers"].split(", ")) == {
        "accept",
        "authorization",
        "content-type",
        "last-event-id",
    }
    assert "Access-Control-Allow-Credentials" not in headers
    assert "origin" in headers["Vary"]


def test_browsers_learn_that_another_site_may_not(web: Web) -> None:
    for origin in ("https://evil.example", "null", "https://www.example.de.evil.example"):
        headers = web.client.options(
            f"{API}/messages", headers={"Origin": origin, "Access-Control-Request-Method": "POST"}
        ).headers
        assert [name for name in headers if name.startswith("access-control-allow")] == []


def test_allowed_site_may_read_answers_errors_and_when_to_try_again(web: Web) -> None:
    for path in ("widget", "nothing", "events"):
        headers = web.client.get(f"{API}/{path}", headers={"Origin": SITE}).headers
        assert headers["Access-Control-Allow-Origin"] == SITE
        assert headers["Access-Control-Expose-Headers"] == "retry-after"
        assert "Access-Control-Allow-Credentials" not in headers


@pytest.mark.parametrize(("origin", "allowed"), [(SITE, SITE), ("https://evil.example", None)])
def test_script_of_the_widget_can_be_loaded_by_allowed_sites_only(web: Web, origin: str, allowed: str | None) -> None:
    response = web.client.get("/static/widget/wohnlotse.js", headers={"Origin": origin})
    assert (response.status_code, response.headers["Content-Type"]) == (200, 'text/javascript; charset="utf-8"')
    assert response.headers.get("Access-Control-Allow-Origin") == allowed
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_unknown_host_is_refused(web: Web) -> None:
    assert web.client.get(f"{API}/widget", headers={"Host": "evil.example"}).status_code == 400


def test_database_that_comes_back_is_used_at_once(fragile: Fragile) -> None:
    web = fragile.web
    key = web.open()
    web.answer(key, "Vorher")
    fragile.database.stop()
    try:
        response = web.post(key, "Meanwhile")
        assert (response.status_code, response.json()["error"]["code"]) == (503, "unavailable")
    finally:
        fragile.database.start()
        fragile.database.wait()
    assert web.answer(key, "Nachher")["text"] == "Antwort 1 auf: Nachher"
    assert [message["seq"] for message in web.messages(key)] == [1, 2, 3, 4]


@pytest.mark.django_db
def test_migrations_are_in_step_with_the_models() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
