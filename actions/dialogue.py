"""Decides what the bot says to a turn. No Rasa in here: a turn, a memory and the content go in, a response comes out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from actions.memory import Memory
from actions.participants import is_name, membership, organisations
from actions.turn import Question, Turn
from components.folding import fold
from content import STARTERS, Content, Register

MEMBER = "participants_member"
PERSONS = "contact_persons"

SOMETHING_ELSE = {"standard": "Etwas anderes", "einfach": "Etwas anderes", "en": "Something else"}

_MOST_BUTTONS = 3
_WORTH_ASKING = 0.04
_ELLIPTIC = 6  # words
_SURELY_ELLIPTIC = 0.9
_INSTEAD = 0.12
_BARE_NAME = 5  # words
_WORD_OR_TWO = 2
_ORDINALS = tuple(
    re.compile(rf"((ja|yes|ok) )?((das|die|den|the) )?({number})( one)?( bite| please)?")
    for number in ("1|erste[rsn]?|first", "2|zweite[rsn]?|second", "3|drite[rsn]?|third")
)
_LAST = re.compile(r"((ja|yes|ok) )?((das|die|den|the) )?(letzte[rsn]?|last)( one)?( bite| please)?")
#: The first or the second of two persons just named, folded: „Was macht die Erstgenannte?“
_OF_TWO = tuple(
    re.compile(rf"\b({number})\b")
    for number in (
        "erste[rn]?|erstgenan\\w+|first",
        "zweite[rn]?|zweitgenan\\w+|letztere[rn]?|letztgenan\\w+|second|latter",
    )
)
_BOTH = re.compile(r"\b(beide\w*|both)\b")
_ABOUT_ONE = 9  # words
#: What may stand beside bare names.
_JOINING = re.compile(r"\b(?:und|oder|un|odder|and|or|frau|fr|die)\b|\W", re.IGNORECASE)
#: „Ist der dabei?“, „Machen die auch mit?“, folded.
_THAT_ONE = re.compile(
    r"((und|aber|oder|ist|sind|war|macht|machen|gehort|gehoren|is|are|does|do) )+(der|die|das|er|sie|es|it|they|that)"
    r"( (auch|da|denn|schon|noch|jetzt|dabei|mit|dazu|mitglied|beteiligt|drin|also|a|part|of|in|it|take|member|members))*"
)
#: The word that the bot asks to write, folded.
_FOR_A_HUMAN = frozenset(["mensch", "human"])
_DEFINITION = "alliance_definition"
#: Nothing but the name of the alliance asks what it is.
_ITSELF = frozenset(
    fold(f"{article}{name}")
    for article in ("", "die ", "das ")
    for name in ("Allianz", "Allianz für Wohnen", "Allianz für Wohnen in Hessen", "Allianz Hessen", "Bündnis", "Wohnallianz")
)
#: What somebody in an emergency may seem to say.
_LOST = frozenset(
    ["affirm", "background", "bot_capabilities", "clarify", "deny", "how_are_you", "not_my_question", "repeat", "unknown"]
)
_OFFICE = re.compile(r"servicestel|alianz|diehl|piesk")
#: Begins a sentence, and no name, folded.
_SENTENCE = re.compile(
    r"((und|aber|oder) )?(wer|wen|wem|was|wie|wo|woher|wohin|wan|warum|wieso|welche\w*|gibt|gibts|gab|hilft|helfen|macht|"
    r"machen|bekom\w*|krieg\w*|kan|kon\w*|darf|hat|haben|ist|sind|is|who|what|how|where|when|why|which|does|do|can|there)\b"
)
#: Asks more than whether, folded.
_OPEN = re.compile(r"\b(was|welche\w*|what|which)\b")
_YES = re.compile(r"^(?:Ja|Yes)\. ", re.MULTILINE)
#: What a bare number in place of an ordinal looks like.
_NUMBER = re.compile(r"[1-9]\.?")


@dataclass(frozen=True)
class Reply:
    """One message to the citizen: its text, its buttons as (title, payload), what it is about, and what was understood."""

    text: str
    topic: str
    zone: str
    register: Register
    source: str = ""
    buttons: tuple[tuple[str, str], ...] = ()
    intent: str = ""


@dataclass(frozen=True)
class Response:
    """All replies to one turn, the hand-off that the citizen needs (reason and topic) if any, and the memory for the next."""

    replies: tuple[Reply, ...]
    memory: Memory
    handoff: dict[str, Any] | None = None


def respond(turn: Turn, memory: Memory, content: Content) -> Response:
    """What the bot says to `turn`: at least one reply."""
    if _is_payload(turn.text, content):
        # A button sends the German title in every language: that says nothing about the citizen's.
        turn = replace(turn, language=memory.language or turn.language)
    register = _register(turn, memory)
    if not _is_noise(turn):
        memory = replace(memory, language=turn.language or memory.language)
    chosen = _chosen_button(turn.text, memory, content)
    answering = _Answering(turn, memory, content, register)
    if chosen is not None:
        return answering.button(chosen)
    word = fold(turn.text)
    if word in _FOR_A_HUMAN:
        return answering.hand_off("wish")
    if word in _ITSELF and memory.asked != "organisation":
        return answering.button(_DEFINITION)
    if _NUMBER.fullmatch(turn.text):  # of a choice that there is not: the model would guess
        return answering.unclear()
    response = Response((), memory)
    said: tuple[tuple[str, tuple[str, ...]], ...] = ()
    for question in _to_answer(turn.questions, memory):
        part = _Answering(turn, response.memory, content, register).question(question)
        texts = {reply.text for reply in response.replies}
        if response.replies and part.replies[0].topic == "followup_nothing":
            continue
        fresh = tuple(replace(reply, intent=question.intent) for reply in part.replies if reply.text not in texts)
        if part.memory.said is not response.memory.said:  # not equality: the same may be asked again
            said = tuple(dict.fromkeys((*said, *part.memory.said)))
        memory = replace(part.memory, said=said) if said else part.memory
        response = Response(response.replies + fresh, memory, _graver(response.handoff, part.handoff))
    return response


def _to_answer(questions: tuple[Question, ...], memory: Memory) -> tuple[Question, ...]:
    """A yes or no counts where the bot has asked something, and then alone; else what stands beside it does."""
    answers = tuple(each for each in questions if each.intent in ("affirm", "deny"))
    others = tuple(each for each in questions if each not in answers)
    return answers or others if memory.asked in ("handoff", "topics") else others or answers


def _graver(one: dict[str, Any] | None, other: dict[str, Any] | None) -> dict[str, Any] | None:
    """The hand-off that a turn with two of them needs: a crisis before a wish, else the first."""
    return other if one is None or (other is not None and other["reason"] == "crisis") else one


def _is_payload(text: str, content: Content) -> bool:
    return text == SOMETHING_ELSE["standard"] or any(text == topic.title for topic in content.topics.values())


def _register(turn: Turn, memory: Memory) -> Register:
    """English for a question in another language than German; a short text that could be any keeps the last language."""
    language = turn.language or (memory.language if len(turn.text.split()) <= 4 else "")
    german: Register = "einfach" if memory.register == "einfach" else turn.register
    return "en" if language not in ("", "de") else german


def _is_noise(turn: Turn) -> bool:
    """„DROP TABLE users;“ looks English and says nothing of the citizen's language."""
    return all(question.intent in ("oos_injection", "oos_nonsense") for question in turn.questions)


