"""Cuts a message into the parts that may each ask something: sentences, and the halves of „Wer leitet das und seit wann?“"""

from __future__ import annotations

import re

from spacy.tokens import Doc

#: A place in a text: text[start:end].
Span = tuple[int, int]

_ASKING = "wer|wen|wem|wessen|was|wann|welche[rsnm]?|wie|wo|woher|wohin|warum|weshalb|wieso|wozu"
_PREPOSITIONS = "aus|auf|an|ab|bei|bis|durch|für|fuer|in|mit|nach|seit|über|um|unter|von|wegen|zu"
#: Words with which a question or request begins.
_OPENERS = (
    rf"(?:(?:{_PREPOSITIONS}) )?(?:wer|wen|wem|wessen|was|wann|welche[rsnm]?)|"
    "wie|wo|woher|wohin|warum|weshalb|wieso|wozu|inwiefern|inwieweit|ob|gibt es|gibt's|gibts|kann man|"
    "nennen sie|nenn|schicken sie|teilen sie|sagen sie|sag|geben sie|gib|kann ich|ich kann|darf ich|"
    "darf man|dürfte ich|muss ich|muss man|können sie|"
    "koennen sie|haben sie|hat die|ist die|ist der|ist das|sind die|macht|gehört|"
    "gehoert|who|what|when|where|why|how|which|is there|are there|can i|do you|does|"
    "kto|kiedy|gdzie|jak|jaki\\w*|jaka|ile|czy|qui|quand|quel(?:le)?s?|où|comment|combien|pourquoi|est-ce|y a-t-il|"
    "depuis quand|kim|ne zaman|nerede|nasıl|hangi|saat kaç\\w*|хто|коли|де|як\\w*|чи|скільки|відколи|"
    "هل|أين|متى|من|ما|ماذا|كيف|كم"
)
#: A conjunction behind which a new question begins; a comma alone mostly says the same again in other words.
_JOINT = re.compile(
    r",?\s*(?:(?:[&+]|\b(?:und|un|u\.?|sowie|außerdem|ausserdem|and|oder(?!\s+(?:wie|was|wo)\W*$)|ferner|(?-i:i)|et|ve|та|і|й))"
    r"(?:\s+(?:auch|dann|noch|außerdem|also|ferner|then|zweitens|drittens|[2-4][.)]|\(?[b-d]\)),?){0,4}|[2-4][.)]|\(?[b-d]\))"
    rf"\s+(?=(?:{_OPENERS})\b)",
    re.IGNORECASE,
)
#: Words that announce the second of two things, whatever it is worded like: „zum einen das Jahr ..., zum anderen, wer ...“
_SECOND = re.compile(
    r"[,;]?\s*(?:\b(?:und|sowie|and)\s+)?\b(?:zum anderen|zum andern|andererseits|zweitens|drittens|sodann|ferner|"
    r"des weiteren|darüber hinaus|secondly|second(?=,)|deuxièmement|po drugie|ikinci olarak|по-друге)\b,?\s*",
    re.IGNORECASE,
)
#: Words behind which a clause belongs to the one before it: „Wir bitten um Auskunft und ob ...“, where nothing is asked yet.
_FRAME = re.compile(
    r"\b(wissen|wüsste|wüßte|wuesste|sagen|erklären|erklaeren|fragen|frage|interessieren|interessiert|mitteilen|verraten|"
    r"nennen|gewusst|gewußt|erfahren|klar|sicher|unklar|verstehe|verstehen|weiß|weiss|know|tell|wonder|ask|say|"
    r"auskunft(?! geben)|hinweis|mitteilung|beschreibung|bescheid|information(?:en)?|darüber|darum|"
    r"davon|erläutern|darlegen|steht|stand|erörtert|klären|prüfen|gefragt|nachschauen)\b"
    rf"(?:(?!\b(?:{_ASKING})\b)[^,]){{0,25}}$",
    re.IGNORECASE,
)
#: A second half without a verb, which only completes the first: „... senden kann und unter welcher Nummer“.
_TAIL = re.compile(rf"(?:{_PREPOSITIONS}) welche[rsnm]? \w+\W*$", re.IGNORECASE)
_REQUEST = re.compile(
    r"\b(nennen|nenn|sagen|sag|geben|gib|schicken|schreiben sie|erklären|erklär|erzählen|mitteilen|wissen|wüsste|wüßte|"
    r"gewusst|erfahren|auskunft|bräuchte|brauche|benötige|bitte|bitten|bittet|erbitte|ersuche|fehlen|fehlt|"
    r"interessiert|hätten? (?:ich|wir)\b.{0,30}\bgerne?|wäre (?:mir|uns)|tell|need|know|please)\b",
    re.IGNORECASE,
)
_STARTS = re.compile(
    rf"(?:[^,]{{0,25}},\s*)?\W*(?:(?:und|un|sowie|and|aber|ferner|außerdem|dann|also|noch)\s+)*(?:{_OPENERS})\b", re.IGNORECASE
)
_ANYWHERE = re.compile(rf"\b(?:{_ASKING})\b", re.IGNORECASE)
#: „Es will mir nicht in den Kopf, wozu man das braucht.“
_INDIRECT = re.compile(rf",\s*(?:(?:{_PREPOSITIONS}) )?(?:{_ASKING}|wofür|wogegen|inwieweit|inwiefern|ob)\b", re.IGNORECASE)
_KEYWORDS = 7  # words up to which a question word may stand anywhere: „wohnallianz wann gegründet“
#: „Geht das?“, „Stimmt das, oder ...?“: says nothing without the words before it.
_REFERS_BACK = re.compile(
    r"\W*(?:und |oder )?(?:ist|geht|stimmt|trifft|wäre|kann|darf|gilt|passt|klappt|haben wir|hab ich|habe ich|"
    r"(?:können|könnten|würden) sie (?:mir|uns))\s+"
    r"(?:das|dies|es|dem|sowas|so etwas|ich das|man das)\b(?:\s+\w+){0,2}\s*(?:[,?]|$)",
    re.IGNORECASE,
)
#: „Amt oder was?“, „ja oder nein?“: only completes the question before.
_COMPLETES = re.compile(r"\W*(?:\w+ ){1,2}(?:oder|or) (?:was|wat|watt|nicht|nich|net|wie|nein|what|not)\b\W*$", re.IGNORECASE)
_REFERS_WORDS = 10
#: Announces questions or thanks for answers, and asks nothing itself: „Zwei Dinge fehlen mir noch.“, „Für eine kurze Auskunft
#: wäre ich sehr verbunden.“
_AROUND = re.compile(
    r"\b(?:zwei|drei|2|3|zweierlei|dreierlei|einige|mehrere|folgende[ns]?|ein paar)\s+(?:\w+\s+)?"
    r"(?:dinge|fragen|sachen|punkte|angaben|auskünfte|anliegen|things|questions)\b|\b(?:zweierlei|dreierlei)\b|"
    r"\b(?:für|um|über) (?:eine?|ihre|jede|die|baldige|kurze)[rnm]? (?:\w+ )?"
    r"(?:auskunft|antwort|rückmeldung|nachricht|hilfe|unterstützung|information|mühe|mitteilung)\b"
    r"(?=.*\b(?:dank\w*|verbunden|freue\w*|erfreut)\b)",
    re.IGNORECASE,
)
_POINTS = re.compile(
    r"\b(dies\w*|jene\w*|dort|da|da(?:bei|für|mit|ran|rin|rüber|runter|von|zu)|(?-i:sie|ihre?)|dame|damen|es|eins|"
    r"so (?:eines?|einen|was|etwas)|dessen|deren|nummer|it|there)\b"
    # not the polite „Sie“ and „Ihre“, and not an article: „Was ist das?“, but „das Jahr“, „die genaue Anschrift“
    r"|\b(?:das|die)\b(?!\s+(?:\w+\s+)?(?-i:[A-ZÄÖÜ]))",
    re.IGNORECASE,
)
_SUBJECT = re.compile(r"\b(\w*allianz|\w*bündnis|\w*buendnis|service-?stelle|chat)\b", re.IGNORECASE)
_ADDS = re.compile(
    r"^\W*(?:und|and)\b|\b(?:auch|außerdem|ferner|zudem|zusätzlich|also|sodann|zum ander[ne]n?|zweitens)\b", re.IGNORECASE
)
_NUMBERING = re.compile(r"\W*(?:\(?\d{1,2}[.)]|\(?[a-d]\))\s*", re.IGNORECASE)
_LINES = re.compile(r"\s*\n\s*|(?<=[?!؟])\s+(?=\S)")
_AND = re.compile(
    r"\s*,?\s*(?:\b(?:und|un|u\.?(?=\s)|sowie|wie auch|oder|and|or|et|ve|oraz|(?<!['’])(?-i:i)|та|і|й)\b"
    r"|\+|&|\s/\s|،?\sو(?=\w))\s*",
    re.IGNORECASE,
)
#: Words up to which any „und“ or „oder“ may join two questions; in longer texts only „sowie“ and one behind a comma do.
_SHORT = 10
#: Goes on about the first half: „Haben Sie ein Fax, und wenn ja, unter welcher Nummer?“
_AGREED = re.compile(r"(?:wenn|falls) (?:ja|doch|nicht|nein)\b|if (?:so|yes|not)\b|si oui\b", re.IGNORECASE)
_CONDITION = re.compile(r"\W*(?:(?:und|aber|and)\s+)?(?:falls|wenn|sofern|sollten?|if|si|jeśli)\b", re.IGNORECASE)


