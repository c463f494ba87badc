"""German spaCy with a model and without.

The path with a model is tested with a small pipeline that is saved to disk and named by its folder: spaCy takes a
folder wherever it takes an installed package. So these tests run the same where `de_core_news_sm` is missing.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import spacy

from components.german import BLANK, installed_model, load_german

pytestmark = pytest.mark.usefixtures("pipelines_of_other_tests_forgotten")

_MISSING = "de_no_such_model"


def test_missing_model_falls_back_to_german_rules() -> None:
    used, nlp = load_german(_MISSING)

    assert used == installed_model(_MISSING) == BLANK
    assert nlp.lang == "de"
    assert nlp.pipe_names == ["sentencizer"]


def test_model_that_is_there_is_used(pipeline_folder: str) -> None:
    used, nlp = load_german(pipeline_folder)

    assert used == installed_model(pipeline_folder) == pipeline_folder
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


def test_pipeline_is_loaded_once(pipeline_folder: str) -> None:
    assert load_german(pipeline_folder)[1] is load_german(pipeline_folder)[1]
