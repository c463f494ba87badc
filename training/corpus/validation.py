"""Finds mistakes in training data, domain and content before a training does, and names file and line of each.

An error breaks a rule: the bot would answer wrongly, or its evaluation would flatter it. A warning is for a person to
judge. Reads no Rasa, so that it takes seconds. `wohnlotse validate` shows them.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, TypeVar

import numpy as np
import scipy.sparse as sparse
from ruamel.yaml import YAML

from components.folding import fold
from components.near_duplicates import near_pairs
from content import Content, ContentError, read_content
from training.corpus.domain import names, read_domain
from training.corpus.examples import Example, read_examples
from training.failure import BadInput
from training.processes import ROOT

TOPIC_EXAMPLES = 60
OTHER_EXAMPLES = 30
OUT_OF_SCOPE_EXAMPLES = 500

#: Cosine of letter n-grams from which two examples of different intents are suspicious.
NEAR = 0.9
#: Shorter texts are alike by chance.
NEAR_WORDS = 4
NEAR_REPORTED = 30

#: Share of an intent's examples that may bear a near copy, how many words the two may differ in, and the length in
#: words from which an example counts.
COPIES_SHARE = 0.1
COPY_DIFFERENCE = 2
COPY_WORDS = 5

#: Intents that need neither topic nor reply: what was asked before, or a decline, answers them.
_FOLLOW_UP = "followup_"
_OUT_OF_SCOPE = "oos_"

_TOPICS = Path("content/topics")
_NLU = Path("data/nlu")
_QUESTIONS = Path("tests/questions")
#: May be trained on, alone of all: a regression question is one that the next model is to learn and no later one to forget.
#: No figure of the development test set counts it.
_REGRESSION = _QUESTIONS / "regression.jsonl"

T = TypeVar("T")


@dataclass(frozen=True)
class Finding:
    """One mistake: how bad it is, where it stands (a file below the root, with its line if possible), what is wrong."""

    severity: Literal["error", "warning"]
    place: str
    message: str


def validate(root: Path = ROOT) -> list[Finding]:
    """All mistakes in the project at `root`. What cannot be read is one, and leaves out the checks that need it."""
    found = list(_control_characters(root))
    domain = _readable(_read_domain, root, found)
    content = _readable(_read_content, root, found)
    examples = _readable(_read_examples, root, found)
    questions = _readable(_read_questions, root, found)
    topics = {path.stem for path in (root / _TOPICS).glob("*.yml")}
    if domain is not None:
        found += _twice_in_domain(domain)
    if domain is not None and content is not None:
        found += _intents_without_content(domain, topics, content)
        found += _intents_without_decline(domain, content)
    if domain is not None and examples is not None:
        found += _missing_in_domain(domain, topics, examples, _empty_files(root, examples))
        found += _superfluous_in_domain(domain, topics, examples)
        found += _unknown_entities(domain, examples)
    if examples is not None:
        found += _topics_without_examples(topics, examples)
        found += _in_foreign_file(examples)
        found += _too_few(topics, examples)
        found += _too_few_out_of_scope(examples)
        found += _in_two_intents(examples)
        found += _nearly_in_two_intents(examples)
        found += _near_copies(examples)
        found += _leading_slashes(examples)
        found += _broken_markup(examples)
    if examples is not None and questions is not None:
        found += _trained_on_questions(examples, questions)
    return found


def errors(found: Iterable[Finding]) -> list[Finding]:
    """Those that break a rule."""
    return [finding for finding in found if finding.severity == "error"]


def as_text(found: Sequence[Finding]) -> str:
    """Errors, warnings and their number, for the terminal."""
    lines, counts = [], []
    for severity in ("error", "warning"):
        group = [finding for finding in found if finding.severity == severity]
        counts.append(f"{len(group)} {severity}{'' if len(group) == 1 else 's'}")
        if group:
            lines += [f"{severity.capitalize()}s:", *(f"  {each.place}: {each.message}" for each in group), ""]
    return "\n".join([*lines, ", ".join(counts)])


@dataclass(frozen=True)
class _Domain:
    """What `domain.yml` lists: intents with their lines, as often as they stand there, and names of entities."""

    intents: list[tuple[str, int]]
    entities: set[str]


@dataclass(frozen=True)
class _Question:
    """One test question and the place it stands at."""

    text: str
    place: str


class _Unreadable(Exception):
    """Something cannot be read. `findings` say what and where."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        super().__init__()
        self.findings = list(findings)


