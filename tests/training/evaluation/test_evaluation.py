"""How good the model is: figures of hand-made verdicts, of a model that knows nothing, and of a small trained one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from components.folds import grouped_folds, near_duplicate_groups
from components.intent_model import FOLDS, SEED, Verdict, Zone, out_of_fold_scores
from training.corpus.examples import Example, read_examples
from training.evaluation.evaluation import (
    Evaluation,
    Judgements,
    cross_fitted,
    evaluate,
    evaluate_folder,
    measure,
    stratified_subset,
)
from training.failure import BadInput

_LIBRARY = Path(__file__).parent.parent / "nlu"


@pytest.fixture(scope="module")
def library() -> list[Example]:
    """8 intents of a library's bot, two of them out of scope, 15 questions each."""
    return read_examples(_LIBRARY)


@pytest.fixture(scope="module")
def library_evaluation(library: list[Example]) -> Evaluation:
    return evaluate([each.text for each in library], [each.intent for each in library], resamples=200)


def _verdict(probabilities: Mapping[str, float], zone: Zone = "answer", in_scope: float = 0.5) -> Verdict:
    return Verdict(sorted(probabilities.items(), key=lambda item: -item[1]), in_scope, zone)


def _one(intent: str, zone: Zone = "answer", in_scope: float = 0.5) -> Verdict:
    """As sure as can be of one intent."""
    others = dict.fromkeys(("hours", "fees", "card", "address", "oos_weather", "oos_cooking"), 0.02)
    return _verdict({**others, intent: 0.9}, zone, in_scope)


def _measured(verdicts: Sequence[Verdict], gold: Sequence[str]) -> Evaluation:
    texts = [f"text {number}" for number in range(len(gold))]
    return measure(texts, {}, Judgements.of(verdicts, gold), {}, np.arange(len(gold)), resamples=50)


# hand-made verdicts


def test_answer_zone_is_right_where_the_intent_is() -> None:
    zones = _measured(
        [_one("hours"), _one("hours"), _one("fees"), _one("card"), _one("oos_weather", "decline")],
        ["hours", "fees", "fees", "oos_cooking", "oos_cooking"],
    ).zones

    assert zones["answer"].share.value == pytest.approx(4 / 5)
    assert zones["answer"].precision.value == pytest.approx(2 / 4)
    assert zones["answer"].share_in_scope.value == pytest.approx(1.0)
    assert zones["answer"].share_out_of_scope.value == pytest.approx(1 / 2)


def test_clarify_zone_is_right_where_the_intent_is_among_the_three_best_in_scope() -> None:
    second_behind_two_strangers = {
        "oos_weather": 0.3, "oos_cooking": 0.25, "hours": 0.2, "fees": 0.15, "card": 0.07, "address": 0.03,
    }  # fmt: skip
    asked_back = _verdict(second_behind_two_strangers, "clarify")

    zones = _measured([asked_back] * 5, ["hours", "fees", "card", "address", "oos_weather"]).zones

    assert zones["clarify"].precision.value == pytest.approx(3 / 5)
    assert zones["clarify"].share_in_scope.value == pytest.approx(1.0)


def test_clarify_zone_is_never_right_for_texts_out_of_scope_even_with_few_intents_in_scope() -> None:
    zones = _measured([_verdict({"hours": 0.4, "oos_weather": 0.6}, "clarify")] * 2, ["hours", "oos_weather"]).zones

    assert zones["clarify"].precision.value == pytest.approx(1 / 2)


def test_decline_zone_is_right_where_the_text_is_out_of_scope_whatever_the_intent() -> None:
    zones = _measured(
        [_one("oos_weather", "decline")] * 3 + [_one("hours", "decline"), _one("hours")],
        ["oos_weather", "oos_cooking", "oos_cooking", "hours", "hours"],
    ).zones

    assert zones["decline"].precision.value == pytest.approx(3 / 4)
    assert zones["decline"].share_in_scope.value == pytest.approx(1 / 2)
    assert zones["decline"].share_out_of_scope.value == pytest.approx(1.0)


