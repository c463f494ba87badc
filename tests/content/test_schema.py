from __future__ import annotations

import datetime
from typing import Any

import pytest
from pydantic import ValidationError

from content.schema import REGISTERS, REPLIES, Contacts, Content, ContentError, Participant, Source, Text, Topic

TEXT: dict[str, Any] = {"standard": "Ja.", "einfach": "Gut.", "en": "Yes."}
PERSONS = [
    {"topic": "a", "name": "Ada Beer", "function": "Planerin", "function_en": "planner"},
    {"topic": "b", "name": "Bo Cohn", "function": "Architekt", "function_en": "architect"},
    {"topic": "c", "name": "Cy Dorn", "function": "Jurist", "function_en": "lawyer"},
]
ADDRESS = "Die Firma, Gasse 1, 01067 Ort"


def _topic(**changes: Any) -> Topic:
    return Topic(**{"id": "a", "title": "Wann?", "title_en": "When?", "source": "page", "answers": TEXT, **changes})


def _contacts(**changes: Any) -> Contacts:
    known = {"office": "Stelle", "operator": "Die Firma", "street": "Gasse 1", "postcode": "01067", "town": "Ort"}
    empty = dict.fromkeys(["phone", "email", "fax", "form"], "")
    return Contacts(**{**known, **empty, "opening": [], "persons": [], **changes})


def _content(topic: Topic, contacts: Contacts, **replies: Text) -> Content:
    return Content(
        topics={"a": topic},
        sources={},
        contacts=contacts,
        participants=[],
        replies=replies,
        declines={"unknown": Text(**TEXT)},
        phrases=[],
    )


def _messages(error: pytest.ExceptionInfo[ValidationError]) -> list[tuple[tuple[int | str, ...], str]]:
    return [(each["loc"], each["msg"]) for each in error.value.errors()]


def test_text_is_given_in_each_register() -> None:
    text = Text(**TEXT)

    assert [text.of("standard"), text.of("einfach"), text.of("en")] == ["Ja.", "Gut.", "Yes."]


def test_text_on_several_lines_becomes_one_line() -> None:
    assert Text(**{**TEXT, "en": "  Yes,\n  of   course. \n"}).en == "Yes, of course."


@pytest.mark.parametrize("empty", ["", "   ", "\n"])
def test_empty_text_is_refused(empty: str) -> None:
    with pytest.raises(ValidationError) as error:
        Text(**{**TEXT, "einfach": empty})

    assert _messages(error) == [(("einfach",), "darf nicht leer sein")]


def test_text_with_a_blank_line_is_refused() -> None:
    with pytest.raises(ValidationError, match="darf keine Leerzeile enthalten"):
        Text(**{**TEXT, "en": "Yes.\n\nNo."})


def test_placeholders_are_those_of_all_registers() -> None:
    text = Text(standard="{address} {phone}", einfach="{phone} {{so}}", en="{hours}")

    assert text.placeholders() == {"address", "phone", "hours"}


def test_format_and_conversion_belong_to_the_placeholder() -> None:
    assert Text(**{**TEXT, "en": "{a!r} {b:>9} {c:{d}}"}).placeholders() == {"a!r", "b:>9", "c:{d}"}


@pytest.mark.parametrize("text", ["{address", "address}", "{a{b}"])
def test_brace_that_is_not_closed_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"[{}]"):
        Text(**{**TEXT, "en": text}).placeholders()


def test_text_cannot_be_changed() -> None:
    with pytest.raises(TypeError, match="immutable"):
        Text(**TEXT).standard = "Nein."


def test_unknown_field_is_refused() -> None:
    with pytest.raises(ValidationError, match="extra fields not permitted"):
        _topic(colour="red")


def test_title_is_given_in_the_language_of_the_register() -> None:
    assert [_topic().titled("standard"), _topic().titled("einfach"), _topic().titled("en")] == ["Wann?", "Wann?", "When?"]


@pytest.mark.parametrize("field", ["title", "title_en"])
@pytest.mark.parametrize("title", ["", "Ja", "x" * 81])
def test_title_that_fits_no_button_is_refused(field: str, title: str) -> None:
    with pytest.raises(ValidationError) as error:
        _topic(**{field: title})

    assert _messages(error) == [((field,), "muss 3 bis 80 Zeichen haben (es steht auf einer Schaltfläche)")]


@pytest.mark.parametrize("title", ["Was", "x" * 80])
def test_title_that_just_fits_a_button_is_taken(title: str) -> None:
    assert _topic(title=title).title == title


