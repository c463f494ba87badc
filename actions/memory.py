"""What the bot remembers from one turn to the next; kept in Rasa's slot `memory`."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True)
class Memory:
    """`topic`: the last one answered, `said`: what „noch einmal“ repeats, as (topic, organisations) pairs,
    `offered`: topics on the buttons that were shown last, `asked`: what a bare yes or no answers ("topics", "handoff",
    "organisation" or ""), or "crisis" behind an answer to one, `language`: the last one recognised, `register`: "einfach" where
    the citizen has asked for it in words, else "", `declines`: how many in a row."""

    topic: str = ""
    said: tuple[tuple[str, tuple[str, ...]], ...] = ()
    offered: tuple[str, ...] = ()
    asked: str = ""
    language: str = ""
    register: str = ""
    declines: int = 0

    @classmethod
    def from_slot(cls, value: Any) -> Memory:
        """A slot of another version or shape counts as no memory."""
        if not isinstance(value, dict) or set(value) != {field.name for field in fields(cls)}:
            return cls()
        try:
            return cls(
                topic=str(value["topic"]),
                said=tuple((str(topic), tuple(map(str, names))) for topic, names in value["said"]),
                offered=tuple(map(str, value["offered"])),
                asked=str(value["asked"]),
                language=str(value["language"]),
                register=str(value["register"]),
                declines=int(value["declines"]),
            )
        except (TypeError, ValueError):
            return cls()

    def to_slot(self) -> dict[str, Any]:
        return asdict(self)