def test_zone_that_is_never_chosen_has_no_precision() -> None:
    zones = _measured([_one("hours"), _one("fees")], ["hours", "fees"]).zones

    assert zones["clarify"].share.value == 0.0
    assert np.isnan(zones["clarify"].precision.value)


def test_one_out_of_scope_intent_for_another_is_wrong_unless_they_are_merged() -> None:
    evaluation = _measured(
        [_one("oos_weather", "decline"), _one("oos_weather", "decline"), _one("hours"), _one("oos_cooking", "decline")],
        ["oos_weather", "oos_cooking", "hours", "fees"],
    )

    assert evaluation.quality["accuracy"].value == pytest.approx(2 / 4)
    assert evaluation.quality["accuracy, all out-of-scope intents as one"].value == pytest.approx(3 / 4)
    assert evaluation.confusion_matrix_merged.intents == ["address", "card", "fees", "hours", "out_of_scope"]
    assert evaluation.confusion_matrix_merged.counts == [
        [0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0],
        [0, 0, 0, 0, 1],
        [0, 0, 0, 1, 0],
        [0, 0, 0, 0, 2],
    ]


def test_both_out_of_scope_scores_are_judged_each_by_itself() -> None:
    in_scope_but_doubtful = _verdict({"hours": 0.9, "oos_weather": 0.1}, in_scope=0.2)
    stranger_that_looks_sure = _verdict({"hours": 0.3, "oos_weather": 0.7}, in_scope=0.8)

    figures = _measured([in_scope_but_doubtful, stranger_that_looks_sure], ["hours", "oos_weather"]).out_of_scope

    assert figures["AUROC of 1 - in-scope score"].value == 0.0
    assert figures["AUROC of the summed out-of-scope probability"].value == 1.0


def test_intents_have_precision_recall_and_their_most_frequent_confusion() -> None:
    verdicts = [_one("hours")] * 3 + [_one("fees")] * 2 + [_one("card")] + [_one("fees")] * 2
    evaluation = _measured(verdicts, ["hours"] * 6 + ["fees"] * 2)
    hours, fees = (next(each for each in evaluation.per_intent if each.intent == intent) for intent in ("hours", "fees"))

    assert (hours.n, hours.confused_with, hours.confused) == (6, "fees", 2)
    assert (hours.precision.value, hours.recall.value) == pytest.approx((1.0, 0.5))
    assert hours.f1.value == pytest.approx(2 / 3)
    assert (fees.n, fees.confused_with, fees.confused) == (2, "", 0)
    assert (fees.precision.value, fees.recall.value) == pytest.approx((0.5, 1.0))
    assert [(each.intent, each.taken_for, each.count, each.texts) for each in evaluation.confusions] == [
        ("hours", "fees", 2, ["text 3", "text 4"]),
        ("hours", "card", 1, ["text 5"]),
    ]


def test_loss_is_counted_over_all_texts_and_over_those_that_changed() -> None:
    gold = ["hours"] * 10
    written = Judgements.of([_one("hours")] * 10, gold)
    perturbed = Judgements.of([_one("fees")] + [_one("hours")] * 9, gold)
    texts = [f"Text {number}" for number in range(10)]
    spelled = [text.lower() if number < 4 else text for number, text in enumerate(texts)]

    evaluation = measure(texts, {"lower": spelled}, written, {"lower": perturbed}, np.arange(10), resamples=50)
    lower, goal = evaluation.perturbations["lower"], evaluation.goals[0]

    assert (lower.accuracy.value, lower.changed.value) == pytest.approx((0.9, 0.4))
    assert (lower.loss.value, lower.loss_changed.value) == pytest.approx((10.0, 25.0))
    assert (goal.name, goal.met, goal.certain) == ("loss under lower", False, False)


