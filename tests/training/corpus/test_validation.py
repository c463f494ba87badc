"""Each mistake is put alone into a small project without one, and must be all that is found."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from content.schema import REPLIES
from training.corpus import validation
from training.corpus.validation import Finding, as_text, errors, validate

TEXT = {"standard": "Ja.", "einfach": "Ja.", "en": "Yes."}

#: The lines of the first example in a training file, and of the first intent in domain.yml, as written below.
FIRST = 5
FIRST_INTENT = 3


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project in which nothing is wrong: one topic, three conversation intents, one out-of-scope intent."""
    (tmp_path / "content" / "topics").mkdir(parents=True)
    (tmp_path / "data" / "nlu").mkdir(parents=True)
    (tmp_path / "tests" / "questions").mkdir(parents=True)
    _write_content(tmp_path)
    _write_topic(tmp_path, "service_hours")
    for intent, count in (
        ("service_hours", 60),
        ("greet", 30),
        ("repeat", 30),
        ("followup_when", 30),
        ("oos_money", 500),
    ):
        _write_intent(tmp_path, intent, _sentences(count, intent))
    _write_domain(tmp_path, ["service_hours", "greet", "repeat", "followup_when", "oos_money"])
    _write_questions(tmp_path, "phone", [{"text": "ganz neu gefragt"}, {"turns": [{"text": "und noch einmal"}]}])
    return tmp_path


def test_project_without_mistakes_has_no_findings(root: Path) -> None:
    assert validate(root) == []


def test_project_without_test_questions_has_no_findings(root: Path) -> None:
    (root / "tests/questions/phone.jsonl").unlink()

    assert validate(root) == []


def test_intent_without_topic_reply_or_decline_has_no_content(root: Path) -> None:
    for intent in ("service_fax", "followup_why", "thanks", "affirm"):
        _write_intent(root, intent, _sentences(60, intent))
    _write_domain(root, [*_intents(root), "service_fax", "followup_why", "thanks", "affirm"])

    message = "the intent service_fax has no content: write content/topics/service_fax.yml"
    assert validate(root) == [Finding("error", f"domain.yml:{FIRST_INTENT + 5}", message)]


def test_out_of_scope_intent_without_decline_is_found(root: Path) -> None:
    _write_intent(root, "oos_search", _sentences(30, "oos_search"))
    _write_domain(root, [*_intents(root), "oos_search"])

    message = "the intent oos_search has no entry in content/declines.yml"
    assert validate(root) == [Finding("error", f"domain.yml:{FIRST_INTENT + 5}", message)]


def test_topic_without_examples_is_found(root: Path) -> None:
    _write_topic(root, "service_fax")
    _write_domain(root, [*_intents(root), "service_fax"])

    message = "no example asks for this topic: write data/nlu/service_fax.yml"
    assert validate(root) == [Finding("error", "content/topics/service_fax.yml", message)]


def test_intent_with_examples_that_domain_does_not_list_is_found(root: Path) -> None:
    _write_domain(root, [intent for intent in _intents(root) if intent != "greet"])

    message = "the intent greet is missing in domain.yml"
    assert validate(root) == [Finding("error", f"data/nlu/greet.yml:{FIRST}", message)]


def test_topic_that_domain_does_not_list_is_found(root: Path) -> None:
    _write_topic(root, "service_fax")

    place = "content/topics/service_fax.yml"
    assert validate(root) == [
        Finding("error", place, "the intent service_fax is missing in domain.yml"),
        Finding("error", place, "no example asks for this topic: write data/nlu/service_fax.yml"),
    ]


def test_training_file_without_examples_that_domain_does_not_list_is_found(root: Path) -> None:
    (root / "data/nlu/goodbye.yml").write_text("nlu: []\n", encoding="utf-8")

    assert validate(root) == [Finding("error", "data/nlu/goodbye.yml", "the intent goodbye is missing in domain.yml")]


def test_intent_of_domain_without_examples_is_found(root: Path) -> None:
    _write_domain(root, ["goodbye", *_intents(root)])

    message = "the intent goodbye has no examples: write data/nlu/goodbye.yml or take the name out"
    assert validate(root) == [Finding("error", f"domain.yml:{FIRST_INTENT}", message)]


def test_intent_that_domain_lists_twice_is_found(root: Path) -> None:
    _write_domain(root, [*_intents(root), "greet"])

    message = f"the intent greet stands in line {FIRST_INTENT + 1} already"
    assert validate(root) == [Finding("error", f"domain.yml:{FIRST_INTENT + 5}", message)]


