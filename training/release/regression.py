"""When a candidate is worse than the live model: the rule by which a promotion is refused.

Between two good models some turns of the test set always break while others are fixed. A difference counts where it is
larger than chance explains (the exact test of McNemar 1947 on the turns that changed, one-sided, at the level 0.05; Dietterich
1998, "Approximate Statistical Tests for Comparing Supervised Classification Learning Algorithms", finds it the one that
seldom cries wolf where each model is trained once), or where it is larger than we accept, chance or not. The latter bounds
are our own choice. Regression questions are none of chance: each of them has been promised to somebody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from scipy.stats import binomtest

from training.evaluation.evaluation import ERROR_GOAL, LOSS_GOAL
from training.release.comparison import Comparison, Turn

#: One-sided level of significance.
_LEVEL = 0.05
#: Points of the whole test set that are lost, net, at most.
_POINTS = 0.5
#: The most that an intent, or the questions out of scope, may lose, net: so many turns, and such a share of theirs.
_TURNS, _SHARE = 3, 0.1
_STRANGE_SHARE = 0.01
#: How much worse than the live model a figure must be that misses its goal: points of perturbation loss, and fraction.
_LOSS_MARGIN, _ERROR_MARGIN = 2.0, 0.01

Kind = Literal[
    "validation", "regression question", "test set", "intent", "out of scope", "perturbation", "calibration", "dialogue test"
]


@dataclass(frozen=True)
class Regression:
    """One reason to refuse a candidate. `name`: what it is about; `message`: the figures; `broken`: the turns that show it."""

    kind: Kind
    name: str
    message: str
    broken: tuple[Turn, ...] = ()

    def __str__(self) -> str:
        return f"{self.kind}: {self.name}: {self.message}"


def find_regressions(comparison: Comparison) -> list[Regression]:
    """All reasons in `comparison`, the gravest first.

    - A regression question that the candidate gets wrong, whether the live model gets it right or not.
    - The development test set as a whole: significantly more turns broken than fixed, or half a point lost.
    - An intent of it: significantly more broken than fixed, or 3 turns lost that are more than a tenth of its own.
    - Questions out of scope that are answered, by the same rule with a hundredth.
    - A perturbation that costs more than its goal, and 2 points more than with the live model or significantly more.
    - A calibration error beyond its goal and 0.01 above the live model's.
    """
    development = [turn for turn in comparison.turns if turn.live.kind != "regression"]
    return [
        *_regression_questions(comparison.turns),
        *_test_set(development),
        *_intents(development),
        *_out_of_scope(development),
        *_perturbations(comparison),
        *_calibration(comparison),
    ]


def _regression_questions(turns: Sequence[Turn]) -> Iterator[Regression]:
    for turn in turns:
        if turn.live.kind == "regression" and not turn.candidate.right:
            got, wanted = "+".join(turn.candidate.got), "+".join(turn.candidate.wanted)
            yield Regression("regression question", turn.live.place, f"„{turn.live.text}“: {got}, not {wanted}", (turn,))


def _test_set(turns: Sequence[Turn]) -> Iterator[Regression]:
    broken, fixed = _changed(turns)
    if turns and (_is_significant(broken, fixed) or (len(broken) - len(fixed)) / len(turns) * 100 > _POINTS):
        yield Regression("test set", "all turns", _told(broken, fixed, turns), tuple(broken))


def _intents(turns: Sequence[Turn]) -> Iterator[Regression]:
    wanted: defaultdict[str, list[Turn]] = defaultdict(list)
    for turn in turns:
        for topic in dict.fromkeys(turn.live.wanted):
            wanted[topic].append(turn)
    for intent, its in sorted(wanted.items()):
        broken, fixed = _changed(its)
        if intent != "decline" and _is_worse(broken, fixed, _SHARE * len(its)):
            yield Regression("intent", intent, _told(broken, fixed, its), tuple(broken))


def _out_of_scope(turns: Sequence[Turn]) -> Iterator[Regression]:
    strange = [turn for turn in turns if turn.live.is_out_of_scope]
    answered = [turn for turn in strange if turn.live.is_declined and not turn.candidate.is_declined]
    declined = [turn for turn in strange if turn.candidate.is_declined and not turn.live.is_declined]
    if _is_worse(answered, declined, _STRANGE_SHARE * len(strange)):
        yield Regression("out of scope", "answered", _told(answered, declined, strange), tuple(answered))


def _perturbations(comparison: Comparison) -> Iterator[Regression]:
    written = {turn.live.place: turn for turn in comparison.turns}
    for name, turns in comparison.perturbed.items():
        if not turns:
            continue
        broken, fixed = _changed(turns)
        as_written = [written[turn.live.place] for turn in turns]
        live = _points([turn.live.right for turn in as_written]) - _points([turn.live.right for turn in turns])
        loss = _points([turn.candidate.right for turn in as_written]) - _points([turn.candidate.right for turn in turns])
        if loss >= LOSS_GOAL and (loss - live > _LOSS_MARGIN or (loss > live and _is_significant(broken, fixed))):
            message = f"costs {loss:.1f} points, with the live model {live:.1f}; the goal is below {LOSS_GOAL:g}"
            yield Regression("perturbation", name, message, tuple(broken))


def _calibration(comparison: Comparison) -> Iterator[Regression]:
    live, error = (comparison.calibration[model].error.value for model in ("live", "candidate"))
    if error > ERROR_GOAL and error - live > _ERROR_MARGIN:
        message = f"{error:.3f}, with the live model {live:.3f}; the goal is at most {ERROR_GOAL:g}"
        yield Regression("calibration", "expected calibration error", message)


def _is_worse(broken: Sequence[Turn], fixed: Sequence[Turn], accepted: float) -> bool:
    """Significantly, or by at least `_TURNS` turns that are more than `accepted`."""
    lost = len(broken) - len(fixed)
    return _is_significant(broken, fixed) or (lost >= _TURNS and lost > accepted)


def _is_significant(broken: Sequence[Turn], fixed: Sequence[Turn]) -> bool:
    return _p_value(broken, fixed) < _LEVEL


def _p_value(broken: Sequence[Turn], fixed: Sequence[Turn]) -> float:
    """The probability of so many broken turns among those that changed, or more, if both models were equally good."""
    changed = len(broken) + len(fixed)
    return float(binomtest(len(broken), changed, alternative="greater").pvalue) if changed else 1.0


def _changed(turns: Sequence[Turn]) -> tuple[list[Turn], list[Turn]]:
    return [turn for turn in turns if turn.change == "broken"], [turn for turn in turns if turn.change == "fixed"]


def _told(broken: Sequence[Turn], fixed: Sequence[Turn], turns: Sequence[Turn]) -> str:
    return f"{len(broken)} broken and {len(fixed)} fixed of {len(turns)} turns (p = {_p_value(broken, fixed):.2g})"


def _points(right: Sequence[bool]) -> float:
    return 100 * sum(right) / len(right)
