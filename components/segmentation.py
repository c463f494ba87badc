"""Finds the questions in a message: the sentences of a letter, and the halves of „Wer leitet das und seit wann?“"""

from __future__ import annotations

import re

from spacy.tokens import Doc

#: Words with which a German or English question or request begins.
_OPENERS = (
    "(?:(?:aus|auf|an|ab|bei|bis|durch|für|fuer|in|mit|nach|seit|über|um|unter|von|wegen|zu) )?"
    "(?:wer|wen|wem|wessen|was|wann|welche[rsnm]?)|"
    "wie|wo|woher|wohin|warum|weshalb|wieso|wozu|ob|gibt es|gibt's|kann man|kann ich|können sie|koennen sie|haben sie|"
    "hat die|ist die|ist der|ist das|sind die|macht|gehört|gehoert|"
    "who|what|when|where|why|how|which|is there|are there|can i|do you|does"
)
_JOINT = re.compile(
    rf"(?:,\s*(?:und|sowie|außerdem|ausserdem|and)?|\s+(?:und|sowie|außerdem|ausserdem|and|oder)(?:\s+(?:auch|dann|außerdem|also))?)"
    rf"\s+(?=(?:{_OPENERS})\b)",
    re.IGNORECASE,
)
#: Conjunctions behind which a clause belongs to the one before it („Ich wüsste gern, wer ...“).
_FRAME = re.compile(
    r"\b(wissen|wüsste|wüßte|wuesste|sagen|erklären|erklaeren|fragen|frage|interessieren|interessiert|mitteilen|verraten|"
    r"nennen|gewusst|gewußt|erfahren|klar|sicher|unklar|verstehe|verstehen|weiß|weiss|know|tell|wonder|ask|say)\b[^,]{0,25}$",
    re.IGNORECASE,
)
_REQUEST = re.compile(
    r"\b(nennen|nenn|sagen|sag|geben|gib|schicken|erklären|erklär|erzählen|mitteilen|wissen|wüsste|wüßte|gewusst|auskunft|"
    r"bräuchte|brauche|benötige|bitte|bitten|interessiert|tell|need|know|please)\b",
    re.IGNORECASE,
)
_STARTS = re.compile(rf"\W*(?:und |sowie |and )?(?:{_OPENERS})\b", re.IGNORECASE)
_LINES = re.compile(r"\s*\n\s*|(?<=[?!])\s+(?=\S)")


def sentences(doc: Doc) -> list[str]:
    """The sentences of `doc`, in order, without empty ones; lines and question marks end a sentence, too."""
    return [part for sentence in doc.sents for part in _LINES.split(sentence.text.strip()) if re.search(r"\w", part)]


def asks(part: str) -> bool:
    """Whether `part` is worded as a question or a request of at least three words."""
    worded = part.rstrip().endswith("?") or _STARTS.match(part) is not None or _REQUEST.search(part) is not None
    return worded and len(part.split()) >= 3


def clauses(sentence: str) -> list[str]:
    """`sentence` cut where a second question begins; [sentence] where there is only one."""
    parts: list[str] = []
    start = 0
    for joint in _JOINT.finditer(sentence):
        head = sentence[start : joint.start()].strip(" ,")
        if not head or _FRAME.search(head):
            continue
        parts.append(head)
        start = joint.end()
    parts.append(sentence[start:].strip())
    return [part for part in parts if re.search(r"\w", part)] or [sentence]
