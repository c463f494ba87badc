from __future__ import annotations

import difflib
from dataclasses import replace
from pathlib import Path

import pytest

from content import read_content
from tests.training.small_project import write_small_project
from training.corpus.changes import ChangeRefused
from training.corpus.examples import read_examples as read_all
from training.corpus.new_topic import NewTopic, add_topic, check_id, follow_ups, read_examples
from training.failure import BadInput
from training.lock import Busy, only_one

_TOPIC = NewTopic(
    id="service_parking",
    title="Kann ich bei der Servicestelle parken?",
    title_en="Can I park at the Servicestelle?",
    answers={
        "standard": "Das weiß ich leider nicht. Fragen Sie bitte nach: {address}.",
        "einfach": "Das weiß ich nicht. Fragen Sie bitte nach.",
        "en": "I do not know. Please ask.",
    },
    examples=["Gibt es einen Parkplatz?", "  wo   parken # kurz ", "wo parken # kurz", "", "Darf mein Auto auf den Hof?"],
    related=["service_address"],
    follow_up={"when": "service_hours"},
)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small project that no test may change: those that write take a copy."""
    root = tmp_path_factory.mktemp("project")
    write_small_project(root)
    return root


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_small_project(tmp_path)
    return tmp_path


def _texts(root: Path) -> dict[str, str]:
    files = [path for path in sorted(root.rglob("*")) if path.is_file() and path.suffix != ".lock"]
    return {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in files}


def test_topic_is_in_content_examples_and_domain_and_nothing_else_changes(root: Path) -> None:
    before = _texts(root)

    files, warnings = add_topic(_TOPIC, root)

    changed = {name: text for name, text in _texts(root).items() if text != before.get(name)}
    assert set(changed) == {each.as_posix() for each in files}
    assert changed["content/topics/service_parking.yml"] == (
        "title: Kann ich bei der Servicestelle parken?\n"
        "title_en: Can I park at the Servicestelle?\n"
        "source: page\n"
        "answers:\n"
        "  standard: >-\n    Das weiß ich leider nicht.\n    Fragen Sie bitte nach: {address}.\n"
        "  einfach: >-\n    Das weiß ich nicht.\n    Fragen Sie bitte nach.\n"
        "  en: >-\n    I do not know.\n    Please ask.\n"
        "related: [service_address]\n"
        "follow_up: {when: service_hours}\n"
    )
    assert changed["data/nlu/service_parking.yml"] == (
        'version: "3.1"\n'
        "nlu:\n"
        "- intent: service_parking\n"
        "  examples: |\n"
        "    - Gibt es einen Parkplatz?\n"
        "    - wo parken # kurz\n"
        "    - Darf mein Auto auf den Hof?\n"
    )
    lines = difflib.ndiff(before["domain.yml"].splitlines(), changed["domain.yml"].splitlines())
    assert [line for line in lines if not line.startswith(" ")] == ["+   - service_parking"]
    assert [(each.severity, each.message) for each in warnings] == [
        ("warning", "the intent service_parking has too few examples: 3, at least 60 are wanted")
    ]


def test_topic_is_read_as_it_was_given(root: Path) -> None:
    add_topic(_TOPIC, root)

    topic = read_content(root / "content").topics["service_parking"]
    assert (topic.title, topic.answers.standard) == (_TOPIC.title, _TOPIC.answers["standard"])
    assert [each.text for each in read_all(root / "data/nlu") if each.intent == "service_parking"] == [
        "Gibt es einen Parkplatz?",
        "wo parken # kurz",
        "Darf mein Auto auf den Hof?",
    ]


def test_domain_keeps_its_intents_in_the_order_of_the_alphabet(root: Path) -> None:
    add_topic(_TOPIC, root)

    lines = (root / "domain.yml").read_text("utf-8").splitlines()
    place = lines.index("  - service_parking")
    assert (lines[place - 1], lines[place + 1]) == ("  - service_hours", "  - service_phone")


@pytest.mark.parametrize(
    "topic_id",
    ["parking", "Service_parking", "service-parking", "../service_parking", "service_", "", "oos_parking", "followup_x"],
)
def test_bad_id_is_refused(project: Path, topic_id: str) -> None:
    with pytest.raises(BadInput, match=f"“{topic_id}” is no id"):
        check_id(topic_id, project)


def test_topic_that_is_there_is_refused(project: Path) -> None:
    with pytest.raises(BadInput, match=r"content/topics/service_fax\.yml exists already"):
        add_topic(replace(_TOPIC, id="service_fax"), project)


def test_intent_that_is_no_topic_is_refused(project: Path) -> None:
    with pytest.raises(BadInput, match=r"data/nlu/bot_human\.yml exists already"):
        add_topic(replace(_TOPIC, id="bot_human"), project)


@pytest.mark.parametrize(
    ("topic", "message"),
    [
        (replace(_TOPIC, answers={"standard": "Ja.", "en": "Yes."}), "in each register: standard, einfach, en"),
        (replace(_TOPIC, examples=[" ", ""]), "needs training questions"),
        (replace(_TOPIC, follow_up={"whence": "service_hours"}), "whence: no such follow-up"),
    ],
)
def test_topic_that_lacks_something_is_refused(project: Path, topic: NewTopic, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        add_topic(topic, project)


@pytest.mark.parametrize(
    ("topic", "message"),
    [
        (replace(_TOPIC, title="Ob"), "Feld „title“: muss 3 bis 80 Zeichen haben"),
        (replace(_TOPIC, related=["service_garage"]), "Thema „service_garage“ gibt es nicht"),
        (replace(_TOPIC, answers={**_TOPIC.answers, "en": "Ask {nobody}."}), "den Platzhalter {nobody} gibt es hier nicht"),
        (replace(_TOPIC, source="hearsay"), "Quelle „hearsay“ steht nicht in sources.yml"),
        (replace(_TOPIC, examples=["/restart", "Wo parken?"]), "Rasa takes “/restart” for a command"),
        (replace(_TOPIC, examples=["[Auto](car", "Wo parken?"]), "the entity markup in “[Auto](car” is broken"),
    ],
)
def test_topic_that_validation_finds_wrong_is_not_written(project: Path, topic: NewTopic, message: str) -> None:
    before = _texts(project)

    with pytest.raises(ChangeRefused) as refused:
        add_topic(topic, project)

    assert message in str(refused.value)
    assert _texts(project) == before


def test_example_of_another_topic_is_refused(project: Path) -> None:
    theirs = next(each.text for each in read_all(project / "data/nlu") if each.intent == "service_fax")

    with pytest.raises(ChangeRefused, match="is also an example of service_fax"):
        add_topic(replace(_TOPIC, examples=[theirs, "Wo parken?"]), project)


def test_two_changes_at_once_are_refused(project: Path) -> None:
    with only_one(project / "models", "edit"), pytest.raises(Busy, match="Another edit is running"):
        add_topic(_TOPIC, project)


def test_examples_are_read_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("Wo parken?\n\nMit Auto?\n", encoding="utf-8")

    assert read_examples(tmp_path / "x.txt") == ["Wo parken?", "", "Mit Auto?", ""]
    with pytest.raises(BadInput, match="cannot be read"):
        read_examples(tmp_path)


def test_follow_ups_are_words_and_topics() -> None:
    assert follow_ups(["when=service_hours", "who=contact_persons"]) == {"when": "service_hours", "who": "contact_persons"}


@pytest.mark.parametrize("pairs", [["when"], ["when=a", "when=b"]])
def test_follow_up_of_another_form_is_refused(pairs: list[str]) -> None:
    with pytest.raises(BadInput, match="like when=service_hours"):
        follow_ups(pairs)