def segments(doc: Doc) -> list[list[Span]]:
    """The parts of each sentence that may ask something, in order; sentences without a word are left out."""
    text = doc.text
    found: list[list[Span]] = []
    for sentence in _sentences(doc):
        parts: list[Span] = []
        for clause in _clauses(text, sentence):
            clause = _without_lead_in(text, clause)
            refers = _refers_back(text[slice(*clause)])
            if refers and found and not parts:
                parts = found.pop()  # what else this sentence says goes on with the one before
            if refers and parts:
                parts[-1] = (parts[-1][0], clause[1])
            else:
                parts.append(clause)
        found.append(parts)
    return found


def asks(part: str) -> bool:
    """Whether `part` is worded as a question or a request of at least three words."""
    words = len(part.split())
    if not has_mark(part) and _AROUND.search(part) and not _INDIRECT.search(part):
        return False
    keywords = words <= _KEYWORDS and _ANYWHERE.search(part) is not None
    worded = has_mark(part) or _STARTS.match(part) or _REQUEST.search(part)
    return words >= 3 and (keywords or bool(worded))


def has_mark(part: str) -> bool:
    """Whether a question mark ends `part`."""
    return part.rstrip().endswith(("?", "؟"))


def asks_indirectly(part: str) -> bool:
    """Whether a clause of `part` is worded as a question, though the sentence as a whole is none."""
    return _INDIRECT.search(part) is not None