@pytest.mark.parametrize("changes", [{"needs": "phone"}, {"missing": TEXT}])
def test_needed_detail_and_text_for_its_absence_go_together(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as error:
        _topic(**changes)

    message = "„needs“ und „missing“ gehören zusammen: das eine nennt die Angabe, das andere ihr Fehlen"
    assert _messages(error) == [(("missing",), message)]


def test_topic_can_only_need_a_contact_field() -> None:
    with pytest.raises(ValidationError, match="unexpected value"):
        _topic(needs="street", missing=TEXT)


def test_follow_up_is_one_of_six_words() -> None:
    with pytest.raises(ValidationError, match="unexpected value"):
        _topic(follow_up={"wann": "a"})


def test_source_has_title_address_and_date() -> None:
    source = Source.parse_obj({"title": "Die Seite", "url": "https://example.org/a", "date": "2026-11-22"})

    assert source.date == datetime.date(2026, 11, 22)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("title", " ", "darf nicht leer sein"),
        ("url", "http://example.org", "muss mit https:// beginnen"),
        ("url", "example.org", "muss mit https:// beginnen"),
        ("date", "gestern", "invalid date format"),
    ],
)
def test_source_with_a_wrong_field_is_refused(field: str, value: str, message: str) -> None:
    with pytest.raises(ValidationError) as error:
        Source.parse_obj({"title": "Die Seite", "url": "https://example.org", "date": "2026-11-22", field: value})

    assert _messages(error) == [((field,), message)]


@pytest.mark.parametrize("postcode", ["6518", "651890", "6518a", ""])
def test_postcode_that_is_none_is_refused(postcode: str) -> None:
    with pytest.raises(ValidationError, match="muss aus fünf Ziffern bestehen"):
        _contacts(postcode=postcode)


@pytest.mark.parametrize("field", ["postcode", "phone", "fax"])
def test_number_that_has_lost_its_zero_is_refused(field: str) -> None:
    with pytest.raises(ValidationError) as error:
        _contacts(**{field: 1067})

    assert _messages(error)[0] == ((field,), "muss in Anführungszeichen stehen, sonst geht die Null am Anfang verloren")


@pytest.mark.parametrize("field", ["phone", "email", "fax", "form"])
def test_contact_field_without_value_is_empty(field: str) -> None:
    assert getattr(_contacts(**{field: None}), field) == ""


def test_address_stands_on_one_line() -> None:
    assert _contacts().address == ADDRESS


def test_only_the_ways_that_are_known_are_named() -> None:
    assert _contacts().placeholders("standard")["contact"] == f"per Post an {ADDRESS}"
    assert _contacts().placeholders("en")["contact"] == f"by post to {ADDRESS}"


def test_all_known_ways_are_named_with_the_post_last() -> None:
    contacts = _contacts(phone="0123 4", email="a@example.org", fax="0123 5", form="https://example.org/f")

    assert contacts.placeholders("einfach")["contact"] == (
        "per Telefon unter 0123 4; per E-Mail an a@example.org; per Fax an 0123 5; "
        f"mit dem Formular https://example.org/f; per Post an {ADDRESS}"
    )
    assert contacts.placeholders("en")["contact"] == (
        "by phone 0123 4; by e-mail to a@example.org; by fax to 0123 5; "
        f"with the form https://example.org/f; by post to {ADDRESS}"
    )


@pytest.mark.parametrize(
    ("count", "german", "english"),
    [
        (0, "", ""),
        (1, "Ada Beer", "Ada Beer"),
        (2, "Ada Beer und Bo Cohn", "Ada Beer and Bo Cohn"),
        (3, "Ada Beer, Bo Cohn und Cy Dorn", "Ada Beer, Bo Cohn and Cy Dorn"),
    ],
)
def test_persons_are_listed_as_in_a_sentence(count: int, german: str, english: str) -> None:
    contacts = _contacts(persons=PERSONS[:count])

    assert contacts.placeholders("standard")["persons"] == german
    assert contacts.placeholders("en")["persons"] == english


def test_persons_are_listed_with_their_function_in_the_language() -> None:
    contacts = _contacts(persons=PERSONS[:2])

    assert contacts.placeholders("einfach")["persons_with_function"] == "Ada Beer (Planerin) und Bo Cohn (Architekt)"
    assert contacts.placeholders("en")["persons_with_function"] == "Ada Beer (planner) and Bo Cohn (architect)"


def test_opening_hours_are_said_in_each_register() -> None:
    contacts = _contacts(
        opening=[{"days": "Mo, Mi", "from": "13:00", "to": "15:30"}, {"days": "Mo-Do", "from": "09:00", "to": "12:00"}]
    )

    assert {register: contacts.placeholders(register)["hours"] for register in REGISTERS} == {
        "standard": "Montag und Mittwoch von 9 bis 12 Uhr und von 13 bis 15:30 Uhr, Dienstag und Donnerstag von 9 bis 12 Uhr",
        "einfach": "Montag und Mittwoch von 9 Uhr bis 12 Uhr und von 13 Uhr bis 15:30 Uhr, "
        "Dienstag und Donnerstag von 9 Uhr bis 12 Uhr",
        "en": "Monday and Wednesday from 09:00 to 12:00 and from 13:00 to 15:30, Tuesday and Thursday from 09:00 to 12:00",
    }
    assert contacts.hours == contacts.placeholders("standard")["hours"]


