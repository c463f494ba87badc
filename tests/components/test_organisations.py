"""Organisations and persons in a message: those of the content, those learned from examples, and how the tagger is stored."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.organisations import OrganisationExtractor, Tagger, _goes_on

_NAMES = ("Caritas", "Diakonie", "Sparkasse", "Feuerwehr", "Awo", "Telekom", "Kirche", "Post", "Polizei", "Uni")
_FRAMES = ("Ist die {} dabei?", "Macht die {} mit?", "Gehört die {} dazu?", "Was ist mit der {}?")
_ASIDES = ("Wer sind Sie? Ich bin bei der {}.", "Ich frage für die {}. Wer leitet das?")
_PLAIN = ("Wer leitet die Allianz?", "Wo ist die Adresse?", "Was macht die Servicestelle?")


def _example(frame: str, name: str) -> Message:
    text = frame.format(name)
    start = text.index(name)
    entity = {"entity": "organisation", "value": name, "start": start, "end": start + len(name)}
    return Message({"text": text, "intent": "member", "entities": [entity]})


@pytest.fixture(scope="module")
def extractor(tmp_path_factory: pytest.TempPathFactory) -> OrganisationExtractor:
    """Trained on ten organisations in six sentences, and loaded again."""
    storage, resource = LocalModelStorage.create(tmp_path_factory.mktemp("extractor")), Resource("extractor")
    context = ExecutionContext(GraphSchema({}))
    examples = [_example(frame, name) for frame in (*_FRAMES, *_ASIDES) for name in _NAMES]
    examples += [Message({"text": text, "intent": "other"}) for text in _PLAIN]
    OrganisationExtractor.create({}, storage, resource, context).train(TrainingData(examples))
    return OrganisationExtractor.load({}, storage, resource, context)


def _entities(extractor: OrganisationExtractor, text: str) -> list[tuple[str, str, str]]:
    """(entity, the text it stands in, its value)."""
    message = extractor.process([Message({"text": text})])[0]
    return [(each["entity"], text[each["start"] : each["end"]], each["value"]) for each in message.get("entities")]


@pytest.mark.parametrize("name", ["Mieterbund", "WIBank", "wibnak", "Mieterbundd"])
def test_participant_of_the_content_is_marked_as_written(extractor: OrganisationExtractor, name: str) -> None:
    assert _entities(extractor, f"Ist die {name} dabei?") == [("organisation", name, name)]


def test_member_of_a_group_is_marked(extractor: OrganisationExtractor) -> None:
    assert _entities(extractor, "Ist Haus & Grund dabei?") == [("organisation", "Haus & Grund", "Haus & Grund")]


@pytest.mark.parametrize("name", ["Handwerkskammer Südhessen", "Mieterbund Bayern"])
def test_known_name_goes_on_as_people_speak_of_it(extractor: OrganisationExtractor, name: str) -> None:
    class _Whole:
        def spans(self, text: str) -> list[tuple[int, int]]:
            return [(text.index(name), text.index(name) + len(name))]

    extractor = OrganisationExtractor(extractor._storage, extractor._resource, cast(Tagger, _Whole()))

    assert _entities(extractor, f"Ist {name} dabei?") == [("organisation", name, name)]


@pytest.mark.parametrize(
    ("text", "known", "end", "more"),
    [
        ("IHK Kassel dabei?", 3, 10, True),
        ("ihk kassel dabei?", 3, 10, True),
        ("ihk da schon dabei?", 3, 12, False),
        ("Ist die IHK eigentlich", 11, 22, False),
        ("Ist die IHK", 11, 11, False),
    ],
)
def test_name_goes_on_with_a_capital_or_one_word_of_a_text_without_any(text: str, known: int, end: int, more: bool) -> None:
    assert _goes_on(text, known, end) is more


def test_contact_person_is_marked_with_the_topic(extractor: OrganisationExtractor) -> None:
    assert _entities(extractor, "Wer ist Frau Piesck?") == [("person", "Frau Piesck", "contact_piesk")]


@pytest.mark.parametrize("text", ["Ist die Bahnhofsmission dabei?", "macht die tafel mit?"])
def test_unknown_organisation_is_marked_by_its_sentence(extractor: OrganisationExtractor, text: str) -> None:
    name = text.split()[2]

    assert _entities(extractor, text) == [("organisation", name, name)]


def test_several_are_marked_in_the_order_of_the_message(extractor: OrganisationExtractor) -> None:
    text = "Kennt Frau Diehl den Mieterbund und die WIBank?"

    assert [part for _, part, _ in _entities(extractor, text)] == ["Frau Diehl", "Mieterbund", "WIBank"]


@pytest.mark.parametrize("text", ["Wer sind Sie?", "🙂", "?!"])
def test_message_without_an_organisation_has_no_entity(extractor: OrganisationExtractor, text: str) -> None:
    assert _entities(extractor, text) == []


def test_earlier_entities_stay(extractor: OrganisationExtractor) -> None:
    earlier = {"entity": "time", "value": "2019", "start": 0, "end": 4}
    message = extractor.process([Message({"text": "2019 WIBank", "entities": [earlier]})])[0]

    assert [each["entity"] for each in message.get("entities")] == ["time", "organisation"]


def test_entities_reach_the_output(extractor: OrganisationExtractor) -> None:
    message = extractor.process([Message({"text": "Ist die WIBank dabei?"})])[0]

    assert message.as_dict(only_output_properties=True)["entities"][0]["value"] == "WIBank"


def test_training_without_marks_still_knows_the_content(
    storage: LocalModelStorage, resource: Resource, context: ExecutionContext
) -> None:
    unmarked = TrainingData([Message({"text": text, "intent": "other"}) for text in _PLAIN])
    OrganisationExtractor.create({}, storage, resource, context).train(unmarked)
    loaded = OrganisationExtractor.load({}, storage, resource, context)

    assert _entities(loaded, "Ist die WIBank dabei?") == [("organisation", "WIBank", "WIBank")]
    assert _entities(loaded, "Ist die Bahnhofsmission dabei?") == []


def test_model_without_a_tagger_is_refused(storage: LocalModelStorage, resource: Resource, context: ExecutionContext) -> None:
    with storage.write_to(resource):
        pass

    with pytest.raises(ValueError, match=r"organisations\.crf"):
        OrganisationExtractor.load({}, storage, resource, context)


def test_tagger_finds_names_of_several_words(tmp_path: Path) -> None:
    frames = ["Ist {} dabei?", "Macht {} mit?", "Gehört {} dazu?"]
    names = ["Neue Heimat", "Rotes Kreuz", "Grüner Punkt", "Blauer Engel"]
    marked = []
    for text, name in ((frame.format(name), name) for frame in frames for name in names):
        marked.append((text, [(text.index(name), text.index(name) + len(name))]))
    Tagger.train(marked, tmp_path / "tagger")
    tagger = Tagger.load(tmp_path / "tagger")

    assert tagger is not None
    assert tagger.spans("Ist Weißer Ring dabei?") == [(4, 15)]
    assert tagger.spans("") == []
