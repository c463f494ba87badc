"""Sentence vectors: unit length, near in meaning across languages, independent of order and company."""

from __future__ import annotations

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.sentence_encoder import DIMENSIONS, SentenceEncoder, encode


def test_vectors_are_of_length_one() -> None:
    vectors = encode(["Wer leitet die Allianz?", "", "🙂", "a" * 3000])

    assert vectors.shape == (4, DIMENSIONS)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(4), abs=1e-3)


def test_no_texts_give_no_vectors() -> None:
    assert encode([]).shape == (0, DIMENSIONS)


def test_each_text_keeps_its_place_over_several_batches() -> None:
    texts = [f"{'sehr ' * (number % 7)}gute Frage Nummer {number}" for number in range(150)]
    together = encode(texts)

    for index in (0, 6, 75, 149):
        assert together[index] == pytest.approx(encode([texts[index]])[0], abs=1e-4)


@pytest.mark.parametrize("other", ["Wer hat die Leitung der Allianz?", "Who leads the alliance?", "Qui dirige l'alliance ?"])
def test_same_meaning_is_nearer_than_another(other: str) -> None:
    question, same, different = encode(["Wer leitet die Allianz?", other, "Wie wird das Wetter?"])

    assert question @ same > question @ different + 0.2


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
