"""Ways to reach a person: e-mail addresses and telephone numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from phonenumbers import Leniency, PhoneNumberMatcher

from web.privacy.finding import Finding

_MAIL_HOSTS = (
    "gmx|web|gmail|googlemail|t-online|freenet|yahoo|hotmail|outlook|live|icloud|aol|posteo|mailbox|arcor|proton|protonmail"
)
_ENDS = "de|com|net|org|eu|info|at|ch|fr|it|tr|pl|uk|ru|ua|nl|es|me|biz|online|hessen|email"
_BLANK = r"[^\S\n]"
_LOCAL = r"(?<![\w.+-])[\w.+-]*\w"
_LABEL = r"[^\W_](?:[\w-]*[^\W_])?"

# The sign, or a word in brackets, says that it is an address. Each piece starts where the one before cannot go on, so
# that a long text without an address takes one pass.
_SIGN = rf"(?:[@＠]|[(\[{{<]{_BLANK}?(?:at|ät|@){_BLANK}?[)\]}}>])"
_DOT = rf"(?:\.|{_BLANK}?[(\[{{]{_BLANK}?(?:dot|punkt|\.){_BLANK}?[)\]}}]{_BLANK}?|{_BLANK}(?:dot|punkt){_BLANK})"
_WITH_SIGN = re.compile(
    rf"{_LOCAL}(?:{_BLANK}{{0,2}}{_SIGN}{_BLANK}{{0,2}}{_LABEL}(?:{_DOT}{_LABEL}|(?:,|{_BLANK}?\.{_BLANK}?)(?:{_ENDS})\b)+"
    rf"|{_SIGN}[^\W\d_]{_LABEL})",
    re.IGNORECASE,
)
# Spelled out, it is one where the end is spelled out as well, or where the host is known for mail.
_SPELLED = re.compile(
    rf"{_LOCAL}(?:{_BLANK}(?:punkt|dot|minus|strich|unterstrich){_BLANK}[\w.+-]*\w){{0,3}}"
    rf"{_BLANK}(?:at|ät|aet|klammeraffe){_BLANK}"
    rf"(?:{_LABEL}(?:{_BLANK}(?:punkt|dot){_BLANK}{_LABEL})*?{_BLANK}(?:punkt|dot){_BLANK}(?:{_ENDS})"
    rf"|(?:{_MAIL_HOSTS})\.(?:{_ENDS}))\b",
    re.IGNORECASE,
)

# phonenumbers knows every number that can exist; what it cannot know stands after a word like these: a number without
# its area code, or one with a slip in it.
_NR = r"(?:[ -]?(?:nummer|nr))?"
_LABELLED = re.compile(
    rf"(?<![^\W_])(?:tel(?:efon|eph?on)?(?:isch)?{_NR}|rufnummer|fon|phone(?:[ ]number)?|handy{_NR}|mobil(?:e|funk)?{_NR}"
    rf"|festnetz{_NR}|(?:tele)?fax{_NR}|durchwahl|whatsapp|call[ ]me[ ](?:at|on)"
    r"|(?:erreichbar|erreichen|anrufen|anruf|zurückrufen|rückruf|rufen|ruf|meldung)"
    r"(?:[ ](?:sie|mich|uns|mir|bitte|gern|gerne)){0,3}"
    r"[ ](?:unter|auf)(?:[ ]der(?:[ ]nummer)?)?)"
    r"(?:[ ](?:ist|lautet|is|unter))?[.:=]?\s{0,3}[(]?"
    r"(?P<number>[+0-9](?:(?:[^\S\n]?[-/.()–]{1,3}[^\S\n]?|[^\S\n])?[0-9]){4,16})(?![0-9])",
    re.IGNORECASE | re.ASCII,
)
_EXTENSION = re.compile(
    r"[^\S\n]?[-/–][^\S\n]?[0-9]{1,4}(?![0-9])|[^\S\n]?(?:App|Apparat|DW|Durchwahl)\.?[^\S\n]?[0-9]{1,4}(?![0-9])"
)

_DIGIT = (
    r"(?:null|ein[sn]?|zw[eo]i?|drei|vier|f(?:ü|ue)nf|sechs|sieben|acht|neun|"
    r"zero|one|two|three|four|five|six|seven|eight|nine|oh)"
)
_SPOKEN = re.compile(
    rf"(?<![^\W_])(?:null|zero|oh|plus[ ]+vier[ ]+neun)(?:[\s,.-]{{1,2}}(?:doppel[ -]?)?{_DIGIT}){{6,16}}(?![^\W_])",
    re.IGNORECASE,
)

# A number of a file or a customer can look like a telephone.
_FILE = re.compile(
    r"(?:(?:akten|geschäfts|kassen|buchungs)zeichen|az|gz"
    r"|(?:kunden|rechnungs|vertrags|mitglieds|vorgangs|antrags|bestell|konto|ticket)[ -]?(?:nummer|nr)"
    r"|rechnung|konto|blz|vorgang|antrag|beleg)(?:[ ]ist|[ ]lautet)?[.:]{0,2}[^\S\n]{0,2}(?:nr\.?[ ]?)?$",
    re.IGNORECASE,
)
_HOST = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
# Digits of a year: to phonenumbers, 1648 is a number that can be called.
_YEAR = 4


def emails(text: str) -> Iterator[Finding]:
    """E-mail addresses (after RFC 5321, with the letters of all languages), also with „(at)“ or „at ... punkt de“."""
    for pattern in (_WITH_SIGN, _SPELLED):
        for match in pattern.finditer(text):
            yield Finding(match.start(), match.end(), "email")


def phones(text: str) -> Iterator[Finding]:
    """Telephone numbers: all that exist as seen from Germany, those after a word like „Tel.“, and spoken ones."""
    if any(character.isdigit() for character in text):
        for number in PhoneNumberMatcher(text, "DE", leniency=Leniency.VALID):
            is_year = sum(map(str.isdigit, number.raw_string)) <= _YEAR
            is_file = _FILE.search(text[max(0, number.start - 40) : number.start])
            if not (is_year or is_file or _HOST.fullmatch(number.raw_string)):
                extension = _EXTENSION.match(text, number.end)
                yield Finding(number.start, extension.end() if extension else number.end, "phone")
        for match in _LABELLED.finditer(text):
            yield Finding(match.start("number"), match.end("number"), "phone")
    for match in _SPOKEN.finditer(text):
        yield Finding(match.start(), match.end(), "phone")