@pytest.mark.parametrize("opening", [[], None])
def test_opening_hours_that_are_not_given_are_not_known(opening: list[object] | None) -> None:
    contacts = _contacts(opening=opening)

    assert (contacts.hours, contacts.placeholders("en")["hours"], any(contacts.week)) == ("", "", False)


@pytest.mark.parametrize(
    ("hours", "field", "message"),
    [
        ({"days": "Mo-Fri"}, "days", "„Fri“ ist kein Wochentag; richtig sind Mo, Di, Mi, Do, Fr, Sa, So"),
        ({"days": ""}, "days", "„“ ist kein Wochentag; richtig sind Mo, Di, Mi, Do, Fr, Sa, So"),
        ({"days": "Do-Mo"}, "days", "„Do-Mo“ ist kein Zeitraum in der Woche; richtig ist zum Beispiel „Mo-Do“"),
        ({"days": "Mo-Mi-Fr"}, "days", "„Mo-Mi-Fr“ ist kein Zeitraum in der Woche; richtig ist zum Beispiel „Mo-Do“"),
        ({"days": "Mo-Mi, Di"}, "days", "„Mo-Mi, Di“ nennt einen Tag doppelt"),
        ({"from": "9:00"}, "from", "„9:00“ ist keine Uhrzeit; richtig ist zum Beispiel „09:00“"),
        ({"from": 540}, "from", "muss in Anführungszeichen stehen"),
        ({"to": "24:00"}, "to", "„24:00“ ist keine Uhrzeit; richtig ist zum Beispiel „09:00“"),
        ({"to": "09:00"}, "to", "muss später sein als „from“"),
    ],
)
def test_opening_hours_that_cannot_be_are_refused(hours: dict[str, object], field: str, message: str) -> None:
    with pytest.raises(ValidationError) as error:
        _contacts(opening=[{"days": "Mo-Do", "from": "09:00", "to": "12:00", **hours}])

    assert _messages(error) == [(("opening", 0, field), message)]


def test_opening_hours_of_a_day_do_not_overlap() -> None:
    hours = [{"days": "Mo-Do", "from": "09:00", "to": "12:00"}, {"days": "Mi", "from": "11:59", "to": "15:00"}]

    with pytest.raises(ValidationError) as error:
        _contacts(opening=hours)

    assert _messages(error) == [(("opening",), "am Mittwoch überschneiden sich zwei Zeiten")]
    assert _contacts(opening=[hours[0], {**hours[1], "from": "12:00"}]).week[2] == [
        (datetime.time(9), datetime.time(12)),
        (datetime.time(12), datetime.time(15)),
    ]


def test_answer_says_that_a_needed_detail_is_missing() -> None:
    answers = {"standard": "Nummer: {phone}", "einfach": "Nummer: {phone}", "en": "Number: {phone}"}
    missing = {"standard": "Keine. {contact}", "einfach": "Keine.", "en": "None."}
    topic = _topic(needs="phone", answers=answers, missing=missing)

    assert _content(topic, _contacts()).answer("a", "standard") == f"Keine. per Post an {ADDRESS}"
    assert _content(topic, _contacts()).answer("a", "en") == "None."
    assert _content(topic, _contacts(phone="0123 4")).answer("a", "en") == "Number: 0123 4"


def test_braces_in_a_value_are_left_as_they_are() -> None:
    topic = _topic(answers={**TEXT, "en": "{phone}"})

    assert _content(topic, _contacts(phone="{email}")).answer("a", "en") == "{email}"


def test_reply_is_filled_with_its_own_values_and_the_contacts() -> None:
    reply = Text(**{**TEXT, "en": "{name} is not named. {address}"})

    assert (
        _content(_topic(), _contacts(), not_named=reply).reply("not_named", "en", name="{x}")
        == f"{{x}} is not named. {ADDRESS}"
    )


def test_reply_that_there_is_not_raises_key_error() -> None:
    with pytest.raises(KeyError, match="greet"):
        _content(_topic(), _contacts()).reply("greet", "en")


def test_participant_has_one_of_two_states() -> None:
    with pytest.raises(ValidationError, match="unexpected value"):
        Participant.parse_obj({"id": "a", "status": "member", "name": "A", "aliases": [], "answers": TEXT})


def test_content_error_holds_one_line_for_each_problem() -> None:
    error = ContentError(["a.yml: fehlt", "b.yml: fehlt"])

    assert error.problems == ["a.yml: fehlt", "b.yml: fehlt"]
    assert str(error) == "a.yml: fehlt\nb.yml: fehlt"


def test_replies_of_a_group_and_of_a_decline_hold_their_own_braces() -> None:
    assert REPLIES["member_of_group"] == {"name", "group"}
    assert REPLIES["decline"] == {"reason"}
    assert REPLIES["greet"] == frozenset()
