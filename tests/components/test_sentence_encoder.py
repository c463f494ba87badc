"""The featurizer: one sentence vector per message."""

from __future__ import annotations

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.encoder import encode
from components.sentence_encoder import SentenceEncoder


@pytest.fixture
def component(storage: LocalModelStorage, resource: Resource, context: ExecutionContext) -> SentenceEncoder:
    return SentenceEncoder.create(SentenceEncoder.get_default_config(), storage, resource, context)


def test_message_gets_one_sentence_vector_and_none_per_token(component: SentenceEncoder) -> None:
    message = component.process([Message({"text": "Wer leitet das?"})])[0]
    tokens, sentence = message.get_dense_features("text", [])

    assert tokens is None
    assert sentence is not None
    assert np.array_equal(sentence.features, encode(["Wer leitet das?"]))


def test_message_without_text_is_left_alone(component: SentenceEncoder) -> None:
    empty, full = component.process([Message({"text": ""}), Message({"text": "Hallo"})])

    assert empty.features == []
    assert len(full.features) == 1


def test_training_examples_get_vectors(component: SentenceEncoder) -> None:
    data = component.process_training_data(TrainingData([Message({"text": "Hallo", "intent": "greet"})]))

    assert [len(example.features) for example in data.training_examples] == [1]


def test_fingerprint_holds_the_version_of_the_weights() -> None:
    assert SentenceEncoder.fingerprint_addon({})[0].isdigit()
