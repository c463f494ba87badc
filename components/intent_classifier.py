"""Our intent classifier as a Rasa component."""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.constants import SPACY_DOCS
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from tqdm import tqdm

from components.intent_model import IntentModel
from components.questions import Question, find_questions
from components.sentence_encoder import SentenceEncoder
from components.spacy_de import GermanSpacyNLP

_RANKED = 10

logger = logging.getLogger(__name__)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class FaqIntentClassifier(GraphComponent, IntentClassifier):
    """Sets `intent` and `intent_ranking`, and `questions`: each question in the message with its own ranking and zone."""

    def __init__(self, storage: ModelStorage, resource: Resource, model: IntentModel | None = None) -> None:
        self._storage = storage
        self._resource = resource
        self._model = model

    @classmethod
    def required_components(cls) -> list[type]:
        return [GermanSpacyNLP, SentenceEncoder]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> FaqIntentClassifier:
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> FaqIntentClassifier:
        """Raises FileNotFoundError or ValueError for a model that is incomplete or damaged: it is never served untrained."""
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, IntentModel.load(folder))

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Our own code decides what is learned, so a change of it must not be answered from Rasa's training cache."""
        sources = sorted(Path(__file__).parent.glob("*.py"))
        return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()

    def train(self, training_data: TrainingData) -> Resource:
        examples = [each for each in training_data.intent_examples if each.get(TEXT)]
        with tqdm(total=8, desc="intent classifier", unit="step") as bar:

            def progress(step: str) -> None:
                bar.set_postfix_str(step)
                bar.update()

            texts, intents = [each.get(TEXT) for each in examples], [each.get(INTENT) for each in examples]
            model = IntentModel.train(texts, intents, progress, np.stack([_vector(each) for each in examples]))
        with self._storage.write_to(self._resource) as folder:
            model.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        if self._model is None:
            raise RuntimeError("the intent classifier was asked before it was trained or loaded")
        for message in messages:
            if message.get(TEXT):
                self._set(message, find_questions(message.get(SPACY_DOCS[TEXT]), self._model, _vector(message)))
        return messages

    def _set(self, message: Message, questions: list[Question]) -> None:
        listed: list[dict[str, Any]] = [
            {
                "text": question.text,
                "start": question.start,
                "end": question.end,
                "zone": question.verdict.zone,
                "in_scope": round(question.verdict.in_scope, 4),
                "ranking": _ranking(question),
            }
            for question in questions
        ]
        message.set(INTENT, listed[0]["ranking"][0], add_to_output=True)
        message.set("intent_ranking", listed[0]["ranking"], add_to_output=True)
        message.set("questions", listed, add_to_output=True)


def _vector(message: Message) -> np.ndarray:
    """The sentence vector, shape (512,), that the encoder has left."""
    _, sentence = message.get_dense_features(TEXT, [])
    vector: np.ndarray = sentence.features[0]
    return vector


def _ranking(question: Question) -> list[dict[str, Any]]:
    return [
        {INTENT_NAME_KEY: intent, PREDICTED_CONFIDENCE_KEY: round(probability, 6)}
        for intent, probability in question.verdict.ranking[:_RANKED]
    ]
