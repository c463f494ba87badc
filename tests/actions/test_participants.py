"""Each organisation gets what the page says about it, and never a yes where the page has none."""

from __future__ import annotations

import string

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz

from actions.participants import membership, organisations, shown
from actions.turn import Mention, Question, Turn
from content import Participant, Register
from tests.actions.conftest import CONTENT, mention, turn

#: The same names in every run, and no limit on the time of one: the machine may be busy.
_examples = settings(deadline=None, derandomize=True, max_examples=300)

_BY_ID = {participant.id: participant for participant in CONTENT.participants}
_LISTED = [participant for participant in CONTENT.participants if participant.status == "listed"]
_MEMBERS = [(member.name, each) for each in CONTENT.participants for member in each.members]
_LISTED_NAMES = [name for each in _LISTED for name in (each.name, *each.aliases)]


def _not_named(name: str) -> str:
    return CONTENT.reply("not_named", "standard", name=name)


def _asked(text: str, *names: str) -> list[str]:
    asked = turn(text, "participants_member", names=names)
    return organisations(asked, asked.questions[0], CONTENT)


@pytest.mark.parametrize("participant", _LISTED, ids=lambda each: str(each.id))
@pytest.mark.parametrize(("register", "yes"), [("standard", "Ja."), ("einfach", "Ja."), ("en", "Yes.")])
def test_listed_one_is_confirmed_under_each_of_its_names(participant: Participant, register: Register, yes: str) -> None:
    answers = {membership([alias], CONTENT, register) for alias in participant.aliases}

    assert answers == {CONTENT.fill(participant.answers, register)}
    assert answers.pop().startswith(yes)


@pytest.mark.parametrize(("name", "group"), _MEMBERS, ids=[name for name, _ in _MEMBERS])
def test_member_of_a_group_is_no_yes_but_the_group_is_named(name: str, group: Participant) -> None:
    text = membership([name], CONTENT, "standard")

    assert text == CONTENT.reply("member_of_group", "standard", name=name, group=group.name)
    assert "Ja" not in text


@pytest.mark.parametrize(("name", "shown"), [("IHK Kassel", "IHK Kassel"), ("ihk kassel", "IHK Kassel"), ("ihk", "IHK")])
def test_branch_of_a_member_is_named_back_as_it_was_named(name: str, shown: str) -> None:
    text = membership([name], CONTENT, "standard")

    assert text == CONTENT.reply("member_of_group", "standard", name=shown, group=_BY_ID["chambers"].name)


@pytest.mark.parametrize(
    "name", ["Caritas", "VdK", "Vermieterbund", "Mieterbund Bayern", "Bundeswirtschaftsministerium", "DGB"]
)
def test_one_that_the_page_does_not_name_is_named_back(name: str) -> None:
    assert membership([name], CONTENT, "standard") == _not_named(name)


@pytest.mark.parametrize(
    ("name", "who"),
    [
        ("Umweltministerium", "environment_ministry"),
        ("das hessische umweltministerium", "environment_ministry"),
        ("Hessen Agentur", "operator"),
        ("HA Hessen Agentur GmbH", "operator"),
        ("Landesregierung", "state_government"),
        ("Land Hessen", "state_government"),
    ],
)
def test_one_in_another_role_is_no_yes(name: str, who: str) -> None:
    text = membership([name], CONTENT, "standard")

    assert text == _BY_ID[who].answers.standard
    assert not text.startswith("Ja")


@pytest.mark.parametrize(
    ("name", "who"),
    [
        ("wibnak", "wibank"),
        ("Mieterbundd", "tenants_association"),
        ("mietrebund", "tenants_association"),
        ("STUDENTENWREK", "student_services"),
        ("Wirtschaftsministerum", "lead_ministry"),
    ],
)
def test_misspelt_name_is_known(name: str, who: str) -> None:
    assert membership([name], CONTENT, "standard") == _BY_ID[who].answers.standard


def test_several_get_a_line_each_in_their_order() -> None:
    assert membership(["Caritas", "Mieterbund", "WIBank"], CONTENT, "standard").split("\n") == [
        _not_named("Caritas"),
        _BY_ID["tenants_association"].answers.standard,
        _BY_ID["wibank"].answers.standard,
    ]


