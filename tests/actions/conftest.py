"""The real content, and turns made by hand in place of the model's verdicts."""

from __future__ import annotations

from typing import Any

from actions.turn import Mention, Question, Turn
from content import Content, read_content

CONTENT = read_content()
ADDRESS = CONTENT.contacts.address


def mention(text: str, name: str, kind: str = "organisation", value: str | None = None) -> Mention:
    """The first place where `name` stands in `text`; `value` is what the extractor sets, by default the name as written."""
    start = text.index(name)
    return Mention(kind, name if value is None else value, start, start + len(name), 0.5)


def turn(text: str, *ranking: tuple[str, float] | str, zone: str = "answer", names: tuple[str, ...] = (), **more: Any) -> Turn:
    """One question that is the whole message; an intent without a number is sure. `names`: organisations in it."""
    ranked = tuple((each, 0.95) if isinstance(each, str) else each for each in ranking)
    mentions = more.pop("mentions", tuple(mention(text, name) for name in names))
    return Turn(text, (Question(text, 0, len(text), zone, ranked),), mentions, **more)


def two_questions(first: tuple[str, str], second: tuple[str, str], zones: tuple[str, str] = ("answer", "answer")) -> Turn:
    """A message with two (text, intent) questions, one blank between."""
    (one, intent), (other, intent2) = first, second
    start = len(one) + 1
    return Turn(
        f"{one} {other}",
        (
            Question(one, 0, len(one), zones[0], ((intent, 0.95),)),
            Question(other, start, start + len(other), zones[1], ((intent2, 0.95),)),
        ),
    )


def with_contacts(**fields: str) -> Content:
    """The content with contact fields that staff have filled in."""
    return CONTENT.copy(update={"contacts": CONTENT.contacts.copy(update=fields)})
