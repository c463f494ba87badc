from __future__ import annotations

import datetime
import json
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from tests.training.small_project import write_small_project
from training.corpus.changes import ChangeRefused, write
from training.corpus.examples import read_examples
from training.corpus.questions import read_dialogues
from training.corpus.reviews import Decision, Plan, Suggestion, as_text, decide, files, plan, read_suggestions
from training.failure import BadInput

_DAY = datetime.date(2026, 11, 23)
_WHEN = datetime.datetime(2026, 11, 20, 9, 30, tzinfo=datetime.timezone.utc)
_NEW = "hat die servicestelle irgendwo noch so ein altes telefaxgerät herumstehen"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small project with a test question that no test may change: those that write take a copy."""
    root = tmp_path_factory.mktemp("project")
    _write_project(root)
    return root


@pytest.fixture
def root(tmp_path: Path) -> Path:
    _write_project(tmp_path)
    return tmp_path


def _write_project(root: Path) -> None:
    write_small_project(root)
    question = {"text": "Und nachts?", "expect": ["service_hours"], "voice": "phone", "lang": "de"}
    (root / "tests/questions/phone.jsonl").write_text(json.dumps(question) + "\n", encoding="utf-8")


def _nothing_personal(texts: Sequence[str]) -> list[list[str]]:
    return [[] for _ in texts]


def _suggestion(text: str, intent: str, **more: Any) -> Suggestion:
    return Suggestion(id=uuid.uuid4(), text=text, intent=intent, confirmed_at=_WHEN, **more)


def _decide(root: Path, *suggestions: Suggestion) -> list[Decision]:
    return decide(suggestions, root, _nothing_personal)


def _one(root: Path, text: str, intent: str, **more: Any) -> Decision:
    [decision] = _decide(root, _suggestion(text, intent, **more))
    return decision


def _example_of(root: Path, intent: str) -> str:
    return next(each.text for each in read_examples(root / "data/nlu") if each.intent == intent)


def _import(root: Path, *suggestions: Suggestion) -> Plan:
    found = plan(suggestions, root, _DAY, _nothing_personal)
    write(found.files, root)
    return found


def test_import_adds_the_example_with_its_origin_and_the_regression_question(root: Path) -> None:
    suggestion = _suggestion(_NEW, "service_fax")
    before = (root / "data/nlu/service_fax.yml").read_text("utf-8")

    found = _import(root, suggestion)

    assert (root / "data/nlu/service_fax.yml").read_text("utf-8") == before + (
        "# Asked by citizens, confirmed by staff in the console; imported on 2026-11-23.\n"
        "- intent: service_fax\n"
        "  examples: |\n"
        f"    - {_NEW}\n"
    )
    assert json.loads((root / "tests/questions/regression.jsonl").read_text("utf-8")) == {
        "text": _NEW,
        "expect": ["service_fax"],
        "voice": "review",
        "lang": "de",
        "suggestion": str(suggestion.id),
        "confirmed": "2026-11-20",
    }
    assert found.done == [str(suggestion.id)]
    assert [each.intent for each in read_examples(root / "data/nlu") if each.text == _NEW] == ["service_fax"]
    turns = [turn for dialogue in read_dialogues(root / "tests/questions") for turn in dialogue]
    assert [(turn.text, turn.topics, turn.kind) for turn in turns] == [
        ("Und nachts?", ("service_hours",), "single"),
        (_NEW, ("service_fax",), "regression"),
    ]


def test_second_import_changes_nothing_and_is_done(root: Path) -> None:
    suggestion = _suggestion(_NEW, "service_fax")
    _import(root, suggestion)

    again = plan([suggestion], root, _DAY, _nothing_personal)

    assert (again.files, again.done) == ({}, [str(suggestion.id)])
    assert again.decisions[0].reason.startswith("is an example already (data/nlu/service_fax.yml:")


def test_imports_of_one_day_share_a_block(root: Path) -> None:
    _import(root, _suggestion(_NEW, "service_fax"))
    _import(root, _suggestion("schicken meine enkel euch die bilder auch als kopie über die leitung", "service_fax"))

    tail = (root / "data/nlu/service_fax.yml").read_text("utf-8").splitlines()[-5:]
    assert tail == [
        "# Asked by citizens, confirmed by staff in the console; imported on 2026-11-23.",
        "- intent: service_fax",
        "  examples: |",
        f"    - {_NEW}",
        "    - schicken meine enkel euch die bilder auch als kopie über die leitung",
    ]


def test_import_of_another_day_gets_a_block_of_its_own(root: Path) -> None:
    _import(root, _suggestion(_NEW, "service_fax"))
    decisions = _decide(root, _suggestion("wo landet denn mein kopiertes blatt bei der telefonleitung", "service_fax"))

    text = files(decisions, root, datetime.date(2026, 11, 24))[Path("data/nlu/service_fax.yml")]

    assert [line for line in text.splitlines() if line.startswith("#")] == [
        "# Asked by citizens, confirmed by staff in the console; imported on 2026-11-23.",
        "# Asked by citizens, confirmed by staff in the console; imported on 2026-11-24.",
    ]


def test_out_of_scope_question_is_expected_to_be_declined(root: Path) -> None:
    _import(root, _suggestion("welches kissen passt zu einer grünen couch im flur", "oos_general"))

    line = json.loads((root / "tests/questions/regression.jsonl").read_text("utf-8"))
    assert (line["expect"], line["oos"]) == (["decline"], "oos_general")


def test_what_leans_on_an_answer_becomes_no_regression_question(project: Path) -> None:
    decision = _one(project, "ab welchem tag gilt das denn wohl überhaupt", "followup_when")

    assert (decision.outcome, decision.example, decision.question) == ("taken", True, False)
    assert decision.reason == "no regression question, as it asks nothing without what was said before"


def test_text_that_is_an_example_already_is_a_regression_question_only(project: Path) -> None:
    decision = _one(project, _example_of(project, "service_fax").upper() + "!!", "service_fax")

    assert (decision.outcome, decision.example, decision.question) == ("taken", False, True)
    assert decision.reason == "is an example already (data/nlu/service_fax.yml:5); kept as a regression question only"


def test_text_that_is_nearly_an_example_is_a_regression_question_only(project: Path) -> None:
    known = max((each.text for each in read_examples(project / "data/nlu") if each.intent == "service_fax"), key=len)

    decision = _one(project, known.replace(" ", "  ", 1) + " Ja", "service_fax")

    assert (decision.outcome, decision.example, decision.question) == ("taken", False, True)
    assert decision.reason == f"is nearly the example “{known}”; kept as a regression question only"


def test_same_text_twice_in_one_import_is_taken_once(project: Path) -> None:
    decisions = _decide(project, _suggestion(_NEW, "service_fax"), _suggestion(_NEW + "?", "service_fax"))

    assert [(each.outcome, each.reason) for each in decisions] == [
        ("taken", ""),
        ("known", "is an example already (this import)"),
    ]


def test_text_for_two_intents_in_one_import_is_refused_the_second_time(project: Path) -> None:
    decisions = _decide(project, _suggestion(_NEW, "service_fax"), _suggestion(_NEW, "service_email"))

    assert [(each.outcome, each.reason) for each in decisions] == [
        ("taken", ""),
        ("refused", "is a regression question that expects service_fax (this import)"),
    ]


def test_example_of_another_intent_is_refused(project: Path) -> None:
    decision = _one(project, _example_of(project, "service_fax"), "service_email")

    assert (decision.outcome, decision.reason) == (
        "refused",
        "is an example of service_fax already (data/nlu/service_fax.yml:5)",
    )


@pytest.mark.parametrize("intent", ["service_hours", "service_fax"])
def test_test_question_is_never_trained_on(project: Path, intent: str) -> None:
    decision = _one(project, "und nachts", intent)

    place = "tests/questions/phone.jsonl:1, which expects service_hours"
    assert (decision.outcome, decision.reason) == (
        "refused",
        f"is a test question, and those are never trained on ({place})",
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Ist die [Caritas](organisation) dabei?", "holds markup"),
        ('Ist die [Caritas]{"entity": "organisation"} dabei?', "holds markup"),
        ("Wo ist {address}?", "holds markup"),
        ("Wo ist [das?", "holds markup"),
        ("Wo ist das?\n- intent: greet", "holds line breaks or control characters"),
        ("Wo ist\u202edas?", "holds line breaks or control characters"),
        ("/restart", "begins with a slash, which Rasa takes for a command"),
        (" ", "is empty"),
    ],
)
def test_text_in_another_form_is_refused(project: Path, text: str, reason: str) -> None:
    decision = _one(project, text, "service_fax")

    assert (decision.outcome, decision.reason) == ("refused", reason)


def test_placeholder_of_what_was_redacted_is_no_markup(project: Path) -> None:
    assert _one(project, "hier ist [Name], habt ihr in eurem büro denn noch telefax oder so", "service_fax").outcome == "taken"


@pytest.mark.parametrize("intent", ["service_parking", "", "../greet"])
def test_unknown_intent_is_refused(project: Path, intent: str) -> None:
    decision = _one(project, _NEW, intent)

    assert (decision.outcome, decision.reason) == ("refused", f"there is no intent {intent}")


def test_personal_data_are_refused_and_not_repeated(project: Path) -> None:
    text = "Ich heiße Hildegard Assmus und wohne in der Hauptstraße 5, 34560 Fritzlar."

    [found, clean] = decide([_suggestion(text, "service_fax"), _suggestion(_NEW, "service_fax")], project)

    assert (found.outcome, found.text) == ("refused", "")
    assert found.reason == "holds personal data (Anschrift, Name): delete it in the console"
    assert clean.outcome == "taken"


def test_new_topic_is_listed_with_the_command_that_makes_it(project: Path) -> None:
    suggestions = [
        _suggestion("Wo kann ich mein Auto abstellen?", "Parkplätze vor dem Haus", is_new_topic=True),
        _suggestion("gibt's 'nen hof?", "Parkplätze vor dem Haus", is_new_topic=True),
        _suggestion("Darf mein Hund mit?", "Hunde", is_new_topic=True),
    ]

    found = plan(suggestions, project, _DAY, _nothing_personal)

    assert {each.outcome for each in found.decisions} == {"topic"}
    assert found.topics == [
        "wohnlotse new-topic parkplatze_vor_dem_haus --title 'Parkplätze vor dem Haus'"
        """ --example 'Wo kann ich mein Auto abstellen?' --example 'gibt'"'"'s '"'"'nen hof?'""",
        "wohnlotse new-topic topic_hunde --title Hunde --example 'Darf mein Hund mit?'",
    ]
    assert (found.files, found.done) == ({}, [])


def test_new_topic_that_was_made_meanwhile_is_an_intent(project: Path) -> None:
    by_title = _one(project, _NEW, "welche faxnummer hat die Servicestelle?", is_new_topic=True)
    by_text = _one(project, _example_of(project, "service_fax"), "Telefax", is_new_topic=True)

    assert [(each.outcome, each.intent, each.question) for each in (by_title, by_text)] == [
        ("taken", "service_fax", True),
        ("taken", "service_fax", True),
    ]


def test_import_that_would_break_the_project_is_refused(root: Path) -> None:
    (root / "data/nlu/greet.yml").write_text('version: "3.1"\nnlu: []\n', encoding="utf-8")

    with pytest.raises(ChangeRefused, match="the intent greet has no examples"):
        plan([_suggestion(_NEW, "service_fax")], root, _DAY, _nothing_personal)


def test_export_is_read_as_the_console_wrote_it() -> None:
    line = {"id": str(uuid.uuid4()), "text": "a", "intent": "b", "is_new_topic": False, "confirmed_at": _WHEN.isoformat()}

    [found] = read_suggestions("\n" + json.dumps(line) + "\n", "x.jsonl")

    assert (str(found.id), found.text, found.intent, found.is_new_topic, found.confirmed_at) == (
        *list(line.values())[:4],
        _WHEN,
    )


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"id": ', "x.jsonl:2: this is no JSON"),
        pytest.param("[" * 100_000, "x.jsonl:2: this is no JSON", id="deep"),
        ("7", "x.jsonl:2: Suggestion expected dict not int"),
        ('{"id": "7", "text": "a", "intent": "b"}', "x.jsonl:2: id: value is not a valid uuid"),
        ('{"id": "ID", "text": 7, "intent": "b"}', "x.jsonl:2: text: str type expected"),
        ('{"id": "ID", "intent": "b"}', "x.jsonl:2: text: field required"),
        (
            '{"id": "ID", "text": "a", "intent": "b", "is_new_topic": "ja"}',
            "x.jsonl:2: is_new_topic: value is not a valid boolean",
        ),
        ('{"id": "ID", "text": "a", "intent": "b", "note": "c"}', "x.jsonl:2: note: extra fields not permitted"),
    ],
)
def test_broken_line_is_told_with_its_number(line: str, message: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_suggestions("\n" + line.replace("ID", str(uuid.uuid4())), "x.jsonl")

    assert str(refused.value) == message


def test_terminal_shows_what_is_not_simply_taken() -> None:
    decisions = (
        Decision("1", "a", "service_fax", "taken", example=True, question=True),
        Decision("2", "", "", "refused", "holds personal data (Name): delete it in the console"),
        Decision("3", "Wo parken?", "Parken", "topic", "asks for a topic that is not there yet"),
    )
    console = Console(width=200)

    with console.capture() as capture:
        console.print(as_text(Plan(decisions, {}, ())))

    assert [" ".join(line.split()) for line in capture.get().splitlines()] == [
        "outcome intent text reason",
        "refused 2 holds personal data (Name): delete it in the console",
        "topic Parken Wo parken? asks for a topic that is not there yet",
        "new topic: wohnlotse new-topic topic_parken --title Parken --example 'Wo parken?'",
        "suggestions: 3 (taken 1, known 0, topic 1, refused 1); new examples: 1, new questions: 1",
    ]