def test_intent_with_options_in_domain_is_known_by_its_name(root: Path) -> None:
    path = root / "domain.yml"
    path.write_text(path.read_text("utf-8").replace("- greet", "- greet: {use_entities: []}"), encoding="utf-8")

    assert validate(root) == []


def test_intent_in_the_file_of_another_is_found(root: Path) -> None:
    path = root / "data/nlu/greet.yml"
    moved = path.read_text("utf-8").replace("- intent: greet", "- intent: repeat")
    path.write_text(moved + _block("greet", _sentences(30, "more")), encoding="utf-8")

    message = "the intent repeat belongs into a file of its own, repeat.yml"
    assert validate(root) == [Finding("error", f"data/nlu/greet.yml:{FIRST}", message)]


def test_same_example_in_two_intents_is_found_in_any_spelling(root: Path) -> None:
    _append(root, "greet", "Schöne Grüße an alle!")
    _append(root, "greet", "SCHÖNE GRÜSSE AN ALLE")
    _append(root, "repeat", "schoene gruesse an alle")

    message = f"“schoene gruesse an alle” is also an example of greet (data/nlu/greet.yml:{FIRST + 30})"
    assert validate(root) == [Finding("error", f"data/nlu/repeat.yml:{FIRST + 30}", message)]


def test_examples_of_symbols_only_are_the_same_when_the_symbols_are(root: Path) -> None:
    _append(root, "greet", "👍")
    _append(root, "repeat", "👎")
    _append(root, "service_hours", "👍")

    message = f"“👍” is also an example of greet (data/nlu/greet.yml:{FIRST + 30})"
    assert validate(root) == [Finding("error", f"data/nlu/service_hours.yml:{FIRST + 60}", message)]


def test_near_duplicate_in_another_intent_is_found(root: Path) -> None:
    _append(root, "greet", "Wann hat die Servicestelle denn bitte geöffnet?")
    _append(root, "service_hours", "wann hat die servicestelle denn bitte geoeffned")

    message = (
        "“wann hat die servicestelle denn bitte geoeffned” is nearly “Wann hat die Servicestelle denn bitte geöffnet?”"
        f" of greet (data/nlu/greet.yml:{FIRST + 30})"
    )
    assert validate(root) == [Finding("warning", f"data/nlu/service_hours.yml:{FIRST + 60}", message)]


def test_near_duplicates_of_one_intent_or_of_three_words_are_left_alone(root: Path) -> None:
    _append(root, "greet", "Wann hat die Servicestelle denn bitte geöffnet?")
    _append(root, "greet", "wann hat die servicestelle denn bitte geoeffned")
    _append(root, "greet", "Mitgliederversammlung Jahresversammlung Ortsversammlung")
    _append(root, "repeat", "Mitgliederversammlung Jahresversammlung Ortsversammlungen")

    assert validate(root) == []


def test_near_duplicates_far_apart_are_found(root: Path) -> None:
    _write_intent(root, "oos_money", _sentences(1200, "oos_money"))
    _append(root, "oos_money", "Wann hat die Servicestelle denn bitte geöffnet?")
    _append(root, "service_hours", "Wann hat die Servicestelle denn bitte geöffned?")

    message = (
        "“Wann hat die Servicestelle denn bitte geöffned?” is nearly “Wann hat die Servicestelle denn bitte geöffnet?”"
        f" of oos_money (data/nlu/oos_money.yml:{FIRST + 1200})"
    )
    assert validate(root) == [Finding("warning", f"data/nlu/service_hours.yml:{FIRST + 60}", message)]


def test_near_duplicates_beyond_the_closest_are_only_counted(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validation, "NEAR_REPORTED", 1)
    _append(root, "greet", "Wann hat die Servicestelle denn bitte geöffnet?")
    _append(root, "repeat", "Wann hat die Servicestelle denn bitte geöffned?")
    _append(root, "greet", "Sprechen hier alle Nachbarn gern über Quartiersentwicklung")
    _append(root, "repeat", "Sprechen hier alle Nachbarn gern über die Quartiersentwicklung")

    found = validate(root)

    assert [finding.place for finding in found] == [f"data/nlu/repeat.yml:{FIRST + 31}", "data/nlu"]
    assert found[1].message == "further pairs of nearly the same text in two intents, not listed: 1"


