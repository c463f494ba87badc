"""What we want to reach beside the stock pipeline, and whether we do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from statistics import mean
from typing import Any, Generic, TypeVar

from benchmarks.project import Training
from benchmarks.records import Record
from benchmarks.servers import Serving
from benchmarks.sets import HoldOutResult, SetResult
from benchmarks.sides import as_flags
from benchmarks.statistics import in_points, paired_bootstrap
from benchmarks.stock import EPOCHS
from training.evaluation.resampling import Interval

TRAINING_RATIO = 10.0
PARSE_RATIO = 0.5
HARD_SET = "robo_faq_de_hard"
HARD_SHOTS = 10
HARD_LEAD = 0.20
STRANGERS_AUROC = 0.80

Result = TypeVar("Result")


@dataclass(frozen=True)
class Goal:
    """`measured`: the figure in words, empty where there is none. `met`: None where that cannot be said."""

    wanted: str
    measured: str
    met: bool | None


@dataclass(frozen=True)
class Pair(Generic[Result]):
    """What was measured on the same data, on both sides. `same_run`: without a pause in between."""

    ours: Result
    stock: Result
    same_run: bool


def goals(project: Mapping[str, Record], sets: Mapping[str, Record]) -> list[Goal]:
    """All goals, in the order of the report; `project` and `sets` are the records of the two parts."""
    return [*_project_goals(project), *_set_goals(sets), _strangers_goal(sets)]


def goal_table(rows: Sequence[Goal]) -> str:
    """A Markdown table: goal, measured, met or not met."""
    lines = ["| goal | measured | |", "| --- | --- | --- |"]
    words = {True: "met", False: "**not met**", None: "–"}
    lines += [f"| {each.wanted} | {each.measured or 'not measured'} | {words[each.met]} |" for each in rows]
    return "\n".join(lines)


def pair(records: Mapping[str, Record], ours: str, stock: str, kind: type[Result]) -> Pair[Result] | None:
    """The two results under these keys; None where one is missing or was measured on other data."""
    mine, theirs = records.get(ours), records.get(stock)
    if mine is None or theirs is None or mine.data != theirs.data:
        return None
    return Pair(parsed(mine, kind), parsed(theirs, kind), mine.run == theirs.run)


def parsed(record: Record, kind: type[Result]) -> Result:
    """The record's value as the dataclass that was stored; what other versions stored beside it is left out."""
    names = {each.name for each in fields(kind)}  # type: ignore[arg-type]
    values: dict[str, Any] = {name: value for name, value in record.value.items() if name in names}
    return kind(**values)


def set_pairs(sets: Mapping[str, Record]) -> dict[str, Pair[SetResult]]:
    """The sets that both sides were measured on, by name."""
    names = [key.removesuffix("/ours") for key in sets if key.endswith("/ours")]
    found = {name: pair(sets, f"{name}/ours", f"{name}/stock", SetResult) for name in names}
    return {name: both for name, both in found.items() if both is not None}


def lead(both: Pair[SetResult], split: str = "test") -> Interval:
    """How far ours is ahead on a split."""
    return paired_bootstrap(as_flags(both.ours.right[split]), as_flags(both.stock.right[split]))


def hold_outs(sets: Mapping[str, Record], name: str) -> list[HoldOutResult]:
    """The hold-outs of a set that were measured on our current side: those that agree in what was measured."""
    found = [record for key, record in sets.items() if key.startswith(f"{name}/hold-out-")]
    newest = max((record.run for record in found), default="")
    current = {record.candidate for record in found if record.run == newest}
    return [parsed(record, HoldOutResult) for record in found if record.candidate in current]


def _project_goals(project: Mapping[str, Record]) -> list[Goal]:
    faster = f"`rasa train nlu` at least {TRAINING_RATIO:.0f} times faster, by the clock and in processor time"
    better = "accuracy on our test questions: interval of the difference above 0"
    quicker = "`POST /model/parse`: at most half the time"
    found = []
    training = pair(project, "training/ours", "training/stock", Training)
    if training:
        by_clock = training.stock.seconds / training.ours.seconds
        by_processor = training.stock.cpu / training.ours.cpu
        ahead = paired_bootstrap(as_flags(training.ours.right), as_flags(training.stock.right))
        times = f"{by_clock:.1f} times ({training.ours.seconds:.0f} s, {training.stock.seconds:.0f} s), "
        times += f"{by_processor:.1f} times ({training.ours.cpu:.0f} s, {training.stock.cpu:.0f} s)"
        found.append(_judged(faster, times, min(by_clock, by_processor) >= TRAINING_RATIO, training, timed=True))
        found.append(_judged(better, in_points(ahead), ahead.low > 0, training))
    else:
        found += [Goal(faster, "", None), Goal(better, "", None)]
    # A parse takes as long after 2 epochs as after 100, so the number of epochs is no obstacle here.
    serving = pair(project, "serving/ours", "serving/stock", Serving)
    if serving is None:
        return [*found, Goal(quicker, "", None)]
    ratio = serving.ours.parse_median / serving.stock.parse_median
    times = f"{ratio:.2f} times ({serving.ours.parse_median:.1f} ms, {serving.stock.parse_median:.1f} ms)"
    return [*found, Goal(quicker, times + _apart(serving), ratio <= PARSE_RATIO)]


def _set_goals(sets: Mapping[str, Record]) -> list[Goal]:
    pairs = set_pairs(sets)
    found = [
        _judged(f"{name}: ahead of stock", in_points(lead(both)), lead(both).value > 0, both) for name, both in pairs.items()
    ] or [Goal("ahead of stock on each labelled set", "", None)]
    wanted = f"{HARD_SET} with {HARD_SHOTS} examples per intent: ahead by {HARD_LEAD * 100:.0f} points"
    hard = pairs.get(HARD_SET)
    if hard is None or hard.ours.shots != HARD_SHOTS:
        return [*found, Goal(wanted, "", None)]
    ahead = lead(hard)
    return [*found, _judged(wanted, in_points(ahead), ahead.value >= HARD_LEAD, hard)]


def _strangers_goal(sets: Mapping[str, Record]) -> Goal:
    wanted = f"{HARD_SET}, a fifth of the intents hidden: AUROC of 1 - in_scope at least {STRANGERS_AUROC:.2f}"
    found = hold_outs(sets, HARD_SET)
    if not found:
        return Goal(wanted, "", None)
    value = mean(each.near["in_scope"] for each in found)
    return Goal(wanted, f"{value:.3f} (mean of {len(found)})", value >= STRANGERS_AUROC)


def _judged(wanted: str, measured: str, met: bool, both: Pair[Any], timed: bool = False) -> Goal:
    """A stock side that was trained for fewer epochs is no opponent: then nothing is met."""
    if both.stock.epochs != EPOCHS:
        return Goal(wanted, f"{measured}, stock trained for {both.stock.epochs} epochs only", None)
    return Goal(wanted, measured + (_apart(both) if timed else ""), met)


def _apart(both: Pair[Any]) -> str:
    return "" if both.same_run else ", the sides measured in different runs"
