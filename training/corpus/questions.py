"""The test questions, which nothing is trained on, and when an answer to one of them is right.

The development test set was written before the training data by authors who saw the facts and the titles of the topics
only. `regression.jsonl` is kept apart from its figures: questions that went wrong in real conversations.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from actions.participants import membership, shown
from components.folding import fold
from content import Content, Register
from training.failure import BadInput
from training.processes import ROOT
from training.reading import read_text

QUESTIONS = ROOT / "tests" / "questions"
#: One file, written by `wohnlotse import-reviews`.
_REGRESSION = "regression.jsonl"

_ASKED_FOR_A_NAME = ("Nennen Sie mir bitte den Namen", "Schreiben Sie mir bitte den Namen", "Please give me the name")

Kind = Literal["single", "dialogue", "regression"]


@dataclass(frozen=True)
class Expected:
    """One turn of the test set. `topics`: what must be answered, in order; `also`: what a fair judge accepts instead."""

    text: str
    topics: tuple[str, ...]
    also: tuple[str, ...]
    organisation: str
    voice: str
    kind: Kind
    place: str

    @property
    def is_out_of_scope(self) -> bool:
        return self.topics == ("decline",)


@dataclass(frozen=True)
class Heard:
    """What the bot did with a turn.

    `got`: topics that were answered, in order, or decline, clarify, handoff, crisis. `act`: the act of conversation that
    was answered, such as repeat, else "".
    """

    got: tuple[str, ...]
    zone: str
    act: str
    text: str
    register: Register


def read_dialogues(folder: Path = QUESTIONS) -> list[list[Expected]]:
    """All conversations of the test set; a single question is one of one turn. Raises BadInput with file and line."""
    dialogues = []
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(read_text(path).splitlines(), start=1):
            if line.strip():
                try:
                    dialogues.append(list(_turns(json.loads(line), path.name, number)))
                except (ValueError, KeyError, TypeError, AttributeError):
                    raise BadInput(f"{path}:{number} is no test question in JSON.") from None
    return dialogues


def heard(answer: dict[str, Any]) -> Heard:
    """What an answer of the web channel says."""
    replies = answer["replies"]
    text = "\n".join(reply["text"] for reply in replies)
    if answer["handoff"]:
        wished = answer["handoff"]["reason"] == "wish"
        return Heard(("handoff" if wished else "crisis",), "answer", "", text, "standard")
    about = [reply for reply in replies if reply["topic"]] or replies
    got = tuple("decline" if reply["zone"] == "decline" else str(reply["topic"]) for reply in about)
    return Heard(got, about[0]["zone"], about[0]["intent"], text, about[0]["register"])


def is_right(expected: Expected, heard: Heard, content: Content) -> bool:
    """Whether the topics asked for were answered and no other, or it was declined, or the act of conversation followed."""
    if not _matches(expected, heard):
        return False
    if expected.organisation and "participants_member" in heard.got:
        return _names_it(expected.organisation, heard, content)
    return True


def _turns(item: dict[str, Any], name: str, line: int) -> Iterator[Expected]:
    kind: Kind = "regression" if name == _REGRESSION else "dialogue" if "turns" in item else "single"
    for number, turn in enumerate(item.get("turns", [item]), start=1):
        yield Expected(
            turn["text"],
            tuple(turn["expect"]),
            tuple(turn.get("also") or ()),
            turn.get("org", ""),
            "dialogue" if "turns" in item else item.get("voice", ""),
            kind,
            f"{name}:{line}" + (f":{number}" if "turns" in item else ""),
        )


def _matches(expected: Expected, heard: Heard) -> bool:
    if heard.zone == "guard":
        return expected.is_out_of_scope
    if heard.zone in ("clarify", "unavailable"):
        return False
    if len(expected.topics) > 1:
        return set(heard.got) == set(expected.topics)
    for wanted in (*expected.topics, *expected.also):
        if heard.got == (wanted,):
            return True
        if wanted in ("repeat", "simpler", "affirm", "deny") and heard.act == wanted and len(heard.got) == 1:
            return True
        if wanted.startswith("followup_") and heard.zone == "answer" and len(heard.got) == 1:
            return True
    return False


def _names_it(organisation: str, heard: Heard, content: Content) -> bool:
    if heard.text.startswith(_ASKED_FOR_A_NAME):
        return False
    said = fold(heard.text)
    if membership([organisation], content, heard.register) in heard.text or fold(shown(organisation)) in said:
        return True
    return any(len(word) > 3 and word in said for word in fold(organisation).split())
