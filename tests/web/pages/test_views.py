"""The pages as a browser without JavaScript gets them."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings as django_settings
from django.http import HttpResponse
from django.test import Client

from content import Content
from tests.web.stand_in import StandIn
from web.chat import switch
from web.chat.limits import AddressLimit
from web.pages import views
from web.rights.periods import period_set

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = [
    "/",
    "/fragen/",
    "/fragen/?sprache=einfach",
    "/fragen/?sprache=en",
    "/fragen/alliance_goals/",
    "/antwort/?thema=alliance_goals&thema=alliance_lead",
    "/antwort/?thema=oos_money",
    "/antwort/?angebot=alliance_goals&angebot=alliance_lead",
    "/datenschutz/",
    "/barrierefreiheit/",
]


class _Page(HTMLParser):
    """The tags of a page in their order, with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def ids(self) -> list[str | None]:
        return [attributes["id"] for _, attributes in self.tags if "id" in attributes]


def _html(response: HttpResponse) -> str:
    return unescape(response.content.decode())


@pytest.mark.parametrize("address", PAGES)
def test_page_has_nothing_that_the_content_security_policy_forbids(client: Client, address: str) -> None:
    response = client.get(address)

    page = _Page(_html(response))
    inline = [(tag, name) for tag, attributes in page.tags for name in attributes if name == "style" or name.startswith("on")]
    loaded = [
        attributes.get("src") or attributes.get("href") for tag, attributes in page.tags if tag in ("script", "link", "img")
    ]
    assert response.status_code == 200
    assert inline == []
    assert [tag for tag, _ in page.tags if tag == "style"] == []
    assert [address for address in loaded if not (address or "").startswith("/static/")] == []


@pytest.mark.parametrize("address", PAGES)
def test_page_sets_no_cookie(client: Client, address: str) -> None:
    assert dict(client.get(address).cookies) == {}


@pytest.mark.parametrize("address", PAGES)
def test_page_is_german_with_one_heading_of_the_first_rank_and_unique_ids(client: Client, address: str) -> None:
    page = _Page(_html(client.get(address)))

    ids = page.ids()
    assert ("html", {"lang": "de"}) in page.tags
    assert [tag for tag, _ in page.tags].count("h1") == 1
    assert sorted(set(map(str, ids))) == sorted(map(str, ids))


def test_chat_is_at_the_same_place_of_every_page_and_can_be_skipped_to(client: Client) -> None:
    ends = set()
    for address in PAGES:
        page = _Page(_html(client.get(address)))
        place = next(index for index, (tag, _) in enumerate(page.tags) if tag == "wohnlotse-chat")
        targets = [attributes.get("href") for tag, attributes in page.tags if tag == "a"][:2]
        assert targets == ["#inhalt", "#chat"]
        assert {"inhalt", "chat"} <= set(page.ids())
        ends.add(tuple(tag for tag, _ in page.tags[place:]))

    assert len(ends) == 1


@pytest.mark.parametrize("address", PAGES)
def test_every_page_tells_how_to_reach_the_servicestelle(client: Client, address: str, content: Content) -> None:
    text = _html(client.get(address))

    assert content.contacts.street in text
    assert f"{content.contacts.postcode} {content.contacts.town}" in text


def test_start_page_says_what_the_content_says(client: Client, content: Content) -> None:
    text = _html(client.get("/"))

    said = ["alliance_definition", "alliance_goals", "alliance_lead", "alliance_meetings", "service_definition"]
    assert [topic for topic in said if content.answer(topic, "standard") not in text] == []
    assert [each.name for each in content.contacts.persons if each.name not in text] == []


def test_all_answers_are_on_one_page_in_the_register_that_was_chosen(client: Client, content: Content) -> None:
    text = _html(client.get("/fragen/?sprache=einfach"))

    topics = content.topics.keys() - {"participants_member"}
    assert [topic for topic in topics if content.answer(topic, "einfach") not in re.sub(r"</?a[^>]*>", "", text)] == []