def _chosen_button(text: str, memory: Memory, content: Content) -> str | None:
    """The topic whose title `text` is, "" for „Etwas anderes“, or None."""
    folded = fold(text)
    for topic in content.topics.values():
        if folded in (fold(topic.title), fold(topic.title_en)):
            return topic.id
    if folded in {fold(label) for label in SOMETHING_ELSE.values()}:
        return ""
    shown = [topic for topic in memory.offered if topic in content.topics]
    for offered, pattern in zip(shown, _ORDINALS):
        if pattern.fullmatch(folded):
            return offered
    return shown[-1] if shown and _LAST.fullmatch(folded) else None


@dataclass(frozen=True)
class _Answering:
    """The answer to one question of a turn."""

    turn: Turn
    memory: Memory
    content: Content
    register: Register

    def button(self, topic: str) -> Response:
        return self._topic(topic) if topic else self._reply("something_else", starters=True)

    def unclear(self) -> Response:
        return self._reply("followup_nothing", starters=True)

    def question(self, question: Question) -> Response:
        intent = self._intent(question)
        if self._is_still_in_crisis(intent, question):
            return self._reply("crisis")  # a person was asked for when it began
        if intent in self.content.topics:
            return self._about(intent, question)
        if intent.startswith("followup_"):
            return self._follow_up(intent.removeprefix("followup_"))
        special: dict[str, Callable[[], Response]] = {
            "repeat": lambda: self._again("repeat", self.register),
            "simpler": self._simpler,
            "affirm": self._yes,
            "deny": self._no,
            "handoff": lambda: self.hand_off("wish"),
            "crisis": lambda: self.hand_off("crisis"),
        }
        if intent in special:
            return special[intent]()
        if intent == "clarify":
            return self._clarify(question)
        if intent in self.content.replies:
            return self._reply(intent, starters=intent in ("greet", "bot_capabilities", "not_my_question", "background"))
        return self._decline(intent)

    def _is_still_in_crisis(self, intent: str, question: Question) -> bool:
        """Whether the message goes on about an emergency: „Wen kann ich jetzt anrufen?“ is no question about the
        Servicestelle then, unless it names it."""
        if self.memory.asked != "crisis":
            return False
        about_help = intent.startswith(("followup_", "service_", "contact_", "oos_")) or intent in _LOST
        return about_help and not _OFFICE.search(fold(question.text))

    def _intent(self, question: Question) -> str:
        """What to do with the question: its intent, "clarify", or an out-of-scope intent ("unknown" where it is none)."""
        if self._continues(question):
            return MEMBER
        if person := self._one_of_two(question) or self._named_alone(question):
            return person
        intent = question.intent
        leans = intent.startswith("followup_") or (intent in ("repeat", "simpler") and not self.memory.said)
        if leans and not self._is_elliptic(question):
            return self._instead(question)
        if intent in self.content.declines:
            return intent
        if question.zone == "decline":
            return "unknown"
        if question.zone == "clarify" and intent in self.content.topics:
            return "clarify" if len(self._options(question)) > 1 else intent
        return intent

    def _is_elliptic(self, question: Question) -> bool:
        """Whether the question leans on what was said before: there is something, and it is short or the model is sure."""
        short = len(question.text.split()) <= _ELLIPTIC
        return bool(self._context()) and (short or question.confidence >= _SURELY_ELLIPTIC)

    def _instead(self, question: Question) -> str:
        """What a question asks that looks as if it leaned on an answer, but does not: the likeliest topic."""
        options = self._options(question)
        share = dict(question.ranking).get(options[0], 0.0) if options else 0.0
        if share >= _INSTEAD:
            return options[0]
        return "clarify" if options and len(question.text.split()) > _ELLIPTIC else question.intent

    def _continues(self, question: Question) -> bool:
        """A bare name after a question about participants asks about this one, too: „Und die Caritas?“"""
        return (
            self.memory.topic.startswith("participants_")
            and question.intent not in ("crisis", "handoff")  # never a name, however unsure
            and len(question.text.split()) <= _BARE_NAME
            and (question.zone != "answer" or question.intent in self.content.declines)
            and not _SENTENCE.match(fold(question.text))
            and bool(self._names(question))
        )

    @property
    def _persons(self) -> list[str]:
        """The topics about one contact person each."""
        return [person.topic for person in self.content.contacts.persons]

    def _one_of_two(self, question: Question) -> str:
        """The topic of the person that „die Erstgenannte“ means after an answer about the contact persons, else ""."""
        persons = self._persons
        if self.memory.topic not in (PERSONS, *persons) or len(question.text.split()) > _ABOUT_ONE:
            return ""
        folded = fold(question.text)
        return next((topic for topic, number in zip(persons, _OF_TWO) if number.search(folded)), "")

    def _named_alone(self, question: Question) -> str:
        """The topic of a question that is nothing but names of contact persons: „Frau Diehl oder Frau Piesk?“, else ""."""
        mentions = self.turn.mentioned_in("person", question)
        rest = question.text
        for each in reversed(mentions):
            rest = rest[: each.start - question.start] + rest[each.end - question.start :]
        if not mentions or _JOINING.sub("", rest):
            return ""
        return _one_or_both({each.name for each in mentions})

    def _names(self, question: Question) -> list[str]:
        """The organisations asked about, or those of the last answer („Ist die dabei?“).

        After „Nennen Sie mir bitte den Namen“ the whole short message is one, and so is a word or two behind another
        organisation: „adac?“
        """
        names = organisations(self.turn, question, self.content)
        if not names and self.memory.topic == MEMBER and _THAT_ONE.fullmatch(fold(question.text)):
            names = [name for topic, told in self.memory.said if topic == MEMBER for name in told]
        words = len(question.text.split())
        another = self.memory.topic == MEMBER and question.intent == MEMBER and words <= _WORD_OR_TWO
        asked_for = (self.memory.asked == "organisation" and words <= _BARE_NAME) or another
        bare = question.text.strip(" ?!.")
        return names or ([bare] if asked_for and is_name(bare) and not _SENTENCE.match(fold(bare)) else [])

    def _about(self, topic: str, question: Question) -> Response:
        if topic == MEMBER:
            return self._member(tuple(self._names(question)), question)
        if topic == PERSONS and _BOTH.search(fold(question.text)):
            return self._topic(PERSONS)
        if topic in (PERSONS, *self._persons) and (named := self.turn.mentioned("person", question)):
            return self._topic(_one_or_both({each.name for each in named}))
        return self._topic(topic)

    def _member(self, names: tuple[str, ...], question: Question) -> Response:
        """„Was machen die Kammern dort?“ is no question for a yes."""
        response = self._topic(MEMBER, names)
        if not _OPEN.search(fold(question.text)):
            return response
        replies = tuple(replace(each, text=_YES.sub("", each.text)) for each in response.replies)
        return replace(response, replies=replies)

    def _topic(self, topic: str, names: tuple[str, ...] = (), register: Register | None = None) -> Response:
        register = register or self.register
        known = self.content.topics[topic]
        text = membership(names, self.content, register) if names else self.content.answer(topic, register)
        related = self.content.related(topic)
        reply = Reply(text, topic, "answer", register, known.source, self._buttons(related, register))
        asked = "organisation" if topic == MEMBER and not names else ""
        memory = replace(self.memory, topic=topic, said=((topic, names),), asked=asked, declines=0)
        memory = replace(memory, offered=related[:_MOST_BUTTONS])
        return Response((reply,), memory)

    def _follow_up(self, word: str) -> Response:
        """„Seit wann?“ after an answer: the topic that this one names for the word."""
        last = self.content.topics.get(self._context())
        if last is None or word not in last.follow_up:
            return self.unclear()
        return self._topic(last.follow_up[word])

    def _context(self) -> str:
        """What is spoken of: the likeliest topic of a „Meinten Sie ...?“ that was not answered, else the last answer."""
        return self.memory.offered[0] if self.memory.asked == "topics" else self.memory.topic

    def _again(self, name: str, register: Register) -> Response:
        said = [(topic, names) for topic, names in self.memory.said if topic in self.content.topics]
        if not said:
            return self._reply("repeat_nothing", starters=True)
        parts = [self._topic(topic, names, register).replies[0] for topic, names in said]
        text = self.content.reply(name, register, answer="\n".join(part.text for part in parts))
        return Response((replace(parts[-1], text=text),), self.memory)

    def _simpler(self) -> Response:
        response = self._again("simpler", "en" if self.register == "en" else "einfach")
        if response.replies[0].topic != "repeat_nothing":
            return response
        response = self._reply("simpler_nothing", starters=True)
        return replace(response, memory=replace(response.memory, register="einfach"))

    def _yes(self) -> Response:
        if self.memory.asked == "handoff":
            return self.hand_off("wish")
        offered = [topic for topic in self.memory.offered if topic in self.content.topics]
        if self.memory.asked == "topics" and len(offered) == 1:
            return self._topic(offered[0])
        if self.memory.asked == "topics" and offered:
            return self._offer(offered)
        return self._reply("affirm", starters=True)

    def _no(self) -> Response:
        if self.memory.asked == "topics":
            return self._reply("something_else", starters=True)
        return self._reply("deny")

    def hand_off(self, reason: str) -> Response:
        name = "handoff" if reason == "wish" else reason
        response = self._reply(name)
        return replace(response, handoff={"reason": reason, "topic": self.memory.topic or None})

    def _clarify(self, question: Question) -> Response:
        return self._offer(self._options(question))

    def _options(self, question: Question) -> list[str]:
        likely = [name for name, share in question.ranking if name in self.content.topics and share >= _WORTH_ASKING]
        return likely[:_MOST_BUTTONS]

    def _offer(self, topics: list[str]) -> Response:
        text = self.content.reply("clarify", self.register)
        label = SOMETHING_ELSE[self.register]
        buttons = (*self._buttons(topics, self.register), (label, SOMETHING_ELSE["standard"]))
        memory = replace(self.memory, offered=tuple(topics), asked="topics", declines=0)
        return Response((Reply(text, "clarify", "clarify", self.register, buttons=buttons),), memory)

    def _decline(self, intent: str) -> Response:
        why = self.content.declines.get(intent) or self.content.declines["unknown"]
        text = self.content.reply("decline", self.register, reason=why.of(self.register))
        reply = Reply(text, intent, "decline", self.register, buttons=self._buttons(STARTERS, self.register))
        memory = replace(self.memory, offered=STARTERS, asked="", declines=self.memory.declines + 1)
        return Response((reply,), memory)

    def _reply(self, name: str, starters: bool = False) -> Response:
        buttons = self._buttons(STARTERS, self.register) if starters else ()
        reply = Reply(self.content.reply(name, self.register), name, "answer", self.register, buttons=buttons)
        asked = {"insult": "handoff", "bot_human": "handoff", "crisis": "crisis"}.get(name, "")
        offered = STARTERS if starters else ()
        return Response((reply,), replace(self.memory, offered=offered, asked=asked, declines=0))

    def _buttons(self, topics: list[str] | tuple[str, ...], register: Register) -> tuple[tuple[str, str], ...]:
        """Titles of topics to choose from; the payload is the German title, which always resolves."""
        known = [self.content.topics[topic] for topic in topics if topic in self.content.topics]
        return tuple((topic.titled(register), topic.title) for topic in known[:_MOST_BUTTONS])


def _one_or_both(named: set[str]) -> str:
    """The topic of the contact person whose topics are `named`, or the one about both of them."""
    return named.pop() if len(named) == 1 else PERSONS
