"""Which language a message is in; a German must not get an English answer."""

from __future__ import annotations

import pytest
from rasa.engine.graph import ExecutionContext
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message

from components.language import MessageLanguage, language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Wer leitet die Allianz?", "de"),
        ("wer macht bei euch mit", "de"),
        ("Mieterbund", "de"),
        ("Who leads the alliance?", "en"),
        ("Ittifakı kim yönetiyor?", "tr"),
        ("من يقود التحالف؟", "ar"),
        ("Qui dirige l'alliance pour le logement?", "fr"),
        ("Kto kieruje tym sojuszem mieszkaniowym?", "pl"),
        ("Хто очолює цей житловий альянс?", "uk"),
        ("teşekkürler", "tr"),
        ("شكرا", "ar"),
        ("I'm looking for a flat in Frankfurt", "en"),
        ("Is Allianz stock a good buy right now?", "en"),
        ("Quelle est la capitale de l'Australie ?", "fr"),
    ],
)
def test_language_is_told(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize("text", ["Hallo", "Moin", "Servus", "nee", "jaja", "okay", "Piesk", "Xenia", "telnr?", "Fax"])
def test_single_german_word_is_not_taken_for_another_language(text: str) -> None:
    assert language_of(text) in ("", "de")


@pytest.mark.parametrize(
    "text", ["Wer ist Tarek Al-Wazir?", "Wer ist Ahmed Yılmaz?", "kennst du john smith", "Un Haus un Grund?", "ok ciao"]
)
def test_german_words_count_more_than_foreign_names(text: str) -> None:
    assert language_of(text) in ("", "de")


@pytest.mark.parametrize("text", ["", " ", "?!", "🙂", "118", "\u200b"])
def test_text_without_words_has_no_language(text: str) -> None:
    assert language_of(text) == ""


def test_long_german_letter_is_german() -> None:
    assert language_of("Guten Tag, ich wohne in Kassel und suche Rat. " * 200) == "de"


def test_component_sets_the_language_in_the_output(
    storage: LocalModelStorage, resource: Resource, context: ExecutionContext
) -> None:
    component = MessageLanguage.create({}, storage, resource, context)
    german, english, empty = component.process(
        [Message({"text": "Wer leitet das?"}), Message({"text": "Who is the leader of this?"}), Message({"text": ""})]
    )

    assert german.as_dict(only_output_properties=True)["language"] == "de"
    assert english.as_dict(only_output_properties=True)["language"] == "en"
    assert empty.get("language") is None


@pytest.mark.parametrize(
    ("text", "language"), [("Fridays for Future dabei?", "de"), ("Does Fridays for Future take part in it?", "en")]
)
def test_name_of_an_organisation_says_nothing_of_the_language(
    text: str, language: str, storage: LocalModelStorage, resource: Resource, context: ExecutionContext
) -> None:
    component = MessageLanguage.create({}, storage, resource, context)
    name = "Fridays for Future"
    entity = {"entity": "organisation", "start": text.index(name), "end": text.index(name) + len(name)}

    assert component.process([Message({"text": text, "entities": [entity]})])[0].get("language") == language
