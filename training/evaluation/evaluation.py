"""How good the intent model is, told honestly: `wohnlotse evaluate`.

No text is judged by anything that has seen it or a near-duplicate of it: the experts come from folds that leave it out,
and so do the blend and the thresholds, which are fitted to the out-of-fold scores of the other folds. Each figure has a
95 % interval from 1000 bootstrap resamples that draw groups of near-duplicates as a whole.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import cached_property
from pathlib import Path

import numpy as np
from tqdm import tqdm

from components.augmentation import PERTURBATIONS
from components.folds import grouped_folds, near_duplicate_groups
from components.intent_model import FOLDS, SEED, IntentModel, Progress, Verdict, is_out_of_scope, out_of_fold_scores
from training.corpus.examples import NLU, read_examples
from training.evaluation.resampling import (
    BINS,
    RESAMPLES,
    Interval,
    Resampling,
    auroc,
    bins,
    calibration_error,
    f1,
    indicator,
    macro_f1,
    ratios,
    share,
)
from training.failure import BadInput

#: Another seed than training's, or the misspellings would be the ones that the models have learned from.
PERTURBATION_SEED = 7
_LIMIT_SEED = 13
ZONES = ("answer", "clarify", "decline")
#: How many intents „Meinten Sie ...?“ may propose.
_PROPOSALS = 3
#: The goals: points of accuracy that a perturbation may cost, and expected calibration error.
LOSS_GOAL = 5.0
ERROR_GOAL = 0.05
#: How many confusions the report lists, and with how many texts each.
_CONFUSIONS, _CONFUSED_TEXTS = 25, 3


def evaluate_folder(folder: Path = NLU, limit: int = 0) -> Evaluation:
    """Evaluates the training examples below `folder`; with a `limit`, only so many, in the same mixture of intents. Shows
    on stderr how far it is. Raises BadInput where there is too little to evaluate, or where it cannot be read."""
    # texts are encoded, models trained (one step, and one for each), texts judged, figures resampled
    with tqdm(total=2 + FOLDS + 2, disable=None, bar_format="{l_bar}{bar}| {elapsed}") as bar:

        def progress(step: str) -> None:
            bar.set_description_str(step)
            bar.update()

        if not folder.is_dir():
            raise BadInput(f"There is no folder {folder}.")
        examples = read_examples(folder)
        texts, intents = [example.text for example in examples], [example.intent for example in examples]
        try:
            kept = stratified_subset(intents, limit) if limit else range(len(texts))
            return evaluate([texts[index] for index in kept], [intents[index] for index in kept], progress)
        except ValueError as error:
            raise BadInput(f"{folder}: {error}.") from None


@dataclass(frozen=True)
class Run:
    """What was evaluated. `fingerprint` tells whether two reports rest on the same examples."""

    created: str
    examples: int
    near_duplicate_groups: int
    intents: int
    fingerprint: str
    folds: int
    seed: int
    perturbation_seed: int
    resamples: int


@dataclass(frozen=True)
class Goal:
    """A figure that has to meet a requirement; `certain` where the whole interval says the same as the estimate."""

    name: str
    requirement: str
    unit: str
    figure: Interval
    met: bool
    certain: bool


@dataclass(frozen=True)
class ZoneFigures:
    """Shares of all texts, of those in scope and of those out of scope that land in a zone, and how many of them are
    right there (see `_zone_success`)."""

    share: Interval
    precision: Interval
    share_in_scope: Interval
    share_out_of_scope: Interval


@dataclass(frozen=True)
class PerturbationFigures:
    """Accuracy on perturbed texts, and the loss in points: over all texts, and over those that are changed at all."""

    accuracy: Interval
    loss: Interval
    changed: Interval
    loss_changed: Interval


@dataclass(frozen=True)
class Bin:
    """Texts whose confidence lies in [low, high): how many, their mean confidence, the share that is right."""

    low: float
    high: float
    n: int
    confidence: float
    accuracy: Interval


@dataclass(frozen=True)
class Calibration:
    """Expected calibration error of a confidence, overall and in each zone, and its filled bins."""

    error: Interval
    error_in_zone: dict[str, Interval]
    bins: list[Bin]


@dataclass(frozen=True)
class IntentFigures:
    """One intent: how many texts, how well they are found, and what they are most often taken for ("" for nothing)."""

    intent: str
    n: int
    precision: Interval
    recall: Interval
    f1: Interval
    confused_with: str
    confused: int


@dataclass(frozen=True)
class Confusion:
    """How many texts of one intent were taken for another one, with a few of them."""

    intent: str
    taken_for: str
    count: int
    texts: list[str]


@dataclass(frozen=True)
class ConfusionMatrix:
    """How many texts of each intent (rows) were taken for each intent (columns)."""

    intents: list[str]
    counts: list[list[int]]


@dataclass(frozen=True)
class Evaluation:
    """All figures. The keys of the mappings are names that the report shows."""

    run: Run
    goals: list[Goal]
    quality: dict[str, Interval]
    zones: dict[str, ZoneFigures]
    out_of_scope: dict[str, Interval]
    perturbations: dict[str, PerturbationFigures]
    calibration: dict[str, Calibration]
    per_intent: list[IntentFigures]
    confusions: list[Confusion]
    confusion_matrix: ConfusionMatrix
    confusion_matrix_merged: ConfusionMatrix


def evaluate(
    texts: Sequence[str],
    intents: Sequence[str],
    progress: Progress = lambda step: None,
    resamples: int = RESAMPLES,
) -> Evaluation:
    """Trains models that each leave out a part of `texts` and measures them there. Same input, same figures.

    Raises ValueError where there are too few examples to leave some out, or fewer than two intents.
    """
    if len(set(intents)) < 2:
        raise ValueError("an evaluation needs examples of at least two intents")
    spelled = {name: [perturb(text, PERTURBATION_SEED) for text in texts] for name, perturb in PERTURBATIONS.items()}
    found = out_of_fold_scores(texts, intents, progress, variants=spelled)
    if found is None:
        raise ValueError("too few examples of most intents: at least two of each are needed")
    progress("judging what was left out")
    judged = cross_fitted([found[0], *found[1].values()], intents, grouped_folds(texts, intents, FOLDS, SEED))
    progress("resampling the figures")
    return measure(texts, spelled, judged[0], dict(zip(spelled, judged[1:])), near_duplicate_groups(texts), resamples)


def stratified_subset(intents: Sequence[str], size: int) -> np.ndarray:
    """Indices, in order, of `size` examples (or all, if there are fewer) that mix the intents as `intents` does.

    Raises ValueError for a size below 1.
    """
    if size < 1:
        raise ValueError("a subset needs at least one example")
    labels = np.asarray(intents)
    place = np.zeros(len(labels))
    rng = np.random.default_rng(_LIMIT_SEED)
    for intent in sorted(set(intents)):
        members = rng.permutation(np.flatnonzero(labels == intent))
        place[members] = (np.arange(len(members)) + 0.5) / len(members)
    return np.sort(np.argsort(place, kind="stable")[:size])


def cross_fitted(spellings: Sequence[np.ndarray], intents: Sequence[str], parts: Sequence[np.ndarray]) -> list[Judgements]:
    """Judgements of each part, with blend and thresholds that are fitted to the other parts.

    `spellings`: out-of-fold scores, shape (3, texts, sorted intents) each, of the texts as written, to which blend and
    thresholds are fitted, then of other spellings. `parts`: indices of texts; together they hold each text once.
    """
    columns = sorted(set(intents))
    gold = np.array([columns.index(intent) for intent in intents])
    models = []
    for part in parts:
        rest = np.setdiff1d(np.arange(len(gold)), part)
        models.append(IntentModel.calibrated(columns, spellings[0][:, rest], gold[rest]))
    judged = []
    for scores in spellings:
        verdicts: dict[int, Verdict] = {}
        for part, model in zip(parts, models):
            verdicts.update(zip(part.tolist(), model.judge(scores[:, part])))
        judged.append(Judgements.of([verdicts[index] for index in range(len(gold))], intents))
    return judged


@dataclass(frozen=True)
class Judgements:
    """What a model says of texts with known intents, as arrays.

    `intents`: names in column order. `gold`: intent numbers, shape (texts,). `probabilities`: shape (texts, intents).
    `in_scope`, `zones`: as in Verdict, shape (texts,).
    """

    intents: list[str]
    gold: np.ndarray
    probabilities: np.ndarray
    in_scope: np.ndarray
    zones: np.ndarray

    @classmethod
    def of(cls, verdicts: Sequence[Verdict], gold: Sequence[str]) -> Judgements:
        """From one verdict and one right intent per text; all verdicts must rank the same intents."""
        intents = sorted(intent for intent, _ in verdicts[0].ranking)
        columns = {intent: column for column, intent in enumerate(intents)}
        probabilities = np.zeros((len(verdicts), len(intents)))
        for row, verdict in zip(probabilities, verdicts):
            for intent, probability in verdict.ranking:
                row[columns[intent]] = probability
        return cls(
            intents,
            np.array([columns[intent] for intent in gold]),
            probabilities,
            np.array([verdict.in_scope for verdict in verdicts]),
            np.array([verdict.zone for verdict in verdicts]),
        )

    @cached_property
    def outside(self) -> np.ndarray:
        """Which intents are out of scope, shape (intents,)."""
        return np.array([is_out_of_scope(intent) for intent in self.intents])

    @cached_property
    def strangers(self) -> np.ndarray:
        """Which texts are out of scope."""
        strangers: np.ndarray = self.outside[self.gold]
        return strangers

    @cached_property
    def predicted(self) -> np.ndarray:
        predicted: np.ndarray = self.probabilities.argmax(axis=1)
        return predicted

    @cached_property
    def right(self) -> np.ndarray:
        right: np.ndarray = self.predicted == self.gold
        return right

    @cached_property
    def proposals(self) -> np.ndarray:
        """The most likely intents in scope, best first, shape (texts, at most 3)."""
        inside = np.where(self.outside, -1.0, self.probabilities)
        return np.argsort(-inside, axis=1, kind="stable")[:, : min(_PROPOSALS, int((~self.outside).sum()))]


def measure(
    texts: Sequence[str],
    spelled: Mapping[str, Sequence[str]],
    written: Judgements,
    perturbed: Mapping[str, Judgements],
    groups: np.ndarray,
    resamples: int = RESAMPLES,
) -> Evaluation:
    """All figures with their intervals.

    `written` judges `texts`, `perturbed` the spellings `spelled` of them, by the same names. `groups`: which texts are
    near-duplicates, see `near_duplicate_groups`.
    """
    resampling = Resampling(groups, resamples)
    changed = {name: np.array([one != other for one, other in zip(texts, spelling)]) for name, spelling in spelled.items()}
    perturbations = {name: _perturbation(written, judged, changed[name], resampling) for name, judged in perturbed.items()}
    calibration = {
        "probability of the most likely intent": _calibration(
            written, written.probabilities.max(axis=1), written.right, resampling
        ),
        "in-scope score": _calibration(written, written.in_scope, written.proposals[:, 0] == written.gold, resampling),
    }
    merged = _merged(written)
    return Evaluation(
        run=_run(texts, written, groups, resamples),
        goals=_goals(perturbations, calibration["probability of the most likely intent"]),
        quality=_quality(written, merged, resampling),
        zones={zone: _zone(written, zone, resampling) for zone in ZONES},
        out_of_scope=_out_of_scope(written, resampling),
        perturbations=perturbations,
        calibration=calibration,
        per_intent=_per_intent(written, resampling),
        confusions=_confusions(texts, written),
        confusion_matrix=ConfusionMatrix(written.intents, _counts(written).tolist()),
        confusion_matrix_merged=ConfusionMatrix(merged.intents, _counts(merged).tolist()),
    )


def _run(texts: Sequence[str], written: Judgements, groups: np.ndarray, resamples: int) -> Run:
    lines = sorted(f"{written.intents[number]}\t{text}" for number, text in zip(written.gold, texts))
    return Run(
        created=datetime.now(timezone.utc).isoformat(timespec="seconds"),
        examples=len(texts),
        near_duplicate_groups=len(np.unique(groups)),
        intents=len(written.intents),
        fingerprint=hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12],
        folds=FOLDS,
        seed=SEED,
        perturbation_seed=PERTURBATION_SEED,
        resamples=resamples,
    )


def _goals(perturbations: Mapping[str, PerturbationFigures], top: Calibration) -> list[Goal]:
    goals = [
        _goal(f"loss under {name}", f"below {LOSS_GOAL:g} points", "points", figures.loss, lambda v: v < LOSS_GOAL)
        for name, figures in perturbations.items()
    ]
    error = _goal("expected calibration error", f"at most {ERROR_GOAL:g}", "fraction", top.error, lambda v: v <= ERROR_GOAL)
    return [*goals, error]


def _goal(name: str, requirement: str, unit: str, figure: Interval, meets: Callable[[float], bool]) -> Goal:
    met = meets(figure.value)
    return Goal(name, requirement, unit, figure, met, met == meets(figure.low) == meets(figure.high))


def _quality(written: Judgements, merged: Judgements, resampling: Resampling) -> dict[str, Interval]:
    return {
        "accuracy": resampling.interval(share(written.right)),
        "accuracy, all out-of-scope intents as one": resampling.interval(share(merged.right)),
        "macro-F1": resampling.interval(macro_f1(written.gold, written.predicted, len(written.intents))),
    }


def _merged(written: Judgements) -> Judgements:
    """With all out-of-scope intents as one. Its probabilities are 1 for the intent that `written` finds most likely."""
    names = np.array(["out_of_scope" if outside else name for name, outside in zip(written.intents, written.outside)])
    intents, numbers = np.unique(names, return_inverse=True)
    probabilities = np.eye(len(intents))[numbers[written.predicted]]
    return Judgements(intents.tolist(), numbers[written.gold], probabilities, written.in_scope, written.zones)


def _zone(written: Judgements, zone: str, resampling: Resampling) -> ZoneFigures:
    here = written.zones == zone
    return ZoneFigures(
        share=resampling.interval(share(here)),
        precision=resampling.interval(share(_zone_success(written, zone), here)),
        share_in_scope=resampling.interval(share(here, ~written.strangers)),
        share_out_of_scope=resampling.interval(share(here, written.strangers)),
    )


def _zone_success(written: Judgements, zone: str) -> np.ndarray:
    """Which texts are well served in a zone: answered with the right intent, asked back with the right intent among
    the proposals, declined because they really are out of scope."""
    if zone == "answer":
        return written.right
    if zone == "clarify":
        offered: np.ndarray = (written.proposals == written.gold[:, None]).any(axis=1)
        return offered
    return written.strangers


def _out_of_scope(written: Judgements, resampling: Resampling) -> dict[str, Interval]:
    summed = written.probabilities[:, written.outside].sum(axis=1)
    return {
        "AUROC of 1 - in-scope score": resampling.interval(auroc(1 - written.in_scope, written.strangers)),
        "AUROC of the summed out-of-scope probability": resampling.interval(auroc(summed, written.strangers)),
    }


def _perturbation(
    written: Judgements, perturbed: Judgements, changed: np.ndarray, resampling: Resampling
) -> PerturbationFigures:
    lost = 100.0 * (written.right.astype(float) - perturbed.right)  # paired: of one text, as written and perturbed
    return PerturbationFigures(
        accuracy=resampling.interval(share(perturbed.right)),
        loss=resampling.interval(share(lost)),
        changed=resampling.interval(share(changed)),
        loss_changed=resampling.interval(share(lost, changed)),
    )


def _calibration(written: Judgements, confidence: np.ndarray, right: np.ndarray, resampling: Resampling) -> Calibration:
    return Calibration(
        error=resampling.interval(calibration_error(confidence, right)),
        error_in_zone={
            zone: resampling.interval(calibration_error(confidence, right, written.zones == zone)) for zone in ZONES
        },
        bins=reliability(confidence, right, resampling),
    )


def reliability(confidence: np.ndarray, right: np.ndarray, resampling: Resampling) -> list[Bin]:
    """The filled bins of `confidence`, each with the share that is right."""
    places = bins(confidence)
    accuracies = resampling.intervals(ratios(indicator(places, BINS, right), indicator(places, BINS)))
    return [
        Bin(place / BINS, (place + 1) / BINS, int(inside.sum()), float(confidence[inside].mean()), accuracies[place])
        for place, inside in ((place, places == place) for place in range(BINS))
        if inside.any()
    ]


def _per_intent(written: Judgements, resampling: Resampling) -> list[IntentFigures]:
    count = len(written.intents)
    right = indicator(written.gold, count, written.right)
    precision = resampling.intervals(ratios(right, indicator(written.predicted, count)))
    recall = resampling.intervals(ratios(right, indicator(written.gold, count)))
    both = resampling.intervals(f1(written.gold, written.predicted, count))
    wrong = _counts(written)
    sizes = wrong.sum(axis=1)
    np.fill_diagonal(wrong, 0)
    most = wrong.argmax(axis=1)
    return [
        IntentFigures(
            intent=intent,
            n=int(sizes[row]),
            precision=precision[row],
            recall=recall[row],
            f1=both[row],
            confused_with=written.intents[most[row]] if wrong[row].any() else "",
            confused=int(wrong[row].max()),
        )
        for row, intent in enumerate(written.intents)
    ]


def _confusions(texts: Sequence[str], written: Judgements) -> list[Confusion]:
    pairs = Counter(zip(written.gold[~written.right].tolist(), written.predicted[~written.right].tolist()))
    confusions = []
    for (gold, predicted), count in sorted(pairs.items(), key=lambda item: (-item[1], item[0]))[:_CONFUSIONS]:
        places = np.flatnonzero((written.gold == gold) & (written.predicted == predicted))[:_CONFUSED_TEXTS]
        confused = [texts[place] for place in places]
        confusions.append(Confusion(written.intents[gold], written.intents[predicted], count, confused))
    return confusions


def _counts(judged: Judgements) -> np.ndarray:
    """Confusion matrix, shape (intents, intents), rows are the right intents."""
    counts = np.zeros((len(judged.intents), len(judged.intents)), dtype=int)
    np.add.at(counts, (judged.gold, judged.predicted), 1)
    return counts
