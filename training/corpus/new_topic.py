"""A new topic: its content, its training questions, its name in the domain. Three files, all or none of them.

Nothing else is needed: one action answers every topic, and the one rule in `data/rules/` serves them all.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, FoldedScalarString, LiteralScalarString

from content import REGISTERS, FollowUp, Register
from training.corpus.changes import Files, check, write
from training.corpus.domain import intents, read_domain
from training.corpus.validation import Finding
from training.failure import BadInput
from training.lock import only_one
from training.processes import ROOT
from training.reading import read_text

_ID = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)+")
#: Begin the names of intents that are no topics.
_RESERVED = ("followup_", "oos_", "out_of_scope")
_WIDTH = 120
_ANY_WIDTH = 10_000
#: Each sentence of an answer stands on a line of its own.
_SENTENCE_END = re.compile(r"(?<=[.!?]) (?=[A-ZÄÖÜ„{])")


@dataclass(frozen=True)
class NewTopic:
    """What a developer says of a topic. `id`: also the name of its intent and of its files. `related`, and the values of
    `follow_up`: ids of other topics."""

    id: str
    title: str
    title_en: str
    answers: Mapping[Register, str]
    examples: Sequence[str]
    source: str = "page"
    related: Sequence[str] = ()
    follow_up: Mapping[str, str] = field(default_factory=dict)


def add_topic(topic: NewTopic, root: Path = ROOT) -> tuple[list[Path], list[Finding]]:
    """Writes the topic. Returns the files that were made or changed, below `root`, and what validation warns of there.

    Raises BadInput, ChangeRefused, and Busy while another change is written.
    """
    check_id(topic.id, root)
    if set(topic.answers) != set(REGISTERS):
        raise BadInput(f"The answer is needed in each register: {', '.join(REGISTERS)}.")
    if unknown := sorted(set(topic.follow_up) - set(get_args(FollowUp))):
        raise BadInput(f"{', '.join(unknown)}: no such follow-up. There are {', '.join(get_args(FollowUp))}.")
    if not _rows(topic.examples):
        raise BadInput("A topic needs training questions.")
    with only_one(root / "models", "edit"):
        files = _files(topic, root)
        warnings = check(files, root)
        write(files, root)
    return list(files), warnings


def check_id(topic_id: str, root: Path = ROOT) -> None:
    """Raises BadInput for what cannot be the id of a new topic."""
    if not _ID.fullmatch(topic_id):
        raise BadInput(f"“{topic_id}” is no id: small letters and digits, parts joined by _, like service_parking.")
    if topic_id.startswith(_RESERVED):
        raise BadInput(f"“{topic_id}” is no id of a topic: {', '.join(_RESERVED)} begin the names of other intents.")
    for path in (_content_path(topic_id), _examples_path(topic_id)):
        if (root / path).exists():
            raise BadInput(f"{path.as_posix()} exists already.")


def read_examples(path: Path) -> list[str]:
    """Training questions, one a line. Raises BadInput."""
    return read_text(path).split("\n")


def follow_ups(pairs: Sequence[str]) -> dict[str, str]:
    """From „when=service_hours“ and the like. Raises BadInput."""
    found = dict(pair.split("=", 1) for pair in pairs if "=" in pair)
    if len(found) < len(pairs):
        raise BadInput("A follow-up is a word and a topic, like when=service_hours, and each word stands once.")
    return found


def _files(topic: NewTopic, root: Path) -> Files:
    return {
        _content_path(topic.id): _content(topic),
        _examples_path(topic.id): _examples(topic),
        Path("domain.yml"): _domain(root, topic.id),
    }


def _content_path(topic_id: str) -> Path:
    return Path("content", "topics", f"{topic_id}.yml")


def _examples_path(topic_id: str) -> Path:
    return Path("data", "nlu", f"{topic_id}.yml")


def _content(topic: NewTopic) -> str:
    entry: dict[str, Any] = {"title": topic.title, "title_en": topic.title_en, "source": topic.source}
    entry["answers"] = {register: _folded(topic.answers[register]) for register in REGISTERS}
    if topic.related:
        related = CommentedSeq(topic.related)
        related.fa.set_flow_style()
        entry["related"] = related
    if topic.follow_up:
        follow_up = CommentedMap(topic.follow_up)
        follow_up.fa.set_flow_style()
        entry["follow_up"] = follow_up
    return _dumped(entry)


def _examples(topic: NewTopic) -> str:
    rows = "".join(f"- {row}\n" for row in _rows(topic.examples))
    block = {"intent": topic.id, "examples": LiteralScalarString(rows)}
    return _dumped({"version": DoubleQuotedScalarString("3.1"), "nlu": [block]}, offset=0)


def _rows(examples: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(filter(None, (" ".join(example.split()) for example in examples))))


def _domain(root: Path, intent: str) -> str:
    """The domain with `intent` at its place in the alphabet; all else stays as it is, comments included."""
    domain = read_domain(root, _yaml(_ANY_WIDTH))
    names = intents(domain)
    if intent in names:
        raise BadInput(f"domain.yml has the intent {intent} already.")
    place = next((index for index, name in enumerate(names) if name > intent), len(names))
    domain["intents"].insert(place, intent)
    return _dumped(domain, _ANY_WIDTH)


def _folded(text: str) -> FoldedScalarString:
    folded = FoldedScalarString(" ".join(text.split()))
    folded.fold_pos = [match.start() for match in _SENTENCE_END.finditer(folded)]
    return folded


def _dumped(data: Any, width: int = _WIDTH, offset: int = 2) -> str:
    stream = io.StringIO()
    _yaml(width, offset).dump(data, stream)
    return stream.getvalue()


def _yaml(width: int, offset: int = 2) -> YAML:
    """Reads and writes as the files of the project are laid out. `offset`: how far the dash of a list is indented."""
    yaml = YAML()
    yaml.width = width
    yaml.preserve_quotes = True
    yaml.indent(mapping=2, sequence=2 + offset, offset=offset)
    return yaml
