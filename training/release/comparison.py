"""A candidate beside the live model: what is fixed and what is broken, turn by turn and in figures."""

from __future__ import annotations

import math
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np
from scipy.stats import binomtest

from training.bank.bank import find_model
from training.corpus.questions import QUESTIONS
from training.evaluation.evaluation import Calibration, ConfusionMatrix, reliability
from training.evaluation.judgement import Judged, Judgement, JudgementError, bots_of, judge_model, sample
from training.evaluation.resampling import RESAMPLES, Interval, Resampling, Statistic, calibration_error, share
from training.failure import BadInput, Failure
from training.serving.live import MODELS, live_model
from training.serving.service import Bot
from training.serving.web_channel import ask

#: So many questions are put to both models in turn, to time them.
_TIMED = 100
_WARM_UP = 5

Change = Literal["fixed", "broken", "unchanged"]
Unit = Literal["share", "fraction", "ms", "MB"]


class ComparisonError(Failure):
    """Two models cannot be compared; the message says why."""


@dataclass(frozen=True)
class Turn:
    """One turn of the test set as the live model and the candidate dealt with it."""

    live: Judged
    candidate: Judged

    @property
    def change(self) -> Change:
        if self.live.right == self.candidate.right:
            return "unchanged"
        return "fixed" if self.candidate.right else "broken"


@dataclass(frozen=True)
class Figure:
    """A figure of both models; `difference`: candidate less live, over the same texts. Not-a-number where there is none.

    `unit`: share (of 1, shown in percent), fraction, ms or MB.
    """

    name: str
    unit: Unit
    higher_is_better: bool
    live: Interval
    candidate: Interval
    difference: Interval


@dataclass(frozen=True)
class IntentChange:
    """The turns in which `intent` is wanted: how many, how many each model got right, and how many changed."""

    intent: str
    turns: int
    live: int
    candidate: int
    fixed: int
    broken: int


@dataclass(frozen=True)
class Seconds:
    """What the same questions, put to both models in turn, took, in seconds."""

    live: list[float]
    candidate: list[float]


@dataclass(frozen=True)
class Comparison:
    """`live`, `candidate`: file names. `turns`: of the whole test set, `perturbed`: of its misspelt sample.

    `p_value`: the probability of so uneven a split between fixed and broken turns of the development test set, or a more
    uneven one, if both models were equally good (exact test of McNemar 1947). `calibration`, `confusion`: of "live" and
    "candidate".
    """

    live: str
    candidate: str
    turns: list[Turn]
    perturbed: dict[str, list[Turn]]
    p_value: float
    figures: list[Figure]
    intents: list[IntentChange]
    calibration: dict[str, Calibration]
    confusion: dict[str, ConfusionMatrix]

    @cached_property
    def fixed(self) -> list[Turn]:
        return self._changed("fixed")

    @cached_property
    def broken(self) -> list[Turn]:
        return self._changed("broken")

    @cached_property
    def unchanged(self) -> list[Turn]:
        return self._changed("unchanged")

    def _changed(self, change: Change) -> list[Turn]:
        return [turn for turn in self.turns if turn.change == change]


def live_and_candidate(name: str = "", folder: Path = MODELS) -> tuple[Path, Path]:
    """The model of `folder` that is live and the one that `name` means, as `find_model` has it. Raises BadInput where there
    is none, or where they are the same."""
    live, candidate = live_model(folder), find_model(name, folder)
    if live is None:
        raise BadInput("No model is live yet: `wohnlotse train --if-missing` makes one.")
    if live == candidate:
        raise BadInput(f"{live.name} is the live model itself: name another one, or train one first.")
    return live, candidate


def compare_models(live: Path, candidate: Path, questions: Path = QUESTIONS) -> Comparison:
    """Judges both models, where that has not been done, and times them.

    Raises BadModel, JudgementError and StartError.
    """
    with bots_of(live, candidate) as (first, second):
        judgements = judge_model(live, questions, first), judge_model(candidate, questions, second)
        seconds = time_both(first, second, [each.text for each in judgements[0].of_kind("single")])
    return compare(*judgements, seconds, (live.stat().st_size, candidate.stat().st_size))


