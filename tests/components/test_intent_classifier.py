"""The classifier as Rasa runs it: spaCy, encoder, classifier; what is stored, what the output holds, what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.engine.graph import ExecutionContext
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.intent_classifier import FaqIntentClassifier
from components.intent_model import IntentModel
from components.sentence_encoder import SentenceEncoder
from components.spacy_de import GermanSpacyNLP

from .conftest import Examples


def _read(text: str, storage: LocalModelStorage, context: ExecutionContext) -> Message:
    """A message as it comes to the classifier."""
    spacy = GermanSpacyNLP.create(GermanSpacyNLP.get_default_config(), storage, Resource("spacy"), context)
    encoder = SentenceEncoder.create(SentenceEncoder.get_default_config(), storage, Resource("encoder"), context)
    return encoder.process(spacy.process([Message({"text": text})], spacy.provide()))[0]


@pytest.fixture
def classifier(
    model: IntentModel, storage: LocalModelStorage, resource: Resource, context: ExecutionContext
) -> FaqIntentClassifier:
    with storage.write_to(resource) as folder:
        model.save(folder)
    return FaqIntentClassifier.load({}, storage, resource, context)


def test_trained_classifier_is_stored_and_loaded(
    examples: Examples, storage: LocalModelStorage, resource: Resource, context: ExecutionContext
) -> None:
    pairs = list(zip(examples.texts, examples.intents))[:24]
    encoder = SentenceEncoder.create(SentenceEncoder.get_default_config(), storage, Resource("encoder"), context)
    data = encoder.process_training_data(TrainingData([Message({"text": text, "intent": intent}) for text, intent in pairs]))
    FaqIntentClassifier.create({}, storage, resource, context).train(data)
    loaded = FaqIntentClassifier.load({}, storage, resource, context)
    message = loaded.process([_read("Wer leitet denn das Bündnis?", storage, context)])[0]

    assert message.get("intent")["name"] == "lead"
    assert [each["name"] for each in message.get("intent_ranking")] == ["lead", "members"]


def test_output_holds_intent_ranking_and_questions(
    classifier: FaqIntentClassifier, model: IntentModel, storage: LocalModelStorage, context: ExecutionContext
) -> None:
    text = "Wer leitet die Allianz?"
    message = classifier.process([_read(text, storage, context)])[0]
    output = message.as_dict(only_output_properties=True)
    verdict = model.verdicts([text])[0]
    ranking = [{"name": intent, "confidence": round(probability, 6)} for intent, probability in verdict.ranking]

    assert output["intent"] == ranking[0]
    assert output["intent_ranking"] == ranking
    assert output["questions"] == [
        {
            "text": text,
            "start": 0,
            "end": len(text),
            "zone": "answer",
            "in_scope": round(verdict.in_scope, 4),
            "ranking": ranking,
        }
    ]


def test_intent_of_a_letter_is_that_of_its_question(
    classifier: FaqIntentClassifier, storage: LocalModelStorage, context: ExecutionContext
) -> None:
    letter = "Sehr geehrte Damen und Herren,\nwer leitet die Allianz?\nVielen Dank"
    message = classifier.process([_read(letter, storage, context)])[0]

    assert message.get("intent")["name"] == "lead"
    assert [each["text"] for each in message.get("questions")] == ["wer leitet die Allianz?"]


def test_message_without_text_is_left_alone(classifier: FaqIntentClassifier) -> None:
    assert classifier.process([Message({"text": ""})])[0].get("intent") is None


def test_untrained_classifier_says_so(storage: LocalModelStorage, resource: Resource, context: ExecutionContext) -> None:
    with pytest.raises(RuntimeError, match="before it was trained or loaded"):
        FaqIntentClassifier.create({}, storage, resource, context).process([Message({"text": "Hallo"})])


def test_damaged_model_is_not_served(
    classifier: FaqIntentClassifier, storage: LocalModelStorage, resource: Resource, context: ExecutionContext, tmp_path: Path
) -> None:
    with storage.write_to(resource) as folder:
        (folder / "intents.npz").write_bytes(b"PK damaged")

    with pytest.raises(ValueError, match="damaged"):
        FaqIntentClassifier.load({}, storage, resource, context)


def test_model_is_not_served_without_its_files(
    storage: LocalModelStorage, resource: Resource, context: ExecutionContext
) -> None:
    with storage.write_to(resource):
        pass

    with pytest.raises(FileNotFoundError):
        FaqIntentClassifier.load({}, storage, resource, context)


def test_components_that_must_run_before_are_named() -> None:
    assert FaqIntentClassifier.required_components() == [GermanSpacyNLP, SentenceEncoder]
