"""Each mistake is made alone in a copy of the real content, and must be named with its file, line and field."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from content import Content, ContentError, ContentReader, read_content
from content.reader import field_of
from content.wording import ADDRESS
from tests.content.conftest import Edit
from tests.content.statements import REGISTERS

HOURS = "topics/service_hours.yml"

VALUES = {
    "phone": "0611 123 45-67",
    "email": "post@example.org",
    "fax": "0611 123 45-68",
    "form": "https://example.org/formular",
}
#: An entry of `contacts.yml`, and how it is said.
OPENING = 'opening: [{days: "Mo-Fr", from: "09:00", to: "12:00"}]'
OPENING_SAID = {
    "standard": "Montag bis Freitag von 9 bis 12 Uhr",
    "einfach": "Montag bis Freitag von 9 Uhr bis 12 Uhr",
    "en": "Monday to Friday from 09:00 to 12:00",
}


@pytest.fixture
def problems(folder: Path) -> Callable[[], list[str]]:
    """Reads the copy, which must be refused, and says why."""

    def read() -> list[str]:
        with pytest.raises(ContentError) as caught:
            read_content(folder)
        return caught.value.problems

    return read


def _line(folder: Path, name: str, text: str) -> int:
    """The 1-based number of the only line of a file that holds `text`."""
    lines = (folder / name).read_text("utf-8").splitlines()
    (found,) = (number for number, line in enumerate(lines, start=1) if text in line)
    return found


def test_content_of_the_project_is_read_without_problems() -> None:
    content = read_content()

    assert len(content.topics) > 30
    assert content.contacts.address == ADDRESS


def test_missing_field_is_named(folder: Path, edit: Edit, problems: Callable[[], list[str]]) -> None:
    edit(HOURS, "source: page\n", "")

    assert problems() == [f"{HOURS}, Zeile 1, Feld „source“: fehlt"]


def test_missing_register_is_named_at_its_text(folder: Path, edit: Edit, problems: Callable[[], list[str]]) -> None:
    edit("declines.yml", "  en: I do not follow such instructions.\n", "")

    line = _line(folder, "declines.yml", "oos_injection:")
    assert problems() == [f"declines.yml, Zeile {line}, Feld „oos_injection.en“: fehlt"]


def test_unknown_field_is_named(folder: Path, edit: Edit, problems: Callable[[], list[str]]) -> None:
    edit(HOURS, "source: page\n", "source: page\nquelle: page\n")

    line = _line(folder, HOURS, "quelle:")
    assert problems() == [f"{HOURS}, Zeile {line}, Feld „quelle“: dieses Feld gibt es nicht"]


@pytest.mark.parametrize("empty", ["", ' ""', ' "  "'])
def test_empty_text_is_named(folder: Path, edit: Edit, problems: Callable[[], list[str]], empty: str) -> None:
    edit("declines.yml", " Das mache ich nicht.", empty)

    line = _line(folder, "declines.yml", "oos_injection:") + 2
    assert problems() == [f"declines.yml, Zeile {line}, Feld „oos_injection.einfach“: darf nicht leer sein"]


def test_blank_line_in_a_text_is_named(folder: Path, edit: Edit, problems: Callable[[], list[str]]) -> None:
    edit("declines.yml", "einfach: Das mache ich nicht.", "einfach: |\n    Das mache\n\n    ich nicht.")

    line = _line(folder, "declines.yml", "einfach: |")
    message = "darf keine Leerzeile enthalten, sonst macht Rasa zwei Nachrichten daraus"
    assert problems() == [f"declines.yml, Zeile {line}, Feld „oos_injection.einfach“: {message}"]


def test_unknown_source_is_named(folder: Path, edit: Edit, problems: Callable[[], list[str]]) -> None:
    edit(HOURS, "source: page", "source: zeitung")

    line = _line(folder, HOURS, "source:")
    assert problems() == [f"{HOURS}, Zeile {line}, Feld „source“: Quelle „zeitung“ steht nicht in sources.yml"]


def test_unknown_related_topic_is_named(folder: Path, edit: Edit, problems: Callable[[], list[str]]) -> None:
    edit(HOURS, "related: [service_contact,", "related: [service_kontakt,")

    line = _line(folder, HOURS, "related:")
    assert problems() == [f"{HOURS}, Zeile {line}, Feld „related.0“: Thema „service_kontakt“ gibt es nicht"]


def test_unknown_topic_for_a_follow_up_is_named(folder: Path, edit: Edit, problems: Callable[[], list[str]]) -> None:
    edit(HOURS, "where: service_address", "where: service_ort")

    line = _line(folder, HOURS, "follow_up:")
    assert problems() == [f"{HOURS}, Zeile {line}, Feld „follow_up.where“: Thema „service_ort“ gibt es nicht"]


def test_unknown_follow_up_is_named(folder: Path, edit: Edit, problems: Callable[[], list[str]]) -> None:
    edit(HOURS, "where: service_address", "wo: service_address")

    line = _line(folder, HOURS, "follow_up:")
    assert problems() == [f"{HOURS}, Zeile {line}, Feld „follow_up“: hat keinen erlaubten Wert"]


def test_unknown_topic_of_a_person_is_named(folder: Path, edit: Edit, problems: Callable[[], list[str]]) -> None:
    edit("contacts.yml", "topic: contact_diehl", "topic: contact_diel")

    line = _line(folder, "contacts.yml", "topic: contact_diel")
    assert problems() == [f"contacts.yml, Zeile {line}, Feld „persons.0.topic“: Thema „contact_diel“ gibt es nicht"]


@pytest.mark.parametrize("placeholder", ["{telefon}", "{hours.x}", "{hours[0]}", "{hours:{x}}", "{hours!x}", "{}", "{answer}"])
def test_unknown_placeholder_in_a_topic_is_named(
    folder: Path, edit: Edit, problems: Callable[[], list[str]], placeholder: str
) -> None:
    edit(HOURS, "Wohnen offen: {hours}", f"Wohnen offen: {placeholder}")

    line = _line(folder, HOURS, "answers:")
    assert problems() == [f"{HOURS}, Zeile {line}, Feld „answers“: den Platzhalter {placeholder} gibt es hier nicht"]


@pytest.mark.parametrize(
    ("name", "old", "field"),
    [
        ("participants.yml", "Ja. Kammern machen mit.", "3.answers"),
        ("replies.yml", "Haben Sie noch eine Frage zur Allianz?", "thanks"),
        ("declines.yml", "Das mache ich nicht.", "oos_injection"),
        ("phrases.yml", "Einen Moment bitte. Ich sehe nach.", "1.text"),
        (HOURS, "Die Zeiten weiß ich leider nicht.", "missing"),
    ],
)
@pytest.mark.parametrize(
    ("planted", "message"),
    [
        ("{telefon}", "den Platzhalter {telefon} gibt es hier nicht"),
        ("{telefon", "eine geschweifte Klammer ist nicht geschlossen"),
        ("telefon}", "eine geschweifte Klammer ist nicht geschlossen"),
    ],
)
def test_brace_that_cannot_be_filled_is_named_in_every_file(
    folder: Path, edit: Edit, problems: Callable[[], list[str]], name: str, old: str, field: str, planted: str, message: str
) -> None:
    edit(name, old, f"{old} {planted}")

    (problem,) = problems()
    assert problem.startswith(f"{name}, Zeile ")
    assert problem.endswith(f", Feld „{field}“: {message}")


def test_title_of_a_phrase_that_stands_twice_is_named(folder: Path, edit: Edit, problems: Callable[[], list[str]]) -> None:
    edit("phrases.yml", "title: Nachfragen", "title: Begrüßung")

    lines = (folder / "phrases.yml").read_text("utf-8").splitlines()
    second = [number for number, line in enumerate(lines, start=1) if line == "  title: Begrüßung"][1]
    assert problems() == [f"phrases.yml, Zeile {second}, Feld „2.title“: den Titel „Begrüßung“ gibt es schon"]


def test_broken_yaml_is_named_with_its_line(folder: Path, edit: Edit, problems: Callable[[], list[str]]) -> None:
    edit("declines.yml", "einfach: Das mache ich nicht.", "einfach: Das: mache ich nicht.")

    line = _line(folder, "declines.yml", "Das: mache")
    assert problems() == [f"declines.yml, Zeile {line}: kein gültiges YAML (mapping values are not allowed here)"]


def test_field_that_stands_twice_is_named_with_its_line(folder: Path, edit: Edit, problems: Callable[[], list[str]]) -> None:
    edit(HOURS, "source: page\n", "source: page\nsource: chat\n")

    (problem,) = problems()
    assert problem.startswith(f"{HOURS}, Zeile {_line(folder, HOURS, 'source: chat')}: kein gültiges YAML (")


def test_control_character_is_no_yaml(folder: Path, edit: Edit, problems: Callable[[], list[str]]) -> None:
    edit(HOURS, "Die Zeiten", "Die \x07 Zeiten")

    (problem,) = problems()
    assert problem.startswith(f"{HOURS}: kein gültiges YAML (unacceptable character #x0007")


def test_all_broken_files_are_named_at_once(folder: Path, problems: Callable[[], list[str]]) -> None:
    (folder / "sources.yml").unlink()
    (folder / HOURS).write_bytes("title: Wann ist geöffnet?".encode("latin-1"))

    assert problems() == [
        "sources.yml: Datei fehlt oder ist nicht lesbar",
        f"{HOURS}: Datei ist nicht in UTF-8 gespeichert",
    ]


@pytest.mark.parametrize("name", ["sources", "contacts", "participants", "replies", "declines"])
def test_missing_file_is_named(folder: Path, problems: Callable[[], list[str]], name: str) -> None:
    (folder / f"{name}.yml").unlink()

    assert problems() == [f"{name}.yml: Datei fehlt oder ist nicht lesbar"]


@pytest.mark.parametrize(
    ("text", "message"), [("", "darf nicht leer sein"), ("- a\n", "hat die falsche Form"), ("a", "hat die falsche Form")]
)
@pytest.mark.parametrize("name", [HOURS, "contacts.yml", "replies.yml"])
def test_file_of_another_shape_is_named(
    folder: Path, problems: Callable[[], list[str]], name: str, text: str, message: str
) -> None:
    (folder / name).write_text(text, encoding="utf-8")

    assert problems() == [f"{name}, Zeile 1: {message}"]


def test_missing_reply_is_named(folder: Path, edit: Edit, problems: Callable[[], list[str]]) -> None:
    edit("replies.yml", "crisis:\n", "krise:\n")

    line = _line(folder, "replies.yml", "krise:")
    assert problems() == [
        "replies.yml, Zeile 1: die Antwort „crisis“ fehlt",
        f"replies.yml, Zeile {line}, Feld „krise“: diese Antwort benutzt niemand",
    ]


def test_missing_decline_for_the_unknown_is_named(folder: Path, edit: Edit, problems: Callable[[], list[str]]) -> None:
    edit("declines.yml", "unknown:\n", "oos_unknown:\n")

    assert problems() == ["declines.yml, Zeile 1: der Eintrag „unknown“ fehlt"]


def test_alias_of_two_participants_is_named(folder: Path, edit: Edit, problems: Callable[[], list[str]]) -> None:
    edit("participants.yml", "aliases: [WIBank,", "aliases: [MIETERBUND, WIBank,")

    line = _line(folder, "participants.yml", "MIETERBUND")
    assert problems() == [f"participants.yml, Zeile {line}, Feld „7.aliases“: „MIETERBUND“ steht schon bei „der Mieterbund“"]


def test_alias_of_a_member_and_a_participant_is_named(folder: Path, edit: Edit, problems: Callable[[], list[str]]) -> None:
    edit("participants.yml", "{name: IHK, aliases: [", "{name: IHK, aliases: [Wohnungswirtschaft, ")

    line = _line(folder, "participants.yml", "{name: IHK,")
    message = "„Wohnungswirtschaft“ steht schon bei „die Verbände der Wohnungswirtschaft“"
    assert problems() == [f"participants.yml, Zeile {line}, Feld „3.members.0“: {message}"]


@pytest.mark.parametrize(
    ("field", "old", "new"),
    [
        ("title", "Wann hat die Servicestelle geöffnet?", "gibt es ein kontaktformular?"),
        ("title_en", "When is the Servicestelle open?", "Is there a contact form?"),
    ],
)
def test_title_of_two_topics_is_named(
    folder: Path, edit: Edit, problems: Callable[[], list[str]], field: str, old: str, new: str
) -> None:
    edit(HOURS, old, new)

    line = _line(folder, HOURS, new)
    assert problems() == [f"{HOURS}, Zeile {line}, Feld „{field}“: denselben Titel hat schon das Thema „service_form“"]


@pytest.mark.parametrize("postcode", ['"6518"', '"651890"', '"6518a"', '""'])
def test_wrong_postcode_is_named(folder: Path, edit: Edit, problems: Callable[[], list[str]], postcode: str) -> None:
    edit("contacts.yml", '"65189"', postcode)

    line = _line(folder, "contacts.yml", "postcode:")
    message = "muss aus fünf Ziffern bestehen, in Anführungszeichen"
    assert problems() == [f"contacts.yml, Zeile {line}, Feld „postcode“: {message}"]


@pytest.mark.parametrize(("field", "old"), [("postcode", '"65189"'), ("phone", '""'), ("fax", '""')])
def test_number_without_quotation_marks_is_named_since_it_loses_its_zero(
    folder: Path, edit: Edit, problems: Callable[[], list[str]], field: str, old: str
) -> None:
    edit("contacts.yml", f"{field}: {old}", f"{field}: 01067")

    line = _line(folder, "contacts.yml", f"{field}:")
    message = "muss in Anführungszeichen stehen, sonst geht die Null am Anfang verloren"
    assert problems() == [f"contacts.yml, Zeile {line}, Feld „{field}“: {message}"]


@pytest.mark.parametrize(
    ("field", "old", "new", "message"),
    [
        ("url", "url: https://", "url: http://", "muss mit https:// beginnen"),
        ("title", "title: Die Allianz für Wohnen in Hessen", 'title: ""', "darf nicht leer sein"),
        ("title", "title: Die Allianz für Wohnen in Hessen", "title:", "darf nicht leer sein"),
        ("date", "date: 2026-11-22", "date: gestern", "ist kein Datum (JJJJ-MM-TT)"),
        ("date", "date: 2026-11-22", "date:", "darf nicht leer sein"),
    ],
)
def test_source_with_a_wrong_field_is_named(
    folder: Path, edit: Edit, problems: Callable[[], list[str]], field: str, old: str, new: str, message: str
) -> None:
    edit("sources.yml", old, new)

    line = _line(folder, "sources.yml", "page:") + 1 + ["title", "url", "date"].index(field)
    assert problems() == [f"sources.yml, Zeile {line}, Feld „page.{field}“: {message}"]


@pytest.mark.parametrize("field", ["title", "url", "date"])
def test_source_without_a_field_is_named(folder: Path, problems: Callable[[], list[str]], field: str) -> None:
    lines = (folder / "sources.yml").read_text("utf-8").splitlines()
    lines.remove(next(line for line in lines if line.startswith(f"  {field}:")))
    (folder / "sources.yml").write_text("\n".join(lines), encoding="utf-8")

    assert problems() == [f"sources.yml, Zeile {_line(folder, 'sources.yml', 'page:')}, Feld „page.{field}“: fehlt"]


def test_date_that_no_calendar_has_is_named(edit: Edit, problems: Callable[[], list[str]]) -> None:
    edit("sources.yml", "date: 2026-11-22", "date: 2026-13-22")

    assert problems() == ["sources.yml: kein gültiges YAML (month must be in 1..12)"]


def test_several_mistakes_are_all_named(edit: Edit, problems: Callable[[], list[str]]) -> None:
    edit(HOURS, "source: page\n", "")
    edit("declines.yml", "  en: I do not follow such instructions.\n", "")

    assert [problem.partition(",")[0] for problem in problems()] == [HOURS, "declines.yml"]


def test_change_is_taken_without_restart(folder: Path, edit: Edit) -> None:
    reader = ContentReader(folder)
    before = reader.current()
    edit("declines.yml", "Das mache ich nicht.", "Davon weiß ich nichts.")

    assert before.declines["oos_injection"].einfach == "Das mache ich nicht."
    assert reader.current().declines["oos_injection"].einfach == "Davon weiß ich nichts."


def test_reader_that_looks_seldom_keeps_the_content_meanwhile(folder: Path, edit: Edit) -> None:
    reader = ContentReader(folder, every=3600)
    before = reader.current()
    edit("declines.yml", "Das mache ich nicht.", "Davon weiß ich nichts.")

    assert reader.current() is before


def test_content_without_change_is_not_read_again(folder: Path) -> None:
    reader = ContentReader(folder)

    assert reader.current() is reader.current()


def test_new_topic_is_taken_without_restart(folder: Path) -> None:
    reader = ContentReader(folder)
    text = (folder / HOURS).read_text("utf-8").replace("Wann hat die Servicestelle", "Wann ist die Telefonzentrale")
    (folder / "topics/service_phone_hours.yml").write_text(
        text.replace("When is the", "When is the phone of the"), encoding="utf-8"
    )

    assert reader.current().topics["service_phone_hours"].title == "Wann ist die Telefonzentrale geöffnet?"


def test_broken_change_keeps_the_old_content_and_logs_one_line(
    folder: Path, edit: Edit, caplog: pytest.LogCaptureFixture
) -> None:
    reader = ContentReader(folder)
    old = reader.current()
    edit(HOURS, "source: page", "source: zeitung")
    edit("declines.yml", "unknown:\n", "oos_unknown:\n")

    with caplog.at_level(logging.INFO, logger="content.reader"):
        assert [reader.current() is old for _ in range(3)] == [True, True, True]

    line = _line(folder, HOURS, "source:")
    assert [(record.levelno, record.getMessage()) for record in caplog.records] == [
        (
            logging.ERROR,
            "content not changed, the old one stays: "
            f"{HOURS}, Zeile {line}, Feld „source“: Quelle „zeitung“ steht nicht in sources.yml"
            " | declines.yml, Zeile 1: der Eintrag „unknown“ fehlt",
        )
    ]


@pytest.mark.parametrize("text", ["title: [", "title: \x07", "date: 2026-13-22", "", "- a"])
def test_change_that_cannot_be_read_at_all_keeps_the_old_content(
    folder: Path, caplog: pytest.LogCaptureFixture, text: str
) -> None:
    reader = ContentReader(folder)
    old = reader.current()
    (folder / HOURS).write_text(text, encoding="utf-8")

    assert reader.current() is old
    (record,) = caplog.records
    assert record.getMessage().startswith(f"content not changed, the old one stays: {HOURS}")
    assert "\n" not in record.getMessage()


def test_deleted_file_keeps_the_old_content(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    reader = ContentReader(folder)
    old = reader.current()
    (folder / "contacts.yml").unlink()

    assert reader.current() is old
    assert [record.getMessage() for record in caplog.records] == [
        "content not changed, the old one stays: contacts.yml: Datei fehlt oder ist nicht lesbar"
    ]


def test_good_change_after_a_broken_one_is_taken(folder: Path, edit: Edit, caplog: pytest.LogCaptureFixture) -> None:
    reader = ContentReader(folder)
    edit("declines.yml", "Das mache ich nicht.", "Davon {weiß ich nichts.")
    reader.current()
    edit("declines.yml", "Davon {weiß ich nichts.", "Davon weiß ich gar nichts.")
    caplog.clear()

    with caplog.at_level(logging.INFO, logger="content.reader"):
        taken = reader.current().declines["oos_injection"].einfach

    assert taken == "Davon weiß ich gar nichts."
    assert [record.levelno for record in caplog.records] == [logging.INFO]


def test_first_reading_of_broken_content_fails(folder: Path, edit: Edit) -> None:
    edit(HOURS, "source: page", "source: zeitung")

    with pytest.raises(ContentError, match="Quelle „zeitung“"):
        ContentReader(folder)


@pytest.mark.parametrize("field", [*VALUES, "hours"])
def test_empty_contact_field_is_said_to_be_unknown_with_the_postal_address(folder: Path, field: str) -> None:
    content = read_content(folder)

    for register in REGISTERS:
        answer = content.answer(f"service_{field}", register)
        assert re.search("I am sorry, I do not" if register == "en" else "leider nichts?[.]", answer)
        assert ADDRESS in answer


@pytest.mark.parametrize("field", VALUES)
def test_filled_contact_field_is_the_answer_of_its_topic(folder: Path, edit: Edit, field: str) -> None:
    content = _filled(folder, edit, field)

    for register in REGISTERS:
        answer = content.answer(f"service_{field}", register)
        assert VALUES[field] in answer
        assert not re.search("leider|sorry", answer)


@pytest.mark.parametrize("field", ["phone", "email", "fax", "form"])
def test_filled_contact_field_is_a_way_to_reach_the_service(folder: Path, edit: Edit, field: str) -> None:
    content = _filled(folder, edit, field)

    for register in REGISTERS:
        # the last asks for the hours, which are still unknown
        for text in (
            content.answer("service_contact", register),
            content.reply("handoff", register),
            content.answer("service_hours", register),
        ):
            assert text.index(VALUES[field]) < text.index(ADDRESS)


def test_opening_hours_are_said_in_each_register(folder: Path, edit: Edit) -> None:
    edit("contacts.yml", "opening: []", OPENING)

    content = read_content(folder)

    for register in REGISTERS:
        answer = content.answer("service_hours", register)
        assert OPENING_SAID[register] in answer
        assert not re.search("leider|sorry", answer)


def test_opening_hours_that_cannot_be_are_named(folder: Path, edit: Edit, problems: Callable[[], list[str]]) -> None:
    edit("contacts.yml", "opening: []", OPENING.replace("Mo-Fr", "Mon-Fri").replace("12:00", "08:00"))

    line = _line(folder, "contacts.yml", "Mon-Fri")
    assert problems() == [
        f"contacts.yml, Zeile {line}, Feld „opening.0.days“: „Mon“ ist kein Wochentag; richtig sind Mo, Di, Mi, Do, Fr, Sa, So",
        f"contacts.yml, Zeile {line}, Feld „opening.0.to“: muss später sein als „from“",
    ]


def test_contact_field_with_nothing_behind_the_colon_is_empty(folder: Path, edit: Edit) -> None:
    edit("contacts.yml", 'phone: ""', "phone:")

    assert read_content(folder).contacts.phone == ""


def test_filled_contact_field_is_used_without_restart(folder: Path, edit: Edit) -> None:
    reader = ContentReader(folder)
    before = reader.current().answer("service_phone", "standard")
    edit("contacts.yml", 'phone: ""', f'phone: "{VALUES["phone"]}"')

    assert VALUES["phone"] not in before
    assert VALUES["phone"] in reader.current().answer("service_phone", "standard")


def _filled(folder: Path, edit: Edit, field: str) -> Content:
    edit("contacts.yml", f'\n{field}: ""', f'\n{field}: "{VALUES[field]}"')
    return read_content(folder)


def test_draft_is_validated_in_the_place_of_its_file(folder: Path) -> None:
    draft = (folder / "topics" / "service_fax.yml").read_text("utf-8").replace("{fax}", "{facs}", 1)

    with pytest.raises(ContentError) as error:
        read_content(folder, {"topics/service_fax.yml": draft})

    [problem] = error.value.problems
    assert field_of(problem) == ("answers", "den Platzhalter {facs} gibt es hier nicht")
    assert read_content(folder).topics["service_fax"].answers.placeholders() == {"fax"}


def test_problem_of_a_whole_file_has_no_field() -> None:
    assert field_of("replies.yml, Zeile 1: die Antwort „greet“ fehlt") == (
        "",
        "replies.yml, Zeile 1: die Antwort „greet“ fehlt",
    )
