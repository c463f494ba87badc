"""The comparison on the page, in the terminal and as JSON: all of it, and nothing read as markup."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from rich.console import Console

from tests.training.judged import judgement, turn
from training.evaluation.resampling import Interval
from training.release.comparison import Comparison, Figure, Seconds, compare
from training.release.comparison_report import as_document, cells, reading, summary, write_comparison

_HOSTILE = '<script>alert("x")</script> [red]Ich bin [Name]'


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    live = judgement(
        turn("a:1"),
        turn("a:2", "alliance_goals", text=_HOSTILE),
        turn("a:3", "decline", "alliance_lead"),
        turn("a:4", "service_fax", "service_phone", probability=None),
        model="live.tar.gz",
        perturbed={"lower": (turn("a:1"),)},
    )
    candidate = judgement(
        turn("a:1"),
        turn("a:2", "alliance_goals", "clarify", text=_HOSTILE),
        turn("a:3", "decline"),
        turn("a:4", "service_fax", "decline"),
        model="candidate.tar.gz",
        perturbed={"lower": (turn("a:1", got="decline"),)},
    )
    return compare(live, candidate, Seconds([0.05], [0.06]), (25_000_000, 26_000_000))


@pytest.fixture(scope="module")
def folder(comparison: Comparison, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_comparison(comparison, tmp_path_factory.mktemp("comparison")).parent


@pytest.fixture(scope="module")
def html(folder: Path) -> str:
    return (folder / "report.html").read_text(encoding="utf-8")


def _printed(comparison: Comparison) -> str:
    file = io.StringIO()
    Console(width=160, file=file).print(summary(comparison))
    return file.getvalue()


def _rows(printed: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("│")[1:-1]] for line in printed.splitlines() if line.startswith("│")]


def test_terminal_shows_figures_intents_and_turns_that_changed(comparison: Comparison) -> None:
    printed = _printed(comparison)
    rows = _rows(printed)

    assert "candidate.tar.gz beside live.tar.gz, which is live" in printed
    assert "4 turns: 1 fixed, 1 broken, 2 unchanged. That may be chance (p = 1.000)." in printed
    assert ["answer takes, median", "50 ms", "60 ms", "+10", ""] in rows
    assert ["size of the file", "25.0 MB", "26.0 MB", "+1.0", ""] in rows
    assert ["alliance_goals", "1", "1", "0", "0", "1"] in rows
    assert ["a:2", _HOSTILE, "alliance_goals", "alliance_goals", "clarify"] in rows
    assert ["a:3", "Frage a:3?", "decline", "alliance_lead", "decline"] in rows
    assert not [row for row in rows if row[0] in ("a:1", "a:4")]


def test_terminal_shows_no_table_where_nothing_changed() -> None:
    same = judgement(turn("a:1"))

    printed = _printed(compare(same, same))

    assert "1 turns: 0 fixed, 0 broken, 1 unchanged." in printed
    assert "Broken" not in printed
    assert "Intents" not in printed


def test_json_holds_each_question_with_its_change_and_no_nan(comparison: Comparison, folder: Path) -> None:
    stored = json.loads((folder / "comparison.json").read_text(encoding="utf-8"))

    assert stored == json.loads(json.dumps(as_document(comparison), allow_nan=False))
    assert (stored["fixed"], stored["broken"], stored["unchanged"]) == (1, 1, 2)
    assert stored["turns"][1] == {
        "place": "a:2",
        "text": _HOSTILE,
        "kind": "single",
        "wanted": ["alliance_goals"],
        "change": "broken",
        "live": {"got": ["alliance_goals"], "zone": "answer", "intent": "alliance_goals", "probability": 0.9, "right": True},
        "candidate": {"got": ["clarify"], "zone": "clarify", "intent": "alliance_goals", "probability": 0.9, "right": False},
    }
    assert [each["change"] for each in stored["perturbed"]["lower"]] == ["broken"]
    assert stored["figures"][-1]["difference"] == {"value": 1.0, "low": None, "high": None}


def test_page_holds_every_figure_and_every_turn_that_changed(comparison: Comparison, html: str) -> None:
    found = re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", html, flags=re.DOTALL)

    wanted = [cell for figure in comparison.figures for cell in (figure.name, *cells(figure))]
    wanted += [each.intent for each in comparison.intents]
    wanted += [turn.live.place for turn in (*comparison.fixed, *comparison.broken)]
    assert [cell for cell in wanted if cell not in found] == []
    assert reading(comparison) in html


def test_page_needs_nothing_beside_it_and_reads_no_question_as_markup(html: str, folder: Path) -> None:
    assert "<script" not in html
    assert "&lt;script&gt;alert" in html
    assert not re.search(r"https?:|@import|url\(", html)
    sources = re.findall(r'src="([^"]*)"', html)
    assert len(sources) == len(list(folder.glob("*.png"))) == 3
    assert all(source.startswith("data:image/png;base64,") for source in sources)


def test_page_is_made_without_probabilities(tmp_path: Path) -> None:
    guarded = judgement(turn("a:1", "decline", zone="guard", intent="", probability=None))

    html = write_comparison(compare(guarded, guarded), tmp_path).read_text(encoding="utf-8")

    assert "Reliability diagrams" not in html
    assert sorted(path.name for path in tmp_path.glob("*.png")) == ["confusion_candidate.png", "confusion_live.png"]


@pytest.mark.parametrize(
    ("broken", "fixed", "words"),
    [
        (0, 6, "10 turns: 6 fixed, 0 broken, 4 unchanged. The candidate is better (p = 0.031)."),
        (6, 0, "10 turns: 0 fixed, 6 broken, 4 unchanged. The candidate is worse (p = 0.031)."),
        (3, 2, "10 turns: 2 fixed, 3 broken, 5 unchanged. That may be chance (p = 1.000)."),
    ],
)
def test_sentence_says_whether_a_change_may_be_chance(broken: int, fixed: int, words: str) -> None:
    live = [turn(f"a:{number}", got="decline" if broken <= number < broken + fixed else "") for number in range(10)]
    candidate = [turn(f"a:{number}", got="decline" if number < broken else "") for number in range(10)]

    assert reading(compare(judgement(*live), judgement(*candidate))) == words


@pytest.mark.parametrize(
    ("low", "high", "higher_is_better", "word"),
    [
        (0.01, 0.03, True, "better"),
        (0.01, 0.03, False, "worse"),
        (-0.03, -0.01, True, "worse"),
        (-0.03, -0.01, False, "better"),
        (-0.01, 0.03, True, "open"),
        (-0.01, 0.01, True, "open"),
        (0.0, 0.0, True, "same"),
    ],
)
def test_figure_is_called_better_or_worse_only_where_its_interval_leaves_no_doubt(
    low: float, high: float, higher_is_better: bool, word: str
) -> None:
    some = Interval(0.5, 0.4, 0.6)
    figure = Figure("right", "share", higher_is_better, some, some, Interval((low + high) / 2, low, high))

    assert cells(figure)[-1] == word
