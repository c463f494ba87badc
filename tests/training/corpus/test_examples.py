"""Reading the training data: texts, intents, entities and places, and what is said of files that cannot be read."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from rasa.shared.importers.rasa import RasaFileImporter

from training.corpus.examples import Example, read_examples
from training.failure import BadInput
from training.processes import ROOT

_GREET = """version: "3.1"
nlu:
- intent: greet
  examples: |
    - Hallo!
    - guten   Tag
"""


def _written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_examples_have_text_intent_file_and_line(tmp_path: Path) -> None:
    path = _written(tmp_path, "greet.yml", _GREET)

    assert read_examples(tmp_path) == [
        Example("Hallo!", "greet", (), path, 5),
        Example("guten   Tag", "greet", (), path, 6),
    ]


def test_place_names_file_and_line(tmp_path: Path) -> None:
    _written(tmp_path, "greet.yml", _GREET)

    assert [example.place for example in read_examples(tmp_path)] == ["greet.yml:5", "greet.yml:6"]


def test_lines_are_right_in_a_second_block_and_below_comments(tmp_path: Path) -> None:
    more = "\n# und zum Abschied\n- intent: goodbye\n  examples: |\n    - tschüss\n\n    - bis bald\n"
    _written(tmp_path, "greet.yml", _GREET + more)

    places = [(example.text, example.intent, example.line) for example in read_examples(tmp_path)]

    assert places[2:] == [("tschüss", "goodbye", 11), ("bis bald", "goodbye", 13)]


def test_entities_are_taken_out_of_the_text(tmp_path: Path) -> None:
    row = "Sind [DGB](organisation) und [Frau Diehl](person) dabei [sagt man]?"
    path = _written(tmp_path, "member.yml", f"nlu:\n- intent: member\n  examples: |\n    - {row}\n")

    text = "Sind DGB und Frau Diehl dabei [sagt man]?"
    entities = (("organisation", "DGB"), ("person", "Frau Diehl"))
    assert read_examples(tmp_path) == [Example(text, "member", entities, path, 4)]


def test_files_are_read_by_name_and_in_folders_below(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    for name in ("z.yml", "b.yml", "a/y.yml"):
        _written(tmp_path, name, _GREET)
    _written(tmp_path, "notes.txt", "nlu: none")

    paths = [example.path.relative_to(tmp_path).as_posix() for example in read_examples(tmp_path)]

    assert paths == ["a/y.yml", "a/y.yml", "b.yml", "b.yml", "z.yml", "z.yml"]


def test_empty_folder_has_no_examples(tmp_path: Path) -> None:
    assert read_examples(tmp_path) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nlu:\n- intent: greet\n  examples: [a\n", "greet.yml:4: this is not valid YAML"),
        ("", "greet.yml:1: expected a list under the key nlu"),
        ("- intent: greet\n", "greet.yml:1: expected a list under the key nlu"),
        ("nlu:\n  intent: greet\n", "greet.yml:1: expected a list under the key nlu"),
        ("nlu:\n- examples: |\n    - a\n", "greet.yml:2: expected intent and examples"),
        ("\nnlu:\n\n- intent: greet\n", "greet.yml:4: expected intent and examples"),
        ("nlu:\n- greet\n", "greet.yml:2: expected intent and examples"),
        ("nlu:\n- - greet\n", "greet.yml:2: expected intent and examples"),
        ("nlu:\n- intent: greet\n  examples:\n  - a\n", "greet.yml:2: expected intent and examples"),
        ("nlu:\n- intent: greet\n  examples: |\n    - a\n    b\n", "greet.yml:5: an example must start with a dash"),
        ("nlu:\n- intent: greet\n  examples: |\n    -a\n", "greet.yml:4: an example must start with a dash"),
    ],
)
def test_unreadable_file_is_named_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    _written(tmp_path, "greet.yml", text)

    with pytest.raises(BadInput) as caught:
        read_examples(tmp_path)

    assert str(caught.value).startswith(message)


def test_rasa_reads_the_same_texts_and_intents(tmp_path: Path) -> None:
    # From a copy, so that both read the same, whoever is writing training data meanwhile.
    data = shutil.copytree(ROOT / "data", tmp_path / "data")

    ours = {(example.text, example.intent) for example in read_examples(data / "nlu")}
    assert ours
    training_data = RasaFileImporter(training_data_paths=[str(data)]).get_nlu_data()

    assert {(message.get("text"), message.get("intent")) for message in training_data.intent_examples} == ours
