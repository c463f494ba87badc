"""What the bot says to a turn: a turn, a memory and the real content go in, the whole reply is compared."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import get_args

import pytest

from actions.dialogue import Reply, Response, respond
from actions.memory import Memory
from actions.participants import membership
from actions.turn import Mention, Question, Turn
from content import STARTERS, Content, FollowUp, Register
from tests.actions.conftest import ADDRESS, CONTENT, mention, turn, two_questions, with_contacts

_LEAD, _FOUNDER, _GOALS = (CONTENT.topics[name] for name in ("alliance_lead", "alliance_founder", "alliance_goals"))
_NEAR = (("alliance_lead", 0.4), ("alliance_founder", 0.3), ("alliance_goals", 0.2), ("alliance_reason", 0.05))
_OFFERED = ("alliance_lead", "alliance_founder", "alliance_goals")
_ASKED = Memory(offered=_OFFERED, asked="topics")
_TOPICS = sorted(CONTENT.topics)
_WHOLE = "Ab welchem Jahr gab es denn die ganze Allianz für Wohnen?"


def _said(given: Turn, memory: Memory | None = None, content: Content = CONTENT) -> Response:
    return respond(given, memory or Memory(), content)


def _only(response: Response) -> Reply:
    (reply,) = response.replies
    return reply


def _titles(topics: tuple[str, ...], register: Register = "standard") -> tuple[tuple[str, str], ...]:
    return tuple((CONTENT.topics[each].titled(register), CONTENT.topics[each].title) for each in topics)


def _after(topic: str) -> Memory:
    """The memory when `topic` has just been answered."""
    return Memory(topic=topic, said=((topic, ()),), offered=CONTENT.related(topic)[:3])


class TestTopics:
    def test_no_button_leads_to_what_is_not_known(self) -> None:
        asked = turn("Adresse?", "service_address")

        response = _said(asked)

        assert _only(response).buttons == _titles(("contact_persons", "service_visit"))
        assert response.memory.offered == ("contact_persons", "service_visit")
        filled = respond(asked, Memory(), with_contacts(phone="0611 12345"))
        assert filled.memory.offered == ("contact_persons", "service_visit", "service_phone")

    @pytest.mark.parametrize("topic", sorted(set(CONTENT.topics) - {"participants_member"}))
    def test_sure_topic_gets_its_answer_with_source_and_related_topics(self, topic: str) -> None:
        known = CONTENT.topics[topic]

        assert _said(turn("Eine Frage?", topic)) == Response(
            (
                Reply(
                    CONTENT.answer(topic, "standard"),
                    topic,
                    "answer",
                    "standard",
                    known.source,
                    _titles(CONTENT.related(topic)),
                    topic,
                ),
            ),
            _after(topic),
        )

    def test_empty_contact_field_is_said_to_be_missing_and_a_filled_one_is_given(self) -> None:
        asked = turn("Welche Telefonnummer?", "service_phone")
        filled = with_contacts(phone="0611 12345")

        missing = _only(_said(asked)).text
        assert missing == CONTENT.topics["service_phone"].missing.of("standard").format(  # type: ignore[union-attr]
            contact=CONTENT.contacts.placeholders("standard")["contact"]
        )
        assert ADDRESS in missing
        assert (
            _only(_said(asked, content=filled)).text
            == "Sie erreichen die Servicestelle Wohnen unter der Telefonnummer 0611 12345."
        )

    @pytest.mark.parametrize("intent", ["contact_persons", "contact_diehl"])
    def test_person_that_is_named_is_answered_whatever_the_intent(self, intent: str) -> None:
        text = "Wer ist Frau Piesk?"
        asked = turn(text, intent, mentions=(mention(text, "Frau Piesk", "person", "contact_piesk"),))

        assert _only(_said(asked)).topic == "contact_piesk"

    def test_two_persons_get_the_answer_about_both(self) -> None:
        text = "Wer sind Diehl und Piesk?"
        persons = (mention(text, "Diehl", "person", "contact_diehl"), mention(text, "Piesk", "person", "contact_piesk"))

        assert _only(_said(turn(text, "contact_diehl", mentions=persons))).topic == "contact_persons"


class TestDeclines:
    @pytest.mark.parametrize("intent", sorted(CONTENT.declines))
    @pytest.mark.parametrize("register", ["standard", "einfach", "en"])
    @pytest.mark.parametrize("zone", ["answer", "clarify", "decline"])
    def test_out_of_scope_is_declined_with_its_reason_and_the_address(self, intent: str, register: Register, zone: str) -> None:
        response = _said(turn("Wie wird das Wetter morgen?", intent, zone=zone, register=register))
        reason = CONTENT.declines[intent].of(register)

        assert _only(response) == Reply(
            CONTENT.reply("decline", register, reason=reason),
            intent,
            "decline",
            register,
            buttons=_titles(STARTERS, register),
            intent=intent,
        )
        assert reason in _only(response).text
        assert ADDRESS in _only(response).text

    @pytest.mark.parametrize("intent", ["alliance_lead", "participants_member", "greet"])
    def test_intent_in_scope_is_declined_in_the_decline_zone(self, intent: str) -> None:
        reply = _only(_said(turn("Wie wird das Wetter morgen?", intent, zone="decline")))

        assert (reply.zone, reply.topic, reply.intent) == ("decline", "unknown", intent)
        assert reply.text == CONTENT.reply("decline", "standard", reason=CONTENT.declines["unknown"].standard)

    @pytest.mark.parametrize("intents", [("an_intent_without_content",), ()])
    def test_intent_that_the_content_does_not_know_is_declined(self, intents: tuple[str, ...]) -> None:
        reply = _only(_said(turn("Und nun?", *intents)))

        assert reply.zone == "decline"
        assert reply.text == CONTENT.reply("decline", "standard", reason=CONTENT.declines["unknown"].standard)

    def test_declines_in_a_row_are_counted(self) -> None:
        memory = Memory()
        for count in (1, 2, 3):
            memory = _said(turn("Wie wird das Wetter?", "oos_general", zone="decline"), memory).memory
            assert memory.declines == count

    @pytest.mark.parametrize(
        ("intent", "zone"),
        [("alliance_lead", "answer"), ("greet", "answer"), ("handoff", "answer"), ("alliance_lead", "clarify")],
    )
    def test_anything_but_a_decline_starts_the_count_again(self, intent: str, zone: str) -> None:
        asked = turn("Wer leitet die Allianz?", (intent, 0.5), ("alliance_founder", 0.3), zone=zone)

        assert _said(asked, Memory(declines=2)).memory.declines == 0

    def test_decline_offers_anew_and_keeps_what_was_said(self) -> None:
        before = replace(_ASKED, topic="alliance_reason", said=(("alliance_reason", ()),))

        after = _said(turn("Wetter?", "oos_general", zone="decline"), before).memory
        assert after == Memory(topic="alliance_reason", said=(("alliance_reason", ()),), offered=STARTERS, declines=1)


class TestClarify:
    @pytest.mark.parametrize(
        ("register", "label"), [("standard", "Etwas anderes"), ("einfach", "Etwas anderes"), ("en", "Something else")]
    )
    @pytest.mark.parametrize("most", [2, 3, 4])
    def test_two_or_three_likely_titles_and_something_else_are_offered(self, register: Register, label: str, most: int) -> None:
        offered = tuple(topic for topic, _ in _NEAR[: min(most, 3)])
        response = _said(turn("Wer ist das?", *_NEAR[:most], zone="clarify", register=register))

        assert response == Response(
            (
                Reply(
                    CONTENT.reply("clarify", register),
                    "clarify",
                    "clarify",
                    register,
                    buttons=(*_titles(offered, register), (label, "Etwas anderes")),
                    intent="alliance_lead",
                ),
            ),
            Memory(offered=offered, asked="topics"),
        )

    def test_payload_is_the_german_title_also_in_english(self) -> None:
        reply = _only(_said(turn("Who is it?", *_NEAR, zone="clarify", language="en")))

        assert reply.buttons == (
            (_LEAD.title_en, _LEAD.title),
            (_FOUNDER.title_en, _FOUNDER.title),
            (_GOALS.title_en, _GOALS.title),
            ("Something else", "Etwas anderes"),
        )

    def test_intents_without_a_topic_and_unlikely_ones_are_not_offered(self) -> None:
        ranking = (
            ("alliance_lead", 0.5),
            ("oos_politics", 0.2),
            ("greet", 0.1),
            ("alliance_founder", 0.1),
            ("alliance_goals", 0.01),
        )

        assert _said(turn("Wer?", *ranking, zone="clarify")).memory.offered == ("alliance_lead", "alliance_founder")

    def test_only_likely_topic_is_answered_at_once(self) -> None:
        ranking = (("alliance_lead", 0.5), ("oos_politics", 0.4), ("alliance_goals", 0.03))

        assert _only(_said(turn("Wer?", *ranking, zone="clarify"))).text == CONTENT.answer("alliance_lead", "standard")

    def test_intent_without_a_topic_is_not_asked_back(self) -> None:
        assert _only(_said(turn("Tach", ("greet", 0.4), *_NEAR, zone="clarify"))).text == CONTENT.reply("greet", "standard")


class TestTitles:
    @pytest.mark.parametrize("topic", _TOPICS)
    def test_title_that_is_typed_resolves_whatever_the_model_says(self, topic: str) -> None:
        known = CONTENT.topics[topic]
        for title in (known.title, known.title_en):
            for typed in (title, title.upper(), title.lower(), title.rstrip("?"), f"  {title} ", title.replace(" ", "  ")):
                reply = _only(_said(turn(typed, "oos_nonsense", zone="decline")))
                assert (reply.topic, reply.text) == (topic, CONTENT.answer(topic, "standard"))

    @pytest.mark.parametrize(
        ("typed", "topic"),
        [
            ("was ist die allianz fuer wohnen in hessen", "alliance_definition"),
            ("WAS IST DIE ALLIANZ FUR WOHNEN IN HESSEN?!", "alliance_definition"),
            ("Wann hat die Servicestelle geoeffnet", "service_hours"),
            ("wer hat die alianz gegrundet", "alliance_founder"),
            ("how can i reach the servicestele wohnen", "service_contact"),
        ],
    )
    def test_other_spelling_of_a_title_resolves(self, typed: str, topic: str) -> None:
        assert _only(_said(turn(typed, "oos_nonsense", zone="decline"))).topic == topic

    def test_title_inside_a_longer_text_is_left_to_the_model(self) -> None:
        assert _only(_said(turn(f"{_LEAD.title} Und wer kocht?", "oos_general"))).zone == "decline"

    @pytest.mark.parametrize("typed", ["Etwas anderes", "etwas anderes", "ETWAS ANDERES.", "Something else", "something else!"])
    def test_something_else_asks_for_other_words(self, typed: str) -> None:
        response = _said(turn(typed, "oos_nonsense", zone="decline"), replace(_ASKED, topic="alliance_reason"))

        assert _only(response).text == CONTENT.reply("something_else", "standard")
        assert _only(response).buttons == _titles(STARTERS)
        assert response.memory == Memory(topic="alliance_reason", offered=STARTERS)

    @pytest.mark.parametrize("language", ["en", "tr", "fr"])
    @pytest.mark.parametrize("detected", ["de", ""])
    def test_button_in_an_english_conversation_is_answered_in_english(self, language: str, detected: str) -> None:
        for title, payload in _only(_said(turn("Hello there", "greet", language=language))).buttons:
            response = _said(turn(payload, "greet", language=detected), Memory(language=language))
            assert response.replies[0].register == "en"
            assert title in {topic.title_en for topic in CONTENT.topics.values() if topic.title == payload}
            assert response.memory.language == language

    def test_something_else_in_an_english_conversation_is_answered_in_english(self) -> None:
        reply = _only(_said(turn("Etwas anderes", "greet", language="de"), replace(_ASKED, language="en")))

        assert reply.text == CONTENT.reply("something_else", "en")


class TestChoice:
    @pytest.mark.parametrize(
        ("typed", "place"),
        [
            *(("1", 0), ("1.", 0), ("das erste", 0), ("Die Erste!", 0), ("the first one", 0), ("first", 0)),
            *(("2", 1), ("2.", 1), ("das zweite", 1), ("DAS ZWEITE", 1), ("die zweite?", 1)),
            *(("the second", 1), ("3", 2), ("Das Dritte", 2), ("die dritte.", 2), ("den dritten", 2), ("third one", 2)),
        ],
    )
    def test_ordinal_takes_the_button_in_that_place(self, typed: str, place: int) -> None:
        response = _said(turn(typed, "oos_nonsense", zone="decline"), _ASKED)

        assert _only(response).text == CONTENT.answer(_OFFERED[place], "standard")
        assert response.memory == _after(_OFFERED[place])

    def test_ordinal_beyond_the_buttons_is_left_to_the_model(self) -> None:
        asked = replace(_ASKED, offered=_OFFERED[:2])

        assert _only(_said(turn("das dritte", "oos_nonsense", zone="decline"), asked)).zone == "decline"

    @pytest.mark.parametrize("memory", [Memory(), Memory(topic="alliance_lead")])
    def test_ordinal_without_buttons_is_left_to_the_model(self, memory: Memory) -> None:
        assert _only(_said(turn("das zweite", "oos_nonsense", zone="decline"), memory)).zone == "decline"

    @pytest.mark.parametrize(("typed", "offered"), [("1", ()), ("2.", ()), ("3", _OFFERED[:2])])
    def test_bare_number_of_no_button_is_asked_back(self, typed: str, offered: tuple[str, ...]) -> None:
        reply = _only(_said(turn(typed, "oos_injection"), Memory(offered=offered)))

        assert reply.text == CONTENT.reply("followup_nothing", "standard")

    def test_ordinal_counts_the_topics_that_there_still_are(self) -> None:
        asked = replace(_ASKED, offered=("a_topic_of_yesterday", "alliance_lead"))

        assert _only(_said(turn("das erste", "oos_nonsense", zone="decline"), asked)).topic == "alliance_lead"

    @pytest.mark.parametrize("typed", ["das letzte", "ja, die letzte bitte", "the last one"])
    def test_last_takes_the_last_button(self, typed: str) -> None:
        assert _only(_said(turn(typed, "oos_nonsense", zone="decline"), _ASKED)).topic == _OFFERED[-1]

    @pytest.mark.parametrize("typed", ["das erste", "1", "ja, das erste"])
    def test_ordinal_after_an_answer_takes_one_of_its_buttons(self, typed: str) -> None:
        before = _said(turn("Wer leitet sie?", "alliance_lead")).memory

        assert (
            _only(_said(turn(typed, "oos_nonsense", zone="decline"), before)).topic
            == CONTENT.topics["alliance_lead"].related[0]
        )

    def test_yes_to_one_takes_it(self) -> None:
        asked = Memory(offered=("alliance_goals",), asked="topics")

        assert _only(_said(turn("ja", "affirm"), asked)).text == CONTENT.answer("alliance_goals", "standard")

    def test_yes_to_several_offers_them_again(self) -> None:
        response = _said(turn("ja", "affirm"), _ASKED)

        assert _only(response).text == CONTENT.reply("clarify", "standard")
        assert _only(response).buttons == (*_titles(_OFFERED), ("Etwas anderes", "Etwas anderes"))
        assert (response.memory.asked, response.memory.offered) == ("topics", _OFFERED)

    def test_yes_to_topics_that_are_gone_asks_for_a_question(self) -> None:
        for offered in [("a_topic_of_yesterday",), ("a_topic_of_yesterday", "another_one")]:
            assert _only(_said(turn("ja", "affirm"), replace(_ASKED, offered=offered))).topic == "affirm"

    def test_no_asks_for_other_words(self) -> None:
        response = _said(turn("nein", "deny"), _ASKED)

        assert _only(response).text == CONTENT.reply("something_else", "standard")
        assert response.memory == Memory(offered=STARTERS)

    @pytest.mark.parametrize("intent", ["affirm", "deny"])
    def test_yes_and_no_without_a_question_are_acknowledged(self, intent: str) -> None:
        assert _only(_said(turn("ok", intent))).text == CONTENT.reply(intent, "standard")

    def test_yes_beside_thanks_is_the_answer_where_the_bot_has_asked_and_thanks_where_it_has_not(self) -> None:
        both = two_questions(("Ja, gut.", "affirm"), ("Vielen Dank!", "thanks"))
        offered = _said(turn("Sind Sie eine Maschine?", "bot_human")).memory

        assert _only(_said(both)).text == CONTENT.reply("thanks", "standard")
        assert (_said(both, offered).handoff or {})["reason"] == "wish"
        assert [reply.topic for reply in _said(both, offered).replies] == ["handoff"]


class TestEmergency:
    _MEMORY = _said(turn("Ich schlafe heute auf der Straße", "crisis")).memory

    @pytest.mark.parametrize(
        ("text", "intent"),
        [
            ("Wen kann ich jetzt anrufen?", "service_phone"),
            ("bitte Nummer", "service_phone"),
            ("wohin kann ich gehen", "followup_where"),
            ("bitte hilfe", "bot_capabilities"),
            ("ich hab angst", "background"),
            ("gibt es eine Notunterkunft?", "oos_search"),
        ],
    )
    def test_message_behind_one_is_about_it_still(self, text: str, intent: str) -> None:
        response = _said(turn(text, intent), self._MEMORY)

        assert _only(response).text == CONTENT.reply("crisis", "standard")
        assert response.handoff is None
        assert _only(_said(turn("okay", "affirm"), response.memory)).topic == "crisis"

    @pytest.mark.parametrize(
        ("text", "intent"),
        [
            ("Wer leitet die Allianz?", "alliance_lead"),
            ("Wo sitzt die Servicestelle?", "service_address"),
            ("Wer ist Frau Diehl?", "contact_diehl"),
            ("Danke", "thanks"),
        ],
    )
    def test_question_that_names_another_thing_is_answered(self, text: str, intent: str) -> None:
        response = _said(turn(text, intent), self._MEMORY)

        assert (_only(response).topic, response.handoff) == (intent, None)
        assert response.memory.asked == ""


class TestHandOff:
    @pytest.mark.parametrize("word", ["Mensch", "mensch ", "MENSCH!", "„Mensch“", "human"])
    @pytest.mark.parametrize("asking", ["insult", "bot_human"])
    def test_word_that_the_bot_asks_for_hands_off_whatever_the_model_takes_it_for(self, word: str, asking: str) -> None:
        told = _said(turn("Sind Sie eine Maschine?", asking))
        assert "„Mensch“" in _only(told).text
        assert '"human"' in CONTENT.reply(asking, "en")

        assert _said(turn(word, "bot_human"), told.memory).handoff == {"reason": "wish", "topic": None}

    def test_wish_gets_contact_and_payload_with_the_topic(self) -> None:
        response = _said(turn("Mensch", "handoff"), Memory(topic="alliance_lead"))

        assert response.handoff == {"reason": "wish", "topic": "alliance_lead"}
        assert _only(response).text == CONTENT.reply("handoff", "standard")
        assert ADDRESS in _only(response).text

    def test_wish_without_a_topic_has_none(self) -> None:
        assert _said(turn("Mensch", "handoff")).handoff == {"reason": "wish", "topic": None}

    @pytest.mark.parametrize("zone", ["answer", "clarify"])
    @pytest.mark.parametrize("register", ["standard", "einfach", "en"])
    def test_crisis_gets_its_own_words_and_reason(self, zone: str, register: Register) -> None:
        response = _said(turn("Ich kann nicht mehr", "crisis", zone=zone, register=register))

        assert response.handoff == {"reason": "crisis", "topic": None}
        assert _only(response).text == CONTENT.reply("crisis", register)

    @pytest.mark.parametrize("intent", ["insult", "bot_human"])
    def test_yes_after_the_offer_of_a_human_hands_off(self, intent: str) -> None:
        offered = _said(turn("Sind Sie eine Maschine?", intent))
        assert offered.handoff is None

        assert _said(turn("ja", "affirm"), offered.memory).handoff == {"reason": "wish", "topic": None}

    @pytest.mark.parametrize("intent", ["insult", "bot_human"])
    def test_no_after_the_offer_of_a_human_does_not(self, intent: str) -> None:
        response = _said(turn("nein", "deny"), _said(turn("Sind Sie eine Maschine?", intent)).memory)

        assert (response.handoff, _only(response).text) == (None, CONTENT.reply("deny", "standard"))

    def test_yes_counts_for_the_next_turn_only(self) -> None:
        memory = _said(turn("Sind Sie eine Maschine?", "bot_human")).memory
        memory = _said(turn("Wer leitet die Allianz?", "alliance_lead"), memory).memory

        assert _said(turn("ja", "affirm"), memory).handoff is None

    def test_crisis_counts_more_than_a_wish_in_the_same_message(self) -> None:
        wish, crisis = ("Ich will einen Menschen.", "handoff"), ("Ich kann nicht mehr.", "crisis")

        for both in (two_questions(wish, crisis), two_questions(crisis, wish)):
            assert (_said(both).handoff or {})["reason"] == "crisis"

    @pytest.mark.parametrize(("intent", "reason"), [("crisis", "crisis"), ("handoff", "wish")])
    def test_neither_is_taken_for_the_name_of_an_organisation(self, intent: str, reason: str) -> None:
        memory = _said(turn("Ist eine bestimmte Gruppe dabei?", "participants_member")).memory
        response = _said(turn("ich bring mich um", intent, zone="clarify"), memory)

        assert (response.handoff or {})["reason"] == reason


class TestFollowUps:
    @pytest.mark.parametrize("word", get_args(FollowUp))
    @pytest.mark.parametrize("topic", _TOPICS)
    def test_follow_up_leads_where_the_topic_says(self, topic: str, word: str) -> None:
        response = _said(turn("Und?", f"followup_{word}"), Memory(topic=topic))
        target = CONTENT.topics[topic].follow_up.get(word)

        if target is None:
            assert _only(response).text == CONTENT.reply("followup_nothing", "standard")
        else:
            assert (_only(response).topic, response.memory.topic) == (target, target)
            assert _only(response).text == CONTENT.answer(target, "standard")

    def test_the_other_one_is_the_other_contact_person(self) -> None:
        response = _said(turn("Und die andere?", "followup_other"), Memory(topic="contact_diehl"))

        assert _only(response).topic == "contact_piesk"

    @pytest.mark.parametrize(
        ("text", "number"),
        [
            ("Welche Funktion hat die Erstgenannte?", 0),
            ("Und was macht die zweite?", 1),
            ("Was ist die Letztgenannte von Beruf?", 1),
            ("What does the first one do?", 0),
        ],
    )
    @pytest.mark.parametrize("before", ["contact_persons", "contact_diehl"])
    def test_one_of_the_two_contact_persons_is_found_by_her_place(self, text: str, number: int, before: str) -> None:
        response = _said(turn(text, "oos_alliance_detail", zone="decline"), Memory(topic=before))

        assert _only(response).topic == CONTENT.contacts.persons[number].topic

    def test_both_are_asked_about_though_one_was_named_last(self) -> None:
        text = "Da stehen Xenia Diehl und Susanne Piesk. Was sind die beiden von Beruf?"
        piesk = Mention("person", "contact_piesk", text.index("Susanne"), text.index(". Was"), 1.0)
        start = text.index("Was")
        asked = Question(text[start:], start, len(text), "answer", (("contact_persons", 0.95),))

        assert _only(_said(Turn(text, (asked,), (piesk,)))).topic == "contact_persons"

    @pytest.mark.parametrize(
        ("text", "names", "topic"),
        [
            ("Frau Diehl oder Frau Piesk?", {"Frau Diehl": "contact_diehl", "Frau Piesk": "contact_piesk"}, "contact_persons"),
            ("und die Frau Piesk?", {"Frau Piesk": "contact_piesk"}, "contact_piesk"),
            ("Ist Frau Piesk verheiratet?", {"Frau Piesk": "contact_piesk"}, "oos_alliance_detail"),
        ],
    )
    def test_bare_names_of_contact_persons_ask_who_they_are(self, text: str, names: dict[str, str], topic: str) -> None:
        mentions = tuple(
            Mention("person", who, text.index(name), text.index(name) + len(name), 1.0) for name, who in names.items()
        )
        response = _said(turn(text, "oos_alliance_detail", zone="decline", mentions=mentions))

        assert _only(response).topic == topic

    def test_place_without_persons_before_means_nobody(self) -> None:
        response = _said(turn("Was macht die erste?", "oos_general", zone="decline"), Memory(topic="alliance_goals"))

        assert _only(response).zone == "decline"

    def test_follow_up_that_nothing_answers_is_silent_beside_an_answer(self) -> None:
        both = two_questions(("Was heißt AKH?", "contact_titles"), ("und die andere?", "followup_other"))

        assert _only(_said(both)).topic == "contact_titles"

    def test_bare_word_after_an_organisation_is_another_one(self) -> None:
        memory = _said(turn("Ist der Mieterbund dabei?", "participants_member")).memory

        assert "adac" in _only(_said(turn("adac?", "participants_member"), memory)).text.lower()

    def test_before_the_lead_stands_the_change(self) -> None:
        response = _said(turn("Und vorher?", "followup_before"), Memory(topic="alliance_lead"))

        assert _only(response).topic == "alliance_ministry_change"

    def test_follow_up_after_a_clarification_takes_the_first_that_was_offered(self) -> None:
        memory = replace(_ASKED, topic="service_contact")

        assert _only(_said(turn("Und warum?", "followup_why"), memory)).topic == _LEAD.follow_up["why"]

    @pytest.mark.parametrize("zone", ["answer", "clarify"])
    @pytest.mark.parametrize("memory", [Memory(), Memory(topic="a_topic_of_yesterday")])
    def test_follow_up_without_context_is_asked_back_with_starters(self, zone: str, memory: Memory) -> None:
        reply = _only(_said(turn("Seit wann?", "followup_when", zone=zone), memory))

        assert reply.text == CONTENT.reply("followup_nothing", "standard")
        assert reply.buttons == _titles(STARTERS)

    def test_whole_sentence_gets_the_topic_that_it_asks_for(self) -> None:
        asked = turn(_WHOLE, ("followup_when", 0.6), ("alliance_founding_year", 0.3))

        for memory in (Memory(), Memory(topic="service_contact")):
            assert _only(_said(asked, memory)).topic == "alliance_founding_year"

    def test_whole_sentence_without_a_likely_topic_is_clarified(self) -> None:
        asked = turn(_WHOLE, ("followup_when", 0.6), ("alliance_founding_year", 0.11), ("alliance_lead", 0.1))

        assert _said(asked, Memory(topic="service_contact")).memory.offered == ("alliance_founding_year", "alliance_lead")

    def test_whole_sentence_without_any_topic_is_asked_back(self) -> None:
        reply = _only(_said(turn(_WHOLE, ("followup_when", 0.95), ("oos_general", 0.05))))

        assert reply.text == CONTENT.reply("followup_nothing", "standard")

    def test_whole_sentence_that_surely_leans_on_the_last_answer_is_a_follow_up(self) -> None:
        asked = turn(_WHOLE, ("followup_when", 0.95), ("alliance_lead", 0.03))

        assert _only(_said(asked, Memory(topic="service_contact"))).topic == "service_hours"


class TestRepeating:
    def test_repeat_says_the_last_answer_again_and_changes_nothing(self) -> None:
        before = _said(turn("Wer leitet sie?", "alliance_lead")).memory
        response = _said(turn("Wie bitte?", "repeat"), before)

        assert _only(response).text == CONTENT.reply("repeat", "standard", answer=CONTENT.answer("alliance_lead", "standard"))
        assert _only(response).topic == "alliance_lead"
        assert response.memory == before

    @pytest.mark.parametrize(("register", "easier"), [("standard", "einfach"), ("einfach", "einfach"), ("en", "en")])
    def test_simpler_says_it_in_easy_german_or_in_english(self, register: Register, easier: Register) -> None:
        before = Memory(topic="alliance_lead", said=(("alliance_lead", ()),))
        reply = _only(_said(turn("Einfacher bitte", "simpler", register=register), before))

        assert reply.text == CONTENT.reply("simpler", easier, answer=CONTENT.answer("alliance_lead", easier))
        assert reply.register == easier

    @pytest.mark.parametrize(("intent", "register"), [("repeat", "standard"), ("simpler", "einfach")])
    def test_organisations_keep_their_names(self, intent: str, register: Register) -> None:
        text = "Sind der Mieterbund und die Caritas dabei?"
        before = _said(turn(text, "participants_member", names=("Mieterbund", "Caritas"))).memory

        assert _only(_said(turn("Wie bitte?", intent), before)).text == CONTENT.reply(
            intent, register, answer=membership(["Mieterbund", "Caritas"], CONTENT, register)
        )

    @pytest.mark.parametrize("memory", [Memory(), Memory(said=(("a_topic_of_yesterday", ()),))])
    def test_nothing_to_repeat_is_said(self, memory: Memory) -> None:
        reply = _only(_said(turn("Wie bitte?", "repeat"), memory))

        assert reply.text == CONTENT.reply("repeat_nothing", "standard")
        assert reply.buttons == _titles(STARTERS)

    @pytest.mark.parametrize("memory", [Memory(), Memory(said=(("a_topic_of_yesterday", ()),))])
    def test_wish_for_simple_words_before_any_answer_holds_for_those_to_come(self, memory: Memory) -> None:
        response = _said(turn("Leichte Sprache bitte", "simpler"), memory)
        later = _said(turn("Wer leitet sie?", "alliance_lead"), response.memory)

        assert _only(response).text == CONTENT.reply("simpler_nothing", "standard")
        assert _only(later).text == CONTENT.answer("alliance_lead", "einfach")
        assert later.memory.register == "einfach"
        english = _said(turn("Who leads it?", "alliance_lead", language="en"), response.memory)
        assert _only(english).text == CONTENT.answer("alliance_lead", "en")

    def test_both_answers_of_a_turn_are_repeated(self) -> None:
        asked = two_questions(("Wer leitet sie?", "alliance_lead"), ("Welche Anschrift?", "service_address"))
        reply = _only(_said(turn("Wie bitte?", "repeat"), _said(asked).memory))

        both = "\n".join(CONTENT.answer(topic, "standard") for topic in ("alliance_lead", "service_address"))
        assert reply.text == CONTENT.reply("repeat", "standard", answer=both)


class TestSeveralQuestions:
    def test_two_questions_get_two_replies_and_one_memory(self) -> None:
        asked = two_questions(("Wer leitet sie?", "alliance_lead"), ("Welche Anschrift?", "service_address"))
        response = _said(asked, Memory(topic="alliance_goals", said=(("alliance_goals", ()),)))

        assert [(reply.topic, reply.text, reply.intent) for reply in response.replies] == [
            (topic, CONTENT.answer(topic, "standard"), topic) for topic in ("alliance_lead", "service_address")
        ]
        assert response.memory == replace(_after("service_address"), said=(("alliance_lead", ()), ("service_address", ())))

    def test_each_question_has_its_own_organisations(self) -> None:
        text = "Ist der Mieterbund dabei? Ist die Caritas dabei?"
        asked = two_questions((text[:25], "participants_member"), (text[26:], "participants_member"))
        asked = replace(asked, mentions=(mention(text, "Mieterbund"), mention(text, "Caritas")))

        assert _said(asked).memory.said == (("participants_member", ("Mieterbund",)), ("participants_member", ("Caritas",)))

    def test_equal_replies_are_said_once_and_remembered_once(self) -> None:
        asked = two_questions(("Wer leitet sie?", "alliance_lead"), ("Wer führt sie?", "alliance_lead"))
        response = _said(asked)

        assert _only(response).text == CONTENT.answer("alliance_lead", "standard")
        assert response.memory.said == (("alliance_lead", ()),)

    def test_second_question_can_lean_on_the_first(self) -> None:
        asked = two_questions(("Was ist die Allianz?", "alliance_definition"), ("Seit wann?", "followup_when"))

        assert [reply.topic for reply in _said(asked).replies] == ["alliance_definition", "alliance_founding_year"]

    @pytest.mark.parametrize("frame", ["greet", "oos_general"])
    def test_what_was_said_in_an_earlier_turn_is_not_repeated_with_this_one(self, frame: str) -> None:
        before = Memory(topic="alliance_goals", said=(("alliance_goals", ()),))
        asked = two_questions(("Guten Tag!", frame), ("Wer leitet sie?", "alliance_lead"))

        assert _said(asked, before).memory.said == (("alliance_lead", ()),)

    def test_answer_that_an_earlier_turn_gave_as_well_is_remembered_beside_the_new_one(self) -> None:
        before = Memory(topic="alliance_lead", said=(("alliance_lead", ()),))
        asked = two_questions(("Wer leitet sie?", "alliance_lead"), ("Welche Anschrift?", "service_address"))

        assert _said(asked, before).memory.said == (("alliance_lead", ()), ("service_address", ()))

    def test_turn_that_answers_nothing_keeps_what_was_said(self) -> None:
        before = Memory(topic="alliance_lead", said=(("alliance_lead", ()),))
        asked = two_questions(("Danke!", "thanks"), ("Tschüss!", "goodbye"))

        assert _said(asked, before).memory == before

    def test_each_question_has_its_own_zone(self) -> None:
        asked = two_questions(("Wer leitet sie?", "alliance_lead"), ("Wetter?", "alliance_goals"), ("answer", "decline"))
        response = _said(asked)

        assert [reply.zone for reply in response.replies] == ["answer", "decline"]
        assert response.memory == replace(_after("alliance_lead"), offered=STARTERS, declines=1)

    def test_hand_off_beside_an_answer_names_its_topic(self) -> None:
        asked = two_questions(("Wer leitet sie?", "alliance_lead"), ("Mensch bitte.", "handoff"))

        assert _said(asked).handoff == {"reason": "wish", "topic": "alliance_lead"}


class TestRegisters:
    @pytest.mark.parametrize("register", ["standard", "einfach", "en"])
    @pytest.mark.parametrize("language", ["", "de"])
    def test_german_gets_the_register_that_was_chosen(self, register: Register, language: str) -> None:
        reply = _only(_said(turn("Wer leitet die Allianz heute?", "alliance_lead", register=register, language=language)))

        assert (reply.text, reply.register) == (CONTENT.answer("alliance_lead", register), register)

    @pytest.mark.parametrize("language", ["en", "tr", "ar", "fr", "pl", "uk"])
    @pytest.mark.parametrize("register", ["standard", "einfach"])
    def test_other_language_gets_english(self, language: str, register: Register) -> None:
        response = _said(turn("Who leads the alliance these days?", "alliance_lead", register=register, language=language))

        assert _only(response).text == CONTENT.answer("alliance_lead", "en")
        assert _only(response).buttons == _titles(tuple(_LEAD.related), "en")
        assert response.memory.language == language

    @pytest.mark.parametrize("intent", ["oos_injection", "oos_nonsense"])
    def test_noise_says_nothing_of_the_language(self, intent: str) -> None:
        assert _said(turn("DROP TABLE users;", intent, language="en")).memory.language == ""

    def test_short_text_keeps_the_last_language(self) -> None:
        response = _said(turn("Diehl?", "contact_diehl"), Memory(language="fr"))

        assert _only(response).text == CONTENT.answer("contact_diehl", "en")
        assert response.memory.language == "fr"

    def test_long_text_without_a_language_gets_the_register_that_was_chosen(self) -> None:
        asked = turn("Diehl Piesk Allianz Servicestelle Wohnen", "service_contact")

        assert _only(_said(asked, Memory(language="fr"))).register == "standard"

    def test_german_brings_german_back(self) -> None:
        response = _said(turn("Wer leitet sie?", "alliance_lead", language="de"), Memory(language="en"))

        assert _only(response).register == "standard"
        assert response.memory.language == "de"
        assert _only(_said(turn("Diehl?", "contact_diehl"), response.memory)).register == "standard"


class TestOrganisations:
    def test_organisations_are_answered_and_remembered(self) -> None:
        text = "Sind Mieterbund und Caritas dabei?"
        response = _said(turn(text, "participants_member", names=("Mieterbund", "Caritas")))

        assert _only(response).text == membership(["Mieterbund", "Caritas"], CONTENT, "standard")
        said = (("participants_member", ("Mieterbund", "Caritas")),)
        assert response.memory == replace(_after("participants_member"), said=said)

    def test_question_without_a_name_asks_for_it(self) -> None:
        response = _said(turn("Ist eine bestimmte Gruppe dabei?", "participants_member"))

        assert _only(response).text == CONTENT.answer("participants_member", "standard")
        assert response.memory.asked == "organisation"

    @pytest.mark.parametrize("zone", ["answer", "clarify", "decline"])
    @pytest.mark.parametrize(
        ("typed", "name"), [("die tafel", "die tafel"), ("Frankfurter Brett e.V.?", "Frankfurter Brett e.V")]
    )
    def test_bare_name_is_answered_after_it_was_asked_for(self, typed: str, name: str, zone: str) -> None:
        memory = _said(turn("Ist eine bestimmte Gruppe dabei?", "participants_member")).memory
        response = _said(turn(typed, "oos_nonsense", zone=zone), memory)

        assert _only(response).text == membership([name], CONTENT, "standard")
        assert response.memory.asked == ""

    @pytest.mark.parametrize("typed", ["?", "!?", "...", "Die Allianz", "die allianz für wohnen in hessen"])
    def test_what_is_no_name_is_not_taken_for_one(self, typed: str) -> None:
        memory = _said(turn("Ist eine bestimmte Gruppe dabei?", "participants_member")).memory

        assert _only(_said(turn(typed, "oos_nonsense", zone="decline"), memory)).zone == "decline"
        assert _only(_said(turn(typed, "participants_member"), memory)).text == CONTENT.answer(
            "participants_member", "standard"
        )

    @pytest.mark.parametrize("typed", ["Ist die dabei?", "Und machen die auch mit?", "gehört der dazu", "Is it a member?"])
    def test_question_that_points_to_the_last_organisation_asks_about_it(self, typed: str) -> None:
        memory = Memory(topic="participants_member", said=(("participants_member", ("Caritas",)),))

        reply = _only(_said(turn(typed, "participants_member"), memory))

        assert reply.text == membership(["Caritas"], CONTENT, "standard")

    @pytest.mark.parametrize(
        ("typed", "topic"), [("Ist die Kirche dabei?", "participants_member"), ("Ist die dabei?", "alliance_lead")]
    )
    def test_question_about_another_one_or_after_another_topic_does_not(self, typed: str, topic: str) -> None:
        memory = Memory(topic=topic, said=(("participants_member", ("Caritas",)),))

        assert _only(_said(turn(typed, "participants_member"), memory)).text == CONTENT.answer(
            "participants_member", "standard"
        )

    @pytest.mark.parametrize(
        ("typed", "guessed"),
        [("Gibt es Fördermittel für Umbau?", "Fördermittel für Umbau"), ("Hilft die Allianz Obdachlosen?", "Obdachlosen")],
    )
    def test_question_behind_one_about_an_organisation_is_no_name(self, typed: str, guessed: str) -> None:
        memory = _said(turn("Ist der Mieterbund dabei?", "participants_member", names=("Mieterbund",))).memory

        assert _only(_said(turn(typed, "oos_money", zone="decline", names=(guessed,)), memory)).zone == "decline"

    @pytest.mark.parametrize(
        ("typed", "begins"),
        [
            ("Ist der Mieterbund dabei?", "Ja. Der Mieterbund"),
            ("Was macht der Mieterbund dort?", "Der Mieterbund"),
            ("Und der Mieterbund, was macht der?", "Der Mieterbund"),
        ],
    )
    def test_yes_answers_whether_and_nothing_else(self, typed: str, begins: str) -> None:
        assert _only(_said(turn(typed, "participants_member", names=("Mieterbund",)))).text.startswith(begins)

    @pytest.mark.parametrize("typed", ["Allianz", "die Allianz?", "Bündnis", "ALLIANZ HESSEN"])
    def test_name_of_the_alliance_alone_asks_what_it_is(self, typed: str) -> None:
        assert _only(_said(turn(typed, "oos_namesakes", zone="decline"))).topic == "alliance_definition"

    def test_sentence_is_no_bare_name(self) -> None:
        memory = _said(turn("Ist eine bestimmte Gruppe dabei?", "participants_member")).memory
        asked = turn("Wie wird denn das Wetter am Sonntag?", "oos_general", zone="decline")

        assert _only(_said(asked, memory)).topic == "oos_general"

    def test_sure_question_is_no_bare_name(self) -> None:
        memory = _said(turn("Ist eine bestimmte Gruppe dabei?", "participants_member")).memory

        assert _only(_said(turn("Wer leitet die Allianz?", "alliance_lead"), memory)).topic == "alliance_lead"

    @pytest.mark.parametrize("topic", ["participants_list", "participants_member", "participants_join"])
    def test_name_after_a_question_about_participants_asks_about_this_one(self, topic: str) -> None:
        asked = turn("Und die Caritas?", "oos_namesakes", zone="decline", names=("Caritas",))

        assert _only(_said(asked, Memory(topic=topic))).text == membership(["Caritas"], CONTENT, "standard")

    @pytest.mark.parametrize("topic", ["", "alliance_lead"])
    def test_name_after_something_else_is_left_to_the_model(self, topic: str) -> None:
        asked = turn("Und die Caritas?", "oos_namesakes", zone="decline", names=("Caritas",))

        assert _only(_said(asked, Memory(topic=topic))).topic == "oos_namesakes"

    @pytest.mark.parametrize(
        "name", ["<script>alert(1)</script>", "{contact}", "x" * 500, "\u202eSatirac", "a\n\nb", "{}{0}{name!r}"]
    )
    def test_name_of_any_kind_gets_one_safe_sentence(self, name: str) -> None:
        text = f"Ist {name} dabei?"
        asked = Turn(
            text,
            (Question(text, 0, len(text), "answer", (("participants_member", 0.9),)),),
            (Mention("organisation", name, 4, 4 + len(name), 0.5),),
        )
        said = _only(_said(asked)).text

        assert said.endswith(CONTENT.replies["not_named"].standard.split("}", 1)[1].removeprefix("“"))
        assert not set(said) & set("<>{}\n\u202e")
        assert ADDRESS not in said
        assert len(said) < 260

    def test_memory_with_organisations_works_after_the_slot(self) -> None:
        text = "Sind Mieterbund und Caritas dabei?"
        memory = _said(turn(text, "participants_member", names=("Mieterbund", "Caritas"))).memory
        stored = Memory.from_slot(json.loads(json.dumps(memory.to_slot())))

        assert _said(turn("Wie bitte?", "repeat"), stored) == _said(turn("Wie bitte?", "repeat"), memory)
