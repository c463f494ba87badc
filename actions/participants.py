"""Answers „Ist X dabei?“ for each organisation: listed, of a listed group, or not named."""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata
from collections.abc import Sequence

from actions.turn import Mention, Question, Turn
from components.folding import fold
from components.names import Match, NameIndex
from content import Content, Register

#: The alliance itself, and words that stand for any organisation, are no organisation that one asks about.
_NO_NAME = frozenset(
    fold(word)
    for word in [
        "Allianz",
        "die Allianz",
        "Bündnis",
        "Allianz für Wohnen",
        "Allianz für Wohnen in Hessen",
        "Servicestelle",
        "Servicestelle Wohnen",
        "Hessen",
        "alliance",
        "ittifak",
        "ittifakın",
        "sojusz",
        "sojuszu",
        "Organisation",
        "Verein",
        "Verband",
        "Firma",
        "Unternehmen",
        "Mitglied",
        "Partner",
        "альянс",
        "альянсу",
        "التحالف",
    ]
)
_TOGETHER = re.compile(r"\b(und|oder|sowie|noch|and|or|nor|et|i|ve|та|و)\b|[,/&]", re.IGNORECASE)
_UNSAFE = re.compile(r"[^\w\s&+'’.,()/-]")
_SMALL = frozenset(["der", "die", "das", "und", "für", "fur", "fuer", "von", "in", "im", "am", "of", "the", "and", "for", "zu"])
_LONGEST = 60
_APART = 14  # characters
#: The end of a sentence; the full stop in „e.V.“ or „W.I.“ is none.
_END = re.compile(r"(?:[?!]+|\.(?=\s)|\n)\s*")
#: Whether a sentence asks something.
_ASKING = re.compile(r"\?\s*$|\b(?:ob|whether)\b", re.IGNORECASE)


def organisations(turn: Turn, question: Question, content: Content) -> list[str]:
    """The names of the organisations that `question` asks about, as written. Empty where it names none."""
    index = _index(_Names(content))
    named = [each for each in _mentioned(turn, question) if is_name(each.name)]
    asking = [each for each in named if _ASKING.search(_sentence(turn.text, each))]
    names: dict[str, str] = {}
    for _, mentions in itertools.groupby(asking or named, lambda each: _sentence(turn.text, each) if asking else ""):
        for each in _asked_about(list(mentions), turn.text, index):
            names.setdefault(fold(each.name), each.name)
    return list(names.values())


def _mentioned(turn: Turn, question: Question) -> list[Mention]:
    """The organisations in `question` and in those behind it that only go on with it: „... dabei? Und die Caritas?“"""
    inside = turn.mentioned("organisation", question)
    end = min((other.start for other in turn.questions if other.start >= question.end), default=len(turn.text))
    behind = [each for each in turn.mentions if each.kind == "organisation" and question.end <= each.start < end]
    return [*inside, *(each for each in behind if _ASKING.search(_sentence(turn.text, each)))]


def _sentence(text: str, mention: Mention) -> str:
    """The sentence in which the mention stands, with the mark at its end."""
    ends = [found.end() for found in _END.finditer(text)]
    start = max((end for end in ends if end <= mention.start), default=0)
    return text[start : min((end for end in ends if end >= mention.end), default=len(text))]


def _asked_about(mentions: list[Mention], text: str, index: NameIndex) -> list[Mention]:
    """Those of one sentence that it asks about: the known ones with those that are joined to them, else the first ones."""
    chains: list[list[Mention]] = []  # those joined by „und“ are asked about together, or not at all
    for each in mentions:
        if chains and _together(chains[-1][-1], each, text):
            chains[-1].append(each)
        else:
            chains.append([each])
    known = [chain for chain in chains if any(index.best(each.name) for each in chain)]
    return list(itertools.chain(*(known or chains[:1])))


def is_name(text: str) -> bool:
    """Whether `text` can be the name of an organisation: it has letters or digits, and is not the alliance itself."""
    return bool(fold(text)) and fold(text) not in _NO_NAME


def _together(one: Mention, other: Mention, text: str) -> bool:
    between = text[one.end : other.start]
    return len(between) <= _APART and bool(_TOGETHER.search(between))


def membership(names: Sequence[str], content: Content, register: Register) -> str:
    """What the page says about each of `names`; one line for each statement, none twice."""
    index = _index(_Names(content))
    statements: dict[str, None] = {}
    for name in names:
        match = index.best(name) or _member_in(name, index)
        if match is None:
            statements[content.reply("not_named", register, name=shown(name))] = None
            continue
        number, member = match.key.split(":", 1)
        participant = content.participants[int(number)]
        if member:
            named = member if match.end - match.start == len(name) else shown(name)  # „IHK Kassel“ is not all of the IHK
            text = content.reply("member_of_group", register, name=named, group=participant.name)
        else:
            text = content.fill(participant.answers, register)
        statements[text] = None
    return "\n".join(statements)


def _member_in(name: str, index: NameIndex) -> Match | None:
    """The member of a group whose name `name` begins with: „IHK Kassel“ belongs where the IHK does."""
    found = index.find(name)
    return found[0] if len(found) == 1 and found[0].start == 0 and not found[0].key.endswith(":") else None


def shown(name: str) -> str:
    """`name` fit to be named back: without markup, not too long, with capitals where it was typed without any."""
    name = " ".join(_UNSAFE.sub(" ", unicodedata.normalize("NFC", name)).split())[:_LONGEST].strip()
    if not name.islower():
        return name
    first, *rest = name.split()
    return " ".join([_capital(first), *(word if word in _SMALL else _capital(word) for word in rest)])


def _capital(word: str) -> str:
    """„Tafel“; three letters that are no small word are an abbreviation: „VDK“."""
    return word.upper() if len(word) <= 3 and word not in _SMALL else word[:1].upper() + word[1:]


class _Names:
    """Lets the index be made once per content: hashed by identity, since content is replaced as a whole."""

    def __init__(self, content: Content) -> None:
        self.content = content

    def __hash__(self) -> int:
        return id(self.content)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Names) and other.content is self.content


@functools.lru_cache(maxsize=2)
def _index(names: _Names) -> NameIndex:
    pairs = []
    for number, participant in enumerate(names.content.participants):
        pairs += [(alias, f"{number}:") for alias in participant.aliases]
        for member in participant.members:
            pairs += [(alias, f"{number}:{member.name}") for alias in (member.name, *member.aliases)]
    return NameIndex(pairs)
