"""Names of persons, where the text itself says that a name follows: introductions, signatures, fields of a form."""

from __future__ import annotations

import re
from collections.abc import Iterator

from web.privacy.finding import Finding
from web.privacy.vocabulary import FIRST_NAMES, ORDINARY

_BLANK = r"[^\S\n]"
_START = r"(?<![^\W_])"
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_GAP = re.compile(r"[^\S\n]{1,2}")
_TITLES = re.compile(
    rf"(?:(?:Herrn?|Hr\.|Frau|Fr\.|Fräulein|Familie|Fam\.|Eheleute|Dr\.|Prof\.|em\.|med\.|jur\.|phil\.|Dipl\.-?{_BLANK}?[^\W\d_]+\.?|Ing\.|Mag\.|"
    rf"RAin|RA|Mrs?\.?|Ms\.?|Miss|Sir|Madam|Doktor|Professor(?:in)?){_BLANK}{{1,2}})+",
    re.IGNORECASE,
)
_CIVIL = re.compile(
    rf"(?:Herrn?|Hr\.?|Frau|Fr\.|Fräulein|Familie|Fam\.|Eheleute|Dr\.|Prof\.|Mrs?\.?|Ms\.?|Miss){_BLANK}", re.IGNORECASE
)
_INITIAL = re.compile(r"(?:[^\W\d_]|[A-Z]h|St|Th)\.(?:-?[^\W\d_]\.)?")
_PARTICLES = frozenset(
    [
        "von",
        "van",
        "de",
        "der",
        "den",
        "del",
        "zu",
        "al",
        "el",
        "bin",
        "ibn",
        "abu",
        "di",
        "da",
        "do",
        "dos",
        "du",
        "la",
        "le",
        "ten",
        "ter",
    ]
)
_STATUS = re.compile(rf"(?:a\.{_BLANK}?D\.|i\.{_BLANK}?R\.|em\.)", re.IGNORECASE)
_BORN = re.compile(rf",?{_BLANK}{{0,2}}geb(?:orene?r?|\.){_BLANK}{{0,2}}(?=[^\W\d_])", re.IGNORECASE)
_LONGEST = 6

#: Ordinary words that are surnames where they have a capital.
_SURNAMES = frozenset(["lang", "kurz", "weiß", "wohl", "sommer", "bald", "gern", "ende", "mai"])

# A name follows, in small letters as well.
_INTRODUCTION = re.compile(
    rf"{_START}(?:(?:ich|und)\s+hei(?:ß|ss|s)e|(?:mein(?:e|en)?|my)\s+(?:(?:voller|vollständiger|richtiger|full)\s+)?n?ame"
    rf"(?:\s+(?:ist|lautet|wäre|is)|['’]s|\s*:)|i\s*(?:am|['’]m)\s+called)(?![^\W_])"
    rf"(?:{_BLANK}+(?:übrigens|nämlich|eigentlich|also|mit\s+(?:vor|nach)namen)){{0,2}}\s*[:,]?\s*",
    re.IGNORECASE,
)
# The same in languages that are written to the Servicestelle; a name has a capital there.
_INTRODUCTION_ABROAD = re.compile(
    rf"{_START}(?:(?:benim\s+)?ad[ıi]m|ismim|je\s+m['’]appelle|me\s+llamo|mi\s+chiamo|nazywam\s+si[eę]|mam\s+na\s+imi[eę]|mă\s+numesc"
    rf"|меня\s+зовут|мене\s+звати)(?![^\W_])\s*[:,]?\s*",
    re.IGNORECASE,
)
# A name follows where a title or a first name does.
_PRESENTATION = re.compile(
    rf"{_START}(?:(?:ich|i)\s+(?:bin|am)|ich,|i['’]m|bin|wir\s+sind|we\s+are|hier(?:\s+(?:ist|spricht|schreibt|meldet\s+sich))?|this\s+is"
    rf"|es\s+(?:schreibt|spricht)(?:\s+ihnen)?)"
    rf"{_BLANK}+(?:(?:die|der|es|the)(?:{_BLANK}+(?:kleine|alte))?{_BLANK}+)?",
    re.IGNORECASE,
)
_FIELD = re.compile(
    rf"{_START}(?:(?:(?:vor|nach|zu|familien|haus|mädchen|geburts)?-?name|vor-?{_BLANK}?(?:und|u\.|/|&){_BLANK}?(?:nach|zu)name|name,{_BLANK}?vorname|"
    rf"(?:first|last|family|full|sur){_BLANK}?name|ad{_BLANK}?soyad|absender(?:in)?|antragsteller(?:in)?|kontoinhaber(?:in)?|mieter(?:in)?|unterschrift){_BLANK}*[:=]"
    rf"|(?:vor|nach|zu|familien|mädchen)name{_BLANK}+(?:ist|lautet)){_BLANK}*\n?{_BLANK}*",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    rf"{_START}(?:mein|meine|unser|unsere|der|die){_BLANK}+(?:mann|frau|sohn|tochter|mutter|vater|bruder|schwester|vermieter(?:in)?|nachbar(?:in)?|oma|opa|"
    rf"gro(?:ß|ss)(?:mutter|vater)|freund(?:in)?|partner(?:in)?|ehe(?:mann|frau)|kind|enkel(?:in)?|mitbewohner(?:in)?|hausmeister(?:in)?){_BLANK}+"
    rf"(?:hei(?:ß|ss)t|namens){_BLANK}+",
    re.IGNORECASE,
)
_CAPITAL = r"[A-ZÄÖÜÇŞĞİŁŚŽŠČ][^\W\d_]*(?:['’-][^\W\d_]+)*"
# The name stands before: „Müller mein Name“, „weil ich Erika Muster heiße“.
_BEFORE = re.compile(
    rf"(?<![\w'’-])(?:ich{_BLANK}+)?(?P<name>(?:{_CAPITAL}{_BLANK}){{0,2}}{_CAPITAL})"
    rf"(?:,?{_BLANK}(?:ist{_BLANK}|war{_BLANK})?mein{_BLANK}Name(?=\s*(?:[,.!;\n]|$))|{_BLANK}hei(?:ß|ss)e(?=\s*(?:[,.!;\n]|$|und)))"
)

