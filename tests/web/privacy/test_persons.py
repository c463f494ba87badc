"""A small pipeline with an entity ruler stands for `de_core_news_sm`, which not every machine reaches."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import spacy

from content import Content
from tests.web.privacy.samples import read
from web.privacy import find, persons

NAME = "model_that_stands_for_de_core_news_sm"
PERSONS = ["Erika Mustermann", "Mustermann", "Moin", "Xenia Diehl", "Kaya"]

PACKAGE = """from pathlib import Path
import spacy
loaded = []
def load(**overrides):
    loaded.append(overrides)
    return spacy.load(Path(__file__).parent / "model", **overrides)
"""


@pytest.fixture
def _model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, _without_model: None) -> Iterator[None]:
    nlp = spacy.blank("de")
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "PER", "pattern": name} for name in PERSONS])
    ruler.add_patterns([{"label": "ORG", "pattern": "Haus & Grund"}])
    package = tmp_path / NAME
    package.mkdir()
    nlp.to_disk(package / "model")
    (package / "__init__.py").write_text(PACKAGE, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(persons, "MODEL", NAME)
    yield
    sys.modules.pop(NAME, None)


def found(text: str, content: Content) -> list[str]:
    return [text[each.start : each.end] for each in find(text, content)]


@pytest.mark.usefixtures("_model")
def test_with_a_model_a_name_is_found_anywhere(content: Content) -> None:
    assert found("Gestern war Erika Mustermann bei mir.", content) == ["Erika Mustermann"]
    assert found("Mein Vermieter, Herr Kaya, antwortet nicht.", content) == ["Kaya"]


def test_without_a_model_a_name_is_found_only_where_one_is_announced(content: Content) -> None:
    assert found("Gestern war Erika Mustermann bei mir.", content) == []


@pytest.mark.usefixtures("_model")
def test_with_a_model_one_word_alone_organisations_and_contacts_are_no_find(content: Content) -> None:
    assert found("Moin, ist Haus & Grund dabei, und wer ist Xenia Diehl?", content) == []


@pytest.mark.usefixtures("_model")
def test_with_a_model_all_else_is_found_as_without_one(content: Content, monkeypatch: pytest.MonkeyPatch) -> None:
    with_model = {row["text"]: find(row["text"], content) for row in read("strings.jsonl")}
    persons._model.cache_clear()
    monkeypatch.setattr(persons, "MODEL", "no_model_of_this_name")
    assert {text: find(text, content) for text in with_model} == with_model


@pytest.mark.usefixtures("_model")
def test_a_model_is_loaded_once_and_without_what_names_do_not_need(content: Content) -> None:
    for _ in range(3):
        find("Erika Mustermann", content)
    loaded = importlib.import_module(NAME).loaded
    assert len(loaded) == 1
    assert {"parser", "tagger", "lemmatizer"} <= set(loaded[0]["exclude"])