def compare(
    live: Judgement,
    candidate: Judgement,
    seconds: Seconds | None = None,
    sizes: tuple[int, int] | None = None,
    resamples: int = RESAMPLES,
) -> Comparison:
    """All that differs between two judgements of the same questions.

    `seconds`: see `time_both`; `sizes`: of the files of live model and candidate, in bytes. What is not given is left
    out of the figures. Raises ComparisonError where the questions are not the same.
    """
    turns = _pairs(live.turns, candidate.turns)
    perturbed = {name: _pairs(each, candidate.perturbed.get(name, ())) for name, each in live.perturbed.items()}
    # Regression questions were chosen because a model got them wrong, so they say nothing of chance.
    split = Counter(turn.change for turn in turns if turn.live.kind != "regression")
    changed = split["fixed"] + split["broken"]
    resampling = Resampling(np.unique([turn.live.conversation for turn in turns], return_inverse=True)[1], resamples)
    return Comparison(
        live=live.model,
        candidate=candidate.model,
        turns=turns,
        perturbed=perturbed,
        p_value=float(binomtest(split["broken"], changed).pvalue) if changed else 1.0,
        figures=[*_shares(turns, perturbed, resampling), *_costs(seconds, sizes)],
        intents=_intents(turns),
        calibration={name: _calibration(each, resamples) for name, each in (("live", live), ("candidate", candidate))},
        confusion=_confusion(turns),
    )


def time_both(live: Bot, candidate: Bot, texts: Sequence[str]) -> Seconds:
    """Puts some of `texts` to both bots in turn, one at a time, so that whatever else the machine does slows both.

    Raises JudgementError.
    """
    chosen = sample(texts, str, _TIMED)
    for text in chosen[:_WARM_UP]:
        for bot in (live, candidate):
            _seconds(bot, text)
    timed = [(_seconds(live, text), _seconds(candidate, text)) for text in chosen]
    return Seconds([each for each, _ in timed], [each for _, each in timed])


def _seconds(bot: Bot, text: str) -> float:
    start = time.perf_counter()
    try:
        ask(bot, str(uuid.uuid4()), text)
    except OSError as error:  # all that urllib raises is one
        raise JudgementError(f"The bot did not answer while it was timed: {error}") from None
    return time.perf_counter() - start


def _pairs(live: Sequence[Judged], candidate: Sequence[Judged]) -> list[Turn]:
    others = {(each.place, each.text): each for each in candidate}
    if {(each.place, each.text) for each in live} != set(others):
        raise ComparisonError("The two models were judged with different test questions: judge both again.")
    return [Turn(each, others[each.place, each.text]) for each in live]


def _shares(turns: Sequence[Turn], perturbed: dict[str, list[Turn]], resampling: Resampling) -> Iterator[Figure]:
    """The figures of `Judgement.metrics`, in words, with intervals."""
    kinds = np.array([turn.live.kind for turn in turns])
    development = kinds != "regression"
    strange = np.array([turn.live.is_out_of_scope for turn in turns])
    right = _of_both(turns, lambda each: each.right)
    declined = _of_both(turns, lambda each: each.is_declined)
    for name, better, event, among in (
        ("right", True, right, development),
        ("right, single questions", True, right, kinds == "single"),
        ("right, turns of dialogues", True, right, kinds == "dialogue"),
        ("right, regression questions", True, right, kinds == "regression"),
        ("out of scope and declined", True, declined, development & strange),
        ("in scope and declined", False, declined, development & ~strange),
    ):
        if among.any():
            live, candidate = (share(each, among) for each in event)
            yield _figure(name, "share", better, live, candidate, resampling)
    yield from _calibration_error(turns, resampling)
    places = {turn.live.place: number for number, turn in enumerate(turns)}
    for name, misspelt in perturbed.items():
        numbers = np.array([places[turn.live.place] for turn in misspelt], dtype=int)
        lost, among = np.zeros((2, len(turns))), np.zeros(len(turns), dtype=bool)
        lost[:, numbers] = right[:, numbers] - _of_both(misspelt, lambda each: each.right)
        among[numbers] = True
        if among.any():
            live, candidate = (share(each, among) for each in lost)
            yield _figure(f"lost by {name}", "share", False, live, candidate, resampling)