def test_intent_with_many_near_copies_is_found(root: Path) -> None:
    copies = ["wann macht das Büro heute auf", "Heute macht das Büro wann zu?", "wann macht das Büro morgen früh auf"]
    _write_intent(root, "greet", [*_sentences(26, "greet"), *copies, copies[0]])

    message = (
        "4 of the 30 examples of greet share all but 2 words with another one, 10% may; the first:"
        f" “{copies[0]}” and “{copies[1]}” (data/nlu/greet.yml:{FIRST + 27})"
    )
    assert validate(root) == [Finding("error", f"data/nlu/greet.yml:{FIRST + 26}", message)]


def test_words_that_near_copies_repeat_count_each_time(root: Path) -> None:
    copies = [f"nein nein nein nein {word}" for word in ("doch", "ja", "gut", "eben")]
    _write_intent(root, "greet", [*_sentences(26, "greet"), *copies])

    assert [finding.place for finding in validate(root)] == [f"data/nlu/greet.yml:{FIRST + 26}"]


@pytest.mark.parametrize(
    "copies",
    [
        pytest.param(["a b c d e", "a b c f g", "a b c h i"], id="a tenth of the examples"),
        pytest.param(["a b c d", "a b c e", "a b c f", "a b c g"], id="four words"),
        pytest.param(["a a a a a", "a b c d e", "a f g h i", "a j k l m"], id="one word in common, repeated"),
        pytest.param(["a b c d e", "a b c f g h", "a b c i j k", "a b c l m n"], id="three words changed"),
        pytest.param(["a b c d e f g h i j k l m n o p q"[: 9 + 6 * step] for step in range(5)], id="three words added"),
    ],
)
def test_intent_with_few_or_distant_copies_is_left_alone(root: Path, copies: list[str]) -> None:
    _write_intent(root, "greet", [*_sentences(30 - len(copies), "greet"), *copies])

    assert validate(root) == []


@pytest.mark.parametrize(("intent", "wanted"), [("service_hours", 60), ("greet", 30)])
def test_intent_with_too_few_examples_is_found(root: Path, intent: str, wanted: int) -> None:
    _write_intent(root, intent, _sentences(wanted - 1, intent))

    message = f"the intent {intent} has too few examples: {wanted - 1}, at least {wanted} are wanted"
    assert validate(root) == [Finding("warning", f"data/nlu/{intent}.yml", message)]


def test_too_few_out_of_scope_examples_in_all_are_found(root: Path) -> None:
    _write_intent(root, "oos_money", _sentences(499, "oos_money"))

    message = "too few out-of-scope examples: 499, at least 500 in all are wanted"
    assert validate(root) == [Finding("warning", "data/nlu/oos_*.yml", message)]


@pytest.mark.parametrize("field", ["title", "url", "date"])
def test_source_without_title_address_or_date_is_found(root: Path, field: str) -> None:
    source = {"title": "Die Seite", "url": "https://example.org/", "date": "2026-11-22"}
    del source[field]
    _dump({"page": source}, root / "content/sources.yml")

    place = f"content/sources.yml, Zeile 1, Feld „page.{field}“"
    assert validate(root) == [Finding("error", place, "fehlt")]


def test_broken_content_does_not_hide_what_else_is_wrong(root: Path) -> None:
    (root / "content/replies.yml").write_text("greet: [", encoding="utf-8")
    _append(root, "greet", "/restart")

    broken, slash = validate(root)

    assert broken.place == "content/replies.yml, Zeile 1"
    assert slash.place == f"data/nlu/greet.yml:{FIRST + 30}"


def test_content_with_a_character_that_yaml_refuses_is_found(root: Path) -> None:
    (root / "content/contacts.yml").write_text("town: Wies\x07baden", encoding="utf-8")

    message = "kein gültiges YAML (unacceptable character #x0007: special characters are not allowed)"
    assert validate(root) == [Finding("error", "content/contacts.yml", message)]


def test_example_with_leading_slash_is_found(root: Path) -> None:
    _append(root, "greet", "/restart")
    _append(root, "greet", "und/oder")

    message = "Rasa takes “/restart” for a command: drop the slash"
    assert validate(root) == [Finding("error", f"data/nlu/greet.yml:{FIRST + 30}", message)]


def test_example_with_a_tab_is_found(root: Path) -> None:
    _append(root, "greet", "guten\tTag")

    message = "a control character stands here (U+0009)"
    assert validate(root) == [Finding("error", f"data/nlu/greet.yml:{FIRST + 30}", message)]


