"""The whole service with the live model, a Chromium, and for each test a context of its own that is watched."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.chat import Chat
from tests.browser.installation import Installation
from tests.browser.site import Site, running_site
from tests.browser.standing import Standing, running_standing
from tests.browser.watch import Watch
from training.processes import ROOT
from training.serving.live import live_model
from training.serving.service import running_service

# It sends nothing by itself, and no request misses the eyes of the tests.
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]

# The machine may have other things to do, and Rasa takes its time.
expect.set_options(timeout=20_000)


@pytest.fixture(scope="package")
def site() -> Iterator[Site]:
    """A site of somebody else that may embed the chat."""
    with running_site() as site:
        yield site


@pytest.fixture(scope="package")
def installation(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """All processes, started with the first test that needs them; limits are wide, as all tests have the same address."""
    model = live_model()
    assert model is not None, "no model is live: `make models/live` makes one"
    var = tmp_path_factory.mktemp("browser")
    variables = {"WOHNLOTSE_SITES": site.origin, "WOHNLOTSE_ADDRESS_PER_MINUTE": "100000"}
    with running_service(model, var, variables=variables) as service:
        yield Installation(service, var)


# Not for the session: while Playwright runs, no test of another package could start an event loop.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium without a window."""
    found = subprocess.run(["sh", "training/browser.sh", "find"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr.strip()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found.stdout.strip(), args=_ARGUMENTS)
        yield browser
        browser.close()


class Browsing:
    """Opens pages; `watch` sees what they do."""

    def __init__(self, browser: Browser, watch: Watch, home: str) -> None:
        self._browser = browser
        self._home = home
        self.watch = watch

    def open(self, address: str = "", script: str = "", **options: Any) -> Page:
        """A page in a context of its own. `address`: on our server, or a whole one. `script` runs before those of the page."""
        context = self._browser.new_context(**{"locale": "de-DE", "viewport": {"width": 1280, "height": 900}, **options})
        context.set_default_timeout(20_000)
        self.watch.look_at(context)
        if script:
            context.add_init_script(script)
        page = context.new_page()
        page.goto(address if "://" in address else self._home + address)
        return page

    def chat(self, address: str = "", script: str = "", **options: Any) -> Chat:
        """The chat on a page in a context of its own."""
        return Chat(self.open(address, script, **options))

    def close(self) -> None:
        for context in self._browser.contexts:
            context.close()


@pytest.fixture
def browsing(browser: Browser, installation: Installation) -> Iterator[Browsing]:
    """Fails the test where a page asked a foreign host, broke the content security policy or had an error."""
    browsing = Browsing(browser, Watch(installation.url), installation.url)
    yield browsing
    browsing.close()
    assert browsing.watch.complaints == []


@pytest.fixture(scope="package")
def _standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    with running_standing(tmp_path_factory.mktemp("standing")) as standing:
        yield standing


@pytest.fixture
def standing(_standing: Standing) -> Iterator[Standing]:
    """The web process with a stand-in for the bot, which is well, and staff who are there."""
    _standing.web.bot.recover()
    _standing.staff.there()
    yield _standing
    _standing.web.bot.recover()


@pytest.fixture
def visiting(browser: Browser, standing: Standing) -> Iterator[Browsing]:
    """As `browsing`, where the stand-in answers."""
    visiting = Browsing(browser, Watch(standing.url), standing.url)
    yield visiting
    visiting.close()
    assert visiting.watch.complaints == []


@pytest.fixture
def visit(visiting: Browsing) -> Chat:
    """The chat on the start page where the stand-in answers, closed."""
    return visiting.chat()


@pytest.fixture
def chat(browsing: Browsing) -> Chat:
    """The chat on the start page, closed."""
    return browsing.chat()