def adds(part: str) -> bool:
    """Whether `part` adds to what was said before: „Und wann ...“, „Bitte nennen Sie mir auch ...“"""
    return _ADDS.search(part) is not None


def points_back(part: str) -> bool:
    """Whether `part` names no subject of its own but points to one: „Was ist das überhaupt für eine Einrichtung?“"""
    return _SUBJECT.search(part) is None and _POINTS.search(part) is not None


def halves(part: str) -> list[tuple[Span, Span]]:
    """Every way to cut `part` in two at an „und“: „adresse + öffnungszeiten“; a long one at a „sowie“ or a „, und“ only."""
    short = len(part.split()) <= _SHORT
    cuts = [
        (_stripped(part, 0, joint.start()), _stripped(part, joint.end(), len(part)))
        for joint in _AND.finditer(part)
        if short or "sowie" in joint.group().lower() or re.search("[,،]", joint.group())
    ]
    return [
        (left, right)
        for left, right in cuts
        if _is_worded(part[slice(*left)]) and _is_worded(part[slice(*right)]) and not _AGREED.match(part, *right)
    ]


def _sentences(doc: Doc) -> list[Span]:
    """Lines and question marks end a sentence, too."""
    found = []
    for sentence in doc.sents:
        start = sentence.start_char
        for line in [*_LINES.finditer(doc.text, sentence.start_char, sentence.end_char), None]:
            found.append(_stripped(doc.text, start, line.start() if line else sentence.end_char))
            start = line.end() if line else start
    return [(start, end) for start, end in found if re.search(r"\w", doc.text[start:end])]


def _clauses(text: str, sentence: Span) -> list[Span]:
    """`sentence` cut where a second question begins."""
    start, end = sentence
    parts = []
    joints = [*_JOINT.finditer(text, start, end), *_SECOND.finditer(text, start, end)]
    for joint in sorted(joints, key=lambda joint: joint.start()):
        head = _stripped(text, start, joint.start())
        if joint.start() < start or not re.search(r"\w", text[slice(*head)]):
            continue
        if joint.re is _JOINT and (_FRAME.search(text[slice(*head)]) or _TAIL.match(text[joint.end() : end])):
            continue
        parts.append(head)
        start = joint.end()
    return [*parts, _stripped(text, start, end)]


def _without_lead_in(text: str, clause: Span) -> Span:
    """Without a number („b) ...“), and without what stands before a colon where a question follows it."""
    start, end = clause
    colon = text.rfind(":", start, end)
    if colon >= 0 and not _CONDITION.match(text[start:colon]):
        behind = _unnumbered(text, _stripped(text, colon + 1, end))
        if asks(text[slice(*behind)]):
            return behind
    return _unnumbered(text, clause)


def _unnumbered(text: str, clause: Span) -> Span:
    number = _NUMBERING.match(text, *clause)
    behind = (number.end() if number else clause[0], clause[1])
    return behind if re.search(r"\w", text[slice(*behind)]) else clause


def _refers_back(clause: str) -> bool:
    short = len(clause.split()) <= _REFERS_WORDS
    return short and (_REFERS_BACK.match(clause) or _COMPLETES.match(clause)) is not None


def _is_worded(part: str) -> bool:
    return re.search(r"\w{3}", part) is not None


def _stripped(text: str, start: int, end: int) -> Span:
    while start < end and text[start] in " ,\n\t":
        start += 1
    while start < end and text[end - 1] in " ,\n\t":
        end -= 1
    return start, end
