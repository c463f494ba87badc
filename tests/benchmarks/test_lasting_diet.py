"""A training of DIET that is broken off goes on where it was, and is still DIET."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.engine.exceptions import GraphComponentException
from rasa.utils.tensorflow.data_generator import RasaBatchDataGenerator

from benchmarks import lasting_diet
from benchmarks.candidates import Candidate
from benchmarks.kept_training import KeptTraining
from benchmarks.lasting_diet import epochs_done
from benchmarks.processes import Took
from benchmarks.stock import stock_config

_EXAMPLES = {
    "Guten Tag": "greet",
    "Hallo zusammen": "greet",
    "Guten Morgen, die Damen": "greet",
    "Wo ist Ihr Büro?": "place",
    "Wo finde ich das Haus?": "place",
    "In welcher Straße ist das?": "place",
}
_EPOCHS = 5


def test_training_that_was_broken_off_goes_on_with_the_next_epoch_and_its_size_of_batches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "kept"
    seen = _epochs_seen(monkeypatch, broken_off_in=2)
    sizes = _batch_sizes(monkeypatch)
    with pytest.raises(GraphComponentException):
        _train(tmp_path, kept)
    spent, first = KeptTraining(kept).spent, list(sizes)
    sizes.clear()

    candidate = _train(tmp_path, kept)

    assert seen == [0, 1, 2, 2, 3, 4]
    assert epochs_done(kept) == _EPOCHS
    assert 0 < spent.cpu < KeptTraining(kept).spent.cpu
    # A generator begins with the size of the first epoch, and makes that of the next one at the end of each.
    assert (first[:3], sizes[0], sizes[1:4]) == ([64, 112, 160], 64, [160, 208, 256])
    assert [each.intent for each in candidate.predict(list(_EXAMPLES))] == list(_EXAMPLES.values())


def test_training_that_is_done_is_kept_with_what_it_took_and_without_its_state(tmp_path: Path) -> None:
    kept = KeptTraining(tmp_path / "kept")
    (kept.folder / "chief").mkdir(parents=True)
    model = tmp_path / "bench.tar.gz"
    model.write_bytes(b"model")
    assert (kept.took, kept.spent) == (None, Took(0, 0))

    kept.keep(model, Took(3.0, 2.5))

    assert KeptTraining(kept.folder).took == Took(3.0, 2.5)
    assert kept.model.read_bytes() == b"model"
    assert not (kept.folder / "chief").exists()
    kept.forget()
    assert KeptTraining(kept.folder).took is None


def _train(folder: Path, kept: Path) -> Candidate:
    candidate = Candidate(stock_config(_EPOCHS, kept), folder)
    candidate.train(list(_EXAMPLES), list(_EXAMPLES.values()))
    return candidate


def _epochs_seen(monkeypatch: pytest.MonkeyPatch, broken_off_in: int) -> list[int]:
    """Which epochs come to their end from now on; the first time that `broken_off_in` does, the training breaks off."""
    seen: list[int] = []
    stock = lasting_diet._Clock.on_epoch_end

    def broken_off(clock: lasting_diet._Clock, epoch: int, logs: object = None) -> None:
        seen.append(epoch)
        if epoch == broken_off_in and seen.count(epoch) == 1:
            raise RuntimeError("broken off")
        stock(clock, epoch, logs)

    monkeypatch.setattr(lasting_diet._Clock, "on_epoch_end", broken_off)
    return seen


def _batch_sizes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sizes for which batches are made from now on."""
    sizes: list[int] = []
    stock = RasaBatchDataGenerator._shuffle_and_balance

    def noted(generator: RasaBatchDataGenerator, size: int) -> object:
        sizes.append(size)
        return stock(generator, size)

    monkeypatch.setattr(RasaBatchDataGenerator, "_shuffle_and_balance", noted)
    return sizes