def test_calibration_goal_is_missed_by_a_model_that_is_too_sure() -> None:
    sure = [_verdict({"hours": 0.95, "fees": 0.05})] * 100

    goals = [_measured(sure, ["hours"] * right + ["fees"] * (100 - right)).goals[-1] for right in (95, 60)]

    assert [goal.figure.value for goal in goals] == pytest.approx([0.0, 0.35])
    assert [goal.met for goal in goals] == [True, False]
    assert goals[1].certain


# cross-fitting


def _random_scores(texts: int, intents: int, seed: int = 9) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(3, texts, intents))


def test_figures_of_a_model_that_knows_nothing_are_near_chance() -> None:
    gold = np.array(["address", "card", "fees", "hours", "return", "events", "oos_cooking", "oos_weather"] * 100)
    written, perturbed = cross_fitted(
        [_random_scores(800, 8), _random_scores(800, 8, seed=10)], gold.tolist(), np.array_split(np.arange(800), 5)
    )
    texts = [f"text {number}" for number in range(800)]

    evaluation = measure(texts, {"typos": texts}, written, {"typos": perturbed}, np.arange(800))

    figures = [(evaluation.quality["accuracy"], 1 / 8), (evaluation.perturbations["typos"].loss, 0.0)]
    figures += [(auroc, 0.5) for auroc in evaluation.out_of_scope.values()]
    assert [interval.low <= chance <= interval.high for interval, chance in figures] == [True] * 4
    assert evaluation.quality["macro-F1"].value < 0.2
    assert evaluation.goals[-1].figure.value < 0.05  # it knows that it knows nothing


def test_right_intents_of_a_part_do_not_change_how_it_is_judged() -> None:
    gold = np.array(["fees", "hours", "oos_weather"] * 40)
    scores = _random_scores(120, 3)
    scores[:, np.arange(120), np.arange(120) % 3] += 1.5
    parts = np.array_split(np.arange(120), 5)
    spoilt = gold.copy()
    spoilt[parts[0]] = np.roll(gold[parts[0]], 1)

    judged, judged_spoilt = (cross_fitted([scores], labels.tolist(), parts)[0] for labels in (gold, spoilt))

    assert np.array_equal(judged.probabilities[parts[0]], judged_spoilt.probabilities[parts[0]])
    assert np.array_equal(judged.in_scope[parts[0]], judged_spoilt.in_scope[parts[0]])
    assert np.array_equal(judged.zones[parts[0]], judged_spoilt.zones[parts[0]])
    assert not np.allclose(judged.probabilities[parts[1]], judged_spoilt.probabilities[parts[1]])


def test_other_spellings_are_judged_with_what_was_fitted_to_the_texts_as_written() -> None:
    gold = ["fees", "hours", "oos_weather"] * 40
    scores = _random_scores(120, 3)

    written, same, other = cross_fitted(
        [scores, scores, 3 * _random_scores(120, 3, seed=1)], gold, np.array_split(np.arange(120), 5)
    )
    alone = cross_fitted([scores], gold, np.array_split(np.arange(120), 5))[0]

    assert np.array_equal(written.probabilities, same.probabilities)
    assert np.array_equal(written.probabilities, alone.probabilities)
    assert not np.allclose(written.probabilities, other.probabilities)


# trained models


def _with_near_duplicates(texts: Sequence[str]) -> list[str]:
    return [*texts, *(f"{text[:-1]}!?" for text in texts)]


def test_near_duplicates_never_cross_folds(library: list[Example]) -> None:
    texts = _with_near_duplicates([each.text for each in library])
    intents = [each.intent for each in library] * 2

    folds = grouped_folds(texts, intents, FOLDS, SEED)
    fold_of = np.zeros(len(texts), dtype=int)
    for number, test in enumerate(folds):
        fold_of[test] = number

    assert sorted(np.concatenate(folds)) == list(range(len(texts)))
    assert np.array_equal(fold_of[: len(library)], fold_of[len(library) :])
    groups = near_duplicate_groups(texts)
    assert all(len(set(fold_of[groups == group])) == 1 for group in set(groups))


