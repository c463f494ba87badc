"""Puts all test questions to a model over the channel that the web process uses, and keeps beside it what came back."""

from __future__ import annotations

import hashlib
import json
import tempfile
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timezone
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from rich.table import Table
from tqdm import tqdm

from components.augmentation import PERTURBATIONS
from components.calibration import expected_calibration_error
from components.intent_model import is_out_of_scope
from content import Content, read_content
from training.bank.bank import check_model
from training.bank.card import CardError, add_metrics
from training.bank.model_file import ENDING
from training.corpus.questions import QUESTIONS, Expected, Kind, heard, is_right, read_dialogues
from training.evaluation.evaluation import PERTURBATION_SEED
from training.evaluation.resampling import Resampling, share
from training.failure import Failure
from training.processes import ROOT
from training.serving.service import Bot, running_bots
from training.serving.web_channel import ask
from training.tables import table as made_table
from training.writing import write_whole

#: So many single questions are put in each of the misspellings as well.
PERTURBED = 200
#: Conversations at a time: while one waits for the action server, the other one is understood.
_AT_A_TIME = 2
#: What answers beside the model, and what judges the answers.
_CODE = (
    "actions/*.py",
    "channels/*.py",
    "components/*.py",
    "content/**/*.py",
    "content/**/*.yml",
    "credentials.yml",
    "requirements.txt",
    "training/evaluation/judgement.py",
    "training/corpus/questions.py",
)

T = TypeVar("T")


class JudgementError(Failure):
    """A model could not be judged; the message says why."""


@dataclass(frozen=True)
class Judged:
    """What a model did with one turn.

    `place`: file:line and, in a dialogue, :number of the turn. `wanted`, `got`: topics, or decline, clarify, handoff,
    crisis and acts of conversation; `also`: what is right instead of `wanted`. `zone`: of the answer. `intent`,
    `probability`: what NLU found most likely for the (first) question in the turn; "" and None where it was not asked.
    `seconds`: from post to answer, while another conversation may have been under way.
    """

    place: str
    text: str
    voice: str
    kind: Kind
    wanted: tuple[str, ...]
    also: tuple[str, ...]
    got: tuple[str, ...]
    zone: str
    intent: str
    probability: float | None
    right: bool
    seconds: float

    @property
    def conversation(self) -> str:
        """File and line; all turns of a dialogue have the same."""
        return ":".join(self.place.split(":")[:2])

    @property
    def is_out_of_scope(self) -> bool:
        return self.wanted == ("decline",)

    @property
    def must_be_declined(self) -> bool:
        """Whether a fair judge accepts no answer at all, not even one that the test question names beside."""
        return self.is_out_of_scope and not self.also

    @property
    def is_declined(self) -> bool:
        """Whether the question is not taken up: after NLU, or by a guard before it."""
        return self.zone in ("decline", "guard")

    @property
    def intent_is_right(self) -> bool:
        """Whether NLU's most likely intent is one that is wanted; for what is out of scope, any such intent."""
        return self.intent in (*self.wanted, *self.also) or (self.is_out_of_scope and is_out_of_scope(self.intent))


