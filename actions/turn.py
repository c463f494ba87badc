"""One message of a citizen as the model understood it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from content import REGISTERS, Register


@dataclass(frozen=True)
class Mention:
    """An organisation (name as written) or a contact person (name of the topic) in text[start:end]."""

    kind: str
    name: str
    start: int
    end: int
    sure: float


@dataclass(frozen=True)
class Question:
    """One question of the message: intents with probabilities, best first, and the zone the classifier put it in."""

    text: str
    start: int
    end: int
    zone: str
    ranking: tuple[tuple[str, float], ...]

    @property
    def intent(self) -> str:
        return self.ranking[0][0] if self.ranking else ""

    @property
    def confidence(self) -> float:
        return self.ranking[0][1] if self.ranking else 0.0


@dataclass(frozen=True)
class Turn:
    """The whole message."""

    text: str
    questions: tuple[Question, ...]
    mentions: tuple[Mention, ...] = ()
    language: str = ""
    register: Register = "standard"

    @classmethod
    def from_message(cls, message: dict[str, Any]) -> Turn:
        """Reads Rasa's `latest_message`; what another pipeline left out is taken from its intent ranking."""
        text = str(message.get("text") or "")
        found = message.get("questions") or [
            {
                "text": text,
                "start": 0,
                "end": len(text),
                "zone": "answer",
                "ranking": message.get("intent_ranking") or [message.get("intent") or {}],
            }
        ]
        register = (message.get("metadata") or {}).get("register", "standard")
        return cls(
            text=text,
            questions=tuple(
                Question(
                    str(each["text"]),
                    int(each["start"]),
                    int(each["end"]),
                    str(each["zone"]),
                    tuple((str(one["name"]), float(one["confidence"])) for one in each["ranking"] if one.get("name")),
                )
                for each in found
            ),
            mentions=tuple(
                Mention(
                    str(each["entity"]),
                    str(each["value"]),
                    int(each["start"]),
                    int(each["end"]),
                    float(each.get("confidence_entity") or 0.0),
                )
                for each in message.get("entities") or []
                if each.get("entity") in ("organisation", "person") and "start" in each
            ),
            language=str(message.get("language") or ""),
            register=register if register in REGISTERS else "standard",
        )

    def mentioned(self, kind: str, question: Question) -> list[Mention]:
        """Mentions of `kind` in `question`; where it has none, the last one before it („Ich bin im VdK. Ist der dabei?“)."""
        every = [each for each in self.mentions if each.kind == kind]
        inside = [each for each in every if question.start <= each.start < question.end]
        return inside or [each for each in every if each.end <= question.start][-1:]
