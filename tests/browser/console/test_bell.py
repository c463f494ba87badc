"""The optional sound, heard where the page hands it to the loudspeaker: whether it is really played, and when it is not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.console.conftest import Team

#: The loudest that each tone of the page was, measured while its sound really runs.
_EARS = """
window.heard = [];
const connect = AudioNode.prototype.connect;
AudioNode.prototype.connect = function (node, ...more) {
  if (node instanceof AudioDestinationNode) {
    const ear = new AnalyserNode(node.context);
    const samples = new Float32Array(ear.fftSize);
    const tone = heard.push(0) - 1;
    connect.call(this, ear);
    setInterval(() => {
      ear.getFloatTimeDomainData(samples);
      if (ear.context.state === "running") heard[tone] = Math.max(heard[tone], ...samples.map(Math.abs));
    }, 20);
  }
  return connect.call(this, node, ...more);
};
"""
_WAITS = "Neue Anfrage, 1 Person wartet."


@pytest.fixture(autouse=True)
def _nobody_waits(team: Team) -> Iterator[None]:
    yield
    team.web.rows("update handoff_presence set available = false returning id")
    team.web.rows("update chat_conversation set state = 'closed', owner_id = null, owned_until = null returning id")


def _open(team: Team, path: str, rings: bool = True, is_there: bool = True) -> Page:
    """A page of somebody who wants the sound or does not, before anything is clicked or pressed in it."""
    name = "glocke" if rings else "stille"
    page = team.open("konto/", name=name)
    team.member("kollegin")
    team.run(
        "from django.contrib.auth.models import User\nfrom web.handoff.presence import presence_set\n"
        f"user = User.objects.get(username={name!r})\nuser.profile.rings = {rings}\nuser.profile.save()\n"
        f"presence_set(user, {is_there})\npresence_set(User.objects.get(username='kollegin'), True)"
    )
    page.context.add_init_script(_EARS)
    page.goto(f"{team.url}/team/{path}")
    return page


def _ask(team: Team) -> dict[str, str]:
    """A citizen asks for a person."""
    key = team.web.open()
    team.web.answer(key)
    assert team.web.client.post("/api/v1/handoff", json={"action": "ask"}, headers=key).json()["state"] == "requested"
    return key


def _press_a_key(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.locator("#mute")).to_be_hidden()


def _heard(page: Page) -> list[bool]:
    """Of each tone, whether it was loud enough, once it is over."""
    page.wait_for_timeout(1000)
    return [loudness > 0.1 for loudness in page.evaluate("heard")]


def _heard_at_last(page: Page) -> list[bool]:
    """As `_heard`, where nothing on the page tells that it is about to sound."""
    for _ in range(200):
        if page.evaluate("heard.length"):
            break
        page.wait_for_timeout(100)
    return _heard(page)


@pytest.mark.parametrize("path", ["beratung/", "anliegen/"])
def test_new_request_rings_on_every_page(team: Team, path: str) -> None:
    page = _open(team, path)
    _press_a_key(page)
    _ask(team)
    expect(page.locator("#news")).to_have_text(_WAITS)
    assert _heard(page) == [True, True]


def test_page_is_mute_and_says_so_until_somebody_presses_something(team: Team) -> None:
    page = _open(team, "beratung/")
    button = page.get_by_role("button", name="Ton einschalten")
    expect(button).to_be_visible()
    key = _ask(team)
    expect(page.locator("#news")).to_have_text(_WAITS)
    assert _heard(page) == []
    team.web.client.post("/api/v1/handoff", json={"action": "cancel"}, headers=key)
    expect(page.get_by_text("Niemand wartet.")).to_be_visible()

    button.click()
    expect(button).to_be_hidden()
    _ask(team)
    assert _heard_at_last(page) == [True, True]


@pytest.mark.parametrize(("rings", "is_there"), [(False, True), (True, False)])
def test_nothing_rings_for_who_does_not_want_it_or_is_not_there(team: Team, rings: bool, is_there: bool) -> None:
    page = _open(team, "beratung/", rings, is_there)
    page.keyboard.press("Tab")
    expect(page.locator("#mute")).to_be_hidden()
    _ask(team)
    expect(page.locator("#news")).to_have_text(_WAITS)
    assert _heard(page) == []


def test_of_two_tabs_one_rings(team: Team) -> None:
    first = _open(team, "beratung/")
    second = first.context.new_page()
    second.goto(first.url)
    for page in (first, second):
        _press_a_key(page)
    _ask(team)
    for page in (first, second):
        expect(page.locator("#news")).to_have_text(_WAITS)
    assert sorted([_heard(first), _heard(second)]) == [[], [True, True]]


@pytest.mark.parametrize("is_hidden", [True, False])
def test_answer_of_a_citizen_rings_where_one_looks_at_something_else(team: Team, is_hidden: bool) -> None:
    page = _open(team, "anliegen/")
    key = _ask(team)
    page.goto(f"{team.url}/team/beratung/")
    page.get_by_role("button", name="Annehmen").click()
    expect(page.get_by_role("region", name="Wer antwortet")).to_contain_text("Sie antworten")
    page.evaluate(f"Object.defineProperty(document, 'hidden', {{value: {str(is_hidden).lower()}}})")
    _press_a_key(page)
    team.web.post(key, "Sind Sie noch da?")
    expect(page.locator("#news")).to_contain_text("Sind Sie noch da?")
    assert _heard(page) == ([True, True] if is_hidden else [])


def test_sound_can_be_tried_out_where_it_is_switched_on(team: Team) -> None:
    page = _open(team, "konto/", rings=False)
    page.get_by_role("button", name="Ton anhören").click()
    assert _heard_at_last(page) == [True, True]
    page.get_by_label("Ton bei neuen Anfragen").check()
    page.get_by_role("button", name="Angaben speichern").click()
    expect(page.get_by_label("Ton bei neuen Anfragen")).to_be_checked()
    expect(page.locator("#mute")).to_be_attached()
