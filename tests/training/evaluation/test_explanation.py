from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from rich.console import Console

from components.folding import fold
from content import read_content
from training.bank.model_file import BadModel
from training.evaluation.explanation import Answer, Explanation, as_text, explain, why
from training.serving.live import live_model

_THRESHOLDS = {"answer": 0.6, "clarify": 0.3, "several": 0.8}


@pytest.fixture(scope="module")
def model() -> Path:
    live = live_model()
    assert live is not None, "no model is live: `make models/live` makes one"
    return live


@pytest.fixture(scope="module")
def found(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Explanation:
    """What the live model makes of a misspelt question about an organisation, beside three examples."""
    folder = tmp_path_factory.mktemp("nlu")
    for intent, text in (
        ("participants_member", "Ist der Mieterbund dabei?"),
        ("service_hours", "Wann ist offen?"),
        ("greet", "Hallo"),
    ):
        (folder / f"{intent}.yml").write_text(f"nlu:\n- intent: {intent}\n  examples: |\n    - {text}\n", encoding="utf-8")
    return explain("Ist der Mieterbund auch ein Mitgleid?", model, "einfach", folder, folder / "vectors.npz")


def test_tokens_are_shown_as_they_are_folded(found: Explanation) -> None:
    assert [(each.text, each.folded) for each in found.tokens] == [
        (text, fold(text)) for text in ("Ist", "der", "Mieterbund", "auch", "ein", "Mitgleid", "?")
    ]


def test_misspelt_words_are_shown_as_they_are_read(found: Explanation) -> None:
    assert (found.read, found.corrections) == ("Ist der Mieterbund auch ein Mitglied?", (("Mitgleid", "Mitglied"),))


def test_nearest_examples_come_with_their_places(found: Explanation) -> None:
    first = found.neighbours[0]

    assert (first.intent, first.text, first.place) == (
        "participants_member",
        "Ist der Mieterbund dabei?",
        "participants_member.yml:4",
    )
    assert first.cosine > found.neighbours[1].cosine


def test_intents_zone_and_answer_are_those_of_the_bot(found: Explanation) -> None:
    [question] = found.understood

    assert (question.zone, question.ranking[0][0], found.names) == ("answer", "participants_member", ("Mieterbund",))
    assert question.why == f"in scope {question.in_scope:.3f}, at least {found.thresholds['answer']:.3f} is enough to answer"
    [answer] = found.answers
    assert (answer.topic, answer.zone, "Mieterbund" in answer.text) == ("participants_member", "answer", True)


def test_terminal_shows_every_part(found: Explanation) -> None:
    console = Console(width=200)

    with console.capture() as capture:
        console.print(as_text(found))

    shown = capture.get()
    assert [
        part
        for part in ("Mitgleid → Mitglied", "participants_member.yml:4", "Mieterbund", found.answers[0].text)
        if part not in shown
    ] == []
    assert f"zone       answer: {found.understood[0].why}" in shown


def test_what_is_no_question_never_reaches_the_model(model: Path, tmp_path: Path) -> None:
    found = explain(" /restart ", model, nlu=tmp_path, cache=tmp_path / "v.npz")

    text = read_content().reply("guard_command", "standard")
    assert (found.question, found.understood, found.answers) == (
        "/restart",
        (),
        (Answer("guard_command", "guard", text, ()),),
    )


def test_model_that_is_cut_off_is_told(model: Path, tmp_path: Path) -> None:
    (tmp_path / "cut.tar.gz").write_bytes(model.read_bytes()[:100_000])

    with pytest.raises(BadModel, match=r"cut\.tar\.gz"):
        explain("Wann?", tmp_path / "cut.tar.gz")


@pytest.mark.parametrize(
    ("zone", "in_scope", "ranking", "expected"),
    [
        ("answer", 0.7, [("a", 0.9), ("b", 0.1)], "in scope 0.700, at least 0.600 is enough to answer"),
        (
            "answer",
            0.4,
            [("a", 0.6), ("b", 0.2)],
            "in scope 0.400 is between 0.300 and 0.600, but no other intent is nearly as likely",
        ),
        ("clarify", 0.4, [("a", 0.5), ("b", 0.4)], "in scope 0.400 is between 0.300 and 0.600, and b is nearly as likely"),
        (
            "clarify",
            0.2,
            [("a", 0.3), ("oos_x", 0.1), ("b", 0.3), ("c", 0.25), ("d", 0.05)],
            "in scope 0.200 is below 0.300, but the best three in scope together 0.850, at least 0.800 is worth asking back",
        ),
        (
            "decline",
            0.2,
            [("a", 0.3), ("b", 0.1)],
            "in scope 0.200 is below 0.300, and the best three in scope together 0.400, below 0.800",
        ),
        ("decline", 0.4, [("oos_x", 0.6), ("a", 0.4)], "the likeliest intent, oos_x, is out of scope"),
    ],
)
def test_zone_is_explained_with_the_figures_it_follows_from(
    zone: str, in_scope: float, ranking: Sequence[tuple[str, float]], expected: str
) -> None:
    assert why(zone, in_scope, ranking, _THRESHOLDS) == expected
