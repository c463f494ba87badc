"""What the pages say: topics, replies and refusals of `content/`, found by the id under which the bot gives them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from content import STARTERS, Content, Register, Source, Topic
from content.schema import REPLIES
from web.chat.bot import Answer, BotReply

#: The bot's answer about organisations, and the list of all, which says no less.
_MEMBER = "participants_member"
_ALL_MEMBERS = "participants_list"
#: An organisation that content does not know: its name is the citizen's own.
_NOT_NAMED = "one_not_named"
#: After these nothing else is suggested.
_ALONE = ("crisis",)

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
        related = tuple(_topic(content.topics[each], content, register) for each in content.related(name))
        return Passage(name, topic.titled(register), content.answer(name, register), content.sources[topic.source], related)
    starters = tuple(_topic(content.topics[each], content, register) for each in STARTERS if each in content.topics)
    about_members = _about_members(content, register)
    if name in about_members:
        return Passage("", "", about_members[name], content.sources[content.topics[_ALL_MEMBERS].source], starters)
    if name in content.declines:
        reason = content.declines[name].of(register)
        return Passage("", "", content.reply("decline", register, reason=reason), None, starters)
    if name in content.replies and not REPLIES[name]:
        return Passage("", "", content.reply(name, register), None, () if name in _ALONE else starters)
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
    said = [name for reply in answer.replies if reply.zone != "clarify" for name in _said(reply, content)]
    buttons = [button for reply in answer.replies if reply.zone == "clarify" for button in reply.buttons]
    offered = [by_title.get(button["payload"], "") for button in buttons]
    return _once(said), _once(offered)


def _said(reply: BotReply, content: Content) -> list[str]:
    """The ids of what `reply` says. Organisations are told by the answers about them, one a line, so that nothing else gets
    into an address."""
    if reply.topic != _MEMBER:
        return [reply.topic]
    ids = {text: name for name, text in _about_members(content, reply.register).items()}
    before, _, rest = content.reply("not_named", reply.register, name="\0").partition("\0")
    after = rest.rpartition("\0")[2]

    def said(line: str) -> str:
        is_not_named = line.startswith(before) and line.endswith(after)
        return ids.get(line, _NOT_NAMED if is_not_named else _ALL_MEMBERS)

    return [said(line) for line in reply.text.splitlines()]


def _about_members(content: Content, register: Register) -> dict[str, str]:
    """What the bot says about organisations, by ids of our own: of one that the page names, of one that belongs to a named
    group, of one that it does not name, and where none was named."""
    said = {_MEMBER: content.answer(_MEMBER, register), _NOT_NAMED: content.reply(_NOT_NAMED, register)}
    for group in content.participants:
        said[group.id] = content.fill(group.answers, register)
        for member in group.members:
            text = content.reply("member_of_group", register, name=member.name, group=group.name)
            said[f"{group.id}:{member.name}"] = text
    return said


def _topic(topic: Topic, content: Content, register: Register) -> Passage:
    return Passage(topic.id, topic.titled(register), content.answer(topic.id, register), content.sources[topic.source])


def _group(topic_id: str) -> dict[Register, str]:
    prefix = topic_id.partition("_")[0]
    return next((titles for prefixes, titles in _GROUPS.items() if prefix in prefixes.split()), _OTHERS)


def _once(ids: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(each for each in ids if each))
