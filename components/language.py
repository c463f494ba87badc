"""Tells in which language a message is written, among those the bot is asked in."""

from __future__ import annotations

import functools
from typing import Any

from lingua import Language, LanguageDetector, LanguageDetectorBuilder
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

_LANGUAGES = {
    Language.GERMAN: "de",
    Language.ENGLISH: "en",
    Language.TURKISH: "tr",
    Language.ARABIC: "ar",
    Language.FRENCH: "fr",
    Language.POLISH: "pl",
    Language.UKRAINIAN: "uk",
}
#: German is assumed unless another language is this much likelier: a German must not get an English answer.
_OTHER = 0.6
_GERMAN = 0.12
_ENOUGH = 300  # characters


@functools.lru_cache(maxsize=1)
def _detector() -> LanguageDetector:
    return LanguageDetectorBuilder.from_languages(*_LANGUAGES).build()


def language_of(text: str) -> str:
    """ "de", "en", "tr", "ar", "fr", "pl" or "uk"; "" where the text is too short or mixed to tell."""
    values = {each.language: each.value for each in _detector().compute_language_confidence_values(text[:_ENOUGH])}
    best = max(values, key=values.__getitem__, default=Language.GERMAN)
    german = values.get(Language.GERMAN, 0.0)
    if best == Language.GERMAN:
        return "de" if german >= _OTHER else ""
    return _LANGUAGES[best] if values[best] >= _OTHER and german < _GERMAN else ""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class MessageLanguage(GraphComponent):
    """Sets `language` on the message (see `language_of`), so that a question in English gets its answer in English."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> MessageLanguage:
        language_of("Guten Tag")  # load now, not at the first message
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if message.get(TEXT):
                message.set("language", language_of(message.get(TEXT)), add_to_output=True)
        return messages