def _calibration_error(turns: Sequence[Turn], resampling: Resampling) -> Iterator[Figure]:
    confidence = _of_both(turns, lambda each: math.nan if each.probability is None else each.probability)
    right = _of_both(turns, lambda each: each.intent_is_right)
    single = np.array([turn.live.kind == "single" and len(turn.live.wanted) == 1 for turn in turns])
    counted = single & ~np.isnan(confidence).any(axis=0)
    if counted.any():
        live, candidate = (
            calibration_error(np.where(counted, each, 0.0), hits, counted) for each, hits in zip(confidence, right)
        )
        yield _figure("expected calibration error", "fraction", False, live, candidate, resampling)


def _costs(seconds: Seconds | None, sizes: tuple[int, int] | None) -> Iterator[Figure]:
    if seconds is not None:
        for name, percentile in (("answer takes, median", 50), ("answer takes, 95th percentile", 95)):
            live, candidate = (float(np.percentile(each, percentile)) * 1000 for each in (seconds.live, seconds.candidate))
            yield _single(name, "ms", live, candidate)
    if sizes is not None:
        live, candidate = (size / 1e6 for size in sizes)
        yield _single("size of the file", "MB", live, candidate)


def _intents(turns: Sequence[Turn]) -> list[IntentChange]:
    """The one with the most broken turns first, then the one with the most fixed turns."""
    wanted: defaultdict[str, list[Turn]] = defaultdict(list)
    for turn in turns:
        for topic in dict.fromkeys(turn.live.wanted):
            wanted[topic].append(turn)
    changes = [
        IntentChange(
            intent=intent,
            turns=len(each),
            live=sum(turn.live.right for turn in each),
            candidate=sum(turn.candidate.right for turn in each),
            fixed=sum(turn.change == "fixed" for turn in each),
            broken=sum(turn.change == "broken" for turn in each),
        )
        for intent, each in wanted.items()
    ]
    return sorted(changes, key=lambda each: (-each.broken, -each.fixed, each.intent))


def _calibration(judgement: Judgement, resamples: int) -> Calibration:
    if not judgement.confidences:
        return Calibration(_point(math.nan), {}, [])
    confidence, right = (np.array(each) for each in zip(*judgement.confidences))
    resampling = Resampling(np.arange(len(confidence)), resamples)
    error = resampling.interval(calibration_error(confidence, right))
    return Calibration(error, {}, reliability(confidence, right, resampling))


def _confusion(turns: Sequence[Turn]) -> dict[str, ConfusionMatrix]:
    """Of the turns in which one thing is wanted; both with the same rows and columns."""
    single = [turn for turn in turns if len(turn.live.wanted) == 1]
    pairs = {
        "live": Counter((turn.live.wanted[0], _taken_for(turn.live)) for turn in single),
        "candidate": Counter((turn.live.wanted[0], _taken_for(turn.candidate)) for turn in single),
    }
    names = sorted({name for counted in pairs.values() for pair in counted for name in pair})
    return {
        model: ConfusionMatrix(names, [[counted[row, column] for column in names] for row in names])
        for model, counted in pairs.items()
    }


def _taken_for(judged: Judged) -> str:
    if judged.right:
        return judged.wanted[0]
    return judged.got[0] if len(judged.got) == 1 else "several"


def _of_both(turns: Sequence[Turn], read: Callable[[Judged], float]) -> np.ndarray:
    """What `read` gives of live model and candidate, shape (2, turns)."""
    return np.array([[read(turn.live) for turn in turns], [read(turn.candidate) for turn in turns]], dtype=float)


def _figure(
    name: str, unit: Unit, higher_is_better: bool, live: Statistic, candidate: Statistic, resampling: Resampling
) -> Figure:
    intervals = resampling.intervals(
        lambda weights: np.stack([live(weights), candidate(weights), candidate(weights) - live(weights)], axis=1)
    )
    return Figure(name, unit, higher_is_better, *intervals)


def _single(name: str, unit: Unit, live: float, candidate: float) -> Figure:
    return Figure(name, unit, False, _point(live), _point(candidate), _point(candidate - live))


def _point(value: float) -> Interval:
    return Interval(value, math.nan, math.nan)