def test_control_character_that_yaml_refuses_is_found_with_its_line(root: Path) -> None:
    _append(root, "greet", "guten\x07Tag")

    place, message = f"data/nlu/greet.yml:{FIRST + 30}", "a control character stands here (U+0007)"
    unread = "YAML does not allow the character U+0007 here; no example was checked"
    assert validate(root) == [Finding("error", place, message), Finding("error", place, unread)]


def test_training_file_in_another_encoding_is_found(root: Path) -> None:
    (root / "data/nlu/greet.yml").write_bytes(_file("greet", ["Grüß Gott"]).encode("latin-1"))

    message = "this is no text in UTF-8; no example was checked"
    assert validate(root) == [Finding("error", f"data/nlu/greet.yml:{FIRST}", message)]


def test_training_file_that_cannot_be_read_is_found_with_its_line(root: Path) -> None:
    (root / "data/nlu/greet.yml").write_text("nlu:\n- intent: greet\n", encoding="utf-8")

    assert validate(root) == [Finding("error", "data/nlu/greet.yml:2", "expected intent and examples; no example was checked")]


@pytest.mark.parametrize(
    "text",
    [
        "Ist die [Caritas](organisation dabei",
        "Ist die [Caritas(organisation) dabei",
        "Ist die Caritas](organisation) dabei",
        "Ist die [Caritas] (organisation) dabei",
        "Ist die Caritas (organisation) dabei",
        "Ist die [](organisation) dabei",
        "Ist die [Caritas](organisation:caritas) dabei",
        'Ist die [Caritas]{"entity": "organisation"} dabei',
        "Ist die [Caritas dabei",
    ],
)
def test_broken_entity_markup_is_found(root: Path, text: str) -> None:
    _append(root, "greet", "Ist der [Mieterbund](organisation) dabei")
    _append(root, "greet", text)

    message = f"the entity markup in “{text}” is broken: it should be [text](entity)"
    assert validate(root) == [Finding("error", f"data/nlu/greet.yml:{FIRST + 31}", message)]


def test_brackets_that_mark_no_entity_are_left_alone(root: Path) -> None:
    _append(root, "greet", "[SYSTEM] neue Regel (sofort): [JA] (und [NEIN])")

    assert validate(root) == []


def test_entity_that_domain_does_not_list_is_found(root: Path) -> None:
    _append(root, "greet", "Ist der [Mieterbund](organistion) dabei")

    message = "the entity organistion is missing in domain.yml"
    assert validate(root) == [Finding("error", f"data/nlu/greet.yml:{FIRST + 30}", message)]


def test_question_of_the_test_set_in_the_training_data_is_found(root: Path) -> None:
    _write_questions(root, "phone", [{"text": "Neu gefragt"}, {"text": "Könnt ihr bitte größer schreiben?"}])
    _append(root, "repeat", "koennt ihr bitte groesser schreiben")

    message = (
        f"the test question “Könnt ihr bitte größer schreiben?” stands in the training data (data/nlu/repeat.yml:{FIRST + 30})"
    )
    assert validate(root) == [Finding("error", "tests/questions/phone.jsonl:2", message)]


def test_short_turn_of_a_test_dialogue_in_the_training_data_is_found(root: Path) -> None:
    _write_questions(root, "dialogues", [{"turns": [{"text": "Neu gefragt"}, {"text": "Und seit wann?"}]}])
    _append(root, "followup_when", "und seit wann")

    message = f"the test question “Und seit wann?” stands in the training data (data/nlu/followup_when.yml:{FIRST + 30})"
    assert validate(root) == [Finding("error", "tests/questions/dialogues.jsonl:1", message)]


def test_regression_question_may_be_trained_on(root: Path) -> None:
    _append(root, "greet", "Kann ich bei Ihnen Steine abladen?")
    _write_questions(root, "regression", [{"text": "kann ich bei ihnen steine abladen"}])

    assert validate(root) == []


@pytest.mark.parametrize("row", [b"{", b'{"turns": 3}', b'{"turns": ["a"]}', b'{"expect": []}', b"[1]", b'"\xfc"'])
def test_test_question_that_cannot_be_read_is_found_with_its_line(root: Path, row: bytes) -> None:
    (root / "tests/questions/phone.jsonl").write_bytes(b'{"text": "gut"}\n\n' + row + b"\n")

    message = "expected JSON with text, or with turns that have a text each"
    assert validate(root) == [Finding("error", "tests/questions/phone.jsonl:3", message)]


