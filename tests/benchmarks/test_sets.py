"""What is stored of a set, and what is not measured twice; a pipeline that knows the answer by its first word stands in."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import sets
from benchmarks.candidates import Prediction
from benchmarks.intent_sets import IntentSet, Row
from benchmarks.records import Records
from benchmarks.trial import Outcome, Trial

_INTENTS = [f"intent{number}" for number in range(5)]


def _intent_set(name: str = "small") -> IntentSet:
    rows = [Row(f"{intent} {number}", intent, "train") for intent in _INTENTS for number in range(30)]
    rows += [Row(f"{intent} wie", intent, "test") for intent in _INTENTS]
    rows += [Row("was denn", _INTENTS[0], "test_gsw"), Row(f"{_INTENTS[1]} gäll", _INTENTS[1], "test_gsw")]
    return IntentSet(name, tuple(rows))


@pytest.fixture
def trials(monkeypatch: pytest.MonkeyPatch) -> list[Trial]:
    """The trials that were run, each answered with the first word of a text, surely where that was trained."""
    seen: list[Trial] = []

    def run(trial: Trial) -> Outcome:
        seen.append(trial)
        said = {
            name: [
                Prediction(word, word, confidence, confidence)
                for word in (text.split()[0] for text in texts)
                for confidence in [0.9 if word in trial.intents else 0.2]
            ]
            for name, texts in trial.questions.items()
        }
        return Outcome(1.5, said)

    monkeypatch.setattr(sets, "run_trial", run)
    return seen


def _records(folder: Path) -> Records:
    return Records(folder / "sets.json", "run")


def _measure(records: Records, chosen: list[IntentSet], shots: int | None = None, epochs: int = 100) -> None:
    sets.measure_sets(records, chosen, ["ours", "stock"], shots, epochs, lambda text: None)


def test_both_sides_train_on_the_same_rows_and_are_marked_by_split(tmp_path: Path, trials: list[Trial]) -> None:
    records = _records(tmp_path)

    _measure(records, [_intent_set()], shots=3)

    ours, stock = trials[:2]
    assert len(ours.texts) == 15
    assert (ours.texts, ours.intents, ours.questions) == (stock.texts, stock.intents, stock.questions)
    for side in ("ours", "stock"):
        value = records.all[f"small/{side}"].value
        assert value["right"] == {"test": "11111", "test_gsw": "01"}
        assert (value["shots"], value["rows"], value["train_seconds"]) == (3, 15, 1.5)


def test_hard_set_takes_ten_examples_unless_said_otherwise(tmp_path: Path, trials: list[Trial]) -> None:
    _measure(_records(tmp_path), [_intent_set("robo_faq_de_hard"), _intent_set()])

    assert [len(trial.texts) for trial in trials if len(trial.intents) and "near" not in trial.questions] == [50, 50, 150, 150]


def test_hold_outs_tell_hidden_intents_and_the_pool_from_the_rest(tmp_path: Path, trials: list[Trial]) -> None:
    pool = IntentSet("pool", tuple(Row(f"fremd {number}", "out_of_scope", "test") for number in range(500)))
    records = _records(tmp_path)

    _measure(records, [_intent_set(), pool])

    held = [trial for trial in trials if "near" in trial.questions]
    assert [len(trial.texts) for trial in held] == [4 * 20] * 3
    assert {len(trial.questions["far"]) for trial in held} == {400}
    for number in range(3):
        value = records.all[f"small/hold-out-{number}"].value
        assert value["near"] == value["far"] == {"in_scope": 1.0, "top": 1.0}
        assert value["accuracy"] == 1.0


def test_without_a_pool_nothing_is_said_of_far_texts(tmp_path: Path, trials: list[Trial]) -> None:
    records = _records(tmp_path)

    _measure(records, [_intent_set()])

    assert records.all["small/hold-out-0"].value["far"] == {}


def test_stored_results_are_not_measured_again(tmp_path: Path, trials: list[Trial]) -> None:
    _measure(_records(tmp_path), [_intent_set()])
    first = len(trials)

    _measure(_records(tmp_path), [_intent_set()])

    assert first == 2 + sets.HOLD_OUTS
    assert len(trials) == first


def test_other_epochs_repeat_stock_only_and_other_shots_both_sides(tmp_path: Path, trials: list[Trial]) -> None:
    _measure(_records(tmp_path), [_intent_set()])
    del trials[:]

    _measure(_records(tmp_path), [_intent_set()], epochs=2)
    assert len(trials) == 1

    _measure(_records(tmp_path), [_intent_set()], shots=2, epochs=2)
    assert [len(trial.texts) for trial in trials[1:]] == [10, 10]


def test_interrupted_run_keeps_what_was_finished(tmp_path: Path, trials: list[Trial], monkeypatch: pytest.MonkeyPatch) -> None:
    finished = sets.run_trial

    def breaking(trial: Trial) -> Outcome:
        if trials:
            raise KeyboardInterrupt
        return finished(trial)

    monkeypatch.setattr(sets, "run_trial", breaking)
    with pytest.raises(KeyboardInterrupt):
        _measure(_records(tmp_path), [_intent_set()])

    assert list(_records(tmp_path).all) == ["small/ours"]