def test_near_duplicates_give_nothing_away(library: list[Example]) -> None:
    some = library[::2]
    texts = _with_near_duplicates([each.text for each in some])
    meaningless = np.random.default_rng(1).permutation([each.intent for each in some]).tolist() * 2

    evaluation = evaluate(texts, meaningless, resamples=50)

    # a model that had seen a text's twin with its label would be right nearly always; 1 of 8 is chance
    assert evaluation.quality["accuracy"].value < 0.25
    assert all(figures.accuracy.value < 0.25 for figures in evaluation.perturbations.values())


def test_variants_are_scored_by_the_model_that_left_out_their_text(library: list[Example]) -> None:
    texts, intents = [each.text for each in library], [each.intent for each in library]

    found = out_of_fold_scores(texts, intents, variants={"same": texts, "capitals": [text.upper() for text in texts]})

    assert found is not None
    scores, variants = found
    assert list(variants) == ["same", "capitals"]
    assert np.allclose(variants["same"], scores, atol=1e-4)
    assert not np.allclose(variants["capitals"], scores, atol=1e-2)


def test_small_model_finds_most_intents_and_strangers(library_evaluation: Evaluation) -> None:
    assert library_evaluation.quality["accuracy"].low > 0.5
    assert all(figure.low > 0.7 for figure in library_evaluation.out_of_scope.values())
    assert library_evaluation.zones["answer"].precision.low > 0.5
    assert library_evaluation.zones["answer"].share_out_of_scope.value < 0.1


def test_every_perturbation_and_goal_is_measured(library_evaluation: Evaluation) -> None:
    names = ["typos", "umlauts", "lower", "punctuation"]

    assert list(library_evaluation.perturbations) == names
    assert [goal.name for goal in library_evaluation.goals] == [
        *(f"loss under {name}" for name in names),
        "expected calibration error",
    ]


def test_zones_share_all_texts_and_matrices_count_each_once(library_evaluation: Evaluation) -> None:
    assert sum(figures.share.value for figures in library_evaluation.zones.values()) == pytest.approx(1.0)
    for matrix in (library_evaluation.confusion_matrix, library_evaluation.confusion_matrix_merged):
        assert np.sum(matrix.counts) == 120
    assert np.sum(library_evaluation.confusion_matrix.counts, axis=1).tolist() == [15] * 8
    assert all(sum(each.n for each in figures.bins) == 120 for figures in library_evaluation.calibration.values())


# what can be asked for


def test_subset_mixes_intents_as_the_whole_does() -> None:
    intents = ["hours"] * 60 + ["fees"] * 30 + ["card"] * 10

    subset = stratified_subset(intents, 50)

    assert Counter(intents[index] for index in subset) == {"hours": 30, "fees": 15, "card": 5}
    assert subset.tolist() == sorted(set(subset.tolist()))
    assert np.array_equal(subset, stratified_subset(intents, 50))


def test_subset_larger_than_the_whole_is_the_whole() -> None:
    assert stratified_subset(["hours", "fees", "hours"], 10).tolist() == [0, 1, 2]


def test_subset_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        stratified_subset(["hours", "fees"], 0)


@pytest.mark.parametrize(
    ("intents", "reason"),
    [(["hours", "hours", "hours"], "two intents"), (["hours", "fees", "card"], "too few examples")],
)
def test_too_few_examples_are_refused(intents: list[str], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        evaluate(["Wann öffnet ihr?", "Was kostet das?", "Ausweis bitte"], intents)


def test_folder_with_too_little_is_refused_by_name() -> None:
    with pytest.raises(BadInput, match=f"{_LIBRARY}: .*at least two intents"):
        evaluate_folder(_LIBRARY, limit=1)
