"""German spaCy with a model and without.

The path with a model is tested with a small pipeline that is saved to disk and named by its folder: spaCy takes a
folder wherever it takes an installed package. So these tests run the same where `de_core_news_sm` is missing.
"""

from __future__ import annotations

import pytest
from rasa.engine.graph import ExecutionContext
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.constants import SPACY_DOCS
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.german import BLANK, installed_model
from components.spacy_de import GermanSpacyNLP, SpacyMismatch

pytestmark = pytest.mark.usefixtures("pipelines_of_other_tests_forgotten")

_MISSING = "de_no_such_model"


def _config(model: str) -> dict[str, object]:
    return {**GermanSpacyNLP.get_default_config(), "model": model}


def _trained(model: str, storage: LocalModelStorage, resource: Resource, context: ExecutionContext) -> GermanSpacyNLP:
    component = GermanSpacyNLP.create(_config(model), storage, resource, context)
    component.train(TrainingData([]), component.provide())
    return component


def test_capitals_are_kept(storage: LocalModelStorage, resource: Resource, context: ExecutionContext) -> None:
    component = GermanSpacyNLP.create(_config(_MISSING), storage, resource, context)
    message = component.process([Message({"text": "Die Miete steigt."})], component.provide())[0]

    assert [str(token) for token in message.get(SPACY_DOCS["text"])] == ["Die", "Miete", "steigt", "."]


def test_model_is_served_with_the_pipeline_it_was_trained_with(
    pipeline_folder: str, storage: LocalModelStorage, resource: Resource, context: ExecutionContext
) -> None:
    for model in (_MISSING, pipeline_folder):
        _trained(model, storage, resource, context)
        loaded = GermanSpacyNLP.load(_config(model), storage, resource, context)
        assert loaded.provide().model_name == installed_model(model)


def test_model_trained_without_the_pipeline_is_not_served_with_it(
    pipeline_folder: str, storage: LocalModelStorage, resource: Resource, context: ExecutionContext
) -> None:
    _trained(_MISSING, storage, resource, context)

    with pytest.raises(SpacyMismatch, match=rf"trained with {BLANK}, but here .*pipeline is in use"):
        GermanSpacyNLP.load(_config(pipeline_folder), storage, resource, context)


def test_model_trained_with_the_pipeline_is_not_served_without_it(
    pipeline_folder: str, storage: LocalModelStorage, resource: Resource, context: ExecutionContext
) -> None:
    _trained(pipeline_folder, storage, resource, context)

    with pytest.raises(SpacyMismatch, match=rf"trained with .*pipeline, but here {BLANK} is in use"):
        GermanSpacyNLP.load(_config(_MISSING), storage, resource, context)


def test_fingerprint_tells_the_pipelines_apart(pipeline_folder: str) -> None:
    assert GermanSpacyNLP.fingerprint_addon({"model": pipeline_folder}) == pipeline_folder
    assert GermanSpacyNLP.fingerprint_addon({"model": _MISSING}) == BLANK
