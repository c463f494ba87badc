from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User

from content import ContentReader, read_content
from tests.web.editing.conftest import full_disk
from tests.web.records import member
from web.editing import editing
from web.editing.editing import Invalid, Overtaken, Refused, edit_undo, entry_save, entry_values, version
from web.editing.entries import Entry, entry
from web.editing.models import Edit
from web.editing.yaml import Place

pytestmark = pytest.mark.django_db

NEW = "Die Allianz ist ein Netz. In ihm arbeiten viele mit."


@pytest.fixture
def editor() -> User:
    return member("redaktion", role="Redaktion")


@pytest.fixture
def topic(folder: Path) -> Entry:
    return entry(read_content(folder), "thema", "alliance_definition")


def _save(found: Entry, by: User, changes: dict[Place, Any], opened: str | None = None) -> Edit | None:
    values = entry_values(found)
    return entry_save(found, opened or version(values), {**values, **changes}, by)


def test_change_is_written_kept_and_used_by_the_bot_at_once(folder: Path, topic: Entry, editor: User) -> None:
    bot = ContentReader(folder)
    path = folder / topic.file
    before = path.read_text("utf-8")

    edit = _save(topic, editor, {("answers", "standard"): NEW})

    assert edit is not None
    assert (edit.file, edit.before, edit.after, edit.by, edit.undoes) == (
        topic.file,
        before,
        path.read_text("utf-8"),
        editor,
        None,
    )
    assert edit.summary == f"„{topic.title}“: Antwort, Deutsch"
    assert bot.current().answer("alliance_definition", "standard") == NEW
    assert not list(folder.rglob("*.new"))


def test_unchanged_form_leaves_no_edit_and_the_same_file(folder: Path, topic: Entry, editor: User) -> None:
    status = (folder / topic.file).stat()

    assert _save(topic, editor, {}) is None

    assert (folder / topic.file).stat().st_mtime_ns == status.st_mtime_ns
    assert Edit.objects.count() == 0


@pytest.mark.parametrize(
    ("kind", "key", "changes", "problems"),
    [
        (
            "kontakt",
            "servicestelle",
            {("postcode",): "6518"},
            {"postcode": ["muss aus fünf Ziffern bestehen, in Anführungszeichen"]},
        ),
        (
            "thema",
            "alliance_goals",
            {("title",): "ab"},
            {"title": ["muss 3 bis 80 Zeichen haben (es steht auf einer Schaltfläche)"]},
        ),
        ("thema", "alliance_goals", {("answers", "en"): ""}, {"answers.en": ["darf nicht leer sein"]}),
        (
            "thema",
            "service_fax",
            {("answers", "standard"): "Hier: {telefax}"},
            {"answers.standard": ["den Platzhalter {telefax} gibt es hier nicht"]},
        ),
        (
            "antwort",
            "greet",
            {("greet", "einfach"): "Na du!"},
            {"greet.einfach": ["„du“: Bitte sprechen Sie die Menschen mit „Sie“ an."]},
        ),
        ("quelle", "page", {("page", "url"): "http://x.de"}, {"page.url": ["muss mit https:// beginnen"]}),
        (
            "kontakt",
            "servicestelle",
            {("opening",): [{"days": "Mo", "from": "09:00", "to": "12:00"}, {"days": "Xy", "from": "09:00", "to": "12:00"}]},
            {"opening": ["2. Zeile: „Xy“ ist kein Wochentag; richtig sind Mo, Di, Mi, Do, Fr, Sa, So"]},
        ),
        (
            "kontakt",
            "servicestelle",
            {("opening",): [{"days": "Mo", "from": "12:00", "to": "09:00"}]},
            {"opening": ["1. Zeile: muss später sein als „von“"]},
        ),
    ],
)
def test_mistake_is_told_at_its_field_and_nothing_is_written(
    folder: Path, editor: User, kind: str, key: str, changes: dict[Place, Any], problems: dict[str, list[str]]
) -> None:
    found = entry(read_content(folder), kind, key)
    before = (folder / found.file).read_bytes()

    with pytest.raises(Invalid) as error:
        _save(found, editor, changes)

    assert error.value.problems == problems
    assert (folder / found.file).read_bytes() == before
    assert Edit.objects.count() == 0