def test_english_answers_are_marked_as_english(client: Client) -> None:
    page = _Page(_html(client.get("/fragen/?sprache=en")))

    assert next(attributes["lang"] for tag, attributes in page.tags if tag == "main") == "en"


def test_unknown_topic_is_not_found(client: Client) -> None:
    assert client.get("/fragen/no_such_topic/").status_code == 404


def test_answer_without_a_known_name_declines(client: Client, content: Content) -> None:
    assert content.declines["unknown"].standard in _html(client.get("/antwort/?thema=<script>"))


def test_answer_never_repeats_what_stands_in_the_address(client: Client) -> None:
    assert "gefährlich" not in _html(client.get("/antwort/?thema=gefährlich&angebot=gefährlich&sprache=gefährlich"))


def test_privacy_notice_names_the_periods_that_staff_have_set(client: Client) -> None:
    for kind, days in (("conversation", 47), ("review_set", 48), ("inquiry", 49)):
        period_set(kind, days)

    text = _html(client.get("/datenschutz/"))
    needed = ["Nach 47 Tagen löschen wir eine Unterhaltung", "nach 48 Tagen", "49 Tage, nachdem es erledigt ist"]
    assert [each for each in needed if each not in text] == []


def test_notice_of_the_chat_names_the_period_that_staff_have_set(client: Client) -> None:
    period_set("conversation", 47)

    assert "nach 47 Tagen gelöscht" in " ".join(client.get("/api/v1/widget").json()["notice"])


def test_privacy_notice_tells_what_happens_at_a_hand_off_and_with_a_message_left(client: Client) -> None:
    text = _html(client.get("/datenschutz/"))

    needed = ["liest eine Person der Servicestelle Wohnen Ihre ganze Unterhaltung", "verschlüsselt gespeichert", "Ihr Zeichen"]
    assert [each for each in needed if each not in text] == []


@pytest.mark.parametrize("address", PAGES)
def test_every_page_leads_to_the_form_for_a_message_without_javascript_too(client: Client, address: str) -> None:
    page = _Page(_html(client.get(address)))

    place = next(index for index, (tag, _) in enumerate(page.tags) if tag == "wohnlotse-chat")
    links = [(index > place, attributes.get("href")) for index, (tag, attributes) in enumerate(page.tags) if tag == "a"]
    assert (False, "/nachricht/") in links
    assert (True, "/nachricht/") in links


def test_declaration_names_the_norm_the_method_the_gaps_and_the_enforcement_body(client: Client) -> None:
    text = _html(client.get("/barrierefreiheit/"))

    needed = ["HessBGG", "HVBIT", "WCAG", "Selbstbewertung", "Leichter Sprache", "Regierungspräsidium Gießen", "sechs Wochen"]
    assert [each for each in needed if each not in text] == []


