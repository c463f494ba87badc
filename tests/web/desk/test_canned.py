from __future__ import annotations

import pytest

from content import REGISTERS, Register, read_content
from web.desk.canned import canned


@pytest.mark.parametrize("register", REGISTERS)
def test_phrases_and_all_topics_but_those_about_the_bot_are_there_in_the_citizens_language(register: Register) -> None:
    content = read_content()
    texts = {each.title: each.text for each in canned(content, register)}
    assert texts == {
        **{phrase.title: content.fill(phrase.text, register) for phrase in content.phrases},
        **{
            topic.title: content.answer(topic.id, register)
            for topic in content.topics.values()
            if not topic.id.startswith("bot_")
        },
    }


def test_phrases_stand_first_in_their_order_and_topics_by_title() -> None:
    content = read_content()
    titles = [each.title for each in canned(content, "standard")]
    number = len(content.phrases)
    assert titles[:number] == [phrase.title for phrase in content.phrases]
    assert titles[number:] == sorted(titles[number:], key=str.casefold)