def test_hard_text_is_refused_as_by_the_tests_of_the_content(folder: Path, topic: Entry, editor: User) -> None:
    with pytest.raises(Invalid) as error:
        _save(topic, editor, {("answers", "einfach"): "Landesressorts konkretisieren wohnungspolitische Rahmenbedingungen."})

    [[problem, *_]] = error.value.problems.values()
    assert list(error.value.problems) == ["answers.einfach"]
    assert problem.startswith("Der Text ist zu schwer zu lesen: Lesbarkeitsindex LIX")


def test_opening_hours_are_written_and_said(folder: Path, editor: User) -> None:
    found = entry(read_content(folder), "kontakt", "servicestelle")

    _save(found, editor, {("opening",): [{"days": "Mo-Do", "from": "09:00", "to": "12:00"}], ("phone",): "0611 1234"})

    contacts = read_content(folder).contacts
    assert (contacts.hours, contacts.phone) == ("Montag bis Donnerstag von 9 bis 12 Uhr", "0611 1234")
    assert 'opening: [{days: "Mo-Do", from: "09:00", to: "12:00"}]' in (folder / "contacts.yml").read_text("utf-8")


def test_day_of_a_source_is_written_as_a_day(folder: Path, editor: User) -> None:
    found = entry(read_content(folder), "quelle", "page")

    _save(found, editor, {("page", "date"): datetime.date(2027, 1, 31)})

    assert read_content(folder).sources["page"].date == datetime.date(2027, 1, 31)


def test_entry_that_somebody_has_changed_since_is_refused_with_what_stands_there(topic: Entry, editor: User) -> None:
    opened = version(entry_values(topic))
    _save(topic, editor, {("answers", "standard"): NEW})

    with pytest.raises(Overtaken) as error:
        _save(topic, editor, {("title",): "Was ist das?"}, opened)

    assert error.value.values[("answers", "standard")] == NEW
    assert entry_values(topic)[("title",)] == topic.title


def test_other_entry_of_the_same_file_may_change_meanwhile(folder: Path, editor: User) -> None:
    thanks, greet = (entry(read_content(folder), "antwort", key) for key in ("thanks", "greet"))
    opened = version(entry_values(thanks))
    _save(greet, editor, {("greet", "en"): "Hello!"})

    _save(thanks, editor, {("thanks", "en"): "You are welcome!"}, opened)

    replies = read_content(folder).replies
    assert (replies["greet"].en, replies["thanks"].en) == ("Hello!", "You are welcome!")


def test_file_that_cannot_be_written_leaves_no_edit(folder: Path, topic: Entry, editor: User) -> None:
    before = (folder / topic.file).read_bytes()
    values = {**entry_values(topic), ("title",): "Was ist das?"}
    opened = version(entry_values(topic))

    with pytest.raises(OSError, match="File too large"), full_disk():
        entry_save(topic, opened, values, editor)

    assert (folder / topic.file).read_bytes() == before
    assert Edit.objects.count() == 0


def test_undo_restores_what_stood_there_as_an_edit_of_its_own(folder: Path, topic: Entry, editor: User) -> None:
    before = (folder / topic.file).read_bytes()
    edit = _save(topic, editor, {("answers", "standard"): NEW})
    assert edit is not None

    undone = edit_undo(edit.pk, editor)

    assert (folder / topic.file).read_bytes() == before
    assert (undone.undoes, undone.before, undone.after) == (edit, edit.after, edit.before)
    assert undone.summary == f"Zurückgenommen: „{topic.title}“: Antwort, Deutsch"


def test_undo_can_be_undone_and_nothing_twice(topic: Entry, editor: User) -> None:
    edit = _save(topic, editor, {("answers", "standard"): NEW})
    assert edit is not None
    undone = edit_undo(edit.pk, editor)
    with pytest.raises(Refused, match="schon zurückgenommen"):
        edit_undo(edit.pk, editor)

    edit_undo(undone.pk, editor)

    assert entry_values(topic)[("answers", "standard")] == NEW


def test_undo_is_refused_while_a_later_change_stands(topic: Entry, editor: User) -> None:
    first = _save(topic, editor, {("answers", "standard"): NEW})
    _save(topic, editor, {("title",): "Was ist das Bündnis?"})
    assert first is not None

    with pytest.raises(Refused, match="danach noch etwas geändert"):
        edit_undo(first.pk, editor)

    assert editing.entry_values(topic)[("answers", "standard")] == NEW
