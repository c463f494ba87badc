"""What can be done with the content: change an entry, take a change back. Whoever changes holds one lock for all files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, transaction
from ruamel.yaml.error import YAMLError

from content import Content, ContentError, read_content
from content.reader import field_of
from content.wording import faults
from web.editing import files
from web.editing.entries import Entry
from web.editing.filled import filled
from web.editing.models import Edit
from web.editing.yaml import Place, changed, load, value_at

#: Of PostgreSQL's advisory locks, ours.
_LOCK = 0x636F6E74


class Invalid(Exception):
    """`problems`: what is wrong, by the name of the field; "" for what belongs to none."""

    def __init__(self, problems: dict[str, list[str]]) -> None:
        super().__init__(", ".join(problems))
        self.problems = problems


class Refused(Exception):
    """It is not possible now; the text says why, in German."""


class Overtaken(Exception):
    """Somebody else has changed the entry since; `values`: how it stands now."""

    def __init__(self, values: dict[Place, Any]) -> None:
        super().__init__()
        self.values = values


def entry_values(entry: Entry) -> dict[Place, Any]:
    """How the entry stands in its file. Raises OSError, YAMLError, KeyError."""
    data = load(files.file_read(entry.file))
    return {field.place: value_at(data, field.place) for field in entry.fields}


def version(values: Mapping[Place, Any]) -> str:
    """Tells whether an entry is still as it was when its form was opened."""
    return hashlib.sha256(json.dumps(list(values.values()), default=str).encode()).hexdigest()[:16]


@transaction.atomic
def entry_save(entry: Entry, opened: str, values: Mapping[Place, Any], by: User) -> Edit | None:
    """Writes `values` into the entry's file; None where they are there already. `opened`: the version the form began with.

    Raises Overtaken, Invalid, and OSError where the file cannot be written: nothing has changed then.
    """
    _lock()
    current = entry_values(entry)
    if version(current) != opened:
        raise Overtaken(current)
    before = files.file_read(entry.file)
    after, content = entry_draft(entry, values)
    if after == before:
        return None
    problems = {
        field.name: found
        for field in entry.fields
        if field.register is not None and _flat(values[field.place]) != _flat(current[field.place])
        if (found := faults(filled(content, entry, values[field.place], field.register), field.register))
    }
    if problems:
        raise Invalid(problems)
    edit = Edit.objects.create(file=entry.file, before=before, after=after, summary=_summary(entry, current, values), by=by)
    files.file_write(entry.file, after)
    return edit


def entry_draft(entry: Entry, values: Mapping[Place, Any]) -> tuple[str, Content]:
    """The entry's file with `values`, and the whole content as it would be then. Raises Invalid, OSError."""
    try:
        text = changed(files.file_read(entry.file), values)
        return text, read_content(files.FOLDER, {entry.file: text})
    except ContentError as error:
        raise Invalid(_by_field(entry, error.problems)) from None
    except (YAMLError, ValueError, KeyError):
        raise Invalid({"": ["Die Datei lässt sich so nicht schreiben. Bitte wenden Sie sich an die Entwicklung."]}) from None


@transaction.atomic
def edit_undo(edit_id: int, by: User) -> Edit:
    """Restores what stood there before the edit, as an edit of its own. Raises Edit.DoesNotExist, Refused, OSError."""
    _lock()
    edit = Edit.objects.get(pk=edit_id)
    if Edit.objects.filter(undoes=edit).exists():
        raise Refused("Diese Änderung ist schon zurückgenommen.")
    if files.file_read(edit.file) != edit.after:
        raise Refused("In der Datei wurde danach noch etwas geändert. Bitte nehmen Sie erst die spätere Änderung zurück.")
    try:
        read_content(files.FOLDER, {edit.file: edit.before})
    except ContentError as error:
        raise Refused(f"So passt es nicht mehr zum übrigen Inhalt: {error.problems[0]}") from None
    summary = f"Zurückgenommen: {edit.summary}"[:200]
    undone = Edit.objects.create(file=edit.file, before=edit.after, after=edit.before, summary=summary, by=by, undoes=edit)
    files.file_write(edit.file, edit.before)
    return undone


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK])


def _by_field(entry: Entry, problems: list[str]) -> dict[str, list[str]]:
    """Each problem at the first field that it is about; with its place in the files where no field of the form is meant."""
    found: dict[str, list[str]] = {}
    for problem in problems:
        place, message = field_of(problem)
        ours = [field.name for field in entry.fields if problem.startswith(entry.file) and _is_about(place, field.name)]
        found.setdefault(ours[0] if ours else "", []).append(_said(place, message) if ours else problem)
    return found


def _said(place: str, message: str) -> str:
    """With the row of the opening hours, where it is about one, whose parts the form has in German."""
    message = message.replace("„from“", "„von“")
    row = place.split(".")[1] if place.startswith("opening.") else ""
    return f"{int(row) + 1}. Zeile: {message}" if row else message


def _is_about(place: str, name: str) -> bool:
    return place == name or (bool(place) and (name.startswith(f"{place}.") or place.startswith(f"{name}.")))


def _summary(entry: Entry, current: Mapping[Place, Any], values: Mapping[Place, Any]) -> str:
    labels = [field.label for field in entry.fields if _flat(values[field.place]) != _flat(current[field.place])]
    return f"„{entry.title}“: {', '.join(labels)}"[:200]


def _flat(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else value
