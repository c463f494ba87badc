"""The widget on a site of somebody else: one that is listed in WOHNLOTSE_SITES, and one that is not."""

from __future__ import annotations

import json
import re

from playwright.sync_api import expect

from content import read_content
from tests.browser.chat import FOLLOW_UP, QUESTION, Chat
from tests.browser.conftest import Browsing
from tests.browser.installation import Installation
from tests.browser.site import Site, running_site
from training.processes import ROOT

CONTENT = read_content()


def _page(script: str, base: str = "") -> tuple[str, str]:
    """A page of another site: one script, one element, and what stands there without them."""
    return "text/html", (
        f'<!doctype html><html lang="de"><title>Eine Stadt</title><script type="module" src="{script}"></script>'
        f"<h1>Eine Stadt</h1><wohnlotse-chat{base}><p>Servicestelle Wohnen, Wiesbaden</p></wohnlotse-chat></html>"
    )


def test_listed_site_chats_with_one_script(browsing: Browsing, installation: Installation, site: Site) -> None:
    site.files["/"] = _page(f"{installation.url}static/widget/wohnlotse.js")
    browsing.watch.homes.append(site.origin.removeprefix("http://"))
    chat = browsing.chat(f"{site.origin}/")
    chat.open()
    expect(chat.ask(QUESTION)).to_contain_text(CONTENT.answer("alliance_definition", "standard"))
    chat.page.reload()
    expect(chat.answers).to_have_count(2)  # with the greeting
    expect(chat.ask(FOLLOW_UP)).to_contain_text(CONTENT.answer("alliance_founding_year", "standard"))
    expect(chat.questions).to_have_count(2)
    link = chat.log.get_by_role("link", name="Datenschutz")
    expect(link).to_have_attribute("href", f"{installation.url}datenschutz/")
    assert chat.page.context.cookies() == []


def test_site_that_is_not_listed_gets_no_widget_and_shows_what_it_wrote_itself(
    browsing: Browsing, installation: Installation
) -> None:
    with running_site() as other:
        other.files["/"] = _page(f"{installation.url}static/widget/wohnlotse.js")
        browsing.watch.homes.append(other.origin.removeprefix("http://"))
        page = browsing.open(f"{other.origin}/")
        expect(page.get_by_text("Servicestelle Wohnen, Wiesbaden")).to_be_visible()
        expect(Chat(page).launcher).to_have_count(0)
        assert _taken(browsing)


def test_site_that_is_not_listed_gets_no_answer_with_a_copy_of_the_widget(
    browsing: Browsing, installation: Installation
) -> None:
    with running_site() as other:
        widget = (ROOT / "web" / "static" / "widget" / "wohnlotse.js").read_text(encoding="utf-8")
        other.files["/wohnlotse.js"] = ("text/javascript", widget)
        other.files["/"] = _page("/wohnlotse.js", f' base="{installation.url}"')
        browsing.watch.homes.append(other.origin.removeprefix("http://"))
        chat = browsing.chat(f"{other.origin}/")
        before = installation.rows("select count(*) from chat_message")
        chat.launcher.click()
        expect(chat.panel).to_contain_text("Der Chat ist gerade nicht erreichbar.")
        expect(chat.page.get_by_text("Servicestelle Wohnen, Wiesbaden")).to_be_visible()
        expect(chat.input).to_be_hidden()
        assert installation.rows("select count(*) from chat_message") == before
        assert _taken(browsing)


def test_page_about_embedding_names_all_that_can_be_set() -> None:
    widget = (ROOT / "web" / "static" / "widget" / "wohnlotse.js").read_text(encoding="utf-8")
    page = (ROOT / "docs" / "embedding.md").read_text(encoding="utf-8")
    [observed] = re.findall(r"observedAttributes = (\[.*\])", widget)
    attributes = {
        *json.loads(observed),
        *re.findall(r'getAttribute\("([\w-]+)"\)', widget),
        *re.findall(r":host\(\[(\w+)=", widget),
    }
    assert set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)) == attributes
    assert set(re.findall(r"`(--[\w-]+)`", page)) == set(re.findall(r"(--wohnlotse-[\w-]+):", widget))


def _taken(browsing: Browsing) -> list[str]:
    """The browser's complaints about what it was refused, which are meant here and no longer count."""
    taken = [each for each in browsing.watch.complaints if "blocked by CORS policy" in each]
    browsing.watch.complaints[:] = [each for each in browsing.watch.complaints if each not in taken]
    return taken