def test_missing_domain_is_found(root: Path) -> None:
    (root / "domain.yml").unlink()

    assert validate(root) == [Finding("error", "domain.yml", "the file cannot be read (No such file or directory)")]


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("intents:\n- a\n- [b\n", "domain.yml:4", "this is not valid YAML (expected ',' or ']', but got '<stream end>')"),
        ("intents:\n- a\x07\n", "domain.yml:2", "YAML does not allow the character U+0007 here"),
        ("version: '3.1'\n", "domain.yml", "expected a list under the key intents"),
        ("intents: greet\n", "domain.yml", "expected a list under the key intents"),
    ],
)
def test_domain_that_cannot_be_read_is_found(root: Path, text: str, place: str, message: str) -> None:
    (root / "domain.yml").write_text(text, encoding="utf-8")

    assert validate(root) == [Finding("error", place, message)]


def test_errors_are_told_before_warnings_and_their_number(root: Path) -> None:
    _write_intent(root, "greet", _sentences(28, "greet"))
    _append(root, "greet", "/restart")

    assert as_text(validate(root)) == (
        "Errors:\n"
        f"  data/nlu/greet.yml:{FIRST + 28}: Rasa takes “/restart” for a command: drop the slash\n"
        "\n"
        "Warnings:\n"
        "  data/nlu/greet.yml: the intent greet has too few examples: 29, at least 30 are wanted\n"
        "\n"
        "1 error, 1 warning"
    )


def test_no_findings_are_told_in_one_line() -> None:
    assert as_text([]) == "0 errors, 0 warnings"


def test_warnings_are_no_errors() -> None:
    error, warning = Finding("error", "domain.yml", "wrong"), Finding("warning", "domain.yml", "odd")

    assert errors([warning, error]) == [error]


def _sentences(count: int, seed: str) -> list[str]:
    """Sentences of six made-up words each, no two alike; the same for the same seed."""
    rng = random.Random(seed)
    return [" ".join("".join(rng.choices("bdfgklmnprst", k=7)) for _ in range(6)) for _ in range(count)]


def _write_intent(root: Path, intent: str, examples: Iterable[str]) -> None:
    (root / f"data/nlu/{intent}.yml").write_text(_file(intent, examples), encoding="utf-8")


def _append(root: Path, intent: str, example: str) -> None:
    with (root / f"data/nlu/{intent}.yml").open("a", encoding="utf-8") as file:
        file.write(f"    - {example}\n")


def _file(intent: str, examples: Iterable[str]) -> str:
    return 'version: "3.1"\nnlu:\n' + _block(intent, examples)


def _block(intent: str, examples: Iterable[str]) -> str:
    return f"- intent: {intent}\n  examples: |\n" + "".join(f"    - {example}\n" for example in examples)


def _intents(root: Path) -> list[str]:
    """The intents that domain.yml lists now."""
    intents: list[str] = YAML(typ="safe").load((root / "domain.yml").read_text("utf-8"))["intents"]
    return intents


def _write_domain(root: Path, intents: Sequence[str]) -> None:
    listed = "".join(f"  - {intent}\n" for intent in intents)
    text = f'version: "3.1"\nintents:\n{listed}entities:\n  - organisation\n'
    (root / "domain.yml").write_text(text, encoding="utf-8")


def _write_questions(root: Path, name: str, records: Sequence[object]) -> None:
    text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    (root / f"tests/questions/{name}.jsonl").write_text(text, encoding="utf-8")


def _write_topic(root: Path, topic: str) -> None:
    data = {"title": f"Titel von {topic}", "title_en": topic, "source": "page", "answers": TEXT}
    _dump(data, root / f"content/topics/{topic}.yml")


def _write_content(root: Path) -> None:
    contacts = dict.fromkeys(("operator", "street", "town", "phone", "email", "fax", "form"), "")
    for name, data in {
        "sources": {"page": {"title": "Die Seite", "url": "https://example.org/", "date": "2026-11-22"}},
        "contacts": {"office": "Servicestelle", "postcode": "65189", "opening": [], "persons": [], **contacts},
        "participants": [],
        "phrases": [],
        "replies": dict.fromkeys(REPLIES, TEXT),
        "declines": dict.fromkeys(("oos_money", "unknown"), TEXT),
    }.items():
        _dump(data, root / f"content/{name}.yml")


def _dump(data: object, path: Path) -> None:
    """As JSON, which is YAML, too."""
    path.write_text(json.dumps(data), encoding="utf-8")
