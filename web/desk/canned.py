"""Texts that staff put into an answer and change: phrases of their own, and what content says of each topic."""

from __future__ import annotations

from dataclasses import dataclass

from content import Content, Register


@dataclass(frozen=True)
class Canned:
    title: str
    text: str


def canned(content: Content, register: Register) -> list[Canned]:
    """All texts in the citizen's language: the phrases in their order, then the topics by title.

    Where a topic is about the bot, the bot speaks of itself: that is nothing for a person to say.
    """
    phrases = [Canned(phrase.title, content.fill(phrase.text, register)) for phrase in content.phrases]
    topics = sorted(content.topics.values(), key=lambda topic: topic.title.casefold())
    return [
        *phrases,
        *(Canned(topic.title, content.answer(topic.id, register)) for topic in topics if not topic.id.startswith("bot_")),
    ]
