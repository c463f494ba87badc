"""What the pages say: topics, replies and refusals of `content/`, found by the id under which the bot gives them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from content import STARTERS, Content, Register, Source, Topic
from content.schema import REPLIES
from web.chat.bot import Answer, BotReply

#: The bot's answer about one organisation: where content knows no such one, the list of all says the same.
_MEMBER = "participants_member"
_ALL_MEMBERS = "participants_list"

_GROUPS: dict[str, dict[Register, str]] = {
    "alliance": {"standard": "Die Allianz", "einfach": "Die Allianz", "en": "The alliance"},
    "participants": {"standard": "Wer mitmacht", "einfach": "Wer mitmacht", "en": "Who takes part"},
    "service contact": {"standard": "Servicestelle Wohnen", "einfach": "Servicestelle Wohnen", "en": "Servicestelle Wohnen"},
    "bot": {"standard": "Dieser Chat", "einfach": "Dieser Chat", "en": "This chat"},
}
_OTHERS: dict[Register, str] = {"standard": "Weitere Fragen", "einfach": "Weitere Fragen", "en": "More questions"}


@dataclass(frozen=True)
class Passage:
    """A text of the bot on a page; `id` is a topic's, or "" for a reply that is none."""

    id: str
    title: str
    text: str
    source: Source | None
    related: tuple[Passage, ...] = ()


def passage(name: str, content: Content, register: Register) -> Passage | None:
    """What the bot says under `name`: a topic, an organisation, a reply, or a reason to decline; None where there is no
    such thing."""
    if name in content.topics:
        topic = content.topics[name]
        related = tuple(_topic(content.topics[each], content, register) for each in topic.related)
        return Passage(name, topic.titled(register), content.answer(name, register), content.sources[topic.source], related)
    starters = tuple(_topic(content.topics[each], content, register) for each in STARTERS if each in content.topics)
    organisation = next((each for each in content.participants if each.id == name), None)
    if organisation is not None:
        text = content.fill(organisation.answers, register)
        return Passage("", "", text, content.sources[content.topics[_ALL_MEMBERS].source], starters)
    if name in content.declines:
        reason = content.declines[name].of(register)
        return Passage("", "", content.reply("decline", register, reason=reason), None, starters)
    if name in content.replies and not REPLIES[name]:
        return Passage("", "", content.reply(name, register), None, starters)
    return None


def groups(content: Content, register: Register) -> list[tuple[str, list[Passage]]]:
    """All topics as (heading, passages), each topic once."""
    grouped: dict[str, list[Passage]] = {titles[register]: [] for titles in (*_GROUPS.values(), _OTHERS)}
    for topic in content.topics.values():
        if topic.id != _MEMBER:
            grouped[_group(topic.id)[register]].append(_topic(topic, content, register))
    return [(title, passages) for title, passages in grouped.items() if passages]


def names(answer: Answer, content: Content) -> tuple[list[str], list[str]]:
    """What `answer` says and what it offers instead, as ids: nothing in them is the citizen's own."""
    by_title = {topic.title: topic.id for topic in content.topics.values()}
    said = [_said(reply, content) for reply in answer.replies if reply.zone != "clarify"]
    buttons = [button for reply in answer.replies if reply.zone == "clarify" for button in reply.buttons]
    offered = [by_title.get(button["payload"], "") for button in buttons]
    return _once(said), _once(offered)


def _said(reply: BotReply, content: Content) -> str:
    """The id of what `reply` says; an organisation is told by its answer, so that nothing else gets into an address."""
    if reply.topic != _MEMBER:
        return reply.topic
    known = (each.id for each in content.participants if content.fill(each.answers, reply.register) == reply.text)
    return next(known, _ALL_MEMBERS)


def _topic(topic: Topic, content: Content, register: Register) -> Passage:
    return Passage(topic.id, topic.titled(register), content.answer(topic.id, register), content.sources[topic.source])


def _group(topic_id: str) -> dict[Register, str]:
    prefix = topic_id.partition("_")[0]
    return next((titles for prefixes, titles in _GROUPS.items() if prefix in prefixes.split()), _OTHERS)


def _once(ids: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(each for each in ids if each))
