"""Rasa's DIET with one thing more: a training of hours goes on after the epoch that it was broken off in."""

from __future__ import annotations

import resource
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tensorflow as tf
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.classifiers.diet_classifier import DIET, DIETClassifier
from rasa.utils.tensorflow.data_generator import RasaBatchDataGenerator
from rasa.utils.tensorflow.models import RasaModel

from benchmarks.kept_training import KeptTraining
from benchmarks.processes import Took

#: The option that names the folder in which the state is kept.
KEPT_IN = "kept_in"


class LastingModel(DIET):
    """The network itself. `fit` differs in the two callbacks alone: weights, optimiser and epoch are those of the run
    before, where one was broken off in the folder; the random numbers behind dropout are not."""

    def fit(self, x: RasaBatchDataGenerator, callbacks: Sequence[Any] = (), **options: Any) -> Any:
        """As Keras's `fit`, for the generator of Rasa's batches."""
        if not callbacks:  # not a training: Rasa builds the network of a stored model with one example
            return super().fit(x, **options)
        folder = Path(self.config[KEPT_IN])
        done = epochs_done(folder)
        if done:  # Rasa lets the batches grow with the epochs
            x._current_epoch = done - 1
            x.on_epoch_end()
        # The clock is written first: a broken epoch may count as spent twice over, never as not spent.
        lasting = [_Clock(KeptTraining(folder)), tf.keras.callbacks.BackupAndRestore(folder, delete_checkpoint=False)]
        return super().fit(x, callbacks=[*callbacks, *lasting], **options)


@DefaultV1Recipe.register(
    [DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=True
)
class LastingDIET(DIETClassifier):
    """DIETClassifier around that network."""

    @staticmethod
    def model_class() -> type[RasaModel]:
        """What Rasa makes, trains, stores and loads."""
        return LastingModel


def epochs_done(folder: Path) -> int:
    """How many whole epochs are kept in `folder`."""
    kept = tf.train.latest_checkpoint(folder / "chief")
    if kept is None:
        return 0
    return int(tf.train.load_checkpoint(kept).get_tensor("ckpt_saved_epoch/.ATTRIBUTES/VARIABLE_VALUE")) + 1


class _Clock(tf.keras.callbacks.Callback):
    """Writes after each epoch what this run and those before it took: seconds by the clock and of the processor."""

    def __init__(self, kept: KeptTraining) -> None:
        super().__init__()
        self._kept = kept
        self._before = kept.spent
        self._start = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        used = resource.getrusage(resource.RUSAGE_SELF)
        seconds = self._before.seconds + time.perf_counter() - self._start
        self._kept.spend(Took(seconds, self._before.cpu + used.ru_utime + used.ru_stime))