@dataclass(frozen=True)
class Judgement:
    """What a model did with all test questions.

    `model`: file name. `created`: UTC, ISO 8601. `key`: of questions, content, code and model that it holds for.
    `perturbed`: by name of the misspelling, the same sample of single questions; `place` tells which.
    """

    model: str
    created: str
    key: str
    turns: tuple[Judged, ...]
    perturbed: dict[str, tuple[Judged, ...]]

    def of_kind(self, *kinds: Kind) -> list[Judged]:
        return [each for each in self.turns if each.kind in kinds]

    @cached_property
    def development(self) -> list[Judged]:
        """The development test set: all but regression questions, which were chosen because a model got them wrong."""
        return self.of_kind("single", "dialogue")

    @cached_property
    def confidences(self) -> list[tuple[float, bool]]:
        """Of single questions: the probability of the most likely intent, and whether that is right."""
        return [
            (each.probability, each.intent_is_right)
            for each in self.of_kind("single")
            if each.probability is not None and len(each.wanted) == 1
        ]

    def losses(self) -> dict[str, float]:
        """By misspelling: share of the sample that is right as written less the share that is right misspelt."""
        right = {each.place: each.right for each in self.turns}
        return {
            name: float(np.mean([float(right[each.place]) - each.right for each in turns]))
            for name, turns in self.perturbed.items()
            if turns
        }

    def metrics(self) -> dict[str, float]:
        """By name, shares from 0 to 1; a figure without a single question to measure it on is left out.

        `right`: of the development test set. `declined`: of the questions that must be declined. `wrongly_declined`: of
        those in scope. `calibration_error`: expected calibration error of the most likely intent (Guo et al. 2017). `loss_*`:
        see `losses`.
        """
        inside = [each.is_declined for each in self.development if not each.is_out_of_scope]
        outside = [each.is_declined for each in self.development if each.must_be_declined]
        figures = {
            "right": _mean(each.right for each in self.development),
            "right_single": _mean(each.right for each in self.of_kind("single")),
            "right_dialogue": _mean(each.right for each in self.of_kind("dialogue")),
            "right_regression": _mean(each.right for each in self.of_kind("regression")),
            "declined": _mean(outside),
            "wrongly_declined": _mean(inside),
            **{f"loss_{name}": loss for name, loss in self.losses().items()},
        }
        if self.confidences:
            confidence, right = (np.array(each) for each in zip(*self.confidences))
            figures["calibration_error"] = expected_calibration_error(confidence, right)
        return {name: figure for name, figure in figures.items() if figure is not None}


def judge_model(model: Path, questions: Path = QUESTIONS, bot: Bot | None = None) -> Judgement:
    """Puts all turns of `questions` to `model`, or returns what it did with them before.

    A bot of its own is started for that, unless `bot` serves it already. What is kept, in `<name>.judgement.json` beside
    the model, counts as long as model, questions, content and the code that answers are the same. Progress goes to
    stderr. Raises BadModel, JudgementError and StartError.
    """
    key = _key(model, questions)
    kept = _kept(model)
    if kept is not None and kept.key == key:
        return kept
    dialogues = read_dialogues(questions)
    if bot is not None:
        judgement = _judged(bot, model, dialogues, key)
    else:
        with bots_of(model) as [started]:
            judgement = _judged(started, model, dialogues, key)
    _keep(judgement, model)
    return judgement


@contextmanager
def bots_of(*models: Path) -> Iterator[list[Bot]]:
    """Bots that serve the models while the block runs, each with conversations in its own memory. Raises BadModel and
    StartError."""
    for model in models:
        check_model(model)
    with (
        tempfile.TemporaryDirectory(prefix="wohnlotse-judgement-") as folder,
        running_bots([model.resolve() for model in models], Path(folder)) as bots,
    ):
        yield bots


def table(judgement: Judgement) -> Table:
    """For the terminal: shares of right turns with 95 % intervals, of the whole development test set and of each voice."""
    rows: list[list[str]] = []
    turns = judgement.development
    if turns:
        voices = np.array([each.voice for each in turns])
        named = {"all": voices != "", **{voice: voices == voice for voice in sorted(set(voices))}}
        resampling = Resampling(np.unique([each.conversation for each in turns], return_inverse=True)[1])
        right = np.array([each.right for each in turns])
        declined = np.array([each.is_declined for each in turns])
        strange = np.array([each.must_be_declined for each in turns])
        asked = [(name, right, among) for name, among in named.items()]
        for name, done, among in [*asked, ("declined", declined, strange)] if strange.any() else asked:
            found = resampling.interval(share(done, among))
            bounds = f"{100 * found.low:.1f} to {100 * found.high:.1f} %"
            rows.append([name, f"{100 * found.value:.1f} %", bounds, str(among.sum())])
    for name, figure in judgement.metrics().items():
        if (not name.startswith("right") and name != "declined") or name == "right_regression":
            rows.append([name.replace("_", " "), f"{100 * figure:.1f} %", "", ""])
    columns = ("Turns", "right", "95 % interval", "of")
    return made_table(columns, rows, f"{judgement.model} and the test questions", numbers=columns[1:])


def wrong_turns(judgement: Judgement) -> Table:
    """For the terminal: the turns that are not right, with what was wanted and what came."""
    wrong = [each for each in judgement.turns if not each.right]
    rows = [(each.place, each.text, " + ".join(each.wanted), each.zone, " + ".join(each.got)) for each in wrong]
    return made_table(("Turn", "Text", "wanted", "zone", "got"), rows, f"{len(wrong)} turns are not right")


