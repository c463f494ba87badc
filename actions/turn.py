"""One message of a citizen as the model understood it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from content import REGISTERS, Register

#: How sure a mention is whose name stands in `content/`, if perhaps misspelt; others are guessed from the wording.
_KNOWN = 0.8


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
        mentions = tuple(
            Mention(
                str(each["entity"]),
                str(each["value"]),
                int(each["start"]),
                int(each["end"]),
                float(each.get("confidence_entity") or 0.0),
            )
            for each in message.get("entities") or []
            if each.get("entity") in ("organisation", "person") and "start" in each
        )
        questions = [
            Question(
                str(each["text"]),
                int(each["start"]),
                int(each["end"]),
                str(each["zone"]),
                tuple((str(one["name"]), float(one["confidence"])) for one in each["ranking"] if one.get("name")),
            )
            for each in found
        ]
        return cls(
            text=text,
            questions=tuple(_whole(text, questions, mentions)),
            mentions=mentions,
            language=str(message.get("language") or ""),
            register=register if register in REGISTERS else "standard",
        )

    def mentioned(self, kind: str, question: Question) -> list[Mention]:
        """Mentions of `kind` in `question`; where it has none, the last one before it („Ich bin im VdK. Ist der dabei?“)."""
        before = [each for each in self.mentions if each.kind == kind and each.end <= question.start]
        return self.mentioned_in(kind, question) or before[-1:]

    def mentioned_in(self, kind: str, question: Question) -> list[Mention]:
        """Mentions of `kind` in `question`, by place."""
        return [each for each in self.mentions if each.kind == kind and question.start <= each.start < question.end]


def _whole(text: str, questions: list[Question], mentions: tuple[Mention, ...]) -> list[Question]:
    """Without the cuts that go through a known name: „Und Haus“, „Grund?“"""
    kept: list[Question] = []
    for question in questions:
        if kept and any(each.sure >= _KNOWN and each.start < kept[-1].end <= question.start < each.end for each in mentions):
            kept[-1] = replace(kept[-1], text=text[kept[-1].start : question.end], end=question.end)
        else:
            kept.append(question)
    return kept