_REGARDS = r"(?:[^\W\d_]*gru(?:ß|ss)(?:e|es)?|gr(?:ü|ue)(?:ß|ss)(?:e|en|chen|le)?|gr(?:\.|(?![^\W_])))"
_CLOSING = re.compile(
    rf"{_START}(?:mit(?:{_BLANK}+[^\W\d_]+\.?){{0,4}}{_BLANK}+(?:{_REGARDS}|hochachtung)"
    rf"|(?:viele|liebe|lieben|beste|besten|schöne|schoene|schönen|herzliche|herzlichen|herzlichst|freundliche|freundlichen|freundlichst|sonnige|nette|ganz{_BLANK}liebe|"
    rf"frdl\.)[,]?{_BLANK}*{_REGARDS}"
    rf"|(?:(?<=[.!?,;\n]{_BLANK})|(?<=[.!?,;\n])|\A)gr(?:u(?:ß|ss)|(?:ü|ue)(?:ß|ss)e)"
    rf"|hochachtungsvoll|ergebenst|herzlichst|mfg|m\.{_BLANK}?f\.{_BLANK}?g\.?|(?:(?<=[.!?,;:)\n]{_BLANK})|(?<=[.!?,;:)\n])|(?<=und{_BLANK})|(?<=danke{_BLANK})|\A)(?:vg|lg|bg)"
    rf"|(?:\A|(?<=\n))i\.{_BLANK}?[AV]\.|gez\.|gezeichnet(?=[:,\s]+(?:Dr|[A-ZÄÖÜ]))|es{_BLANK}+gr(?:ü|ue)(?:ß|ss)t(?:{_BLANK}+(?:sie|euch|dich))?(?:{_BLANK}+(?-i:[a-zäöüß]+)(?:lich|enst|nd|voll|st))?"
    rf"(?:{_BLANK}+sie)?|gr(?:ü|ue)(?:ß|ss)t{_BLANK}+sie"
    rf"|(?:(?:kind|best|warm|many){_BLANK}+)?regards|yours{_BLANK}+(?:sincerely|faithfully|truly)|sincerely(?:{_BLANK}+yours)?"
    rf"|best{_BLANK}+wishes|sayg[ıi]lar[ıi]mla|selamlar|cordialement)(?![^\W_])",
    re.IGNORECASE,
)
# These end a letter as well; since they also stand elsewhere, a first name must follow.
_FAREWELL = re.compile(
    rf"{_START}(?:(?:mit|vielen|besten|herzlichen|ergebensten|schönen|lieben){_BLANK}+dank|danke(?:{_BLANK}sch(?:ö|oe)n)?"
    rf"|thank(?:s|{_BLANK}you)|ich{_BLANK}gr(?:ü|ue)(?:ß|ss)e{_BLANK}(?:Sie|euch)(?:{_BLANK}[^\W\d_]+)?"
    rf"|(?:\A|(?<=\n))(?:Ihre?|Euer|Eure|Deine?))"
    rf"(?:{_BLANK}im{_BLANK}voraus|{_BLANK}in{_BLANK}advance)?[\s,.!–-]{{1,4}}",
    re.IGNORECASE,
)
_BEFORE_SIGNATURE = re.compile(
    rf"[\s,.:;!–-]{{0,8}}"
    rf"(?:(?:aus|vom){_BLANK}+(?:(?:der|dem|den){_BLANK}+)?[^\W\d_-]+(?:[ -][^\W\d_-]+){{0,3}}[,\n]\s*|von{_BLANK}+)?"
    rf"(?:(?:Ihre?|Euer|Eure|Deine?|ppa\.|gez\.|Familie|der|die){_BLANK}*[:,]?\s+|i\.{_BLANK}?[AV]\.\s*)*",
    re.IGNORECASE,
)
_AFTER_SIGNATURE = re.compile(rf"\s*(?:$|[\n,.;!()/|\[<–-])|{_BLANK}+(?:aus|und|and|from|[0-9+\[(])")
#: What a word of an office, a firm or an association ends with, which sign letters as well.
_ORGANISATION = re.compile(
    r".*(?:amt|amts|büro|verband|verein|bund|bundes|ministerium|kammer|bank|kasse|gesellschaft|genossenschaft|agentur|stiftung|"
    r"verwaltung|stelle|dienst|abteilung|referat|dezernat|fachbereich|sekretariat|magistrat|vorstand|ausschuss|fraktion|partei|"
    r"initiative|kanzlei|universität|hochschule|schule|institut|redaktion|zeitung|team|gruppe|werke?|zentrum|präsidium|behörde|"
    r"gemeinde|stadt|kreis|allianz|bündnis|netzwerk|(?:gemeinde|stadt|betriebs|bei)rat|konzern|unternehmen|firma|vertretung|"
    r"leitung|führer(?:in)?|kirche|service)|land|haus|union|gmbh|ag|eg|kg|ev",
    re.IGNORECASE,
)


