"""The review by keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.console.conftest import Team

_DECLINED = "Wie viel Wohngeld bekomme ich?"
_UNSURE = "Was macht ihr denn so?"
_SURE = "Was ist die Allianz?"

#: Three conversations that come in this order, since what was declined gains most. The first one was asked three times.
_QUESTIONS = f"""
from django.db import transaction
from tests.web import records
from web.chat.models import Conversation
from web.review.models import Review, Suggestion, Tag
with transaction.atomic():
    list(Conversation.objects.select_for_update())  # or the index may write of one that goes
    Conversation.objects.all().delete()
Suggestion.objects.all().delete()
for text, intent, zone, share in (
    ({_SURE!r}, "alliance_definition", "answer", 0.9),
    ({_UNSURE!r}, "alliance_goals", "clarify", 0.5),
    ({_DECLINED!r}, "oos_money", "decline", 0.6),
    ({_DECLINED!r}, "oos_money", "decline", 0.6),
    ({_DECLINED!r}, "oos_money", "decline", 0.6),
):
    talk = records.conversation([("citizen", text), ("bot", "Die Antwort.")])
    ranking = [{{"name": intent, "confidence": share}}, {{"name": "alliance_reason", "confidence": 0.1}}]
    records.verdict(talk.messages.get(author="citizen"), intent, zone, confidence=share, ranking=ranking)
