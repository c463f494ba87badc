"""The other side of the comparison: Rasa's stock German pipeline, and a plain FAQ project around it."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from training.corpus.examples import Example, read_examples

EPOCHS = 100


def stock_config(epochs: int = EPOCHS, kept_in: Path | None = None) -> dict[str, Any]:
    """What `rasa init` recommends, for German, with a seed. RulePolicy alone: a FAQ needs no learned dialogue.

    `kept_in`: the folder in which DIET keeps its state after each epoch, see benchmarks/lasting_diet.py.
    """
    diet: dict[str, Any] = {"name": "DIETClassifier", "epochs": epochs, "constrain_similarities": True, "random_seed": 42}
    if kept_in is not None:
        diet |= {"name": "benchmarks.lasting_diet.LastingDIET", "kept_in": str(kept_in)}
    return {
        "recipe": "default.v1",
        "assistant_id": "stock",
        "language": "de",
        "pipeline": [
            {"name": "WhitespaceTokenizer"},
            {"name": "RegexFeaturizer"},
            {"name": "LexicalSyntacticFeaturizer"},
            {"name": "CountVectorsFeaturizer"},
            {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
            diet,
            {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1},
        ],
        "policies": [{"name": "RulePolicy"}],
    }


def write_stock_project(folder: Path, nlu: Path, epochs: int = EPOCHS, kept_in: Path | None = None) -> None:
    """A project that answers each intent of the examples in `nlu` with one sentence by one rule, without actions.

    `folder` may exist. `kept_in`: as for `stock_config`.
    """
    examples = read_examples(nlu)
    shutil.copytree(nlu, folder / "data" / "nlu")
    (folder / "data" / "rules").mkdir()
    intents = sorted({example.intent for example in examples})
    files: dict[str, Any] = {
        "config.yml": stock_config(epochs, kept_in),
        "domain.yml": _domain(intents, examples),
        "data/rules/answers.yml": {"version": "3.1", "rules": _rules(intents)},
        "credentials.yml": {"rest": None},
        "endpoints.yml": {},
    }
    for name, content in files.items():
        with (folder / name).open("w", encoding="utf-8") as file:
            YAML().dump(content, file)  # not JSON: Rasa looks for „rules:“ at the beginning of a line


def _domain(intents: list[str], examples: Iterable[Example]) -> dict[str, Any]:
    entities = {name for example in examples for name, _ in example.entities}
    responses = {f"utter_{intent}": [{"text": f"Das ist die Antwort zum Thema {intent}."}] for intent in intents}
    responses["utter_default"] = [{"text": "Das weiß ich leider nicht."}]
    return {"version": "3.1", "intents": intents, "entities": sorted(entities), "responses": responses}


def _rules(intents: list[str]) -> list[dict[str, Any]]:
    answers = {**{intent: f"utter_{intent}" for intent in intents}, "nlu_fallback": "utter_default"}
    return [{"rule": intent, "steps": [{"intent": intent}, {"action": action}]} for intent, action in answers.items()]
