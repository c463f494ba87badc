"""Postal addresses: a street with a house number, and what belongs to it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from web.privacy.finding import Finding
from web.privacy.vocabulary import ORDINARY

_BLANK = r"[^\S\n]"
_WORD = r"[^\W\d_]+(?:[-.'’][^\W\d_]+)*"
_NUMBER = (
    rf"(?:Nr\.?|No\.?|Nummer|Hausnummer|Hausnr\.?)?:?{_BLANK}?\d{{1,3}}(?:{_BLANK}?[a-z](?![^\W_]))?"
    rf"(?:{_BLANK}?[-/–+]{_BLANK}?\d{{1,3}}(?:{_BLANK}?[a-z](?![^\W_]))?)?(?!\d|[.,:]\d|[^\W\d_])"
)
_NOT_COUNTED = (
    rf"(?!{_BLANK}?(?:%|€|°|m²|qm|(?:Uhr|Euro|EUR|Cent|Prozent|Grad|Meter|km|Kilometer|Minuten?|Min|Stunden?|Tagen?|Wochen?|Monaten?|"
    r"Jahren?|Leuten?|Personen|Familien|Mieter\w*|Parteien|Kindern?|Autos?|Bäumen?|Häusern?|Gebäuden?|Wohnungen|Wohneinheiten|WE|Zimmern?|"
    r"Einheiten|Stellplätzen?|Fragen|Mal|Millionen|Mio|neuen?|weiteren?|gro(?:ß|ss)en?|leeren?|moderne[nr]?|bezahlbare[nr]?|geförderten?|"
    r"Sozialwohnungen|Etagen|Stockwerken?|Geschossen?|Punkten?|Projekten?|times|years|months|days|minutes|flats|people|new)(?![^\W_])))"
)
_TOWN = (
    rf"(?-i:[A-ZÄÖÜ])[^\W\d_]+(?:[-/][^\W\d_]+)*(?:(?<=Bad|St\.){_BLANK}[^\W\d_]+|(?<=Sankt){_BLANK}[^\W\d_]+)?"
    rf"(?:{_BLANK}(?:am|an{_BLANK}der|a\.{_BLANK}?d\.|a\.|vor{_BLANK}der|v\.{_BLANK}?d\.|v\.|ob{_BLANK}der|im|i\.){_BLANK}?"
    r"(?-i:[A-ZÄÖÜ])[^\W\d_]+)?"
)
_FLAT = (
    rf"(?:{_BLANK}?,?{_BLANK}?(?:\d{{1,2}}\.?{_BLANK}?(?:OG|Stock|Etage|Obergeschoss)|EG|DG|Erdgeschoss|Hinterhaus|Vorderhaus|HH|VH)"
    r"(?![^\W_]))?"
)
_POSTCODE = (
    rf"(?:[,;]|{_BLANK}[–|-])?{_BLANK}{{0,2}}\n?{_BLANK}{{0,2}}(?:in{_BLANK})?(?<=[\s,;])"
    rf"(?:D{_BLANK}?-{_BLANK}?)?\d{{5}}(?!\d)(?:{_BLANK}{{1,2}}(?P<town>{_TOWN}))?"
)
_END = rf"{_BLANK}{{0,2}},?{_BLANK}{{0,2}}{_NUMBER}{_NOT_COUNTED}{_FLAT}(?:{_BLANK}?{_POSTCODE})?"

_KIND = (
    r"(?:stra(?:ß|ss|s)e|str\.?|weg|gasse|platz|allee|ring|ufer|damm|steig|stieg|pfad|chaussee|promenade|zeile|twiete|"
    r"caddesi|cad\.|sokak|soka[ğg][ıi])"
)
_STREET = re.compile(rf"(?P<kind>{_KIND}){_END}", re.IGNORECASE)
_STREET_WORD = re.compile(rf".*{_KIND}", re.IGNORECASE)
_STREET_OF = re.compile(
    rf"(?<![^\W_])(?:Stra(?:ß|ss)e|Str\.|Platz|Allee|Weg|Ring){_BLANK}(?:der|des|am|an{_BLANK}der|im|zum|zur|de){_BLANK}"
    rf"(?:\d{{1,2}}\.{_BLANK})?(?:{_WORD}{_BLANK}){{0,2}}{_WORD}{_END}"
)
_AT = re.compile(
    r"(?<![^\W_])(?P<at>am|im|zum|zur|beim|unterm|hinterm|vorm|(?:an|auf|in|zu|hinter|unter|vor|über|bei|neben|ob)[^\S\n](?:der|dem|den|die|das))"
    rf"{_BLANK}(?:{_WORD}{_BLANK})?(?P<noun>{_WORD}){_END}",
    re.IGNORECASE,
)
_PLAIN = re.compile(rf"(?<![\w.'’-])(?:[A-ZÄÖÜ][^\W\d_]*{_BLANK}){{0,2}}(?P<noun>[A-ZÄÖÜ]{_WORD}){_END}")
_ENGLISH = re.compile(
    rf"(?<![^\W_])\d{{1,4}}[a-z]?,?{_BLANK}(?:[A-ZÄÖÜ][^\W\d_]*{_BLANK}){{1,3}}(?:Street|St\.|Road|Rd|Avenue|Ave|Lane|Drive|Square|Terrace)(?![^\W_])"
    rf"|(?<![^\W_])\d{{1,4}}[a-z]?,?{_BLANK}(?:[A-ZÄÖÜ]{_WORD}{_BLANK})?[A-ZÄÖÜ][^\W\d_]*stra(?:ß|ss)e(?![^\W_])"
)
_BOX = re.compile(rf"(?<![^\W_])Postfach{_BLANK}\d(?:{_BLANK}?\d){{1,7}}(?!\d)(?:{_BLANK}?{_POSTCODE})?", re.IGNORECASE)

#: Before „Zeil 112“ or „am alten Markt 3“, this says that an address follows.
_LIVES = re.compile(
    rf"(?:(?<![^\W_])(?:wohn(?:e|en|t|te|ten|haft|ort|adresse)|leb(?:e|en|t)|gemeldet|(?:post)?anschrift|(?:post|heim)?adresse|address|live|living|"
    rf"umgezogen|gezogen|ziehe|ziehen|mietwohnung|wohnung|objekt|eigentum|haus|zuhause|sitz)"
    rf"(?:{_BLANK}(?:ist|lautet|is|wir|ich|seit|jetzt|hier|noch|derzeit|aktuell|at|in|der)|{_BLANK}\d{{4}}){{0,4}}{_BLANK}?:?{_BLANK}?)$",
    re.IGNORECASE,
)
_CUE_LENGTH = 60

_ADJECTIVES = frozenset(
    ["alte", "neue", "obere", "untere", "große", "kleine", "lange", "kurze", "hintere", "vordere", "mittlere", "hohe", "breite"]
)

#: Compounds that name no street, and nouns that are counted or numbered.
_NO_STREET = re.compile(
    r"(?:bundes|kreis|wasser|milch|einkaufs)stra(?:ß|ss)e|(?:hin|um|rück|vor|durch|unter|aus|ab|schul|arbeits|geh|rad|fahrrad|heim|rechts|"
    r"fu(?:ß|ss)|lebens|bildungs|dienst|flucht|verkehrs|transport|liefer)weg|(?:arbeits|stell|park|bau|sitz|spiel|schlaf|steh|studien|"
    r"ausbildungs|studien|kita|kindergarten|hort|schul|heim|wohnheim|wohn|pflege|krippen|listen|liege|garagen|tabellen|warte|haft|therapie|"
    r"betreuungs|internats|start|tauf|fahrradstell|studenten|camping|zelt)platz|(?:he|ehe|ohr|schlüssel|schwimm)ring|(?:bring|spring|during|string|"
    r".*(?:er|ar|ir|or|ur)ing)|(?:bürger|bahn)steig|(?:an|aus|ein|auf|um|ab|neuein|quer|wieder)stieg|(?:leit|karriere|dateipfad|wachstums)pfad|"
    r"(?:kopf|fu(?:ß|ss)|betreff)zeile",
    re.IGNORECASE,
)
_NO_NOUN = re.compile(
    r"(?:ende|anfang|jahre?|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|tage?|woche|monate?|stunde|januar|februar|märz|april|mai|"
    r"juni|juli|august|september|oktober|november|dezember|.*artikel|.*absatz|abs|art|.*paragra(?:f|ph)(?:en)?|.*kapitel|.*abschnitt|.*seite|.*punkt|"
    r".*frage|.*tabelle|.*anlage|.*nummer|nr|.*ziffer|.*klasse|.*gruppe|.*stufe|.*zimmer|.*raum|.*büro|.*wohnung|.*haus|.*gebäude|.*block|.*eingang|"
    r".*geschoss|.*stock|.*etage|.*stadt|dorf|.*gemeinde|.*kreis|.*land|hessen|deutschland|.*bereich|.*phase|.*teil|.*liste|.*schnitt|"
    r".*alter|.*schule|.*miete|.*nähe|.*umkreis|.*projekt|.*quartier|.*allianz|.*bündnis|.*stelle|.*zone|.*bezirk|.*version|.*fall|.*form|.*linie|"
    r".*bus|.*bahn|.*gleis|.*tor|.*halle|.*saal|.*treffen|.*sitzung|.*runde|.*jahrgang|mit|seit|etwa|rund|circa|ca|genau|nur|noch|bis|zu|um|ab|über|"
    r"unter|fast|mindestens|höchstens|maximal|gerade|schon|insgesamt|.*zahl|max|min|warm|kalt|.*wert|.*preis|.*betrag|.*programm|.*topf)",
    re.IGNORECASE,
)


def addresses(text: str) -> Iterator[Finding]:
    """Streets with a house number, as far as their flat, postcode and town; post-office boxes.

    A street without a number and a postcode without a street tell of no single household: they are none.
    """
    for match in _STREET.finditer(text):
        start = _street_start(text, match)
        if start is not None:
            yield _found(start, match)
    named = [match.span() for match in _AT.finditer(text) if _is_street_by_context(text, match)]
    yield from (Finding(start, end, "address") for start, end in named)
    for match in _PLAIN.finditer(text):
        is_street = match["town"] or (not _is_numbered_noun(match["noun"]) and _lives(text, match.start()))
        within = any(start < match.end() and match.start() < end for start, end in named)
        if is_street and not within and not _STREET_WORD.fullmatch(match["noun"]):
            yield _found(match.start(), match)
    for pattern in (_STREET_OF, _ENGLISH, _BOX):
        for match in pattern.finditer(text):
            yield _found(match.start(), match)


def _is_street_by_context(text: str, match: re.Match[str]) -> bool:
    """Whether „am alten Markt 3“ is an address: mostly such words are none."""
    if _STREET_WORD.fullmatch(match["noun"]):
        return False
    if match["town"]:
        return True
    if _is_numbered_noun(match["noun"]):
        return False
    return _is_name_of_street(text, match) or _stands_alone(text, match) or _lives(text, match.start())


def _street_start(text: str, match: re.Match[str]) -> int | None:
    """Where the name of the street starts; None where the word before the number names none."""
    start = match.start()
    while start and (text[start - 1].isalpha() or text[start - 1] in "-.’'"):
        start -= 1
    while start < match.start() and not text[start].isalpha():
        start += 1
    compound = text[start : match.end("kind")]
    is_bare = start == match.start()
    if is_bare:
        return _adjective_start(text, start, match["kind"].casefold())
    if _NO_STREET.fullmatch(compound.rstrip(".")) or match.start() - start < 2:
        return None
    if match["kind"].casefold() in ("ring", "weg", "platz", "damm", "steig", "stieg", "zeile", "ufer", "pfad") and not (
        compound[0].isupper() or match["town"] or _lives(text, start)
    ):
        return None
    before = _word_before(text, start)
    from_town = before[:1].isupper() and before.endswith("er") and before.casefold() not in ORDINARY
    if from_town or before.casefold() in _ADJECTIVES:
        start -= len(before) + 1
    return start


def _adjective_start(text: str, start: int, kind: str) -> int | None:
    """For „Konrad Adenauer Straße“ and „wiesbadener str.“: the words before belong to the name."""
    first = start
    for _ in range(3):
        word = _word_before(text, first)
        if not word or word.casefold() in ORDINARY or not word[0].isupper():
            break
        first -= len(word) + 1
    if first == start:
        word = _word_before(text, start)
        if len(word) > 4 and word.endswith("er") and kind.startswith("str") and word.casefold() not in ORDINARY:
            first -= len(word) + 1
    return first if first < start else None


def _word_before(text: str, start: int) -> str:
    if start < 2 or text[start - 1] not in " \u00a0":
        return ""
    first = start - 1
    while first and (text[first - 1].isalpha() or text[first - 1] in "-.’'"):
        first -= 1
    word = text[first : start - 1]
    # a stop that ends a sentence is none of „St.“ and „Dr.“
    return word if not word.endswith(".") or word in ("St.", "Dr.", "Prof.") else ""


def _is_numbered_noun(noun: str) -> bool:
    return _NO_NOUN.fullmatch(noun) is not None or noun.casefold() in ORDINARY


def _is_name_of_street(text: str, match: re.Match[str]) -> bool:
    """„Das Haus Am alten Markt 3“: a preposition takes a capital within a sentence only where it is part of a name."""
    before = text[max(0, match.start() - 3) : match.start()].rstrip(" \u00a0")
    return match["at"][0].isupper() and match["noun"][0].isupper() and (before[-1:].isalpha() or before[-1:] == ",")


def _stands_alone(text: str, match: re.Match[str]) -> bool:
    """Whether it is a line of its own within others, as in an address that was pasted."""
    before, after = text[max(0, match.start() - 1) : match.start()], text[match.end() : match.end() + 2].lstrip(" ,")
    return match["at"][0].isupper() and before == "\n" and after[:1] in ("", "\n")


def _lives(text: str, start: int) -> bool:
    return _LIVES.search(text[max(0, start - _CUE_LENGTH) : start]) is not None


def _found(start: int, match: re.Match[str]) -> Finding:
    return Finding(start, match.end(), "address")
