"""The evaluation for people: one HTML page that needs nothing beside it, its pictures, metrics.json, and a summary.

The report of the comparison is made with the same parts.
"""

from __future__ import annotations

import base64
import io
import json
import math
import warnings
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from training.evaluation.resampling import Interval

with warnings.catch_warnings():  # matplotlib 3.5, which Rasa holds, calls pyparsing by names that are on their way out
    warnings.simplefilter("ignore", DeprecationWarning)
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.colors import PowerNorm
    from matplotlib.figure import Figure

if TYPE_CHECKING:
    from training.evaluation.evaluation import Calibration, ConfusionMatrix, Evaluation, Goal

_TEMPLATES = Path(__file__).resolve().parent / "templates"
#: Blue and orange of Okabe and Ito 2008, which all kinds of colour vision tell apart.
_BLUE, _ORANGE = "#0072B2", "#D55E00"
_RESOLUTION = 110


def write_report(evaluation: Evaluation, folder: Path) -> Path:
    """Writes metrics.json, report.html and the pictures into `folder`, made if missing. Returns the page's path."""
    pictures = {
        "confusion": confusion_picture(evaluation.confusion_matrix),
        "confusion_merged": confusion_picture(evaluation.confusion_matrix_merged),
        "reliability": reliability_picture(evaluation.calibration),
    }
    write_folder(folder, "metrics.json", asdict(evaluation), pictures)
    page = folder / "report.html"
    page.write_text(render(evaluation, pictures), encoding="utf-8")
    return page


def write_folder(folder: Path, name: str, figures: Any, pictures: Mapping[str, bytes]) -> None:
    """Writes `figures` as the JSON file `name`, and `pictures` as PNG files, into `folder`, made if missing."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(without_nan(figures), ensure_ascii=False, indent=1, allow_nan=False)
    (folder / name).write_text(text + "\n", encoding="utf-8")
    for title, picture in pictures.items():
        (folder / f"{title}.png").write_bytes(picture)


def render(evaluation: Evaluation, pictures: Mapping[str, bytes]) -> str:
    """The HTML page, with `pictures` (PNG, by the names that `write_report` gives them) inside it."""
    return fill("report.html", evaluation=evaluation, pictures=pictures)


def fill(template: str, pictures: Mapping[str, bytes], **values: Any) -> str:
    """The page of `template`, which gets `values` and, as data URLs by their names, `pictures` (PNG)."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update({"in_unit": in_unit, "plain": _plain, "verdict": verdict})
    embedded = {
        name: f"data:image/png;base64,{base64.b64encode(picture).decode('ascii')}" for name, picture in pictures.items()
    }
    return environment.get_template(template).render(pictures=embedded, **values)


def summary(evaluation: Evaluation) -> str:
    """A few lines for the terminal: the main figures, then each goal with met or not met."""
    run = evaluation.run
    lines = [f"{run.examples} examples of {run.intents} intents, each judged by models that have not seen it"]
    lines += [f"  {name}: {in_unit(figure, 'share')}" for name, figure in evaluation.quality.items()]
    lines += [f"  {name}: {in_unit(figure, 'fraction')}" for name, figure in evaluation.out_of_scope.items()]
    lines += [
        f"  zone {zone}: {in_unit(figures.share, 'share')} of the texts, right {in_unit(figures.precision, 'share')}"
        for zone, figures in evaluation.zones.items()
    ]
    lines.append("Goals (figure and 95 % interval):")
    lines += [
        f"  {verdict(goal)}: {goal.name} {in_unit(goal.figure, goal.unit)}, {goal.requirement}" for goal in evaluation.goals
    ]
    return "\n".join(lines)


def in_unit(figure: Interval, unit: str) -> str:
    """Estimate and interval in words; `unit`: share (shown in percent), points or fraction."""
    if math.isnan(figure.value):
        return "not defined"
    show = _UNITS[unit]
    bounds = "" if math.isnan(figure.low) else f" ({show(figure.low)} to {show(figure.high)})"
    return f"{show(figure.value)}{' %' if unit == 'share' else ''}{bounds}"


