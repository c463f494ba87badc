"""What staff suggested for the training becomes examples and regression questions; the rest is told with its reason.

A suggestion is both: an example, so that the next model learns it, and a regression question, so that no later model
forgets it. Nothing is trained on any other test question.
"""

from __future__ import annotations

import datetime
import json
import re
import shlex
import unicodedata
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Optional, get_args

from pydantic import BaseModel, Extra, StrictBool, StrictStr, ValidationError
from rapidfuzz import process
from rich.console import Group
from rich.text import Text

from components.folding import fold
from components.folds import near_duplicate_groups
from training.corpus.changes import check
from training.corpus.domain import intents, read_domain
from training.corpus.examples import read_examples
from training.corpus.facts import read_facts
from training.corpus.questions import read_dialogues
from training.corpus.validation import Finding
from training.failure import BadInput
from training.processes import ROOT
from training.serving.console import personal_data
from training.tables import table

#: Finds the kinds of personal data in each text.
Personal = Callable[[Sequence[str]], "list[list[str]]"]
Outcome = Literal["taken", "known", "topic", "refused"]

_NLU = Path("data", "nlu")
_QUESTIONS = Path("tests", "questions")
_REGRESSION = _QUESTIONS / "regression.jsonl"

#: Rasa's marks around an entity, and braces, which stand for contact data in answers. „[Name]“ alone stands for what was
#: redacted, and is none.
_MARKUP = re.compile(r"\]\s*[(\[{]|[{}]")
_COLUMNS = ("outcome", "intent", "text", "reason")
_DASH = re.compile(r"^( *)- intent:", re.MULTILINE)
#: Say nothing without what was said before, so that a test cannot ask them alone.
_LEANING = ("followup_", "repeat", "simpler")


class Suggestion(BaseModel):
    """A confirmed suggestion as the console hands it out. `intent`: of a new topic its title."""

    id: uuid.UUID
    text: StrictStr
    intent: StrictStr
    is_new_topic: StrictBool = False
    confirmed_at: Optional[datetime.datetime] = None  # noqa: UP045  # pydantic reads it when the class is made

    class Config:
        extra = Extra.forbid
        allow_mutation = False


@dataclass(frozen=True)
class Decision:
    """What becomes of a suggestion, and why. `example`, `question`: whether it is added to the training data, and to the
    regression questions. `text` is left out where it holds personal data."""

    id: str
    text: str
    intent: str
    outcome: Outcome
    reason: str = ""
    example: bool = False
    question: bool = False
    confirmed: str = ""


@dataclass(frozen=True)
class Plan:
    """An import before it is written. `files`: whole texts by their paths below the root; `warnings`: about them."""

    decisions: tuple[Decision, ...]
    files: dict[Path, str]
    warnings: tuple[Finding, ...]

    @property
    def done(self) -> list[str]:
        """Ids of those that need no further look: the console need not hand them out again."""
        return [each.id for each in self.decisions if each.outcome in ("taken", "known")]

    @property
    def topics(self) -> list[str]:
        """For each new topic that was suggested, the command that makes it; its id is a proposal."""
        asked: dict[str, list[str]] = {}
        for each in self.decisions:
            if each.outcome == "topic":
                asked.setdefault(each.intent, []).append(each.text)
        return [shlex.join(_command(title, texts)) for title, texts in asked.items()]


def plan(
    suggestions: Sequence[Suggestion],
    root: Path = ROOT,
    day: datetime.date | None = None,
    personal: Personal = personal_data,
) -> Plan:
    """What an import of `suggestions` on `day` (default: today) would write. Raises as `decide`, and ChangeRefused."""
    decisions = decide(suggestions, root, personal)
    changed = files(decisions, root, day or datetime.date.today())
    return Plan(tuple(decisions), changed, tuple(check(changed, root)) if changed else ())