def _readable(read: Callable[[Path], T], root: Path, found: list[Finding]) -> T | None:
    """What `read` finds at `root`, or None, with the reasons added to `found`."""
    try:
        return read(root)
    except _Unreadable as unreadable:
        found += unreadable.findings
        return None


def _read_domain(root: Path) -> _Domain:
    try:
        data = read_domain(root, YAML())
    except BadInput as error:
        raise _Unreadable([_finding(str(error))]) from None
    lines = [data["intents"].lc.item(index)[0] + 1 for index in range(len(data["intents"]))]
    return _Domain(list(zip(names(data["intents"]), lines)), set(names(data.get("entities") or [])))


def _finding(problem: str, folder: str = "") -> Finding:
    """An error from a message that begins with its place, below `folder`."""
    place, _, message = problem.partition(": ")
    return Finding("error", folder + place, message)


def _read_content(root: Path) -> Content:
    try:
        return read_content(root / "content")
    except ContentError as error:
        raise _Unreadable(_finding(problem, "content/") for problem in error.problems) from None


def _read_examples(root: Path) -> list[Example]:
    """All examples, their paths relative to `root`."""
    try:
        examples = read_examples(root / _NLU)
    except BadInput as error:
        raise _Unreadable([_finding(f"{error}; no example was checked", f"{_NLU.as_posix()}/")]) from None
    return [replace(example, path=example.path.relative_to(root)) for example in examples]


def _read_questions(root: Path) -> list[_Question]:
    questions: list[_Question] = []
    broken: list[Finding] = []
    for path in sorted((root / _QUESTIONS).glob("*.jsonl")):
        for number, row in enumerate(path.read_bytes().split(b"\n"), start=1):
            place = f"{path.relative_to(root).as_posix()}:{number}"
            try:
                questions += [_Question(text, place) for text in _texts(row)]
            except (ValueError, KeyError, TypeError, AttributeError):
                broken.append(Finding("error", place, "expected JSON with text, or with turns that have a text each"))
    if broken:
        raise _Unreadable(broken)
    return questions


def _texts(row: bytes) -> list[str]:
    """The questions in one line of JSON. Raises ValueError, KeyError, TypeError or AttributeError for another shape."""
    if not row.strip():
        return []
    record = json.loads(row)
    turns = record.get("turns", [record])
    return [str(turn["text"]) for turn in turns]


def _control_characters(root: Path) -> Iterator[Finding]:
    """Looks at the files as they are, since YAML gives up at most control characters without naming the line."""
    for path in sorted((root / _NLU).glob("**/*.yml")):
        place = path.relative_to(root).as_posix()
        for number, row in enumerate(path.read_text(encoding="utf-8", errors="replace").split("\n"), start=1):
            codes = sorted({f"U+{ord(char):04X}" for char in row if unicodedata.category(char) == "Cc"})
            if codes:
                yield Finding("error", f"{place}:{number}", f"a control character stands here ({', '.join(codes)})")


def _twice_in_domain(domain: _Domain) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    for intent, line in domain.intents:
        first = seen.setdefault(intent, line)
        if first != line:
            yield Finding("error", f"domain.yml:{line}", f"the intent {intent} stands in line {first} already")


def _intents_without_content(domain: _Domain, topics: set[str], content: Content) -> Iterator[Finding]:
    for intent, line in domain.intents:
        answered = intent in topics or intent in content.replies
        if not answered and not intent.startswith((_FOLLOW_UP, _OUT_OF_SCOPE)):
            message = f"the intent {intent} has no content: write {_TOPICS.as_posix()}/{intent}.yml"
            yield Finding("error", f"domain.yml:{line}", message)


def _intents_without_decline(domain: _Domain, content: Content) -> Iterator[Finding]:
    for intent, line in domain.intents:
        if intent.startswith(_OUT_OF_SCOPE) and intent not in content.declines:
            message = f"the intent {intent} has no entry in content/declines.yml"
            yield Finding("error", f"domain.yml:{line}", message)