"""


@pytest.fixture
def review(team: Team) -> Page:
    """The first message, as somebody of the Redaktion sees it."""
    team.run(_QUESTIONS)
    return team.open("pruefen/", "Redaktion")


def _reviews(team: Team) -> list[tuple[str, str, str]]:
    """Text, outcome and topic of each judged message."""
    return team.web.rows(  # type: ignore[return-value]
        "select m.text, r.outcome, r.topic from review_review r join chat_message m on m.id = r.message_id order by r.id"
    )


def _current(page: Page, text: str) -> None:
    expect(page.locator(".around .current .text")).to_have_text(text)
    page.wait_for_load_state()  # the keys work once the script of the page has run


def test_accept_correct_and_next_by_itself(review: Page, team: Team) -> None:
    _current(review, _DECLINED)
    review.keyboard.press("a")
    expect(review.get_by_role("status")).to_have_text("Gespeichert: richtig verstanden, „Geld, Zuschüsse und Darlehen“.")
    review.keyboard.press("Enter")
    expect(review.get_by_text("Noch zu prüfen: 3.")).to_be_visible()
    review.wait_for_load_state()  # the keys work once the script of the page has run
    review.keyboard.press("2")
    _current(review, _UNSURE)
    review.keyboard.press("i")
    _current(review, _SURE)
    review.keyboard.press("f")
    expect(review.get_by_role("heading", name="Nichts zu prüfen")).to_be_visible()

    assert _reviews(team) == [
        (_DECLINED, "accepted", "oos_money"),
        (_DECLINED, "accepted", "oos_money"),
        (_DECLINED, "corrected", "alliance_reason"),
        (_UNSURE, "ignored", ""),
        (_SURE, "out_of_scope", "oos_general"),
    ]


def test_all_similar_ones_with_two_keys_and_back_with_one(review: Page, team: Team) -> None:
    together = review.get_by_role("button", name="Auch für diese 2 ähnlichen")
    review.keyboard.press("b")
    expect(together).to_have_attribute("aria-pressed", "true")
    review.keyboard.press("n")
    review.keyboard.type("Wer bekommt Wohngeld?")
    review.keyboard.press("Enter")
    _current(review, _UNSURE)
    assert _reviews(team) == [(_DECLINED, "new_topic", "Wer bekommt Wohngeld?")] * 3

    review.keyboard.press("z")

    _current(review, _DECLINED)
    expect(review.get_by_text("Die Urteile über 3 Nachrichten sind zurückgenommen.")).to_be_visible()
    assert _reviews(team) == []
    assert team.web.rows("select count(*) from review_suggestion") == [(0,)]


def test_topic_is_found_by_typing_a_part_of_it(review: Page, team: Team) -> None:
    review.keyboard.press("k")
    expect(review.get_by_role("searchbox", name="Thema suchen")).to_be_focused()
    review.keyboard.type("fuer wen")
    topics = review.get_by_role("listbox", name="Oder ein anderes Thema")
    expect(topics.get_by_role("option")).to_have_text(["Für wen ist die Allianz da?"])
    review.keyboard.press("Enter")

    expect(review.get_by_role("status")).to_contain_text("anderes Thema, „Für wen ist die Allianz da?“")
    assert _reviews(team) == [(_DECLINED, "corrected", "alliance_audience")]


def test_arrow_leads_from_the_search_into_the_list(review: Page, team: Team) -> None:
    review.keyboard.press("k")
    review.keyboard.type("servicestelle")
    review.keyboard.press("ArrowDown")
    review.keyboard.press("ArrowDown")
    chosen = review.get_by_role("listbox").evaluate("list => list.value")
    review.keyboard.press("Enter")

    expect(review.get_by_role("status")).to_contain_text("anderes Thema")
    assert _reviews(team) == [(_DECLINED, "corrected", chosen)]


def test_skipped_message_comes_again_later(review: Page, team: Team) -> None:
    for _ in range(3):
        _current(review, _DECLINED)
        review.keyboard.press("s")
    _current(review, _UNSURE)
    review.goto(f"{team.url}/team/pruefen/")

    _current(review, _DECLINED)
    assert _reviews(team) == []


def test_letters_in_a_field_are_letters_and_escape_leaves_it(review: Page, team: Team) -> None:
    title = review.get_by_label("Oder ein neues Thema")
    review.keyboard.press("n")
    review.keyboard.type("a1fiz?")
    expect(title).to_have_value("a1fiz?")
    review.keyboard.press("Escape")
    expect(title).not_to_be_focused()
    review.keyboard.press("Control+a")

    _current(review, _DECLINED)
    assert _reviews(team) == []


def test_enter_on_a_button_presses_that_button(review: Page, team: Team) -> None:
    review.get_by_role("button", name="Nicht verwertbar").focus()
    review.keyboard.press("Enter")

    expect(review.get_by_role("status")).to_have_text("Gespeichert: nicht verwertbar.")


def test_help_lists_the_keys_and_holds_them_back(review: Page, team: Team) -> None:
    review.keyboard.press("?")
    help_dialog = review.get_by_role("dialog", name="Tastenkürzel")
    expect(help_dialog).to_be_visible()
    expect(help_dialog.get_by_role("button", name="Schließen")).to_be_focused()
    review.keyboard.press("i")
    review.keyboard.press("Escape")
    expect(help_dialog).to_be_hidden()

    _current(review, _DECLINED)
    assert _reviews(team) == []


def test_switched_off_there_are_no_keys_and_the_buttons_do_it(review: Page, team: Team) -> None:
    expect(review.get_by_role("button", name="Richtig verstanden A", exact=True)).to_be_visible()
    team.run(
        "from web.accounts.models import Profile\nProfile.objects.filter(user__username='redaktion').update(shortcuts=False)"
    )
    try:
        review.reload()
        for key in ("a", "Enter", "1", "i", "?", "b"):
            review.keyboard.press(key)
        _current(review, _DECLINED)
        expect(review.get_by_role("dialog")).to_be_hidden()
        assert _reviews(team) == []

        review.get_by_role("button", name="Richtig verstanden", exact=True).click()
        expect(review.get_by_role("status")).to_contain_text("Gespeichert: richtig verstanden")
    finally:
        team.run(
            "from web.accounts.models import Profile\nProfile.objects.filter(user__username='redaktion').update(shortcuts=True)"
        )


def test_without_scripts_all_of_it_works_by_forms(team: Team) -> None:
    team.run(_QUESTIONS)
    page = team.open("pruefen/", "Redaktion", java_script_enabled=False)
    expect(page.locator("kbd").first).to_be_hidden()
    expect(page.get_by_role("button", name="Tastenkürzel")).to_have_count(0)
    page.get_by_role("checkbox", name=_DECLINED).first.check()
    page.get_by_label("Oder ein neues Thema").fill("Wer bekommt Wohngeld?")
    page.get_by_label("Oder ein neues Thema").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("neues Thema, „Wer bekommt Wohngeld?“. Auch für 1 ähnliche Nachricht.")
    page.get_by_role("button", name="Zurücknehmen").click()
    expect(page.get_by_role("status")).to_contain_text("zurückgenommen")

    page.get_by_label("Oder ein anderes Thema").select_option(label="Welche Ziele hat die Allianz?")
    page.get_by_role("button", name="Dieses Thema ist gemeint").click()
    expect(page.get_by_role("status")).to_contain_text("anderes Thema")
    assert _reviews(team) == [(_DECLINED, "corrected", "alliance_goals")]


def test_correction_becomes_a_confirmed_suggestion(review: Page, team: Team) -> None:
    review.keyboard.press("2")
    review.get_by_role("link", name="Vorschläge bestätigen (1)").click()
    confirm = review.get_by_role("button", name="Bestätigen")
    confirm.click()
    read = review.get_by_label("Ich habe gelesen: keine persönlichen Angaben")
    expect(read).to_be_focused()
    expect(review.get_by_text("Bitte bestätigen Sie zuerst, dass der Text keine persönlichen Angaben enthält.")).to_be_visible()
    read.check()
    confirm.click()

    expect(review.get_by_role("status")).to_contain_text("Bestätigt.")
    with review.expect_download() as download:
        review.get_by_role("link", name="Herunterladen (JSON Lines)").click()
    assert _DECLINED in download.value.path().read_text(encoding="utf-8")


def test_gap_becomes_a_new_topic_with_one_click(review: Page, team: Team) -> None:
    review.goto(f"{team.url}/team/luecken/")
    gap = review.get_by_role("region", name=_DECLINED)
    expect(gap.get_by_text("3 Fragen", exact=True)).to_be_visible()
    gap.get_by_role("button", name="Neues Thema vorschlagen").click()

    expect(review.get_by_role("status")).to_have_text(f"3 Fragen sind für das neue Thema „{_DECLINED}“ vorgemerkt.")
    assert _reviews(team) == [(_DECLINED, "new_topic", _DECLINED)] * 3