def names(text: str) -> Iterator[Finding]:
    """Names after „ich heiße“, „mein Name ist“, „ich bin Frau ...“, „Name:“, a closing formula, „gez.“, and their like."""
    for match in _INTRODUCTION.finditer(text):
        yield from _introduced(text, match.end())
    for match in _INTRODUCTION_ABROAD.finditer(text):
        yield from _name(text, match.end())
    for match in _PRESENTATION.finditer(text):
        yield from _presented(text, match.end())
    for match in _FIELD.finditer(text):
        yield from _filled_in(text, match.end())
    for match in _RELATIVE.finditer(text):
        yield from _name(text, match.end())
    for match in _BEFORE.finditer(text):
        yield from _name(text, match.start("name"), match.end("name"))
    for match in _CLOSING.finditer(text):
        yield from _signature(text, match.end())
    for match in _FAREWELL.finditer(text):
        if _is_first_name(text, match.end()):
            yield from _signature(text, match.end())
    yield from _last_line(text)


def _introduced(text: str, start: int) -> Iterator[Finding]:
    found = list(_name(text, start)) or list(_small_name(text, start))
    # „ich heiße das gut“, „ich heiße Gäste willkommen“ approve and welcome; they introduce nobody
    if found and not re.match(r"(?:\s+[^\W\d_]+){0,3}\s+(?:gut|willkommen)(?![^\W_])", text[found[0].end : found[0].end + 60]):
        yield from found


def _presented(text: str, start: int) -> Iterator[Finding]:
    if _CIVIL.match(text, start):
        yield from _name(text, start)
    elif _is_first_name(text, start):
        yield from list(_name(text, start)) or _small_name(text, start, longest=1)


