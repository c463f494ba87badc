"""Six small intents, a model trained on them once, and what a Rasa component needs to be made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import spacy
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource

from components.german import load_german
from components.intent_model import IntentModel

_BY_INTENT = {
    "lead": """Wer leitet die Allianz?|Wer steht an der Spitze der Allianz?|Welches Ministerium führt das Bündnis?
        |Wer hat die Leitung?|Von wem wird die Allianz geführt?|Wer ist Chef der Allianz?|Wer trägt die Federführung?
        |Unter wessen Leitung steht das Bündnis?|Wer hat bei euch das Sagen?|Welche Behörde ist federführend?
        |Nennen Sie mir bitte die Leitung|Wer führt den Vorsitz?""",
    "members": """Wer macht bei der Allianz mit?|Welche Verbände sind beteiligt?|Wer sind die Mitglieder?
        |Welche Organisationen gehören dazu?|Wer nimmt alles teil?|Wie viele Partner gibt es?|Liste der Beteiligten
        |Wer sind die Partner im Bündnis?|Welche Gruppen wirken mit?|Wer ist alles dabei?|Zeig mir alle Mitglieder
        |Welche Akteure arbeiten hier zusammen?""",
    "address": """Wo finde ich die Servicestelle?|Wie lautet die Anschrift?|In welcher Straße sitzen Sie?
        |Wohin kann ich einen Brief schicken?|Postadresse der Servicestelle|In welcher Stadt ist Ihr Büro?
        |Welche Hausnummer hat das Büro?|Wo muss ich hingehen?|Adresse bitte|Welche Postleitzahl haben Sie?
        |Wo ist Ihre Geschäftsstelle?|Ich brauche Ihre Postanschrift""",
    "greet": """Guten Tag|Hallo|Guten Morgen|Servus|Moin|Grüß Gott|Hallo zusammen|Schönen guten Abend|Hi|Grüezi
        |Sehr geehrte Damen und Herren|Tach auch""",
    "thanks": """Vielen Dank|Danke schön|Danke|Besten Dank im Voraus|Herzlichen Dank für die Auskunft|Dankeschön
        |Tausend Dank|Danke für Ihre Hilfe|Merci vielmals|Super, danke|Ich danke Ihnen|Danke, das hilft mir""",
    "oos_weather": """Wie wird das Wetter morgen?|Regnet es heute Nachmittag?|Scheint am Sonntag die Sonne?
        |Wie warm wird es?|Brauche ich einen Regenschirm?|Wann hört der Schnee auf?|Gibt es heute ein Gewitter?
        |Wie kalt ist es draußen?|Wetterbericht für das Wochenende|Wird es am Abend windig?|Kommt ein Sturm?
        |Wie viel Grad hat es gerade?""",
}


@dataclass(frozen=True)
class Examples:
    """Texts and their intents, the same length."""

    texts: list[str]
    intents: list[str]


@pytest.fixture(scope="session")
def examples() -> Examples:
    """6 intents, 12 questions each, one intent out of scope."""
    pairs = [(text.strip(), intent) for intent, lines in _BY_INTENT.items() for text in lines.split("|")]
    return Examples([text for text, _ in pairs], [intent for _, intent in pairs])


@pytest.fixture(scope="session")
def model(examples: Examples) -> IntentModel:
    return IntentModel.train(examples.texts, examples.intents)


@pytest.fixture
def pipeline_folder(tmp_path: Path) -> str:
    """The folder of a saved spaCy pipeline: sentences, and „Kassel“ as a place."""
    nlp = spacy.blank("de")
    nlp.add_pipe("sentencizer")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "LOC", "pattern": "Kassel"}])
    nlp.to_disk(tmp_path / "pipeline")
    return str(tmp_path / "pipeline")


@pytest.fixture
def pipelines_of_other_tests_forgotten() -> Iterator[None]:
    load_german.cache_clear()
    yield
    load_german.cache_clear()


@pytest.fixture
def storage(tmp_path: Path) -> LocalModelStorage:
    return LocalModelStorage.create(tmp_path)


@pytest.fixture
def resource() -> Resource:
    return Resource("component")


@pytest.fixture
def context() -> ExecutionContext:
    return ExecutionContext(GraphSchema({}), node_name="component")
