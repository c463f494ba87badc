"""Texts that staff put into an answer and change: what content says of each topic, in the citizen's language."""

from __future__ import annotations

from dataclasses import dataclass

from content import Content, Register

#: Replies of the bot that a person can say, too; with the title that staff see.
_REPLIES = {"thanks": "Dank und Nachfrage", "goodbye": "Verabschiedung"}


@dataclass(frozen=True)
class Canned:
    title: str
    text: str


def canned(content: Content, register: Register) -> list[Canned]:
    """All texts, those of a conversation's frame first, then the topics by title."""
    frame = [Canned(title, content.reply(name, register)) for name, title in _REPLIES.items()]
    topics = sorted(content.topics.values(), key=lambda topic: topic.title.casefold())
    return [*frame, *(Canned(topic.title, content.answer(topic.id, register)) for topic in topics)]