def test_same_organisation_under_two_names_gets_one_line() -> None:
    assert membership(["Mieterbund", "DMB", "der Mieterbund"], CONTENT, "standard") == (
        _BY_ID["tenants_association"].answers.standard
    )


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Sind der Mieterbund und die Caritas dabei?", ["Mieterbund", "Caritas"]),
        ("Sind die Caritas und der Mieterbund dabei?", ["Caritas", "Mieterbund"]),
        ("Sind VdK, Caritas und die Awo dabei?", ["VdK", "Caritas", "Awo"]),
        ("Are Caritas or Diakonie part of it?", ["Caritas", "Diakonie"]),
        ("Weder Caritas noch Diakonie sind dabei?", ["Caritas", "Diakonie"]),
        ("Mieterbund/Caritas?", ["Mieterbund", "Caritas"]),
        ("Sind Mieterbund, IHK und WIBank dabei?", ["Mieterbund", "IHK", "WIBank"]),
    ],
)
def test_names_joined_by_a_conjunction_are_all_asked_about(text: str, names: list[str]) -> None:
    assert _asked(text, *names) == names


@pytest.mark.parametrize(
    ("text", "names", "kept"),
    [
        ("Stimmt es, dass laut Tagesschau der Mieterbund mitmacht?", ["Tagesschau", "Mieterbund"], ["Mieterbund"]),
        ("Macht die Caritas etwas gemeinsam mit der Sparkasse?", ["Caritas", "Sparkasse"], ["Caritas"]),
        (
            "Ist der Mieterbund Mitglied, was ich gestern so im Radio und bei der FAZ las?",
            ["Mieterbund", "FAZ"],
            ["Mieterbund"],
        ),
    ],
)
def test_unknown_name_that_stands_apart_is_not_asked_about(text: str, names: list[str], kept: list[str]) -> None:
    assert _asked(text, *names) == kept


def test_known_names_are_asked_about_wherever_they_stand() -> None:
    text = "Der Mieterbund ist ja wohl Mitglied, aber was ist eigentlich mit der WIBank?"

    assert _asked(text, "Mieterbund", "WIBank") == ["Mieterbund", "WIBank"]


@pytest.mark.parametrize(
    ("text", "names", "kept"),
    [
        ("Ist der Bauernverband dabei? Und die IHK?", ["Bauernverband", "IHK"], ["Bauernverband", "IHK"]),
        ("Ist die Caritas dabei? Und die Diakonie?", ["Caritas", "Diakonie"], ["Caritas", "Diakonie"]),
        ("Der Mieterbund ist ja dabei. Und die Caritas?", ["Mieterbund", "Caritas"], ["Caritas"]),
        ("Ich bin im VdK e.V. und frage, ob die IHK dabei ist. Danke.", ["VdK", "IHK"], ["IHK"]),
        ("Ich bin im VdK.\nIst die Caritas dabei?", ["VdK", "Caritas"], ["Caritas"]),
        ("Mieterbund, IHK. Danke.", ["Mieterbund", "IHK"], ["Mieterbund", "IHK"]),
    ],
)
def test_names_in_all_sentences_that_ask_are_asked_about(text: str, names: list[str], kept: list[str]) -> None:
    assert _asked(text, *names) == kept


def test_name_in_a_sentence_behind_the_question_belongs_to_it_unless_that_asks_something_else() -> None:
    text = "Ist die Caritas dabei? Und die Diakonie? Ich bin im VdK. Wer leitet die WIBank?"
    first, last = text.index("Und"), text.index("Wer")
    asked = Question(text[: first - 1], 0, first - 1, "answer", (("participants_member", 0.9),))
    other = Question(text[last:], last, len(text), "answer", (("alliance_lead", 0.9),))
    mentions = tuple(mention(text, name) for name in ("Caritas", "Diakonie", "VdK", "WIBank"))

    assert organisations(Turn(text, (asked, other), mentions), asked, CONTENT) == ["Caritas", "Diakonie"]


def test_name_that_is_said_twice_is_asked_about_once() -> None:
    text = "Ist der Mieterbund dabei, also der MIETERBUND?"

    assert _asked(text, "Mieterbund", "MIETERBUND") == ["Mieterbund"]


def test_name_in_the_sentence_before_is_asked_about() -> None:
    text = "Ich bin Mitglied im VdK. Ist der auch dabei?"
    question = Question("Ist der auch dabei?", 25, len(text), "answer", (("participants_member", 0.9),))

    assert organisations(Turn(text, (question,), (mention(text, "VdK"),)), question, CONTENT) == ["VdK"]


@pytest.mark.parametrize(
    "name", ["Allianz", "die Allianz", "ALLIANZ FÜR WOHNEN", "Allianz fuer Wohnen in Hessen", "Bündnis", "Servicestelle Wohnen"]
)
def test_alliance_itself_is_no_organisation(name: str) -> None:
    assert _asked(f"Ist {name} dabei?", name) == []
    assert _asked(f"Ist die Caritas in {name}?", "Caritas", name) == ["Caritas"]


