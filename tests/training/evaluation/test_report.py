"""The evaluation's report: complete, self-contained, accessible, and honest where a figure is not defined."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from training.evaluation.evaluation import Confusion, Evaluation, Judgements, measure
from training.evaluation.report import in_unit, summary, verdict, write_report
from training.evaluation.resampling import Interval

_VOID = {"meta", "img", "br", "hr", "link", "input"}


class _Page(HTMLParser):
    """The elements of a page in order, each with tag, attributes and the tags it stands in. Fails where tags cross."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None], tuple[str, ...]]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(html)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs), tuple(self._open)))
        if tag not in _VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes, _ in self.elements if name == tag]


@pytest.fixture(scope="module")
def evaluation() -> Evaluation:
    """Of 300 made-up texts of 6 intents, with figures that differ from one another."""
    rng = np.random.default_rng(12)
    intents = ["address", "card", "fees", "hours", "oos_cooking", "oos_weather"]
    gold = rng.integers(0, 6, 300)

    def judged(noise: float) -> Judgements:
        scores = rng.normal(size=(300, 6)) * noise
        scores[np.arange(300), gold] += 2.0
        probabilities = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
        in_scope = probabilities[:, :4].max(axis=1)
        outside = probabilities.argmax(axis=1) >= 4
        zones = np.where(outside | (in_scope < 0.4), "decline", np.where(in_scope > 0.7, "answer", "clarify"))
        return Judgements(intents, gold, probabilities, in_scope, zones)

    texts = [f"Frage Nr. {number}?" for number in range(300)]
    spelled = {"lower": [text.lower() for text in texts], "typos": [text[1:] for text in texts]}
    perturbed = {"lower": judged(1.6), "typos": judged(2.5)}
    return measure(texts, spelled, judged(1.3), perturbed, np.arange(300) // 2, resamples=200)


@pytest.fixture(scope="module")
def folder(evaluation: Evaluation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_report(evaluation, tmp_path_factory.mktemp("report")).parent


@pytest.fixture(scope="module")
def html(folder: Path) -> str:
    return (folder / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(html: str) -> _Page:
    return _Page(html)


def _intervals(value: object) -> Iterator[Interval]:
    """All intervals anywhere within `value`."""
    if isinstance(value, Interval):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _intervals(each)
    elif isinstance(value, list):
        for each in value:
            yield from _intervals(each)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _intervals(getattr(value, field.name))


def _cells(page_html: str) -> list[str]:
    return re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", page_html, flags=re.DOTALL)


def test_page_holds_every_metric_with_its_interval(evaluation: Evaluation, html: str) -> None:
    cells = set(_cells(html))
    figures = list(_intervals(evaluation))

    missing = [each for each in figures if not {in_unit(each, unit) for unit in ("share", "points", "fraction")} & cells]

    assert len(figures) > 60
    assert missing == []


def test_page_names_every_metric(evaluation: Evaluation, html: str) -> None:
    cells = set(_cells(html))
    names = [*evaluation.quality, *evaluation.zones, *evaluation.out_of_scope, *evaluation.perturbations]
    names += [*evaluation.calibration, *(goal.name for goal in evaluation.goals)]
    names += [figures.intent for figures in evaluation.per_intent]
    names += [str(each.n) for figures in evaluation.calibration.values() for each in figures.bins]

    assert [name for name in names if name not in cells] == []


def test_page_tells_on_what_the_figures_rest(evaluation: Evaluation, page: _Page) -> None:
    run = evaluation.run

    for fact in (run.examples, run.near_duplicate_groups, run.resamples, run.seed, run.fingerprint):
        assert str(fact) in page.text


def test_metrics_hold_every_interval(evaluation: Evaluation, folder: Path) -> None:
    stored: list[tuple[float, float, float]] = []

    def collect(part: dict[str, float]) -> dict[str, float]:
        if set(part) == {"value", "low", "high"}:
            stored.append((part["value"], part["low"], part["high"]))
        return part

    json.loads((folder / "metrics.json").read_text(encoding="utf-8"), object_hook=collect)

    assert sorted(stored) == sorted((each.value, each.low, each.high) for each in _intervals(evaluation))


def test_page_asks_no_other_host_and_runs_no_script(html: str, page: _Page) -> None:
    assert not {"script", "link", "iframe", "object", "base"} & {tag for tag, _, _ in page.elements}
    assert all(str(each["src"]).startswith("data:image/png;base64,") for each in page.all("img"))
    assert all(str(each["href"]).startswith("#") for each in page.all("a"))
    assert not re.search(r"https?:|@import|url\(", html)


def test_pictures_of_the_page_are_those_of_the_folder(folder: Path, page: _Page) -> None:
    embedded = [base64.b64decode(str(each["src"]).split(",")[1]) for each in page.all("img")]

    assert sorted(embedded) == sorted(path.read_bytes() for path in folder.glob("*.png"))
    assert len(embedded) == 3


def test_confusion_picture_grows_with_the_number_of_intents(folder: Path) -> None:
    with Image.open(folder / "confusion.png") as all_intents, Image.open(folder / "confusion_merged.png") as fewer:
        assert all_intents.width > fewer.width
        assert all_intents.height > fewer.height


def test_tables_have_captions_and_scopes(page: _Page) -> None:
    children = [(tag, inside[-1]) for tag, _, inside in page.elements if inside]

    assert children.count(("caption", "table")) == len(page.all("table")) >= 8
    assert {each.get("scope") for each in page.all("th")} == {"col", "row"}
    rows_of_bodies = sum(1 for tag, _, inside in page.elements if tag == "tr" and inside[-1] == "tbody")
    assert sum(1 for each in page.all("th") if each["scope"] == "row") == rows_of_bodies


def test_page_can_be_read_without_seeing_it(page: _Page) -> None:
    assert [each.get("lang") for each in page.all("html")] == ["en"]
    assert len(page.all("title")) == len(page.all("h1")) == len(page.all("main")) == 1
    assert all(each.get("alt") for each in page.all("img"))
    identifiers = [each["id"] for _, each, _ in page.elements if "id" in each]
    assert len(identifiers) == len(set(identifiers))
    assert {each["aria-labelledby"] for _, each, _ in page.elements if "aria-labelledby" in each} <= set(identifiers)
    assert {str(each["href"])[1:] for each in page.all("a")} == {each["id"] for each in page.all("h2")}


def test_wide_parts_can_be_scrolled_with_the_keyboard(page: _Page) -> None:
    regions = [each for each in page.all("div") if each.get("class") == "scrollable"]

    assert len(regions) >= 5
    assert all(each["tabindex"] == "0" and each["role"] == "region" and each["aria-label"] for each in regions)


def test_page_follows_light_and_dark(html: str) -> None:
    assert "@media (prefers-color-scheme: dark)" in html
    assert "color-scheme: light dark" in html


def test_goals_are_told_in_words_on_the_page_and_in_the_summary(evaluation: Evaluation, html: str) -> None:
    lines = summary(evaluation).splitlines()

    for goal in evaluation.goals:
        told = verdict(goal)
        assert f"  {told}: {goal.name} {in_unit(goal.figure, goal.unit)}, {goal.requirement}" in lines
        row = re.search(rf'<th scope="row">{goal.name}</th>(.*?)</tr>', html, flags=re.DOTALL)
        assert row is not None
        cells = [goal.requirement, in_unit(goal.figure, goal.unit), told]
        assert re.findall(r"<td[^>]*>(.*?)</td>", row[1]) == cells


def test_verdict_says_when_the_interval_leaves_it_open(evaluation: Evaluation) -> None:
    goal = evaluation.goals[0]

    told = [verdict(replace(goal, met=met, certain=certain)) for met in (True, False) for certain in (True, False)]

    assert told == [
        "met",
        "met (the interval leaves it open)",
        "not met",
        "not met (the interval leaves it open)",
    ]


@pytest.mark.parametrize(
    ("figure", "unit", "words"),
    [
        (Interval(0.8934, 0.8871, 0.9), "share", "89.3 % (88.7 to 90.0)"),
        (Interval(3.456, -0.5, 7.0), "points", "3.46 (-0.50 to 7.00)"),
        (Interval(0.0414, 0.036, 0.0694), "fraction", "0.041 (0.036 to 0.069)"),
        (Interval(float("nan"), float("nan"), float("nan")), "share", "not defined"),
        (Interval(0.5, float("nan"), float("nan")), "share", "50.0 %"),
    ],
)
def test_figures_are_shown_in_their_unit(figure: Interval, unit: str, words: str) -> None:
    assert in_unit(figure, unit) == words


def test_figure_that_is_not_defined_is_null_in_the_metrics(evaluation: Evaluation, tmp_path: Path) -> None:
    nothing = Interval(float("nan"), float("nan"), float("nan"))
    figures = replace(evaluation, quality={"accuracy": nothing})

    page = write_report(figures, tmp_path)

    metrics = json.loads((tmp_path / "metrics.json").read_text(encoding="utf-8"))
    assert metrics["quality"] == {"accuracy": {"value": None, "low": None, "high": None}}
    assert "<td>not defined</td>" in page.read_text(encoding="utf-8")


def test_text_of_a_question_is_never_read_as_markup(evaluation: Evaluation, tmp_path: Path) -> None:
    hostile = Confusion("hours", "fees", 1, ['<script>alert("x")</script>'])

    html = write_report(replace(evaluation, confusions=[hostile]), tmp_path).read_text(encoding="utf-8")

    assert "<script" not in html
    assert '<script>alert("x")</script>' in _Page(html).text