def _filled_in(text: str, start: int) -> Iterator[Finding]:
    """The name in a field of a form, also „Muster, Erika“."""
    for found in _name(text, start):
        if _is_organisation(text, found):
            continue
        yield found
        comma = re.match(r",[^\S\n]?", text[found.end : found.end + 2])
        if comma and _is_first_name(text, found.end + comma.end()):
            yield from _name(text, found.end + comma.end())


def _signature(text: str, start: int) -> Iterator[Finding]:
    prefix = _BEFORE_SIGNATURE.match(text, start)
    start = prefix.end() if prefix else start
    found = list(_name(text, start))
    if not found and _small_name_ends_text(text, start):
        found = list(_small_name(text, start))
    if found and _AFTER_SIGNATURE.match(text, found[0].end) and not _is_organisation(text, found[0]):
        yield from found


def _last_line(text: str) -> Iterator[Finding]:
    """„Erika Muster“ as the last line of a letter, with or without a closing formula."""
    body = text.rstrip()
    start = body.rfind("\n") + 1
    if start and _is_first_name(text, start):
        yield from (found for found in _name(text, start) if found.end == len(body))


def _is_organisation(text: str, found: Finding) -> bool:
    words = text[found.start : found.end].split()
    return words[0].casefold() not in FIRST_NAMES and any(_ORGANISATION.fullmatch(word) for word in words)


def _is_first_name(text: str, start: int) -> bool:
    word = _WORD.match(text, start)
    return word is not None and word[0].casefold().split("-")[0] in FIRST_NAMES


def _small_name_ends_text(text: str, start: int) -> bool:
    rest = text[start:]
    few_words = len(rest) <= 60 and 1 <= len(rest.split()) <= 3
    return few_words and re.fullmatch(r"[^\W\d_](?:[^\W\d_]|[.\s-])*!?\s*", rest) is not None


def _name(text: str, start: int, stop: int | None = None) -> Iterator[Finding]:
    """The name that starts at `start`, after its titles: words with a capital, initials, „von“ and the like between them."""
    titles = _TITLES.match(text, start)
    start = titles.end() if titles else start
    stop = len(text) if stop is None else stop
    position, end, words = start, start, 0
    while words < _LONGEST and position < stop:
        initial = _INITIAL.match(text, position, stop) or _STATUS.match(text, position, stop)
        word = _WORD.match(text, position, stop)
        if initial and (initial[0][0].isupper() or words):
            end = position = initial.end()
        elif word and _is_name(word[0]):
            end = position = word.end()
        elif word and _joins(text, word, first=not words):
            position = word.end()
        else:
            break
        words += 1
        gap = _GAP.match(text, position, stop)
        position = gap.end() if gap else position
        if not gap and not (initial and position < stop and text[position].isalpha()):
            break
    if end == start or not any(character.isalpha() for character in text[start:end]):
        return
    yield Finding(start, end, "name")
    born = _BORN.match(text, end, stop)
    if born:
        yield from _name(text, born.end(), stop)


def _joins(text: str, word: re.Match[str], first: bool) -> bool:
    """Whether a name goes on after „von“, „von der“, or „und“ as in „Peter und Erika Muster“; „von“ can start one."""
    following = re.match(r"[^\S\n]{1,2}(?:(?:der|den|dem|la|zu)[^\S\n]{1,2})?([^\W\d_]+)", text[word.end() : word.end() + 60])
    if following is None or not _is_name(following[1]):
        return False
    if word[0] == "und":
        return not first and following[1].casefold() in FIRST_NAMES
    return word[0].casefold() in _PARTICLES and (not first or word[0].casefold() in ("von", "van"))


def _is_name(word: str) -> bool:
    return word[0].isupper() and (word.casefold() not in ORDINARY or word.casefold() in _SURNAMES)


def _small_name(text: str, start: int, longest: int = 3) -> Iterator[Finding]:
    """Up to `longest` words in small letters that are no ordinary ones, as people write on a telephone."""
    position, end = start, start
    for _ in range(longest):
        word = _INITIAL.match(text, position) or _WORD.match(text, position)
        if not word or word[0].casefold() in ORDINARY:
            break
        end = word.end()
        gap = _GAP.match(text, end)
        if not gap:
            break
        position = gap.end()
    following = _WORD.match(text, position) if position > end else None
    if end - start > 1 and (following is None or following[0].casefold() in ORDINARY):
        yield Finding(start, end, "name")