def sample(turns: Sequence[T], text: Callable[[T], str], size: int) -> list[T]:
    """`size` of `turns`, or all if there are fewer: mostly the same ones where others are added or taken away."""
    return sorted(turns, key=lambda turn: hashlib.sha256(text(turn).encode()).digest())[:size]


def _judged(bot: Bot, model: Path, dialogues: Sequence[Sequence[Expected]], key: str) -> Judgement:
    singles = [turns[0] for turns in dialogues if turns[0].kind == "single"]
    chosen = sample(singles, lambda turn: turn.text, PERTURBED)
    misspelt = {
        name: [[replace(turn, text=perturb(turn.text, PERTURBATION_SEED))] for turn in chosen]
        for name, perturb in PERTURBATIONS.items()
    }
    content = read_content()
    perturbed = {name: tuple(_put(bot, each, content, name)) for name, each in misspelt.items()}
    turns = tuple(_put(bot, dialogues, content, model.name))
    return Judgement(model.name, datetime.now(timezone.utc).isoformat(timespec="seconds"), key, turns, perturbed)


def _put(bot: Bot, dialogues: Sequence[Sequence[Expected]], content: Content, title: str) -> Iterator[Judged]:
    """Each dialogue in a conversation of its own, in order."""
    with tqdm(total=len(dialogues), desc=title, unit="conversation", disable=None) as bar:
        pool = ThreadPoolExecutor(_AT_A_TIME)
        try:
            for turns in pool.map(lambda each: list(_conversation(bot, each, content)), dialogues):
                yield from turns
                bar.update()
        finally:
            pool.shutdown(cancel_futures=True)  # or Ctrl-C would wait for all that is left


def _conversation(bot: Bot, turns: Sequence[Expected], content: Content) -> Iterator[Judged]:
    conversation = str(uuid.uuid4())
    for turn in turns:
        start = time.perf_counter()
        try:
            answer = ask(bot, conversation, turn.text)
        except OSError as error:  # all that urllib raises is one
            raise JudgementError(f"The bot did not answer the test question {turn.place}: {error}") from None
        yield _of_turn(turn, answer, time.perf_counter() - start, content)


def _of_turn(expected: Expected, answer: dict[str, Any], seconds: float, content: Content) -> Judged:
    said, verdict = heard(answer), answer["verdict"]
    return Judged(
        place=expected.place,
        text=expected.text,
        voice=expected.voice,
        kind=expected.kind,
        wanted=expected.topics,
        also=expected.also,
        got=said.got,
        zone=said.zone,
        intent=verdict["intent"] if verdict else "",
        probability=verdict["confidence"] if verdict else None,
        right=is_right(expected, said, content),
        seconds=round(seconds, 4),
    )


def _key(model: Path, questions: Path) -> str:
    digest = hashlib.sha256()
    code = [path for pattern in _CODE for path in sorted(ROOT.glob(pattern))]
    for path in [model, *sorted(questions.glob("*.jsonl")), *code]:
        digest.update(path.name.encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _path(model: Path) -> Path:
    return model.with_name(model.name.removesuffix(ENDING) + ".judgement.json")


def _kept(model: Path) -> Judgement | None:
    try:
        found = json.loads(_path(model).read_text(encoding="utf-8"))
        turns = {name: tuple(map(_read, each)) for name, each in found["perturbed"].items()}
        return Judgement(found["model"], found["created"], found["key"], tuple(map(_read, found["turns"])), turns)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):  # none, or one of another version of this code
        return None


def _read(stored: dict[str, Any]) -> Judged:
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in stored.items()}
    return Judged(**values)


def _keep(judgement: Judgement, model: Path) -> None:
    """Writes it beside `model`, in one step, and its figures to the card, where there is one."""
    write_whole(_path(model), json.dumps(asdict(judgement), ensure_ascii=False) + "\n")
    with suppress(CardError):
        add_metrics(model, {f"test_{name}": round(figure, 5) for name, figure in judgement.metrics().items()})


def _mean(values: Iterable[bool]) -> float | None:
    counted = list(values)
    return sum(counted) / len(counted) if counted else None
