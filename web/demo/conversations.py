"""Made-up conversations out of questions that the bot has answered: who writes when, about what, and how it ends."""

from __future__ import annotations

import datetime
import random
import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.contrib.auth.models import User

from content import Content, Register
from web.chat.models import Author, Channel, Conversation, Feedback, Message, Reason, State, Verdict
from web.demo.people import CONCERNS, COUNSELLOR, SAID, WRITERS
from web.handoff.models import Transition
from web.inquiries.entries import Entries
from web.privacy import find, redact
from web.review.models import Outcome, Review, Suggestion

#: A line of `training.demo`: {language, register, turns: [{text, replies, handoff, verdict}]}.
Line = dict[str, Any]

_NAMESPACE = uuid.UUID("6a0e2b1c-8f3d-4e57-9b1a-2c4d6e8f0a13")
_BERLIN = ZoneInfo("Europe/Berlin")
_SECOND = datetime.timedelta(seconds=1)
#: Monday to Sunday; and 0 to 24 o'clock: office hours, then the evening.
_WEEKDAYS = (10, 10, 9, 9, 8, 4, 4)
_HOURS = (1, 0, 0, 0, 0, 1, 2, 5, 9, 12, 13, 11, 7, 8, 11, 10, 8, 7, 7, 9, 10, 8, 5, 2)
_OFFICE = range(9, 16)
#: How much more often than hardly ever a topic is asked for at the most.
_FAVOURITE = 8.0


class Concern(NamedTuple):
    """What somebody leaves word of."""

    conversation: Conversation
    entries: Entries
    is_done: bool


@dataclass
class Plan:
    """Rows to be stored, each with its time."""

    conversations: list[tuple[Conversation, datetime.datetime]] = field(default_factory=list)
    messages: list[tuple[Message, datetime.datetime]] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    feedback: list[tuple[Feedback, datetime.datetime]] = field(default_factory=list)
    transitions: list[tuple[Transition, datetime.datetime]] = field(default_factory=list)
    reviews: list[tuple[Review, datetime.datetime]] = field(default_factory=list)
    suggestions: list[tuple[Suggestion, datetime.datetime]] = field(default_factory=list)
    concerns: list[tuple[Concern, datetime.datetime]] = field(default_factory=list)


def conversation_ids(count: int, seed: int = 4) -> list[uuid.UUID]:
    """The ids of `conversations_plan`. They hang on nothing else: a later run finds and replaces what an earlier one left."""
    return [uuid.uuid5(_NAMESPACE, f"{seed}/{number}") for number in range(count)]


def conversations_plan(
    lines: Sequence[Line], content: Content, staff: User, count: int, until: datetime.datetime, days: int, seed: int = 4
) -> Plan:
    """`count` conversations of the `days` before `until`, made of `lines`: the same ones for the same `seed`.

    `staff`: who takes over and reviews. Texts are redacted as the chat does it.
    """
    rng = random.Random(seed)
    plan = Plan()
    writer = _Writer(plan, content, staff, rng)
    times = sorted(_times(count, until, days, rng))
    for number, at, dialogues in zip(conversation_ids(count, seed), times, _choices(lines, count, rng)):
        writer.write(number, dialogues, at, until)
    return plan


def _times(count: int, until: datetime.datetime, days: int, rng: random.Random) -> Iterator[datetime.datetime]:
    """Moments of the `days` up to an hour before `until`, as citizens come over the week and the day."""
    first = (until - datetime.timedelta(days=days)).astimezone(_BERLIN)
    last = until - datetime.timedelta(hours=1)
    dates = [first.date() + datetime.timedelta(days=number) for number in range(days + 1)]
    weights = [_WEEKDAYS[date.weekday()] * rng.uniform(0.8, 1.2) for date in dates]
    while count:
        [date] = rng.choices(dates, weights)
        [hour] = rng.choices(range(24), _HOURS)
        time = datetime.time(hour, rng.randrange(60), rng.randrange(60), tzinfo=_BERLIN)
        at = datetime.datetime.combine(date, time)
        if first < at < last:
            count -= 1
            yield at