def verdict(goal: Goal) -> str:
    """met or not met, and whether the interval leaves that open."""
    return ("met" if goal.met else "not met") + ("" if goal.certain else " (the interval leaves it open)")


def confusion_picture(matrix: ConfusionMatrix) -> bytes:
    """PNG: a row for each right intent, a column for each predicted one; counts as numbers, row shares as colour.

    It grows with the number of intents, so that each name stays readable.
    """
    counts = np.array(matrix.counts)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    side = 3.5 + 0.27 * len(matrix.intents)
    figure = Figure(figsize=(side, side))
    axes = figure.add_subplot()
    # a root scale, or a confusion of 2 % would look like none
    axes.imshow(shares, cmap="Blues", norm=PowerNorm(0.5, 0.0, 1.0))
    for row, column in np.argwhere(counts):
        colour = "white" if shares[row, column] > 0.4 else "black"
        axes.text(column, row, counts[row, column], ha="center", va="center", fontsize=6, color=colour)
    places = range(len(matrix.intents))
    axes.set_xticks(places, matrix.intents, rotation=90, fontsize=8)
    axes.set_yticks(places, matrix.intents, fontsize=8)
    axes.set_xticks(np.arange(0.5, len(matrix.intents) - 1), minor=True)
    axes.set_yticks(np.arange(0.5, len(matrix.intents) - 1), minor=True)
    axes.grid(which="minor", color="#dddddd", linewidth=0.4)
    axes.tick_params(which="minor", length=0)
    axes.set_xlabel("predicted intent")
    axes.set_ylabel("right intent")
    return _png(figure)


def reliability_picture(calibration: Mapping[str, Calibration]) -> bytes:
    """PNG: for each confidence, the share that is right over the mean confidence of each bin, with its interval."""
    figure = Figure(figsize=(5.5 * len(calibration), 5.5))
    for place, (name, figures) in enumerate(calibration.items(), start=1):
        axes = figure.add_subplot(1, len(calibration), place)
        confidence = np.array([each.confidence for each in figures.bins])
        accuracy = np.array([each.accuracy.value for each in figures.bins])
        low = np.array([each.accuracy.low for each in figures.bins])
        high = np.array([each.accuracy.high for each in figures.bins])
        sizes = np.array([each.n for each in figures.bins])
        width = figures.bins[0].high - figures.bins[0].low
        axes.bar(
            [each.low for each in figures.bins], sizes / sizes.sum(), width, align="edge", color=_BLUE, alpha=0.25,
            label="share of the texts",
        )  # fmt: skip
        axes.plot([0, 1], [0, 1], linestyle="--", color="#555555", label="as sure as right")
        axes.vlines(confidence, low, high, color=_ORANGE)
        axes.plot(confidence, accuracy, marker="o", color=_ORANGE, label="share that is right, 95 % interval")
        axes.set(xlim=(0, 1), ylim=(0, 1), xlabel=name, ylabel="share that is right", aspect="equal")
        axes.legend(loc="upper left", fontsize=8)
    return _png(figure)


def _png(figure: Figure) -> bytes:
    FigureCanvasAgg(figure)
    written = io.BytesIO()
    figure.savefig(written, format="png", dpi=_RESOLUTION, bbox_inches="tight", facecolor="white")
    return written.getvalue()


def _plain(value: float) -> str:
    return f"{value:.3f}"


_UNITS: dict[str, Callable[[float], str]] = {
    "share": lambda value: f"{100 * value:.1f}",
    "points": lambda value: f"{value:.2f}",
    "fraction": _plain,
}


def without_nan(value: Any) -> Any:
    """`value` with None for each not-a-number, which JSON does not know."""
    if isinstance(value, dict):
        return {key: without_nan(each) for key, each in value.items()}
    if isinstance(value, list):
        return [without_nan(each) for each in value]
    return None if isinstance(value, float) and math.isnan(value) else value
