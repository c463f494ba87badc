from __future__ import annotations

from typing import get_args

import pytest

from actions.participants import membership
from content import Content, Register
from web.chat.bot import Answer, BotReply
from web.pages.answers import groups, names, passage


def _reply(topic: str, zone: str = "answer", buttons: tuple[dict[str, str], ...] = ()) -> BotReply:
    return BotReply(text="...", topic=topic, zone=zone, register="standard", buttons=buttons, source=None)


def _answer(*replies: BotReply) -> Answer:
    return Answer(replies, None, None)


def test_topic_comes_with_its_source_and_what_is_related(content: Content) -> None:
    found = passage("alliance_goals", content, "einfach")

    assert found is not None
    assert found.title == content.topics["alliance_goals"].title
    assert found.text == content.answer("alliance_goals", "einfach")
    assert found.source == content.sources["page"]
    assert [each.id for each in found.related] == content.topics["alliance_goals"].related


def test_reason_to_decline_gives_the_refusal_with_that_reason(content: Content) -> None:
    found = passage("oos_money", content, "standard")

    assert found is not None
    assert found.id == ""
    assert content.declines["oos_money"].standard in found.text
    assert content.contacts.address in found.text


def test_every_reply_that_needs_no_words_of_the_citizen_can_be_shown(content: Content) -> None:
    assert passage("crisis", content, "en") is not None
    assert passage("not_named", content, "en") is None
    assert passage("no_such_thing", content, "en") is None


@pytest.mark.parametrize("register", ["standard", "einfach", "en"])
def test_groups_hold_each_topic_once(register: Register, content: Content) -> None:
    listed = [each.id for _, passages in groups(content, register) for each in passages]

    assert sorted(listed) == sorted(content.topics.keys() - {"participants_member"})


def test_topic_of_a_new_kind_is_listed_under_more_questions(content: Content) -> None:
    new = content.topics["bot_source"].copy(update={"id": "region_kassel"})
    grown = content.copy(update={"topics": {**content.topics, new.id: new}})

    assert [each.id for each in dict(groups(grown, "en"))["More questions"]] == ["region_kassel"]


def test_two_answers_are_named_once_each_in_their_order(content: Content) -> None:
    answer = _answer(_reply("alliance_lead"), _reply("alliance_goals"), _reply("alliance_lead"))

    assert names(answer, content) == (["alliance_lead", "alliance_goals"], [])


@pytest.mark.parametrize("register", get_args(Register))
@pytest.mark.parametrize(
    "asked",
    [
        ["Mieterbund"],
        ["IHK"],
        ["Tafel Gießen"],
        ["Mieterbund", "Haus & Grund", "Tafel Gießen"],
    ],
)
def test_question_about_organisations_leads_to_the_answer_about_each(
    register: Register, asked: list[str], content: Content
) -> None:
    text = membership(asked, content, register)
    said, offered = names(_answer(BotReply(text, "participants_member", "answer", register, (), None)), content)

    shown = [passage(name, content, register) for name in said]
    not_named = content.reply("not_named", register, name="Tafel Gießen")
    expected = [line if line != not_named else content.reply("one_not_named", register) for line in text.splitlines()]
    assert offered == []
    assert [each and each.text for each in shown] == expected
    assert [each and each.source for each in shown] == [content.sources["page"]] * len(shown)
    assert "Tafel" not in "".join(said)


@pytest.mark.parametrize("register", get_args(Register))
def test_question_about_an_organisation_without_its_name_is_asked_back(register: Register, content: Content) -> None:
    text = content.answer("participants_member", register)
    answer = _answer(BotReply(text, "participants_member", "answer", register, (), None))

    assert names(answer, content) == (["participants_member"], [])


def test_answer_about_an_organisation_that_is_not_known_any_more_leads_to_the_list_of_all(content: Content) -> None:
    assert names(_answer(_reply("participants_member")), content) == (["participants_list"], [])


def test_nothing_is_suggested_in_an_emergency(content: Content) -> None:
    crisis, thanks = passage("crisis", content, "standard"), passage("thanks", content, "standard")

    assert crisis is not None
    assert crisis.related == ()
    assert thanks is not None
    assert thanks.related != ()


def test_clarification_offers_its_topics_and_nothing_that_is_none(content: Content) -> None:
    titles = [content.topics["alliance_goals"].title, "Etwas anderes"]
    buttons = tuple({"title": title, "payload": title} for title in titles)

    assert names(_answer(_reply("clarify", "clarify", buttons)), content) == ([], ["alliance_goals"])