def _topics_without_examples(topics: set[str], examples: Sequence[Example]) -> Iterator[Finding]:
    for topic in sorted(topics - {example.intent for example in examples}):
        message = f"no example asks for this topic: write {_NLU.as_posix()}/{topic}.yml"
        yield Finding("error", f"{_TOPICS.as_posix()}/{topic}.yml", message)


def _empty_files(root: Path, examples: Sequence[Example]) -> list[Path]:
    """Training files without an example, relative to `root`."""
    files = {path.relative_to(root) for path in (root / _NLU).glob("**/*.yml")}
    return sorted(files - {example.path for example in examples})


def _missing_in_domain(
    domain: _Domain, topics: set[str], examples: Sequence[Example], empty: Sequence[Path]
) -> Iterator[Finding]:
    places = {topic: f"{_TOPICS.as_posix()}/{topic}.yml" for topic in topics}
    places |= {path.stem: path.as_posix() for path in empty}
    places |= {example.intent: _place(example) for example in reversed(examples)}
    for intent in sorted(places.keys() - dict(domain.intents).keys()):
        yield Finding("error", places[intent], f"the intent {intent} is missing in domain.yml")


def _superfluous_in_domain(domain: _Domain, topics: set[str], examples: Sequence[Example]) -> Iterator[Finding]:
    """Intents without an example, but for topics, which `_topics_without_examples` names."""
    known = topics | {example.intent for example in examples}
    for intent, line in domain.intents:
        if intent not in known:
            message = f"the intent {intent} has no examples: write {_NLU.as_posix()}/{intent}.yml or take the name out"
            yield Finding("error", f"domain.yml:{line}", message)


def _unknown_entities(domain: _Domain, examples: Sequence[Example]) -> Iterator[Finding]:
    for example in examples:
        for name in sorted({name for name, _ in example.entities} - domain.entities):
            yield Finding("error", _place(example), f"the entity {name} is missing in domain.yml")


def _in_foreign_file(examples: Sequence[Example]) -> Iterator[Finding]:
    firsts = {(example.path, example.intent): example for example in reversed(examples)}
    for example in sorted(firsts.values(), key=lambda first: (first.path, first.line)):
        if example.intent != example.path.stem:
            message = f"the intent {example.intent} belongs into a file of its own, {example.intent}.yml"
            yield Finding("error", _place(example), message)


def _too_few(topics: set[str], examples: Sequence[Example]) -> Iterator[Finding]:
    for intent, own in _by_intent(examples).items():
        wanted = TOPIC_EXAMPLES if intent in topics else OTHER_EXAMPLES
        if len(own) < wanted:
            message = f"the intent {intent} has too few examples: {len(own)}, at least {wanted} are wanted"
            yield Finding("warning", own[0].path.as_posix(), message)


def _too_few_out_of_scope(examples: Sequence[Example]) -> Iterator[Finding]:
    count = sum(example.intent.startswith(_OUT_OF_SCOPE) for example in examples)
    if count < OUT_OF_SCOPE_EXAMPLES:
        message = f"too few out-of-scope examples: {count}, at least {OUT_OF_SCOPE_EXAMPLES} in all are wanted"
        yield Finding("warning", f"{_NLU.as_posix()}/{_OUT_OF_SCOPE}*.yml", message)


def _in_two_intents(examples: Sequence[Example]) -> Iterator[Finding]:
    """The same text but for spelling; a finding for each intent after the first."""
    by_text: defaultdict[str, dict[str, Example]] = defaultdict(dict)
    for example in examples:
        by_text[_folded(example.text)].setdefault(example.intent, example)
    for first, *others in (list(by_intent.values()) for by_intent in by_text.values()):
        for other in others:
            message = f"“{other.text}” is also an example of {first.intent} ({_place(first)})"
            yield Finding("error", _place(other), message)


def _nearly_in_two_intents(examples: Sequence[Example]) -> Iterator[Finding]:
    """The closest pairs of different intents; pairs that fold to the same text are left to `_in_two_intents`."""
    folded = [(fold(example.text), example) for example in examples]
    long = [(text, example) for text, example in folded if len(text.split()) >= NEAR_WORDS]
    pairs = [
        (cosine, long[left][1], long[right][1])
        for left, right, cosine in zip(*near_pairs([text for text, _ in long], NEAR))
        if long[left][1].intent != long[right][1].intent and long[left][0] != long[right][0]
    ]
    pairs.sort(key=lambda pair: -pair[0])
    for _, first, other in pairs[:NEAR_REPORTED]:
        message = f"“{other.text}” is nearly “{first.text}” of {first.intent} ({_place(first)})"
        yield Finding("warning", _place(other), message)
    if len(pairs) > NEAR_REPORTED:
        message = f"further pairs of nearly the same text in two intents, not listed: {len(pairs) - NEAR_REPORTED}"
        yield Finding("warning", _NLU.as_posix(), message)


