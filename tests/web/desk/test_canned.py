from __future__ import annotations

import pytest

from content import REGISTERS, Register, read_content
from web.desk.canned import canned


@pytest.mark.parametrize("register", REGISTERS)
def test_every_topic_is_there_in_the_citizens_language(register: Register) -> None:
    content = read_content()
    texts = {each.title: each.text for each in canned(content, register)}
    assert texts == {
        "Dank und Nachfrage": content.reply("thanks", register),
        "Verabschiedung": content.reply("goodbye", register),
        **{topic.title: content.answer(topic.id, register) for topic in content.topics.values()},
    }


def test_topics_are_sorted_by_title() -> None:
    titles = [each.title for each in canned(read_content(), "standard")]
    assert titles[2:] == sorted(titles[2:], key=str.casefold)