def _choices(lines: Sequence[Line], count: int, rng: random.Random) -> Iterator[list[Line]]:
    """One to three lines in the same language and register; some topics are asked for far more often than others."""
    by_topic = defaultdict(list)
    for line in lines:
        by_topic[_topic(line)].append(line)
    wanted = {topic: min(rng.paretovariate(1.3), _FAVOURITE) for topic in sorted(by_topic)}
    wanted["decline"] = 0.2 * sum(wanted.values())
    weights = [wanted[_topic(line)] / len(by_topic[_topic(line)]) for line in lines]
    alike: dict[tuple[str, str], list[tuple[Line, float]]] = defaultdict(list)
    for line, weight in zip(lines, weights):
        alike[line["language"], line["register"]].append((line, weight))
    for first in rng.choices(lines, weights, k=count):
        others = alike[first["language"], first["register"]]
        more = rng.choices((0, 1, 2), (6, 3, 1))[0]
        yield [first, *rng.choices([line for line, _ in others], [weight for _, weight in others], k=more)]


def _topic(line: Line) -> str:
    reply = line["turns"][0]["replies"][0]
    return str(reply["zone"] if reply["zone"] == "decline" else reply["topic"])


class _Writer:
    """Adds rows to the plan, one conversation after the other."""

    def __init__(self, plan: Plan, content: Content, staff: User, rng: random.Random) -> None:
        self._plan = plan
        self._content = content
        self._staff = staff
        self._rng = rng
        self._kept: dict[str, str] = {}
        self._helps: dict[str, float] = defaultdict(lambda: rng.uniform(0.55, 0.97))

    def write(self, number: uuid.UUID, dialogues: Sequence[Line], at: datetime.datetime, until: datetime.datetime) -> None:
        rng = self._rng
        conversation = Conversation(
            id=number,
            channel=rng.choices(Channel.values, (4, 1))[0],
            state=State.BOT,
        )
        self._conversation, self._at, self._until = conversation, at, until
        handed = False
        for dialogue in dialogues:
            for turn in dialogue["turns"]:
                handed = self._turn(turn, dialogue["register"]) or handed
        if handed or rng.random() < 0.06:
            self._hand_off(dialogues[-1]["register"])
        conversation.state_since = self._at
        self._plan.conversations.append((conversation, at))

    def _turn(self, turn: dict[str, Any], register: Register) -> bool:
        """A question and the answer to it; whether the bot offers a person then."""
        rng = self._rng
        self._pause(5, 60)
        text = self._redacted(turn["text"])
        question = self._say(Author.CITIZEN, text, register, redacted=text != turn["text"])
        self._at += _SECOND
        final = len(turn["replies"]) - 1
        for index, reply in enumerate(turn["replies"]):
            answer = self._say(
                Author.BOT,
                reply["text"],
                reply["register"],
                reply_to=question.seq,
                last=index == final,
                buttons=reply["buttons"],
                source={**reply["source"], "stand": reply["stand"]} if reply["source"] and reply["stand"] else None,
                zone=reply["zone"],
                topic=reply["topic"],
                handoff=turn["handoff"] if index == final else None,
            )
            if rng.random() < 0.15:
                self._rate(answer)
        if turn["verdict"]:
            self._plan.verdicts.append(Verdict(message=question, **turn["verdict"]))
            if rng.random() < 0.3:
                self._review(question, turn["verdict"])
        return turn["handoff"] is not None

    def _rate(self, answer: Message) -> None:
        helps = 0.15 if answer.zone == "decline" else self._helps[answer.topic]
        helpful = self._rng.random() < helps
        reason = None if helpful or self._rng.random() < 0.3 else self._rng.choice(Reason.values)
        self._plan.feedback.append((Feedback(message=answer, helpful=helpful, reason=reason), self._at + 20 * _SECOND))

    def _review(self, question: Message, verdict: dict[str, Any]) -> None:
        at = self._at + datetime.timedelta(days=self._rng.uniform(1, 4))
        if at >= self._until:
            return
        outcome, topic = Outcome.ACCEPTED, verdict["intent"]
        if verdict["zone"] == "clarify" and len(verdict["ranking"]) > 1:
            outcome, topic = Outcome.CORRECTED, verdict["ranking"][1]["name"]
            suggestion = Suggestion(message=question, text=question.text, intent=topic, by=self._staff)
            self._plan.suggestions.append((suggestion, at))
        elif verdict["zone"] == "decline":
            outcome, topic = self._rng.choice((Outcome.OUT_OF_SCOPE, Outcome.IGNORED)), ""
        self._plan.reviews.append((Review(message=question, outcome=outcome, topic=topic, by=self._staff), at))

    def _hand_off(self, register: Register) -> None:
        """The citizen asks for a person. In office hours most get one; else they may leave word."""
        rng = self._rng
        local = self._at.astimezone(_BERLIN)
        self._pause(5, 20)
        if local.hour not in _OFFICE or local.weekday() > 4:
            self._notice("handoff_nobody", register)
            if rng.random() < 0.4:
                self._leave_word()
            return
        self._step("ask", State.BOT, State.REQUESTED)
        self._notice("handoff_waiting", register)
        end = rng.choices(("take", "nobody_came", "cancel"), (8, 1.5, 1))[0]
        if end != "take":
            self._pause(*((600, 601) if end == "nobody_came" else (30, 300)))
            self._step(end, State.REQUESTED, State.BOT)
            self._notice("handoff_late" if end == "nobody_came" else "handoff_back", register)
            if end == "nobody_came" and rng.random() < 0.5:
                self._leave_word()
            return
        self._at += datetime.timedelta(seconds=rng.lognormvariate(4.2, 0.8))
        self._step("take", State.REQUESTED, State.STAFF, self._staff)
        self._notice("handoff_taken", register)
        for author, text in rng.choice(SAID["en" if register == "en" else "de"]):
            self._pause(15, 90)
            self._say(author, text, register, by=self._staff if author == Author.STAFF else None)
        self._pause(10, 120)
        self._step("give_back", State.STAFF, State.BOT, self._staff)
        self._notice("handoff_back", register)

    def _leave_word(self) -> None:
        self._pause(60, 240)
        entries = Entries(self._rng.choice(CONCERNS), *self._rng.choice(WRITERS))
        is_done = self._at < self._until - datetime.timedelta(days=5)
        self._plan.concerns.append((Concern(self._conversation, entries, is_done), self._at))

    def _notice(self, name: str, register: Register) -> None:
        filled = {"staff": f"{COUNSELLOR.shown_as} von der Servicestelle"} if name == "handoff_taken" else {}
        self._say(Author.SYSTEM, self._content.reply(name, register, **filled), register)

    def _step(self, event: str, before: State, after: State, by: User | None = None) -> None:
        step = Transition(conversation=self._conversation, event=event, before=before, after=after, by=by)
        self._plan.transitions.append((step, self._at))

    def _say(self, author: str, text: str, register: Register, **fields: Any) -> Message:
        self._conversation.last_seq += 1
        message = Message(
            conversation=self._conversation,
            seq=self._conversation.last_seq,
            author=author,
            text=text,
            register=register,
            client_id=uuid.UUID(int=self._rng.getrandbits(128), version=4) if author == Author.CITIZEN else None,
            **fields,
        )
        self._plan.messages.append((message, self._at))
        return message

    def _pause(self, shortest: float, longest: float) -> None:
        self._at += datetime.timedelta(seconds=self._rng.uniform(shortest, longest))

    def _redacted(self, text: str) -> str:
        if text not in self._kept:
            self._kept[text] = redact(text, find(text, self._content))
        return self._kept[text]
