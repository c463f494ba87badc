"""What a message can mean, in words for staff."""

from __future__ import annotations

from pathlib import Path

import pytest

from content import read_content
from web.review.intents import choices, intent_title, is_outside

_NLU = Path(__file__).parents[3] / "data" / "nlu"


def test_every_intent_of_the_training_data_can_be_chosen_and_no_other() -> None:
    assert set(choices(read_content())) == {path.stem for path in _NLU.glob("*.yml")}


def test_each_has_a_title_of_its_own_and_those_of_topics_are_the_contents() -> None:
    content = read_content()
    listed = choices(content)

    assert len({choice.title for choice in listed.values()}) == len(listed)
    assert {name: choice.title for name, choice in listed.items() if choice.group == "Themen"} == {
        topic.id: topic.title for topic in content.topics.values()
    }
    assert {name for name, choice in listed.items() if choice.group == "Gehört nicht hierher"} == set(
        filter(is_outside, listed)
    )


def test_out_of_scope_intent_without_a_name_of_ours_is_named_by_its_sentence() -> None:
    content = read_content()
    content = content.copy(update={"declines": {**content.declines, "oos_garden": content.declines["oos_money"]}})

    assert choices(content)["oos_garden"].title == content.declines["oos_money"].standard


@pytest.mark.parametrize(
    ("intent", "title"),
    [
        ("Wer bekommt Wohngeld?", "Wer bekommt Wohngeld?"),
        ("wohngeld", "wohngeld"),
        ("service_telegram", "ein früheres Thema"),
        ("", ""),
    ],
)
def test_new_topic_is_called_by_its_title_and_one_that_is_gone_by_no_name(intent: str, title: str) -> None:
    assert intent_title(intent, read_content()) == title