def read_suggestions(lines: str, name: str) -> list[Suggestion]:
    """The suggestions in `lines`, which are JSON Lines of the file `name`. Raises BadInput that names the line."""
    found = []
    for number, line in enumerate(lines.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            found.append(Suggestion.parse_obj(json.loads(line)))
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(str(each) for each in first["loc"] if each != "__root__")
            raise BadInput(f"{name}:{number}: {field + ': ' if field else ''}{first['msg']}") from None
        except (ValueError, RecursionError):
            raise BadInput(f"{name}:{number}: this is no JSON") from None
    return found


def decide(
    suggestions: Sequence[Suggestion],
    root: Path = ROOT,
    personal: Personal = personal_data,
) -> list[Decision]:
    """What becomes of each, in order; what is taken counts for those behind it.

    Raises BadInput for a project that cannot be read, and ConsoleError.
    """
    project = _Project.read(root)
    kinds = personal([_read_by_people(each) for each in suggestions]) if suggestions else []
    return [_decided(each, found, project) for each, found in zip(suggestions, kinds)]


def as_text(plan: Plan) -> Group:
    """For the terminal: what is not simply taken with its reason, warnings, and how many there are of each kind."""
    reasons = [(each.outcome, each.intent, each.text or each.id, each.reason) for each in plan.decisions if each.reason]
    told = [table(_COLUMNS, reasons, whole=_COLUMNS[:1], frame=None)] if reasons else []
    warnings = [Text(f"warning: {each.place}: {each.message}") for each in plan.warnings]
    topics = [Text(f"new topic: {command}") for command in plan.topics]
    counts = Counter(each.outcome for each in plan.decisions)
    total = ", ".join(f"{outcome} {counts[outcome]}" for outcome in get_args(Outcome))
    added = (
        f"new examples: {sum(each.example for each in plan.decisions)}, "
        f"new questions: {sum(each.question for each in plan.decisions)}"
    )
    return Group(*told, *warnings, *topics, Text(f"suggestions: {len(plan.decisions)} ({total}); {added}"))


def files(decisions: Sequence[Decision], root: Path, day: datetime.date) -> dict[Path, str]:
    """Whole texts of the files that what was taken changes, by their paths below `root`. `day`: of the import."""
    changed: dict[Path, str] = {}
    for each in decisions:
        if each.example:
            path = _NLU / f"{each.intent}.yml"
            changed[path] = _with_example(changed.get(path) or (root / path).read_text(encoding="utf-8"), each, day)
    questions = "".join(_question(each) + "\n" for each in decisions if each.question)
    if questions:
        path = root / _REGRESSION
        changed[_REGRESSION] = (_ended(path.read_text(encoding="utf-8")) if path.exists() else "") + questions
    return changed


@dataclass
class _Project:
    """What stands in the project already; what is taken is added. Texts are folded.

    `examples`: (intent, place) of each; `texts`: the examples of each intent as written; `questions`: (what is expected,
    place) of each test question; `regression`: the same of the regression questions; `titles`: topics by their titles.
    """

    intents: frozenset[str]
    examples: dict[str, tuple[str, str]]
    texts: dict[str, list[str]]
    questions: dict[str, tuple[str, str]]
    regression: dict[str, tuple[str, str]]
    titles: dict[str, str]

    @classmethod
    def read(cls, root: Path) -> _Project:
        examples = read_examples(root / _NLU)
        topics = read_facts(root).topics.values()
        known = cls(frozenset(intents(read_domain(root))), {}, {}, {}, {}, {})
        for example in examples:
            known.examples.setdefault(_folded(example.text), (example.intent, f"{_NLU.as_posix()}/{example.place}"))
            known.texts.setdefault(example.intent, []).append(example.text)
        for turn in (turn for dialogue in read_dialogues(root / _QUESTIONS) for turn in dialogue):
            kept = known.regression if turn.kind == "regression" else known.questions
            kept[_folded(turn.text)] = ("+".join(turn.topics), f"{_QUESTIONS.as_posix()}/{turn.place}")
        known.titles |= {title.casefold(): topic.id for topic in topics for title in (topic.title, topic.title_en)}
        return known

    def intent_of(self, suggestion: Suggestion) -> str | None:
        """The intent that is meant; that of a new topic as soon as there is one with its title or its question."""
        if not suggestion.is_new_topic:
            return suggestion.intent
        by_text = self.examples.get(_folded(suggestion.text), (None, ""))[0]
        return self.titles.get(" ".join(suggestion.intent.split()).casefold()) or by_text

    def add(self, text: str, intent: str, example: bool, question: bool) -> None:
        if example:
            self.examples[_folded(text)] = (intent, "this import")
            self.texts.setdefault(intent, []).append(text)
        if question:
            self.regression[_folded(text)] = (_expected(intent), "this import")


def _decided(suggestion: Suggestion, kinds: Sequence[str], project: _Project) -> Decision:
    if kinds:
        reason = f"holds personal data ({', '.join(kinds)}): delete it in the console"
        return Decision(str(suggestion.id), "", "", "refused", reason)
    text = " ".join(suggestion.text.split())
    confirmed = suggestion.confirmed_at.date().isoformat() if suggestion.confirmed_at else ""
    intent = project.intent_of(suggestion)

    def decision(outcome: Outcome, reason: str = "", **added: Any) -> Decision:
        return Decision(str(suggestion.id), text, intent or suggestion.intent, outcome, reason, confirmed=confirmed, **added)

    if problem := _form(suggestion.text) or _of_tests(text, intent, project):
        return decision("refused", problem)
    if intent is None:
        return decision("topic", "asks for a topic that is not there yet")
    if intent not in project.intents or intent not in project.texts:
        return decision("refused", f"there is no intent {intent}")
    known, place = project.examples.get(_folded(text), (intent, ""))
    if known != intent:
        return decision("refused", f"is an example of {known} already ({place})")
    reason = f"is an example already ({place})" if place else _near(text, project.texts.get(intent, []))
    example, question = not reason, _folded(text) not in project.regression and not intent.startswith(_LEANING)
    project.add(text, intent, example, question)
    if not (example or question):
        return decision("known", reason)
    if reason:
        reason += "; kept as a regression question only"
    elif intent.startswith(_LEANING):
        reason = "no regression question, as it asks nothing without what was said before"
    return decision("taken", reason, example=example, question=question)


def _read_by_people(suggestion: Suggestion) -> str:
    return f"{suggestion.text}\n{suggestion.intent}" if suggestion.is_new_topic else suggestion.text


def _form(text: str) -> str:
    """What is wrong with how `text` is written; "" where nothing is."""
    if not text.strip():
        return "is empty"
    if any(unicodedata.category(char)[0] == "C" for char in text.strip()):
        return "holds line breaks or control characters"
    if text.lstrip().startswith("/"):
        return "begins with a slash, which Rasa takes for a command"
    if _MARKUP.search(text) or text.count("[") != text.count("]"):
        return "holds markup"
    return ""


def _of_tests(text: str, intent: str | None, project: _Project) -> str:
    """Whether `text` is a test question that must not be trained on, or that contradicts; "" where it is none."""
    if found := project.questions.get(_folded(text)):
        return f"is a test question, and those are never trained on ({found[1]}, which expects {found[0]})"
    found = project.regression.get(_folded(text))
    if found and intent and found[0] != _expected(intent):
        return f"is a regression question that expects {found[0]} ({found[1]})"
    return ""


def _near(text: str, own: Sequence[str]) -> str:
    """Whether an example of the same intent is nearly `text`; "" where none is."""
    groups = near_duplicate_groups([text, *own])
    near = [other for other, group in zip(own, groups[1:]) if group == groups[0]]
    return f"is nearly the example “{process.extractOne(text, near, processor=fold)[0]}”" if near else ""


def _command(title: str, texts: Sequence[str]) -> list[str]:
    words = fold(title).split()[:4]
    topic_id = "_".join(words if len(words) > 1 else ["topic", *words])
    examples = [part for text in dict.fromkeys(texts) for part in ("--example", text)]
    return ["wohnlotse", "new-topic", topic_id, "--title", title, *examples]


def _expected(intent: str) -> str:
    return "decline" if intent.startswith("oos_") else intent


def _with_example(text: str, decision: Decision, day: datetime.date) -> str:
    """`text` of a training file with one more example, in a block of this import at its end."""
    text = _ended(text)
    dash = _DASH.search(text)
    indent = dash[1] if dash else ""
    head = f"{indent}# Asked by citizens, confirmed by staff in the console; imported on {day.isoformat()}.\n"
    head += f"{indent}- intent: {decision.intent}\n{indent}  examples: |\n"
    row = f"{indent}    - "
    block = text.rpartition(head)[2].splitlines() if head in text else []
    is_last = bool(block) and all(line.startswith(row) for line in block)
    return f"{text}{'' if is_last else head}{row}{decision.text}\n"


def _question(decision: Decision) -> str:
    from components.language import language_of  # loads Rasa, which takes seconds

    line: dict[str, Any] = {"text": decision.text, "expect": [_expected(decision.intent)], "voice": "review"}
    line["lang"] = language_of(decision.text) or "de"
    if decision.intent.startswith("oos_"):
        line["oos"] = decision.intent
    line |= {"suggestion": decision.id, "confirmed": decision.confirmed}
    return json.dumps(line, ensure_ascii=False)


def _ended(text: str) -> str:
    return text if not text or text.endswith("\n") else text + "\n"


def _folded(text: str) -> str:
    """Folded text; where nothing is left („👍“), the text as it is, since „👎“ is another one."""
    return fold(text) or text.strip()
