"""Reads `content/`, validates it, and notices when it has changed."""

from __future__ import annotations

import functools
import logging
import re
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from content.schema import PLACEHOLDERS, REPLIES, Content, ContentError, Text

FOLDER = Path(__file__).parent
FILES = ("sources", "contacts", "participants", "replies", "declines", "phrases")

#: As `_at` writes it.
_FIELD = re.compile(r", Feld „(?P<field>[^“]+)“: (?P<message>.*)", re.DOTALL)

logger = logging.getLogger(__name__)


class ContentReader:
    """Hands out the content as it stands in the files now, without a restart.

    A change that does not validate keeps the old content and logs one line; the next good change is taken.
    """

    def __init__(self, folder: Path = FOLDER, every: float = 0.0) -> None:
        """Read `folder` once; raises ContentError, since there is no older content to keep. `every`: seconds for which
        the files are not looked at again, where a millisecond a message counts."""
        self._folder = folder
        self._every = every
        self._looked = time.monotonic()
        self._stamp = _stamp(folder)
        self._content = read_content(folder)
        #: What is wrong with the files as they were last looked at; the content handed out is older then.
        self.problems: list[str] = []

    def current(self) -> Content:
        if time.monotonic() - self._looked < self._every:
            return self._content
        self._looked = time.monotonic()
        stamp = _stamp(self._folder)
        if stamp != self._stamp:
            self._stamp = stamp
            try:
                self._content = read_content(self._folder)
            except ContentError as error:
                self.problems = error.problems
                logger.error("content not changed, the old one stays: %s", " | ".join(error.problems))
            else:
                self.problems = []
                logger.info("content changed, %d topics", len(self._content.topics))
        return self._content


@functools.lru_cache(maxsize=1)
def shared_reader() -> ContentReader:
    """The process's one reader of `content/`; it looks at the files once a second. Raises ContentError."""
    return ContentReader(every=1.0)


def read_content(folder: Path = FOLDER, drafts: Mapping[str, str] = MappingProxyType({})) -> Content:
    """All of `folder`, validated, as it would be with `drafts`: texts by file ("topics/service_fax.yml") instead of theirs.

    Raises ContentError that names file, line and field of each mistake.
    """
    problems: list[str] = []
    files = {name: _load(folder, f"{name}.yml", drafts, problems) for name in FILES}
    topics: dict[str, Any] = {}
    for path in sorted((folder / "topics").glob("*.yml")):
        file = files[path.stem] = _load(folder, f"topics/{path.name}", drafts, problems)
        topics[path.stem] = {**file.data, "id": path.stem} if isinstance(file.data, dict) else file.data
    if problems:
        raise ContentError(problems)
    try:
        content = Content(topics=topics, **{name: files[name].data for name in FILES})
    except ValidationError as error:
        raise ContentError([_problem(folder, files, each) for each in error.errors()]) from None
    problems = [_at(files[name], fields, message) for name, fields, message in _mismatches(content)]
    if problems:
        raise ContentError(problems)
    return content


def field_of(problem: str) -> tuple[str, str]:
    """The field („answers.standard“) and the message of a problem of ContentError; "" for one of a whole file."""
    found = _FIELD.search(problem)
    return (found["field"], found["message"]) if found else ("", problem)


def _stamp(folder: Path) -> tuple[tuple[str, int, int], ...]:
    files = [folder / f"{name}.yml" for name in FILES] + sorted((folder / "topics").glob("*.yml"))
    stamps = []
    for path in files:
        try:
            status = path.stat()
        except OSError:  # a file that an editor is replacing right now counts as changed
            stamps.append((path.name, 0, 0))
        else:
            stamps.append((path.name, status.st_mtime_ns, status.st_size))
    return tuple(stamps)


class _File(NamedTuple):
    """`name`: below the folder. `data`: what its text says."""

    name: str
    text: str
    data: Any


def _load(folder: Path, name: str, drafts: Mapping[str, str], problems: list[str]) -> _File:
    try:
        text = drafts[name] if name in drafts else (folder / name).read_text(encoding="utf-8")
        return _File(name, text, _parsed(text))
    except OSError:
        problems.append(f"{name}: Datei fehlt oder ist nicht lesbar")
    except UnicodeDecodeError:
        problems.append(f"{name}: Datei ist nicht in UTF-8 gespeichert")
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problems.append(f"{name}, Zeile {line}: kein gültiges YAML ({error.problem})")
    except (YAMLError, ValueError) as error:  # a control character; a date that no calendar has
        problems.append(f"{name}: kein gültiges YAML ({str(error).splitlines()[0]})")
    return _File(name, "", None)


def _parsed(text: str) -> Any:
    """The reader in C is ten times as fast; the other one tells mistakes in words that we know."""
    try:
        return YAML(typ="safe").load(text)
    except (YAMLError, ValueError):
        return YAML().load(text)


