"""German spaCy for Rasa: `de_core_news_sm` where it is installed, else spaCy's own German rules.

Rasa's SpacyNLP ends when its model is missing, and takes no `spacy.blank`. Which of the two was used is stored with
the model: a model trained on one kind of tokens is never served with the other.
"""

from __future__ import annotations

import json
from typing import Any

from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.utils.spacy_utils import SpacyModel, SpacyNLP
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.german import MODEL, installed_model, load_german


class SpacyMismatch(RasaException):
    """The model was trained with another German spaCy than the one that is installed."""


@DefaultV1Recipe.register(
    [DefaultV1Recipe.ComponentType.MODEL_LOADER, DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER],
    is_trainable=True,
    model_from="GermanSpacyNLP",
)
class GermanSpacyNLP(SpacyNLP):
    """SpacyNLP that falls back to `spacy.blank("de")` and remembers which one it was."""

    def __init__(self, model: SpacyModel, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        super().__init__(model, config)
        self._storage = storage
        self._resource = resource

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        # German nouns are known by their capitals: lower-casing before tagging would lose them.
        return {"case_sensitive": True, "model": MODEL}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> GermanSpacyNLP:
        name, nlp = load_german(config["model"])
        return cls(SpacyModel(model=nlp, model_name=name), config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> GermanSpacyNLP:
        """Raises SpacyMismatch where the model was trained with another spaCy pipeline than is installed."""
        component = cls.create(config, model_storage, resource, execution_context)
        if (execution_context.node_name or "").startswith("provide_"):
            return component  # Rasa loads us twice, and only the other time with what was stored
        with model_storage.read_from(resource) as folder:
            trained = json.loads((folder / "spacy.json").read_text(encoding="utf-8"))["name"]
        if trained != component._model.model_name:
            raise SpacyMismatch(
                f"This model was trained with {trained}, but here {component._model.model_name} is in use. "
                "Install the same one, or train again."
            )
        return component

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """What is installed decides the tokens, so Rasa's training cache must not mix the two."""
        return installed_model(config.get("model", MODEL))

    def train(self, training_data: TrainingData, model: SpacyModel) -> Resource:
        """Nothing is learned: only the name of the pipeline is stored."""
        with self._storage.write_to(self._resource) as folder:
            (folder / "spacy.json").write_text(json.dumps({"name": model.model_name}), encoding="utf-8")
        return self._resource
