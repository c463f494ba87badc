"""The intent model: what it says, that it is repeatable, how it is stored, and that odd training sets do not break it."""

from __future__ import annotations

import gc
import json
import weakref
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from components import intent_model
from components.encoder import DIMENSIONS, encode
from components.intent_model import FORMAT, IntentModel, Verdict, is_out_of_scope, out_of_fold_scores
from components.lines import packed, unpacked

from .conftest import Examples

_NEW = ["Wer leitet denn das Bündnis?", "wo ist ihre anschrift", "Wird es morgen regnen?", "", "🙂", "Who leads the alliance?"]
_QUESTIONS = ["Wer leitet die Allianz?", "Wie viele Mitglieder?", "Wann gegründet?", "Welche Ziele?", "Wo sitzt das Büro?"]
_ARRAYS = ["intents.npz", "ngrams.npz", "spelling.npz"]
_GREETINGS = ["Guten Tag", "Hallo zusammen", "Moin", "Servus", "Schönen Abend"]


@pytest.fixture
def folder(model: IntentModel, tmp_path: Path) -> Path:
    model.save(tmp_path)
    return tmp_path


def _said(model: IntentModel, text: str) -> Verdict:
    return model.verdicts([text])[0]


# verdicts


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Wer leitet denn das Bündnis?", "lead"),
        ("wer macht bei euch mit", "members"),
        ("wie ist ihre anschrift", "address"),
        ("wie ist ihre adrese bite", "address"),
        ("Vielen lieben Dank", "thanks"),
        ("Wird es morgen regnen?", "oos_weather"),
        ("Who leads the alliance?", "lead"),
        ("Ittifakı kim yönetiyor?", "lead"),
    ],
)
def test_new_question_finds_its_intent(model: IntentModel, text: str, intent: str) -> None:
    assert _said(model, text).intent == intent


def test_ranking_holds_every_intent_once_and_sums_to_one(model: IntentModel, examples: Examples) -> None:
    for verdict in model.verdicts(_NEW):
        chances = [probability for _, probability in verdict.ranking]
        assert {intent for intent, _ in verdict.ranking} == set(examples.intents)
        assert chances == sorted(chances, reverse=True)
        assert sum(chances) == pytest.approx(1.0)
        assert 0 <= verdict.in_scope <= 1
        assert verdict.confidence == chances[0]


def test_intent_out_of_scope_is_declined(model: IntentModel) -> None:
    assert _said(model, "Wie wird das Wetter am Wochenende?").zone == "decline"


def test_clear_question_is_answered(model: IntentModel) -> None:
    assert _said(model, "Wer leitet die Allianz?").zone == "answer"


