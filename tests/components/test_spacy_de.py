"""German spaCy with a model and without.

The path with a model is tested with a small pipeline that is saved to disk and named by its folder: spaCy takes a
folder wherever it takes an installed package. So these tests run the same where `de_core_news_sm` is missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import spacy
from rasa.engine.graph import ExecutionContext
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.constants import SPACY_DOCS
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.spacy_de import BLANK, GermanSpacyNLP, SpacyMismatch, installed_model, load_german

_MISSING = "de_no_such_model"


@pytest.fixture
def folder(tmp_path: Path) -> str:
    """The folder of a saved pipeline: sentences, and „Kassel“ as a place."""
    nlp = spacy.blank("de")
    nlp.add_pipe("sentencizer")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "LOC", "pattern": "Kassel"}])
    nlp.to_disk(tmp_path / "pipeline")
    return str(tmp_path / "pipeline")


@pytest.fixture(autouse=True)
def _pipelines_of_other_tests_forgotten() -> Iterator[None]:
    load_german.cache_clear()
    yield
    load_german.cache_clear()


def _config(model: str) -> dict[str, object]:
    return {**GermanSpacyNLP.get_default_config(), "model": model}


def _trained(model: str, storage: LocalModelStorage, resource: Resource, context: ExecutionContext) -> GermanSpacyNLP:
    component = GermanSpacyNLP.create(_config(model), storage, resource, context)
    component.train(TrainingData([]), component.provide())
    return component


def test_missing_model_falls_back_to_german_rules() -> None:
    used, nlp = load_german(_MISSING)

    assert used == installed_model(_MISSING) == BLANK
    assert nlp.lang == "de"
    assert nlp.pipe_names == ["sentencizer"]


def test_model_that_is_there_is_used(folder: str) -> None:
    used, nlp = load_german(folder)

    assert used == installed_model(folder) == folder
    assert [entity.label_ for entity in nlp("Ich wohne in Kassel.").ents] == ["LOC"]


def test_sentences_are_split_by_rule_with_any_pipeline(tmp_path: Path) -> None:
    spacy.blank("de").to_disk(tmp_path / "plain")

    for name in (_MISSING, str(tmp_path / "plain")):
        assert [str(each) for each in load_german(name)[1]("Hallo! Wer leitet das?").sents] == ["Hallo!", "Wer leitet das?"]


def test_parser_is_left_out(tmp_path: Path) -> None:
    nlp = spacy.blank("de")
    nlp.add_pipe("ner").add_label("LOC")
    nlp.initialize()
    nlp.to_disk(tmp_path / "with-ner")

    assert load_german(str(tmp_path / "with-ner"))[1].pipe_names == ["sentencizer"]


def test_pipeline_is_loaded_once(folder: str) -> None:
    assert load_german(folder)[1] is load_german(folder)[1]


def test_capitals_are_kept(storage: LocalModelStorage, resource: Resource, context: ExecutionContext) -> None:
    component = GermanSpacyNLP.create(_config(_MISSING), storage, resource, context)
    message = component.process([Message({"text": "Die Miete steigt."})], component.provide())[0]

    assert [str(token) for token in message.get(SPACY_DOCS["text"])] == ["Die", "Miete", "steigt", "."]


def test_model_is_served_with_the_pipeline_it_was_trained_with(
    folder: str, storage: LocalModelStorage, resource: Resource, context: ExecutionContext
) -> None:
    for model in (_MISSING, folder):
        _trained(model, storage, resource, context)
        loaded = GermanSpacyNLP.load(_config(model), storage, resource, context)
        assert loaded.provide().model_name == installed_model(model)


def test_model_trained_without_the_pipeline_is_not_served_with_it(
    folder: str, storage: LocalModelStorage, resource: Resource, context: ExecutionContext
) -> None:
    _trained(_MISSING, storage, resource, context)

    with pytest.raises(SpacyMismatch, match=rf"trained with {BLANK}, but here .*pipeline is in use"):
        GermanSpacyNLP.load(_config(folder), storage, resource, context)


def test_model_trained_with_the_pipeline_is_not_served_without_it(
    folder: str, storage: LocalModelStorage, resource: Resource, context: ExecutionContext
) -> None:
    _trained(folder, storage, resource, context)

    with pytest.raises(SpacyMismatch, match=rf"trained with .*pipeline, but here {BLANK} is in use"):
        GermanSpacyNLP.load(_config(_MISSING), storage, resource, context)


def test_fingerprint_tells_the_pipelines_apart(folder: str) -> None:
    assert GermanSpacyNLP.fingerprint_addon({"model": folder}) == folder
    assert GermanSpacyNLP.fingerprint_addon({"model": _MISSING}) == BLANK
