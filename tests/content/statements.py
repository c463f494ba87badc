"""Everything the bot and the staff's phrases say, as the citizen reads it, and the official names in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import get_args

from content import Content, Register, Text

REGISTERS: tuple[Register, ...] = get_args(Register)

#: A topic for {answer}, an organisation for {name}, a number of characters for {limit}.
_EXAMPLE = {
    "answer": "alliance_founder",
    "name": "Mieterbund",
    "limit": "",
    "place": "",
    "staff": "eine Person von der Servicestelle",
    "opening": "",
}


@dataclass(frozen=True)
class Statement:
    """One text in one register, its braces filled; `place` names the file and the entry."""

    place: str
    register: Register
    text: str

    def __str__(self) -> str:
        return f"{self.place} ({self.register}): {self.text}"


def statements(content: Content) -> Iterator[Statement]:
    """All that is said: titles, answers, missing details, participants, replies, reasons for declining, phrases, sources."""
    for register in REGISTERS:
        yield from labels(content, register)
        yield from answers(content, register)


def labels(content: Content, register: Register) -> Iterator[Statement]:
    """What stands on buttons and below answers."""
    for topic in content.topics.values():
        yield Statement(f"topics/{topic.id}.yml, title", register, topic.titled(register))
    for name, source in content.sources.items():
        yield Statement(f"sources.yml, {name}", register, source.title)


def answers(content: Content, register: Register) -> Iterator[Statement]:
    """What the bot or a person says in whole sentences."""
    for topic in content.topics.values():
        yield Statement(f"topics/{topic.id}.yml, answers", register, content.fill(topic.answers, register))
        if topic.missing is not None:
            yield Statement(f"topics/{topic.id}.yml, missing", register, content.fill(topic.missing, register))
    for participant in content.participants:
        place = f"participants.yml, {participant.id}"
        yield Statement(place, register, content.fill(participant.answers, register))
        member = content.reply("member_of_group", register, name=_EXAMPLE["name"], group=participant.name)
        yield Statement(f"{place}, name", register, member)
    for name, reply in content.replies.items():
        if name not in ("decline", "member_of_group"):
            yield Statement(f"replies.yml, {name}", register, _filled(content, reply, register))
    for name, reason in content.declines.items():
        text = content.reply("decline", register, reason=reason.of(register))
        yield Statement(f"declines.yml, {name}", register, text)
    for phrase in content.phrases:
        yield Statement(f"phrases.yml, {phrase.title}", register, content.fill(phrase.text, register))


def _filled(content: Content, reply: Text, register: Register) -> str:
    example = {**_EXAMPLE, "answer": content.answer(_EXAMPLE["answer"], register)}
    return content.fill(reply, register, **{name: example[name] for name in reply.placeholders() & example.keys()})
