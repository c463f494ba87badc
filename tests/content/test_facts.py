"""The page says it, so the bot says it; the page does not say it, so the bot does not either.

`page.txt` is the page that the bot knows. The facts here are written by hand, not read from the content.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from content import Content, Register, read_content
from content.readability import words
from content.wording import ADDRESS, MINISTRY, OFFICIAL_NAMES
from tests.content.conftest import Edit
from tests.content.statements import REGISTERS, statements

CONTENT = read_content()
HERE = Path(__file__).parent
PAGE = (HERE / "page.txt").read_text("utf-8")

#: What the answer to a topic must hold in all three registers.
EVERYWHERE: list[tuple[str, list[str]]] = [
    ("alliance_founding_year", ["2015"]),
    ("alliance_founder", ["Hessisches Umweltministerium|Das Hessische Umweltministerium", "2015"]),
    ("alliance_lead", [f"Hessisches {MINISTRY}|Hessische {MINISTRY}", "2019"]),
    ("alliance_ministry_change", [MINISTRY, "2015", "2019", "Hessisches Umweltministerium|Hessische[n]? Umweltministerium"]),
    ("alliance_meetings", ["Plenarsitzungen", "Fachgruppen", "Schwerpunktveranstaltungen", "regelmäßig|regularly"]),
    ("alliance_audience", ["Hessen", "Städte|cities", "Gemeinden|Dörfer|municipalities"]),
    (
        "participants_list",
        [
            "Landesressorts",
            "Verbände der Wohnungswirtschaft",
            "kommunalen? Spitzenverbände",
            "Kammern",
            "Mieterbund",
            "Studentenwerke",
            "[Ww]eitere Interessenverbände|other interest groups",
            r"Wirtschafts- und Infrastrukturbank Hessen \((kurz: )?WIBank\)",
            f"Hessische[s]? {MINISTRY}",
        ],
    ),
    ("service_definition", ["Fragen|questions", "HA Hessen Agentur GmbH", "Wiesbaden", "Xenia Diehl", "Susanne Piesk"]),
    ("service_contact", [ADDRESS, "Xenia Diehl", "Susanne Piesk"]),
    ("service_address", [ADDRESS, "Servicestelle Wohnen"]),
    ("service_visit", [ADDRESS]),
    ("participants_join", [ADDRESS, "Ideen?|ideas"]),
    ("contact_persons", ["Xenia Diehl", "Susanne Piesk", "AKH, SRL", "Stadtplanerin|urban planner", "Architektin|architect"]),
    ("contact_diehl", ["Xenia Diehl", "Stadtplanerin", "Servicestelle Wohnen"]),
    ("contact_piesk", ["Susanne Piesk", "Architektin", "Servicestelle Wohnen"]),
    # Of the chat, not of the page: it is stored and read, see web/templates/pages/privacy.html.
    ("bot_privacy", ["gespeichert|speichert|stored", "liest|reads", "löschen|delete", "Menü|menu", "fremde|outside"]),
    ("contact_titles", ["AKH", "SRL", "Xenia Diehl", "Susanne Piesk", "erklärt die Seite nicht|steht dort nicht|not explain"]),
]

#: What the answer in standard German must hold besides.
STANDARD: list[tuple[str, list[str]]] = [
    ("alliance_definition", ["Allianz für Wohnen in Hessen", "Bündnis für bezahlbares Wohnen", "Partnern"]),
    ("alliance_goals", ["Strategien", "bezahlbar", "Zukunft", "zusammenarbeiten", "Bau von Wohnungen"]),
    ("alliance_reason", ["bezahlen", "zu ihnen passt", "Umgebung", "Landesregierung", "bezahlbaren Wohnungsbau"]),
    (
        "alliance_quarters",
        ["Partnerinnen und Partner", "Wohnviertel", "Wohnungen", "Zukunft", "Städte und Gemeinden", "nachhaltig"],
    ),
    ("alliance_cooperation", ["Wohnungspolitik", "Interessen", "vernetzen", "zusammenarbeiten"]),
    ("alliance_regulation_check", ["prüfen", "Vorgaben", "Politik und Recht", "technisch", "wirtschaftlich"]),
    ("alliance_investment", ["Investitionen", "Bau von Wohnungen", "Wohnquartiere", "nachhaltig"]),
    ("alliance_ideas", ["neue Ideen", "Wege", "konkrete Lösungen", "Praxis"]),
    ("alliance_audience", ["in Hessen leben oder dort leben möchten"]),
    ("alliance_subjects", ["aktuellen Themen der Wohnungspolitik"]),
    ("alliance_lead", ["Federführung"]),
    ("alliance_ministry_change", ["Wohnungsbau und Stadtentwicklung zuständig"]),
    ("alliance_meetings", ["diskutieren", "Vorschläge für Lösungen"]),
    ("service_definition", ["Anregungen"]),
    ("contact_diehl", ["AKH und SRL"]),
    ("contact_piesk", ["AKH"]),
]

#: Those who take part, as the page lists them, and the words that the answer about each must hold in all registers.
LISTED = {
    "state_departments": "Landesressorts|Ministerien",
    "housing_industry": "Verbände der Wohnungswirtschaft",
    "municipal_associations": "kommunalen? Spitzenverbände",
    "chambers": "Kammern",
    "tenants_association": "Mieterbund",
    "student_services": "Studentenwerke",
    "interest_groups": "Interessenverbände",
    "wibank": "Wirtschafts- und Infrastrukturbank Hessen",
    "lead_ministry": f"Hessische[s]? {MINISTRY}.*2019|2019.*Hessische[s]? {MINISTRY}",
}

#: The only numbers of the page, the years alone, the others within the address.
YEARS = {"2015", "2019"}
ADDRESSES = ("Mainzer Straße 118", "65189 Wiesbaden")

#: A number in letters is a number; three kinds of meetings is the only one.
NUMBER_WORDS = re.compile(
    r"zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|\w+zehn|(?:\w+und)?(?:dreißig|(?:zwan|vier|fünf|sech|sieb|acht|neun)zig)"
    r"|\w*hundert|\w*tausend|dutzend|million(?:en)?|milliarden?"
    r"|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
    r"|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|dozens?|hundreds?|thousands?|millions?|billions?",
    re.IGNORECASE,
)
NUMBER_WORDS_OF_THE_PAGE = {"drei"}

_TOKEN = re.compile(r"\w+(?:[-.@/&’']\w+)*")
LONGEST_RUN = 7


@pytest.mark.parametrize("register", REGISTERS)
@pytest.mark.parametrize(("topic", "facts"), EVERYWHERE, ids=lambda value: value if isinstance(value, str) else "")
def test_topic_states_the_facts_of_the_page_in_every_register(topic: str, facts: list[str], register: Register) -> None:
    answer = CONTENT.answer(topic, register)

    assert [fact for fact in facts if not _says(answer, fact)] == [], answer


@pytest.mark.parametrize(("topic", "facts"), STANDARD, ids=lambda value: value if isinstance(value, str) else "")
def test_topic_states_the_facts_of_the_page_in_standard_german(topic: str, facts: list[str]) -> None:
    answer = CONTENT.answer(topic, "standard")

    assert [fact for fact in facts if not _says(answer, fact)] == [], answer


@pytest.mark.parametrize("topic", ["alliance_definition", "alliance_goals", "alliance_reason", "alliance_subjects"])
def test_affordable_housing_is_named_in_every_register(topic: str) -> None:
    answers = [CONTENT.answer(topic, register) for register in REGISTERS]

    assert [answer for answer in answers if not _says(answer, "bezahl|afford|nicht zu (hoch|teuer)")] == []


def test_participants_of_the_page_are_listed_and_no_others() -> None:
    assert {each.id for each in CONTENT.participants if each.status == "listed"} == set(LISTED)


@pytest.mark.parametrize("register", REGISTERS)
@pytest.mark.parametrize("participant", LISTED)
def test_participant_of_the_page_takes_part(participant: str, register: Register) -> None:
    answer = _participant(CONTENT, participant, register)

    assert _says(answer, r"^(Ja|Yes)\. ")
    assert _says(answer, LISTED[participant]), answer


@pytest.mark.parametrize("register", REGISTERS)
@pytest.mark.parametrize(
    ("participant", "fact"),
    [
        ("environment_ministry", "2015"),
        ("environment_ministry", "gegründet|founded"),
        ("environment_ministry", "steht nicht auf der Seite|does not say"),
        ("state_government", "leitet|leads"),
        ("operator", "Servicestelle Wohnen"),
        ("operator", "HA Hessen Agentur GmbH"),
        ("operator", "nennt die Seite sie nicht|steht die Firma nicht|does not list"),
    ],
)
def test_organisation_in_another_role_is_no_participant(participant: str, fact: str, register: Register) -> None:
    answer = _participant(CONTENT, participant, register)

    assert not _says(answer, r"^(Ja|Yes)\b")
    assert _says(answer, fact), answer


def test_facts_in_the_tests_stand_on_the_page() -> None:
    names = [
        MINISTRY.removeprefix("Ministerium "),
        *ADDRESSES,
        *YEARS,
        "HA Hessen Agentur GmbH",
        "Xenia Diehl, Stadtplanerin AKH, SRL",
    ]

    assert [name for name in [*names, "Susanne Piesk, Architektin AKH"] if name not in PAGE] == []
    assert set(re.findall(r"\d+", PAGE)) == {"2015", "2019", "118", "65189"}


def test_no_text_names_a_number_a_name_or_a_place_that_the_page_does_not() -> None:
    found = _all_inventions(CONTENT)

    assert found == {}, "not on the page; an ordinary new word goes into vocabulary.txt after a look at it"


@pytest.mark.parametrize(
    ("file", "text", "planted"),
    [
        ("topics/alliance_goals.yml", "Es soll mehr gebaut werden können", "Kassel"),
        ("topics/alliance_goals.yml", "The alliance develops strategies", "seventy"),
        ("topics/alliance_goals.yml", "Die Beteiligten sollen besser", "2021"),
        ("topics/service_fax.yml", "Eine Faxnummer habe ich leider nicht", "0611"),
        ("topics/service_fax.yml", "Welche Faxnummer hat die Servicestelle", "Rhein-Main"),
        ("participants.yml", "Ja. Kammern machen mit", "ÖPNV"),
        ("participants.yml", "name: weitere Interessenverbände", "Frau Müller"),
        ("replies.yml", "Danke der Nachfrage", "Frau Müller"),
        ("declines.yml", "Dazu steht nichts auf der Seite", "zwölf"),
        ("contacts.yml", "function: Stadtplanerin AKH", "Darmstadt"),
        ("contacts.yml", "town: Wiesbaden", "Erbenheim"),
        ("contacts.yml", 'phone: "', "0611 12345"),
        ("contacts.yml", 'email: "', "info@hessen.de"),
        ("sources.yml", "Angaben zu diesem Chat", "2021"),
    ],
)
def test_planted_number_name_or_place_is_found(folder: Path, edit: Edit, file: str, text: str, planted: str) -> None:
    edit(file, text, f"{text} {planted}")

    found = _all_inventions(read_content(folder))

    assert planted.split()[-1] in {word for invented in found.values() for word in invented}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Seit 2015 und 2019 gibt es sie.", []),
        ("Mainzer Straße 118, 65189 Wiesbaden", []),
        ("Es sind 118 Kammern.", ["118"]),
        ("Mainzer Straße 119", ["119"]),
        ("Mainzer Straße 1180", ["1180"]),
        ("am 20.15. oder 2015a", ["20.15", "2015a"]),
        ("auf www.hessen.de", ["www.hessen.de"]),
        ("Es gibt drei Arten und vierzig Arten.", ["vierzig"]),
        ("Sie treffen sich regelmäßig.", []),
        ("die AWO und die eG", ["AWO", "eG"]),
        ("in Hanau-Süd", ["Hanau-Süd"]),
        ("bei Frau Müller in Kassel, 0611 12", ["Frau", "Müller", "Kassel", "0611", "12"]),
        ("the mayor of Frankfurt, since 2021", ["Frankfurt", "2021"]),
        ("info@hessen.de", ["info@hessen.de"]),
        ("zwölf, einundzwanzig, dreitausend, seventy", ["zwölf", "einundzwanzig", "dreitausend", "seventy"]),
    ],
)
def test_number_or_name_is_allowed_only_as_on_the_page(text: str, expected: list[str]) -> None:
    assert inventions(text) == expected


def test_member_that_the_page_does_not_name_is_not_said_to_take_part() -> None:
    """Names of members only serve to recognise what was asked; no answer says one by itself."""
    members = {member.name for participant in CONTENT.participants for member in participant.members}
    said = [each.text for each in statements(CONTENT)]

    assert len(members) > 20
    assert [name for name in members if any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) for text in said)] == []


def test_no_text_copies_a_sentence_of_the_page() -> None:
    assert {str(each): run for each in statements(CONTENT) if (run := longest_copy(each.text)) and len(run) > LONGEST_RUN} == {}


def test_copied_sentence_is_found(folder: Path, edit: Edit) -> None:
    copied = "mit bezahlbarem und auf ihre Bedürfnisse zugeschnittenem Wohnraum in einem attraktiven Umfeld"
    edit("topics/alliance_reason.yml", "Auch die Umgebung soll schön sein.", f"Es geht um Menschen {copied}.")

    answer = read_content(folder).answer("alliance_reason", "standard")

    assert longest_copy(answer) == ["Menschen", *copied.split()]


def test_official_name_is_no_copy() -> None:
    lead = f"unter der Federführung des Hessischen Ministeriums {MINISTRY.removeprefix('Ministerium ')}"

    assert longest_copy(f"Das Hessische {MINISTRY}") == ["Name"]
    assert len(longest_copy(ADDRESS)) <= 3
    assert len(longest_copy(lead)) <= LONGEST_RUN


def inventions(text: str) -> list[str]:
    """Words of `text` that the page or the reviewed vocabulary does not know: numbers, names, places, web addresses."""
    for known in ADDRESSES:
        text = re.sub(rf"{re.escape(known)}(?!\w)", "", text)
    return [token for token in _TOKEN.findall(text) if _is_invented(token)]


def longest_copy(text: str) -> list[str]:
    """The longest run of words that `text` shares with the page; an official name counts as one word."""
    page, said = _folded(PAGE), _folded(text)
    best: range = range(0)
    for start in range(len(said)):
        length = len(best) + 1
        while start + length <= len(said) and _holds(page, said[start : start + length]):
            best = range(start, start + length)
            length += 1
    return [words(text, OFFICIAL_NAMES)[place] for place in best]


def _all_inventions(content: Content) -> dict[str, list[str]]:
    return {str(each): found for each in statements(content) if (found := inventions(each.text))}


def _is_invented(token: str) -> bool:
    if any(letter.isdigit() for letter in token):
        return token not in YEARS
    if NUMBER_WORDS.fullmatch(token) and token.casefold() not in NUMBER_WORDS_OF_THE_PAGE:
        return True
    if any(letter.isupper() for letter in token):
        return token not in VOCABULARY
    return "." in token or "@" in token


def _vocabulary() -> frozenset[str]:
    lines = (HERE / "vocabulary.txt").read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def _participant(content: Content, participant: str, register: Register) -> str:
    return next(content.fill(each.answers, register) for each in content.participants if each.id == participant)


def _says(answer: str, fact: str) -> bool:
    return re.search(fact, answer) is not None


def _folded(text: str) -> list[str]:
    return [word.casefold() for word in words(text, OFFICIAL_NAMES)]


def _holds(page: list[str], run: list[str]) -> bool:
    return any(page[start : start + len(run)] == run for start in range(len(page) - len(run) + 1))


VOCABULARY = _vocabulary()