class TestAsking:
    def _ask(self, client: Client, text: str, **more: str) -> HttpResponse:
        return client.post("/frage/", {"frage": text, **more}, headers={"origin": "http://testserver"})

    def test_answer_is_shown_at_an_address_without_the_question(self, client: Client, bot: StandIn, content: Content) -> None:
        response = self._ask(client, "Wozu gibt es das Bündnis eigentlich?")

        shown = client.get(response.headers["Location"])
        assert response.status_code == 303
        assert response.headers["Location"] == "/antwort/?thema=alliance_goals"
        assert content.answer("alliance_goals", "standard") in _html(shown)

    def test_bot_forgets_the_question(self, client: Client, bot: StandIn) -> None:
        self._ask(client, "Wozu?")

        asked, forgotten = bot.asked
        assert asked["message"] == "Wozu?"
        assert forgotten == {"forget": asked["conversation"]}

    def test_register_goes_to_the_bot_and_comes_back(self, client: Client, bot: StandIn) -> None:
        response = self._ask(client, "Wozu?", sprache="einfach")

        assert bot.asked[0]["metadata"] == {"register": "einfach"}
        assert response.headers["Location"] == "/antwort/?thema=alliance_goals&sprache=einfach"

    def test_clarification_offers_its_topics(self, client: Client, bot: StandIn, content: Content) -> None:
        titles = [content.topics[topic].title for topic in ("alliance_goals", "alliance_lead")]
        bot.said = _body("clarify", "clarify", titles)

        response = self._ask(client, "Wozu?")

        query = parse_qs(urlsplit(response.headers["Location"]).query)
        assert query == {"angebot": ["alliance_goals", "alliance_lead"]}
        assert [title for title in titles if title not in _html(client.get(response.headers["Location"]))] == []

    def test_refusal_says_why(self, client: Client, bot: StandIn, content: Content) -> None:
        bot.said = _body("oos_money", "decline", [])

        response = self._ask(client, "Wie viel Wohngeld bekomme ich?")

        assert response.headers["Location"] == "/antwort/?thema=oos_money"
        assert content.declines["oos_money"].standard in _html(client.get(response.headers["Location"]))

    @pytest.mark.parametrize("fault", ["error", "nothing", "nonsense", "away"])
    def test_bot_that_is_not_well_is_answered_for_with_the_address(
        self, client: Client, bot: StandIn, content: Content, fault: str
    ) -> None:
        bot.fault = fault

        response = self._ask(client, "Wozu?")

        assert response.headers["Location"] == "/antwort/?thema=unavailable"
        assert content.reply("unavailable", "standard") in _html(client.get(response.headers["Location"]))

    def test_bot_is_not_asked_while_the_chat_is_switched_off(self, client: Client, bot: StandIn) -> None:
        switch.turn(False, "Wartung", "test")

        response = self._ask(client, "Wozu?")

        assert response.headers["Location"] == "/antwort/?thema=unavailable"
        assert bot.asked == []

    @pytest.mark.parametrize("address", ["erika@example.org", "erika\u200b@exam\u00adple.org"])
    def test_personal_data_are_named_and_taken_out_of_the_field(self, client: Client, bot: StandIn, address: str) -> None:
        response = self._ask(client, f"Ich bin erreichbar unter {address}. Wozu gibt es das Bündnis?")

        text = _html(response)
        assert response.status_code == 422
        assert "erika@example.org" not in text
        assert "Ich bin erreichbar unter [E-Mail-Adresse]. Wozu gibt es das Bündnis?</textarea>" in text
        assert "<li>E-Mail-Adresse</li>" in text
        assert bot.asked == []

    @pytest.mark.parametrize(
        ("text", "said"),
        [("   ", "Das Feld ist leer."), ("x" * (django_settings.WOHNLOTSE.characters + 7), "Das sind 7 Zeichen zu viel.")],
    )
    def test_error_is_tied_to_the_field_and_the_text_is_kept(self, client: Client, bot: StandIn, text: str, said: str) -> None:
        response = self._ask(client, text)

        page = _Page(_html(response))
        field = next(attributes for tag, attributes in page.tags if tag == "textarea")
        assert response.status_code == 422
        assert said in _html(response)
        assert field["aria-describedby"] == "frage-fehler frage-hinweis"
        assert "frage-fehler" in page.ids()
        assert f">{text.strip()}</textarea>" in _html(response)
        assert bot.asked == []

    def test_question_from_another_site_is_refused(self, client: Client, bot: StandIn) -> None:
        response = client.post("/frage/", {"frage": "Wozu?"}, headers={"origin": "https://www.example.org"})

        assert response.status_code == 403
        assert bot.asked == []

    def test_too_many_questions_from_one_address_are_put_off(
        self, client: Client, bot: StandIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(views, "_limit", AddressLimit(1))

        statuses = [self._ask(client, "Wozu?").status_code for _ in range(2)]

        assert statuses == [303, 429]

    def test_question_is_put_with_the_form_only(self, client: Client, bot: StandIn) -> None:
        assert client.get("/frage/?frage=Wozu").status_code == 405


def _body(topic: str, zone: str, titles: list[str]) -> dict[str, object]:
    reply = {
        "text": "...",
        "buttons": [{"title": title, "payload": title} for title in titles],
        "topic": topic,
        "zone": zone,
        "source": None,
        "stand": None,
        "register": "standard",
        "intent": topic,
    }
    return {"replies": [reply], "handoff": None, "verdict": None}