def test_zone_follows_the_stored_thresholds(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    meta = json.loads((folder / "intents.json").read_text(encoding="utf-8"))

    def zone(answer: float, clarify: float, several: float = 1.1) -> str:
        changed = {**meta, "thresholds": {"answer": answer, "clarify": clarify, "several": several}}
        (folder / "intents.json").write_text(json.dumps(changed), encoding="utf-8")
        return _said(IntentModel.load(folder), "Wer leitet die Allianz?").zone

    assert [zone(0.0, 0.0), zone(1.1, 1.1)] == ["answer", "decline"]
    assert zone(1.1, 0.0) == "answer", "one that is far ahead leaves nothing to choose from"
    monkeypatch.setattr(intent_model, "_CLEAR", float("inf"))
    assert zone(1.1, 0.0) == "clarify"
    assert zone(1.1, 1.1, several=0.5) == "clarify"


def test_verdicts_do_not_depend_on_the_other_texts(model: IntentModel) -> None:
    together = model.verdicts(_NEW)

    for text, verdict in zip(_NEW, together):
        alone = _said(model, text)
        assert alone.zone == verdict.zone
        assert dict(alone.ranking) == pytest.approx(dict(verdict.ranking), abs=1e-4)


def test_vectors_that_are_handed_in_are_used(model: IntentModel) -> None:
    given = encode(_NEW)
    swapped = np.roll(given, 1, axis=0)

    handed_in, made = model.verdicts(_NEW, given), model.verdicts(_NEW)
    assert [(each.intent, each.zone) for each in handed_in] == [(each.intent, each.zone) for each in made]
    assert [each.confidence for each in handed_in] == pytest.approx([each.confidence for each in made], abs=1e-4)
    assert model.verdicts(_NEW, swapped) != model.verdicts(_NEW)


def test_no_texts_give_no_verdicts(model: IntentModel) -> None:
    assert model.verdicts([]) == []


@pytest.mark.parametrize(
    ("intent", "outside"),
    [("oos_weather", True), ("out_of_scope", True), ("lead", False), ("oosterhout", False), ("out_of_scope_help", False)],
)
def test_out_of_scope_is_told_by_the_name(intent: str, outside: bool) -> None:
    assert is_out_of_scope(intent) is outside


# storing


def test_loaded_model_says_the_same(model: IntentModel, folder: Path) -> None:
    loaded = IntentModel.load(folder)

    assert loaded.verdicts(_NEW) == model.verdicts(_NEW)
    assert loaded.intents == model.intents


def test_loaded_model_can_be_saved_again(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    again = tmp_path_factory.mktemp("again")
    IntentModel.load(folder).save(again)

    assert IntentModel.load(again).verdicts(_NEW) == IntentModel.load(folder).verdicts(_NEW)


def test_files_hold_numbers_and_json_only(folder: Path) -> None:
    assert sorted(path.name for path in folder.iterdir()) == ["intents.json", *_ARRAYS]
    for name in _ARRAYS:
        with np.load(folder / name, allow_pickle=False) as stored:
            assert {stored[name].dtype.kind for name in stored.files} <= set("fiu")
    assert json.loads((folder / "intents.json").read_text(encoding="utf-8"))["format"] == FORMAT


def test_calibrated_thresholds_are_stored(model: IntentModel, folder: Path) -> None:
    stored = json.loads((folder / "intents.json").read_text(encoding="utf-8"))["thresholds"]

    assert stored == model.meta["thresholds"]
    assert stored != {"answer": 0.5, "clarify": 0.25, "several": 0.8}
    assert 0 <= stored["clarify"] <= stored["answer"] <= 1


def test_what_grows_with_the_examples_is_no_json(folder: Path, examples: Examples) -> None:
    """Python reads JSON in one piece, in which nobody gets an answer."""
    stored = (folder / "intents.json").read_text(encoding="utf-8")

    assert len(stored) < 1000
    assert [text for text in examples.texts if text in stored] == []


@pytest.mark.parametrize("name", ["intents.json", *_ARRAYS])
def test_missing_file_is_told(folder: Path, name: str) -> None:
    (folder / name).unlink()

    with pytest.raises(FileNotFoundError, match=name):
        IntentModel.load(folder)


def _halved(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _emptied(path: Path) -> None:
    path.write_bytes(b"")


def _one_byte_changed(path: Path) -> None:
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        biggest = max(archive.infolist(), key=lambda each: each.file_size)
    content[biggest.header_offset + biggest.file_size // 2] ^= 0xFF
    path.write_bytes(bytes(content))


def _another_json(path: Path) -> None:
    path.write_text("[]", encoding="utf-8")


def _without_thresholds(path: Path) -> None:
    meta = json.loads(path.read_text(encoding="utf-8"))
    del meta["thresholds"]
    path.write_text(json.dumps(meta), encoding="utf-8")


def _one_ngram_lost(path: Path) -> None:
    _rewrite(path, words=lambda array: packed(unpacked(array)[:-1]))


def _one_pair_lost(path: Path) -> None:
    _rewrite(path, followers=lambda array: packed(unpacked(array)[:-1]))


def _words_of_half_a_letter(path: Path) -> None:
    _rewrite(path, words=lambda array: array[: int(np.argmax(array > 127)) + 1])


def _without_followers(path: Path) -> None:
    with np.load(path) as stored:
        arrays = {name: stored[name] for name in stored.files if name != "followers"}
    np.savez(path, **arrays)


def _rewrite(path: Path, **changes: Callable[[np.ndarray], np.ndarray]) -> None:
    with np.load(path) as stored:
        arrays = {name: stored[name] for name in stored.files}
    np.savez(path, **{**arrays, **{name: change(arrays[name]) for name, change in changes.items()}})


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("intents.json", _halved),
        ("intents.json", _emptied),
        ("intents.json", _another_json),
        ("intents.json", _without_thresholds),
        *((name, damage) for name in _ARRAYS for damage in (_halved, _emptied, _one_byte_changed)),
        ("ngrams.npz", _one_ngram_lost),
        ("spelling.npz", _one_pair_lost),
        ("spelling.npz", _words_of_half_a_letter),
        ("spelling.npz", _without_followers),
    ],
)
def test_damaged_file_is_refused(folder: Path, name: str, damage: Callable[[Path], None]) -> None:
    damage(folder / name)

    with pytest.raises(ValueError, match="damaged"):
        IntentModel.load(folder)


def test_arrays_of_objects_are_not_unpickled(folder: Path) -> None:
    np.savez(folder / "intents.npz", mean=np.array([{"an": "object"}], dtype=object))

    with pytest.raises(ValueError, match=r"damaged.*allow_pickle"):
        IntentModel.load(folder)


@pytest.mark.parametrize("written", [FORMAT - 1, FORMAT + 1])
def test_other_format_is_refused(folder: Path, written: int) -> None:
    meta = json.loads((folder / "intents.json").read_text(encoding="utf-8"))
    (folder / "intents.json").write_text(json.dumps({**meta, "format": written}), encoding="utf-8")

    with pytest.raises(ValueError, match=f"has format {written}, this version reads {FORMAT}"):
        IntentModel.load(folder)


# training


def test_same_data_give_the_same_model(model: IntentModel, examples: Examples, folder: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    again.mkdir()
    IntentModel.train(examples.texts, examples.intents).save(again)

    assert (again / "intents.json").read_bytes() == (folder / "intents.json").read_bytes()
    for file in _ARRAYS:
        with np.load(again / file) as one, np.load(folder / file) as other:
            assert one.files == other.files
            assert all(np.array_equal(one[name], other[name]) for name in one.files)


def test_known_vectors_are_taken_over(model: IntentModel, examples: Examples) -> None:
    known = IntentModel.train(examples.texts, examples.intents, vectors=encode(examples.texts))

    assert known.verdicts(_QUESTIONS) == model.verdicts(_QUESTIONS)


def test_figures_are_of_what_a_model_had_not_seen(model: IntentModel, examples: Examples) -> None:
    seen = model.verdicts(examples.texts)
    figures: Any = model.meta["out_of_fold"]

    assert sorted(figures) == ["calibration_error", "declined", "right", "wrongly_declined"]
    assert all(0 <= figure <= 1 for figure in figures.values())
    assert figures["right"] < np.mean([verdict.intent == intent for verdict, intent in zip(seen, examples.intents)])


def test_steps_are_told(examples: Examples) -> None:
    steps: list[str] = []
    IntentModel.train(examples.texts[:5] + examples.texts[12:17], ["lead"] * 5 + ["members"] * 5, steps.append)

    assert steps[0] == "encoding the examples"
    assert steps.count("one part done") == 5
    assert steps[-1] == "training on all examples"


@pytest.mark.parametrize("intents", [[], ["lead"] * 5])
def test_fewer_than_two_intents_are_refused(intents: list[str]) -> None:
    with pytest.raises(ValueError, match="at least two intents"):
        IntentModel.train(_QUESTIONS[: len(intents)], intents)


def test_two_intents_are_told_apart() -> None:
    model = IntentModel.train(_QUESTIONS + _GREETINGS, ["question"] * 5 + ["greet"] * 5)

    assert [verdict.intent for verdict in model.verdicts(_QUESTIONS + _GREETINGS)] == ["question"] * 5 + ["greet"] * 5
    assert _said(model, "Guten Abend").intent == "greet"
    assert _said(model, "Wer sind die Mitglieder?").intent == "question"


@pytest.mark.parametrize(
    ("texts", "intents"),
    [
        (["Wer leitet die Allianz?", "Moin"], ["question", "greet"]),
        (["Wer leitet die Allianz?", "Moin", "Regnet es?"], ["question", "greet", "oos_weather"]),
        ([*_QUESTIONS, "Moin"], ["question"] * 5 + ["greet"]),
        (["Wer leitet die Allianz?"] * 5 + ["Moin"] * 5, ["question"] * 5 + ["greet"] * 5),
        (["Wer leitet die Allianz?"] * 5 + ["Moin"] * 3 + ["Hallo"] * 2, ["question"] * 5 + ["greet"] * 5),
    ],
    ids=["two-single", "three-single", "one-single", "all-alike", "few-groups"],
)
def test_odd_set_trains_and_knows_its_examples(texts: list[str], intents: list[str]) -> None:
    model = IntentModel.train(texts, intents)

    assert [verdict.intent for verdict in model.verdicts(texts)] == intents
    assert model.meta["thresholds"] == {"answer": 0.5, "clarify": 0.25, "several": 0.8}


# out-of-fold scores


def test_out_of_fold_scores_are_of_models_that_did_not_see_the_text(examples: Examples, model: IntentModel) -> None:
    scores = out_of_fold_scores(examples.texts, examples.intents)

    assert scores is not None
    assert scores.shape == (3, 72, 6)
    assert np.isfinite(scores).all()
    gold = np.array([sorted(set(examples.intents)).index(intent) for intent in examples.intents])
    rows = np.arange(len(gold))
    seen = model.scores(examples.texts)
    assert scores[1, rows, gold].mean() < seen[1, rows, gold].mean()
    assert 1 / 6 < (scores[1].argmax(axis=1) == gold).mean() < (seen[1].argmax(axis=1) == gold).mean()


def test_variants_are_scored_beside_their_originals(examples: Examples) -> None:
    texts, intents = examples.texts[:24], examples.intents[:24]
    found = out_of_fold_scores(texts, intents, variants={"same": texts, "empty": [""] * 24})

    assert found is not None
    scores, variants = found
    assert variants["same"] == pytest.approx(scores, abs=1e-3)
    assert variants["empty"] != pytest.approx(scores, abs=1e-3)


def test_single_examples_have_no_out_of_fold_scores() -> None:
    assert out_of_fold_scores(_QUESTIONS, list("abcde")) is None


def test_calibration_alone_judges_scores(examples: Examples, model: IntentModel) -> None:
    scores = out_of_fold_scores(examples.texts, examples.intents)
    assert scores is not None
    gold = np.array([model.intents.index(intent) for intent in examples.intents])
    judge = IntentModel.calibrated(model.intents, scores, gold)

    assert judge.meta["thresholds"] == model.meta["thresholds"]
    assert judge.judge(model.scores(_NEW)) == model.verdicts(_NEW)


def test_at_most_the_allowed_share_of_strangers_is_answered(examples: Examples, model: IntentModel) -> None:
    scores = out_of_fold_scores(examples.texts, examples.intents)
    assert scores is not None
    strange = [is_out_of_scope(intent) for intent in examples.intents]
    verdicts = [verdict for verdict, outside in zip(model.judge(scores), strange) if outside]

    assert [verdict.zone for verdict in verdicts].count("answer") <= 0.03 * len(verdicts)


def test_vectors_have_the_width_of_the_encoder(folder: Path) -> None:
    with np.load(folder / "intents.npz") as stored:
        assert stored["mean"].shape == (DIMENSIONS,)
        assert stored["axes"].shape[0] == DIMENSIONS


def test_model_is_freed_as_soon_as_nobody_uses_it(folder: Path) -> None:
    """The collector does not look at what the bot had loaded, see `channels.collection`."""
    loaded = IntentModel.load(folder)
    loaded.judge(loaded.scores(_NEW, encode(_NEW)))
    parts = [weakref.ref(loaded), weakref.ref(loaded._spelling), weakref.ref(loaded._ngrams)]
    gc.disable()
    try:
        del loaded
        assert [part() for part in parts] == [None, None, None]
    finally:
        gc.enable()
