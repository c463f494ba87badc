"""Marks organisations and contact persons in a message: those that `content/` knows by their names, others by how
people speak of them („Ist die Caritas auch dabei?“), learned by a conditional random field.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pycrfsuite
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.folding import fold
from components.names import Match, NameIndex
from content import Content, shared_reader

ORGANISATION = "organisation"
PERSON = "person"

_TOKEN = re.compile(r"[\w&+'’/.-]*\w|[^\w\s]")
_FILE = "organisations.crf"
#: „Bayerischer Städtetag“ is not the Hessian one, though the name behind it is known.
_ELSEWHERE = re.compile(r"\b(?!hess|deutsch)\w+ische[nmrs]?\s+$", re.IGNORECASE)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class OrganisationExtractor(GraphComponent, EntityExtractorMixin):
    """Sets entities `organisation` (value: as written) and `person` (value: the topic about this person)."""

    def __init__(self, storage: ModelStorage, resource: Resource, tagger: Tagger | None = None) -> None:
        self._storage = storage
        self._resource = resource
        self._tagger = tagger
        self._reader = shared_reader()
        self._content: Content | None = None
        self._organisations = self._persons = NameIndex([])

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> OrganisationExtractor:
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> OrganisationExtractor:
        """Raises ValueError where the model holds no tagger."""
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, Tagger.load(folder / _FILE))

    def train(self, training_data: TrainingData) -> Resource:
        """Learns from the examples in which an organisation is marked. Without one, only known names are found."""
        marked = [
            (
                message.get(TEXT),
                [(each["start"], each["end"]) for each in message.get(ENTITIES) if each["entity"] == ORGANISATION],
            )
            for message in training_data.entity_examples
        ]
        with self._storage.write_to(self._resource) as folder:
            Tagger.train([each for each in marked if each[1]], folder / _FILE)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        self._refresh()
        for message in messages:
            text = message.get(TEXT)
            if text:
                found = [self._entity(text, *each) for each in self._marks(text)]
                message.set(ENTITIES, [*message.get(ENTITIES, []), *found], add_to_output=True)
        return messages

    def _marks(self, text: str) -> list[tuple[str, int, int, str, float]]:
        persons = self._persons.find(text)
        known = [
            each
            for each in self._organisations.find(text)
            if not _overlaps(each, persons) and not _ELSEWHERE.search(text[: each.start])
        ]
        marks = [(PERSON, each.start, each.end, each.key, each.score / 100) for each in persons]
        spans = self._tagger.spans(text) if self._tagger else []
        for each in known:
            end = next((end for start, end in spans if start == each.start and _goes_on(text, each.end, end)), each.end)
            marks.append((ORGANISATION, each.start, end, text[each.start : end], each.score / 100))
        for start, end in spans:
            if not _overlaps(Match(start, end, "", 0.0), [*persons, *known]):
                marks.append((ORGANISATION, start, end, text[start:end], 0.5))
        return sorted(marks, key=lambda mark: mark[1])

    def _entity(self, text: str, name: str, start: int, end: int, value: str, confidence: float) -> dict[str, Any]:
        return {
            "entity": name,
            "value": value,
            "start": start,
            "end": end,
            "confidence_entity": confidence,
            "extractor": type(self).__name__,
        }

    def _refresh(self) -> None:
        content = self._reader.current()
        if content is not self._content:
            self._content = content
            self._organisations = NameIndex(
                (alias, each.id)
                for each in content.participants
                for alias in [
                    *each.aliases,
                    *(name for member in each.members for name in (member.name, *member.aliases)),
                ]
            )
            self._persons = NameIndex(
                (alias, person.topic) for person in content.contacts.persons for alias in (person.name, *person.aliases)
            )


class Tagger:
    """A linear-chain conditional random field over tokens (Lafferty et al. 2001), in CRFsuite's own file format."""

    def __init__(self, tagger: Any, weights: bytes) -> None:
        self._tagger = tagger
        self._weights = weights  # CRFsuite reads on in this memory, so it must not be freed

    @staticmethod
    def train(marked: list[tuple[str, list[tuple[int, int]]]], path: Path) -> None:
        """Writes `path`. `marked`: texts with the spans to find; an empty list writes an empty file."""
        if not marked:
            path.write_bytes(b"")
            return
        trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
        trainer.set_params({"c1": 0.1, "c2": 0.1, "max_iterations": 120, "feature.possible_transitions": True})
        for text, spans in marked:
            for variant in (text, text.lower()):  # on the phone, names are not capitalised
                tokens = list(_TOKEN.finditer(variant))
                trainer.append(_features(tokens), _labels(tokens, spans))
        trainer.train(str(path))

    @classmethod
    def load(cls, path: Path) -> Tagger | None:
        if not path.exists():
            raise ValueError(f"the model has no {path.name}")
        if path.stat().st_size == 0:
            return None
        tagger = pycrfsuite.Tagger()
        weights = path.read_bytes()
        tagger.open_inmemory(weights)
        return cls(tagger, weights)

    def spans(self, text: str) -> list[tuple[int, int]]:
        """The spans (start, end) that name an organisation, by place."""
        tokens = list(_TOKEN.finditer(text))
        if not tokens:
            return []
        found: list[tuple[int, int]] = []
        inside = False
        for token, label in zip(tokens, self._tagger.tag(_features(tokens))):
            if label == "I" and found and inside:
                found[-1] = (found[-1][0], token.end())
            elif label != "O":
                found.append((token.start(), token.end()))
            inside = label != "O"
        return found


def _goes_on(text: str, known: int, end: int) -> bool:
    """Whether the name that is known up to `known` goes on until `end`: „IHK Kassel“, typed without capitals by one word."""
    more = text[known:end].split()
    return bool(more) and (more[-1][:1].isupper() or (text.islower() and len(more) == 1))


def _overlaps(match: Match, others: list[Match]) -> bool:
    return any(match.start < other.end and other.start < match.end for other in others)


def _labels(tokens: list[re.Match[str]], spans: list[tuple[int, int]]) -> list[str]:
    labels = []
    for token in tokens:
        label = "O"
        for start, end in spans:
            if start <= token.start() < end:
                label = "B" if token.start() == start else "I"
        labels.append(label)
    return labels


def _features(tokens: list[re.Match[str]]) -> list[list[str]]:
    words = [fold(token.group()) or token.group() for token in tokens]
    rows = []
    for index, (token, word) in enumerate(zip(tokens, words)):
        raw = token.group()
        row = [
            "bias",
            f"w={word}",
            f"s3={word[-3:]}",
            f"s4={word[-4:]}",
            f"p3={word[:3]}",
            f"len={min(len(word), 12)}",
            f"title={raw[:1].isupper()}",
            f"caps={raw.isupper() and len(raw) > 1}",
            f"at={min(index, 3)}",
            f"left={min(len(words) - 1 - index, 3)}",
        ]
        for offset in (-2, -1, 1, 2):
            place = index + offset
            row.append(f"{offset}={words[place] if 0 <= place < len(words) else '|'}")
        rows.append(row)
    return rows
