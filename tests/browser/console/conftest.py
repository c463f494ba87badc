"""The console in a real browser: a web process with a stand-in for Rasa, members of staff, and rows as tests need them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.console.shell import Shell, running_shell
from tests.browser.watch import Watch
from tests.web.running import Web, running_web, standing_in
from training.serving.database import running_database

PASSWORD = "geheim-und-lang"


class Team:
    """The console with its staff; each page it opens is watched."""

    def __init__(self, browser: Browser, web: Web, shell: Shell, watch: Watch, sessions: dict[str, Any]) -> None:
        """`shell`: on the database of `web`. `sessions`: cookies of those who are logged in already, as checking a password
        takes its time."""
        self._browser = browser
        self._shell = shell
        self._sessions = sessions
        self.web = web
        self.watch = watch

    @property
    def url(self) -> str:
        return self.web.url

    def member(self, name: str, role: str = "Beratung", shown_as: str = "") -> None:
        """An account with the password of the tests, unless there is one of that name."""
        if not self.web.rows("select 1 from auth_user where username = %s", name):
            self.run(f"from tests.web.records import member\nmember({name!r}, {role!r}, {shown_as!r})")

    def login(self, page: Page, role: str = "Beratung", name: str = "") -> Page:
        """Logs in as `name` (made where missing), or as somebody of the role."""
        name = name or role.lower()
        self.member(name, role, f"Frau {name.title()}")
        page.goto(f"{self.url}/team/login/")
        page.get_by_label("Anmeldename").fill(name)
        page.get_by_label("Passwort").fill(PASSWORD)
        page.get_by_role("button", name="Anmelden").click()
        page.wait_for_url(lambda url: "/login/" not in url)
        return page

    def page(self, **options: Any) -> Page:
        """A page in a context of its own, nobody logged in."""
        context = self._browser.new_context(**{"locale": "de-DE", "viewport": {"width": 1280, "height": 900}, **options})
        context.set_default_timeout(20_000)
        self.watch.look_at(context)
        return context.new_page()

    def open(self, path: str, role: str = "Beratung", name: str = "", **options: Any) -> Page:
        """`path` below /team/ as a member of staff sees it, in a context of its own."""
        name = name or role.lower()
        page = self.page(storage_state=self._sessions.get(name), **options)
        page.goto(f"{self.url}/team/{path}")
        if "/team/login/" in page.url:  # not logged in yet, or not any more
            self.login(page, role, name)
            self._sessions[name] = page.context.storage_state()
            page.goto(f"{self.url}/team/{path}")
        return page

    def run(self, code: str) -> str:
        """What `code` prints, which may use the models of the web process on its database."""
        return self._shell.run(code)

    def close(self) -> None:
        for context in self._browser.contexts:
            context.close()


@pytest.fixture(scope="package")
def team_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """The web process of all tests of the console."""
    folder = tmp_path_factory.mktemp("team")
    with running_database(folder) as database, standing_in() as bot, running_web(folder, database.url(), bot) as web:
        yield web


@pytest.fixture(scope="package")
def team_shell(team_process: Web) -> Iterator[Shell]:
    """Runs code on the database of all tests of the console."""
    with running_shell(team_process.variables) as shell:
        yield shell


@pytest.fixture(scope="package")
def team_sessions() -> dict[str, Any]:
    """By name, what the browser of a member of staff keeps after the log-in."""
    return {}


@pytest.fixture
def team(browser: Browser, team_process: Web, team_shell: Shell, team_sessions: dict[str, Any]) -> Iterator[Team]:
    """Fails the test where a page asked a foreign host, broke the content security policy or had an error."""
    team_process.bot.recover()
    team = Team(browser, team_process, team_shell, Watch(team_process.url), team_sessions)
    yield team
    team.close()
    assert team.watch.complaints == []
