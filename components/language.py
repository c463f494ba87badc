"""Tells in which language a message is written, among those the bot is asked in."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from typing import Any

from lingua import Language, LanguageDetector, LanguageDetectorBuilder
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from components.vocabulary import telling_words
from content import Content, shared_reader

_LANGUAGES = {
    Language.GERMAN: "de",
    Language.ENGLISH: "en",
    Language.TURKISH: "tr",
    Language.ARABIC: "ar",
    Language.FRENCH: "fr",
    Language.POLISH: "pl",
    Language.UKRAINIAN: "uk",
}
#: What the alliance and its parts are called in every language.
_OFFICIAL = ("Allianz für Wohnen in Hessen", "Allianz für Wohnen", "Servicestelle", "Wohnlotse", "Hessen")
#: German is assumed unless another language is likely enough and German far less so: a German must not get an English
#: answer.
_OTHER = 0.5
_GERMAN = 0.45  # of the other language's share
#: A single word needs more: „Hallo“, „Moin“, „nee“ and „Piesk“ look English, French, English and Polish.
_ONE_WORD = 0.9
_TWO_WORDS = 0.75
_ENOUGH = 300  # characters
#: How many words must tell of another language where the letters do not.
_TELLING = 2
_WORD = re.compile(r"[^\W\d_]+")


@functools.lru_cache(maxsize=1)
def _detector() -> LanguageDetector:
    return LanguageDetectorBuilder.from_languages(*_LANGUAGES).build()


def any_of(names: Iterable[str]) -> re.Pattern[str]:
    """Finds each of `names`, the longest first: „Servicestelle Wohnen“ makes a French question no German one."""
    pattern = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE)


def language_of(text: str) -> str:
    """ "de", "en", "tr", "ar", "fr", "pl" or "uk"; "" where the text is too short or mixed to tell."""
    text = text[:_ENOUGH]
    values = {each.language: each.value for each in _detector().compute_language_confidence_values(text)}
    best = max(values, key=values.__getitem__, default=Language.GERMAN)
    german = values.get(Language.GERMAN, 0.0)
    if best == Language.GERMAN and german >= _OTHER:
        return "de"
    enough = {0: _ONE_WORD, 1: _ONE_WORD, 2: _TWO_WORDS}.get(len(text.split()), _OTHER)
    sure = best != Language.GERMAN and values[best] >= enough and german < _GERMAN * values[best]
    return _by_words(text, _LANGUAGES[best] if sure else "")


def _by_words(text: str, language: str) -> str:
    """`language`, unless the words that only one language uses all the time say another thing: „Wer ist Ahmed Yılmaz?“"""
    found = {each.casefold() for each in _WORD.findall(text)}
    telling = {name: len(found & words) for name, words in telling_words().items()}
    german = telling.pop("de")
    most = max(telling, key=telling.__getitem__)
    if german > telling[most]:
        return ""
    return language or (most if telling[most] >= _TELLING and not german else "")


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

    def __init__(self) -> None:
        self._reader = shared_reader()
        self._content: Content | None = None
        self._names: re.Pattern[str]

    def process(self, messages: list[Message]) -> list[Message]:
        content = self._reader.current()
        if content is not self._content:
            self._content, self._names = content, any_of(_names(content))
        for message in messages:
            if message.get(TEXT):
                text = self._names.sub(" ", _without_mentions(message))
                message.set("language", language_of(text), add_to_output=True)
        return messages


def _names(content: Content) -> set[str]:
    """What may stand in a question of any language."""
    contacts = content.contacts
    names = {contacts.office, contacts.operator, contacts.street, contacts.town, *_OFFICIAL}
    names.update(name for person in contacts.persons for name in (person.name, *person.aliases))
    names.update(alias for participant in content.participants for alias in participant.aliases)
    return names


def _without_mentions(message: Message) -> str:
    """The text without the organisations and persons in it: „Fridays for Future dabei?“ is German."""
    text: str = message.get(TEXT)
    for each in sorted(message.get(ENTITIES, []), key=lambda entity: -entity["start"]):
        text = f"{text[: each['start']]} {text[each['end'] :]}"
    return text