def _near_copies(examples: Sequence[Example]) -> Iterator[Finding]:
    """Intents that vary few sentences word by word, instead of saying the same in many ways."""
    for intent, own in _by_intent(examples).items():
        pairs = _copies([fold(example.text).split() for example in own])
        if len(pairs) > COPIES_SHARE * len(own):
            one, other = (own[index] for index in pairs[0])
            message = (
                f"{len(pairs)} of the {len(own)} examples of {intent} share all but {COPY_DIFFERENCE} words with"
                f" another one, {COPIES_SHARE:.0%} may; the first: “{one.text}” and “{other.text}” ({_place(other)})"
            )
            yield Finding("error", _place(one), message)


def _copies(texts: Sequence[Sequence[str]]) -> list[tuple[int, int]]:
    """(text, its first near copy) for each text that bears one, `texts` being lists of words.

    A near copy lacks at most COPY_DIFFERENCE words of the text and has at most as many that the text has not, whatever
    their order. A word that stands twice counts twice: hence the columns are (word, how often it stood before).
    """
    columns: dict[tuple[str, int], int] = {}
    marks = [
        (row, columns.setdefault((word, earlier), len(columns)))
        for row, words in enumerate(texts)
        for word, count in Counter(words).items()
        for earlier in range(count)
    ]
    rows, places = np.array(marks, dtype=int).reshape(-1, 2).T
    bags = sparse.csr_matrix((np.ones(len(marks), dtype=int), (rows, places)), shape=(len(texts), max(1, len(columns))))
    lengths = np.array([len(words) for words in texts])
    lacking = lengths[:, None] - (bags @ bags.T).toarray()
    copies = (lacking <= COPY_DIFFERENCE) & (lacking.T <= COPY_DIFFERENCE) & (lengths >= COPY_WORDS)[:, None]
    np.fill_diagonal(copies, False)
    return [(int(row), int(copies[row].argmax())) for row in np.flatnonzero(copies.any(axis=1))]


def _leading_slashes(examples: Sequence[Example]) -> Iterator[Finding]:
    for example in examples:
        if example.text.startswith("/"):
            yield Finding("error", _place(example), f"Rasa takes “{example.text}” for a command: drop the slash")


def _broken_markup(examples: Sequence[Example]) -> Iterator[Finding]:
    """Looks for what reading the entities has left over."""
    names = sorted({name for example in examples for name, _ in example.entities})
    remnant = re.compile("|".join([r"\][(\[{]", *(rf"\({re.escape(name)}\)" for name in names)]))
    for example in examples:
        if remnant.search(example.text) or example.text.count("[") != example.text.count("]"):
            message = f"the entity markup in “{example.text}” is broken: it should be [text](entity)"
            yield Finding("error", _place(example), message)


def _trained_on_questions(examples: Sequence[Example], questions: Sequence[_Question]) -> Iterator[Finding]:
    """Test questions that the bot was taught."""
    trained = {_folded(example.text): example for example in reversed(examples)}
    for question in questions:
        example = trained.get(_folded(question.text))
        if example is not None and not question.place.startswith(_REGRESSION.as_posix()):
            message = f"the test question “{question.text}” stands in the training data ({_place(example)})"
            yield Finding("error", question.place, message)


def _folded(text: str) -> str:
    """Folded text; where nothing is left („👍“), the text as it is, since „👎“ is another one."""
    return fold(text) or text.strip()


def _by_intent(examples: Sequence[Example]) -> dict[str, list[Example]]:
    by_intent: defaultdict[str, list[Example]] = defaultdict(list)
    for example in examples:
        by_intent[example.intent].append(example)
    return by_intent


def _place(example: Example) -> str:
    return f"{example.path.as_posix()}:{example.line}"