def _mismatches(content: Content) -> Iterator[tuple[str, tuple[str | int, ...], str]]:
    """What no single field can check: (file or topic, field path, message)."""
    for topic in content.topics.values():
        if topic.source not in content.sources:
            yield topic.id, ("source",), f"Quelle „{topic.source}“ steht nicht in sources.yml"
        for index, other in enumerate(topic.related):
            if other not in content.topics:
                yield topic.id, ("related", index), f"Thema „{other}“ gibt es nicht"
        for word, other in topic.follow_up.items():
            if other not in content.topics:
                yield topic.id, ("follow_up", word), f"Thema „{other}“ gibt es nicht"
        for field in ("answers", "missing"):
            text = getattr(topic, field)
            if text is not None:
                yield from _braces(topic.id, (field,), text, PLACEHOLDERS)
    titles: dict[str, str] = {}
    for topic in content.topics.values():
        for field in ("title", "title_en"):
            earlier = titles.setdefault(getattr(topic, field).casefold(), topic.id)
            if earlier != topic.id:
                yield topic.id, (field,), f"denselben Titel hat schon das Thema „{earlier}“"
    for index, person in enumerate(content.contacts.persons):
        if person.topic not in content.topics:
            yield "contacts", ("persons", index, "topic"), f"Thema „{person.topic}“ gibt es nicht"
    for index, participant in enumerate(content.participants):
        yield from _braces("participants", (index, "answers"), participant.answers, PLACEHOLDERS)
    for name in REPLIES.keys() - content.replies.keys():
        yield "replies", (), f"die Antwort „{name}“ fehlt"
    for name, text in content.replies.items():
        if name not in REPLIES:
            yield "replies", (name,), "diese Antwort benutzt niemand"
        else:
            yield from _braces("replies", (name,), text, PLACEHOLDERS | REPLIES[name])
    if "unknown" not in content.declines:
        yield "declines", (), "der Eintrag „unknown“ fehlt"
    for name, text in content.declines.items():
        yield from _braces("declines", (name,), text, frozenset())
    for index, phrase in enumerate(content.phrases):
        if any(phrase.id == earlier.id for earlier in content.phrases[:index]):
            yield "phrases", (index, "id"), f"den Textbaustein „{phrase.id}“ gibt es schon"
        if any(phrase.title == earlier.title for earlier in content.phrases[:index]):
            yield "phrases", (index, "title"), f"den Titel „{phrase.title}“ gibt es schon"
        yield from _braces("phrases", (index, "text"), phrase.text, PLACEHOLDERS)
    yield from _same_names(content)


def _braces(
    name: str, fields: tuple[str | int, ...], text: Text, allowed: frozenset[str]
) -> Iterator[tuple[str, tuple[str | int, ...], str]]:
    try:
        unknown = text.placeholders() - allowed
    except ValueError:
        yield name, fields, "eine geschweifte Klammer ist nicht geschlossen"
        return
    for placeholder in sorted(unknown):
        yield name, fields, f"den Platzhalter {{{placeholder}}} gibt es hier nicht"


def _same_names(content: Content) -> Iterator[tuple[str, tuple[str | int, ...], str]]:
    seen: dict[str, str] = {}
    for index, participant in enumerate(content.participants):
        names: list[tuple[str, str, tuple[str | int, ...]]]
        names = [(alias, participant.name, ("aliases",)) for alias in participant.aliases]
        for place, member in enumerate(participant.members):
            names += [(alias, member.name, ("members", place)) for alias in (member.name, *member.aliases)]
        for alias, owner, fields in names:
            earlier = seen.setdefault(alias.casefold(), owner)
            if earlier != owner:
                yield "participants", (index, *fields), f"„{alias}“ steht schon bei „{earlier}“"


def _problem(folder: Path, files: Mapping[str, _File], error: Any) -> str:
    top, *fields = error["loc"]
    if top == "topics":
        name, *fields = fields
    else:
        name = top
    kind = error["type"]
    message = {
        "value_error.missing": "fehlt",
        "value_error.extra": "dieses Feld gibt es nicht",
        "type_error.none.not_allowed": "darf nicht leer sein",
        "value_error.date": "ist kein Datum (JJJJ-MM-TT)",
        "value_error.const": "hat keinen erlaubten Wert",
    }.get(kind)
    if message is None:
        message = "hat die falsche Form" if kind.startswith("type_error") else error["msg"]
    return _at(files.get(str(name), _File(folder.name, "", None)), tuple(fields), message)


def _at(file: _File, fields: tuple[str | int, ...], message: str) -> str:
    field = ".".join(str(each) for each in fields if each not in ("__root__", "__key__"))
    return f"{file.name}, Zeile {_line(file.text, fields)}" + (f", Feld „{field}“: {message}" if field else f": {message}")


def _line(text: str, fields: tuple[str | int, ...]) -> int:
    """The 1-based line of the innermost part of `fields` that a file with `text` holds."""
    data, line = YAML().load(text), 0
    for field in fields:
        marks = getattr(data, "lc", None)
        if marks is None:
            break
        try:
            line = (marks.key(field) if hasattr(data, "keys") else marks.item(field))[0]
            data = data[field]
        except (KeyError, IndexError, TypeError):
            break
    return line + 1
