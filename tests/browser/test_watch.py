"""What the watch sees, so that its silence in the other tests means something."""

from __future__ import annotations

from playwright.sync_api import Browser

from tests.browser.site import Site
from tests.browser.watch import Watch


def _complaints(browser: Browser, site: Site, body: str) -> list[str]:
    site.files["/watched"] = ("text/html", f"<!doctype html><title>Seite</title>{body}")
    watch = Watch(site.origin)
    with browser.new_context() as context:
        watch.look_at(context)
        page = context.new_page()
        page.goto(f"{site.origin}/watched")
        page.evaluate("() => new Promise((resolve) => setTimeout(resolve))")
    return [each.split(" ")[0] for each in watch.complaints]


def test_page_that_keeps_to_itself_gives_no_complaint(browser: Browser, site: Site) -> None:
    assert _complaints(browser, site, "<script>console.log('Guten Tag')</script>") == []


def test_request_to_another_host_is_seen(browser: Browser, site: Site) -> None:
    assert "foreign:" in _complaints(browser, site, "<img src='http://localhost:9/x.png' alt=''>")


def test_breach_of_the_policy_is_seen(browser: Browser, site: Site) -> None:
    policy = "<meta http-equiv='Content-Security-Policy' content=\"script-src 'self'\">"
    seen = _complaints(browser, site, f"{policy}<script>document.title = ''</script>")
    assert {"policy:", "console:"} <= set(seen)


def test_error_of_a_script_is_seen(browser: Browser, site: Site) -> None:
    assert "error:" in _complaints(browser, site, "<script>throw new Error('x')</script>")


def test_promise_that_nobody_waited_for_is_seen(browser: Browser, site: Site) -> None:
    assert "error:" in _complaints(browser, site, "<script>Promise.reject(new Error('x'))</script>")
