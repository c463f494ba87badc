"""Our pipeline beside the stock one on labelled texts from outside, and how it tells strangers from them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from benchmarks.intent_sets import IntentSet, Row, hold_out, sample_shots
from benchmarks.records import Records, digest
from benchmarks.sides import Progress, Side, as_digits, candidate_digest, config_of, share
from benchmarks.statistics import auroc
from benchmarks.trial import Trial, run_trial

SEED = 42
HOLD_OUTS = 3
HOLD_OUT_SHOTS = 20

_HIDDEN = 0.2
_FAR = 400  # texts of the pool that are asked
#: Sets that are run with few examples unless said otherwise: it is there that wording is new.
_USUAL_SHOTS = {"robo_faq_de_hard": 10}


@dataclass(frozen=True)
class SetResult:
    """One side on one set. `shots`: examples per intent, None for all. `epochs`: of DIET. `rows`: examples trained on.
    `train_seconds`: see `Outcome`. `right`: by split, 1 or 0 per text for the most likely intent."""

    name: str
    shots: int | None
    epochs: int
    rows: int
    train_seconds: float
    right: dict[str, str]


@dataclass(frozen=True)
class HoldOutResult:
    """Our side with some intents hidden. AUROC 0 to 1 by score: „in_scope“ is 1 - in_scope, „top“ is 1 - probability of
    the most likely intent. `near`: against texts of the hidden intents; `far`: against the pool, empty without one.
    `accuracy`: of the intents that are left."""

    name: str
    accuracy: float
    near: dict[str, float]
    far: dict[str, float]


def measure_sets(
    records: Records, sets: Sequence[IntentSet], sides: Sequence[Side], shots: int | None, epochs: int, say: Progress
) -> None:
    """Stores „<set>/<side>“ and, for ours, „<set>/hold-out-<n>“, each as soon as it is there. Raises CommandFailed."""
    pool = [row.text for each in sets if each.is_pool for row in each.rows]
    for intent_set in (each for each in sets if not each.is_pool):
        for side in sides:
            _measure_set(records, intent_set, side, shots or _USUAL_SHOTS.get(intent_set.name), epochs, say)
        if "ours" in sides:
            for number in range(HOLD_OUTS):
                _measure_hold_out(records, intent_set, pool, number, say)


def _measure_set(records: Records, intent_set: IntentSet, side: Side, shots: int | None, epochs: int, say: Progress) -> None:
    key = f"{intent_set.name}/{side}"
    data, candidate = digest(_fields(intent_set.rows), shots, SEED), candidate_digest(side, epochs)
    if records.find(key, data, candidate) is not None:
        say(f"{key}: already measured")
        return
    rows = sample_shots(intent_set.train, shots, SEED)
    say(f"{key}: training on {len(rows)} texts of {len({row.intent for row in rows})} intents")
    questions = {split: [row.text for row in tests] for split, tests in intent_set.tests.items()}
    outcome = run_trial(_trial(side, epochs, rows, questions))
    right = {
        split: as_digits(said.intent == row.intent for said, row in zip(outcome.predictions[split], tests))
        for split, tests in intent_set.tests.items()
    }
    seconds = outcome.train_seconds or 0.0
    say(f"{key}: {seconds:.1f} s, {share(right['test']):.1%} right")
    records.store(key, data, candidate, asdict(SetResult(intent_set.name, shots, epochs, len(rows), seconds, right)))


def _measure_hold_out(records: Records, intent_set: IntentSet, pool: Sequence[str], number: int, say: Progress) -> None:
    key = f"{intent_set.name}/hold-out-{number}"
    far = random.Random(SEED).sample(pool, min(_FAR, len(pool)))
    data = digest(_fields(intent_set.rows), far, HOLD_OUT_SHOTS, number)
    candidate = candidate_digest("ours", 0)
    if records.find(key, data, candidate) is not None:
        say(f"{key}: already measured")
        return
    held = hold_out(intent_set, _HIDDEN, HOLD_OUT_SHOTS, number)
    say(f"{key}: training on {len(held.train)} texts, {len(held.outside)} of hidden intents")
    questions = {"near": [row.text for row in held.outside], "far": far, "inside": [row.text for row in held.inside]}
    said = run_trial(_trial("ours", 0, held.train, questions)).predictions
    scores = {
        "in_scope": {name: [1 - (each.in_scope or 0.0) for each in found] for name, found in said.items()},
        "top": {name: [1 - each.confidence for each in found] for name, found in said.items()},
    }
    result = HoldOutResult(
        name=intent_set.name,
        accuracy=share(as_digits(each.intent == row.intent for each, row in zip(said["inside"], held.inside))),
        near={score: auroc(by["inside"], by["near"]) for score, by in scores.items()},
        far={score: auroc(by["inside"], by["far"]) for score, by in scores.items()} if far else {},
    )
    say(f"{key}: AUROC {result.near['in_scope']:.3f} against the hidden intents")
    records.store(key, data, candidate, asdict(result))


def _trial(side: Side, epochs: int, rows: Sequence[Row], questions: dict[str, list[str]]) -> Trial:
    texts, intents = [row.text for row in rows], [row.intent for row in rows]
    return Trial(config_of(side, epochs), questions, texts, intents)


def _fields(rows: Sequence[Row]) -> list[list[str]]:
    return [[row.text, row.intent, row.split] for row in rows]