def test_person_is_no_organisation() -> None:
    text = "Ist Frau Diehl dabei?"
    asked = turn(text, "participants_member", mentions=(mention(text, "Frau Diehl", "person", "contact_diehl"),))

    assert organisations(asked, asked.questions[0], CONTENT) == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Caritas", "Caritas"),
        ("caritas", "Caritas"),
        ("awo", "AWO"),
        ("volksbank und sparkasse für hessen", "Volksbank und Sparkasse für Hessen"),
        ("die tafel", "Die Tafel"),
        ("Haus & Grund", "Haus & Grund"),
        ("L'Oréal (Paris)", "L'Oréal (Paris)"),
        ("<b>Caritas</b>", "b Caritas /b"),
        ("{name} {0} {contact}", "Name 0 Contact"),
        ("\u202eCaritas\u202c", "Caritas"),
        ("Cari\ntas\n\nGmbH", "Cari tas GmbH"),
        ("Bu\u0308ndnis Recht", "Bündnis Recht"),
        ("كاريتاس", "كاريتاس"),
        ("„“*`", ""),
    ],
)
def test_name_is_named_back_safely(name: str, expected: str) -> None:
    assert shown(name) == expected


def test_long_name_is_cut() -> None:
    assert shown("Verein " * 80) == ("Verein " * 9)[:60].strip()
    assert len(shown("x" * 500)) == 60


@_examples
@given(st.text(max_size=600))
def test_whatever_is_named_back_has_no_markup_no_brace_and_one_line(name: str) -> None:
    safe = shown(name)

    assert not set(safe) & set('<>{}[]`*"„“#\n\r\t\u202e\u200b')
    assert len(safe) <= 60


_WORDS = st.sampled_from(
    [
        "Caritas",
        "Diakonie",
        "Tafel",
        "Sparkasse",
        "Verein",
        "Verband",
        "Bund",
        "Bank",
        "Kirche",
        "Feuerwehr",
        "Mieter",
        "Vermieter",
        "Haus",
        "Ministerium",
        "Kammer",
        "Studenten",
        "Werk",
        "Wohnung",
        "Hessen",
        "Bayern",
        "deutscher",
        "hessische",
        "für",
        "und",
        "der",
        "e.V.",
        "GmbH",
        "Umwelt",
        "Wirtschaft",
        "Verkehr",
        "ja",
        "Ja",
    ]
)
_NAMES = st.one_of(
    st.lists(_WORDS, min_size=1, max_size=4).map(" ".join),
    st.lists(_WORDS, min_size=1, max_size=3).map("".join),
    st.text(string.ascii_letters + "äöüß -&.", min_size=1, max_size=30),
    st.text(min_size=1, max_size=40),
)


@_examples
@given(_NAMES, st.sampled_from([("standard", "Ja"), ("einfach", "Ja"), ("en", "Yes")]))
def test_name_that_is_not_close_to_a_listed_one_never_gets_a_yes(name: str, wording: tuple[Register, str]) -> None:
    closest = max(fuzz.ratio(_plain(name), _plain(listed)) for listed in _LISTED_NAMES)
    assume(closest < 75)
    register, yes = wording

    assert not membership([name], CONTENT, register).startswith(yes)


@_examples
@given(_NAMES)
def test_yes_is_only_said_in_the_words_of_a_listed_one(name: str) -> None:
    text = membership([name], CONTENT, "standard")

    assert text.startswith(("„", *(each.answers.standard for each in CONTENT.participants)))
    assert not text.startswith("Ja") or text in {each.answers.standard for each in _LISTED}


def _plain(name: str) -> str:
    """Compared by letters alone, apart from the folding that is under test; articles and umlauts count for nothing."""
    words = name.casefold().replace("ß", "ss").split()
    kept = [word for word in words if word not in ("der", "die", "das")]
    return "".join(char for char in "".join(kept).translate(str.maketrans("äöü", "aou")) if char.isalnum())


def test_mentions_behind_one_another_without_text_between_are_kept_apart() -> None:
    asked = Turn(
        "Caritas Awo?",
        (Question("Caritas Awo?", 0, 12, "answer", ()),),
        (Mention("organisation", "Caritas", 0, 7, 0.5), Mention("organisation", "Awo", 8, 11, 0.5)),
    )

    assert organisations(asked, asked.questions[0], CONTENT) == ["Caritas"]
