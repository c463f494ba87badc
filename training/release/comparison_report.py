"""The comparison for people: a summary for the terminal, and an HTML page that needs nothing beside it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from training.evaluation.report import confusion_picture, fill, reliability_picture, without_nan, write_folder
from training.release.comparison import Comparison, Figure, Turn, Unit
from training.tables import table

#: A text is cut to so many characters in the terminal; the page has all of it.
_CUT = 90


def write_comparison(comparison: Comparison, folder: Path) -> Path:
    """Writes comparison.json, report.html and the pictures into `folder`, made if missing. Returns the page's path."""
    pictures = {f"confusion_{name}": confusion_picture(matrix) for name, matrix in comparison.confusion.items()}
    if all(each.bins for each in comparison.calibration.values()):
        pictures["reliability"] = reliability_picture(comparison.calibration)
    write_folder(folder, "comparison.json", as_document(comparison), pictures)
    page = folder / "report.html"
    page.write_text(fill("comparison.html", pictures, comparison=comparison, cells=cells, reading=reading), encoding="utf-8")
    return page


def as_document(comparison: Comparison) -> dict[str, Any]:
    """All of it, for programs: each test question with its change; null where a figure is not defined."""
    document: dict[str, Any] = without_nan(asdict(comparison))
    counted = {change: len(getattr(comparison, change)) for change in ("fixed", "broken", "unchanged")}
    turns = [dict(_turn_items(turn)) for turn in comparison.turns]
    perturbed = {name: [dict(_turn_items(turn)) for turn in turns] for name, turns in comparison.perturbed.items()}
    return {**document, **counted, "turns": turns, "perturbed": perturbed}


def summary(comparison: Comparison) -> RenderableType:
    """For the terminal: the figures, the intents and the turns that changed."""
    return Group(*_parts(comparison))


def reading(comparison: Comparison) -> str:
    """In a sentence, what changed and whether that may be chance."""
    fixed, broken, unchanged = (len(each) for each in (comparison.fixed, comparison.broken, comparison.unchanged))
    counted = f"{len(comparison.turns)} turns: {fixed} fixed, {broken} broken, {unchanged} unchanged"
    development = Counter(turn.change for turn in comparison.turns if turn.live.kind != "regression")
    if development["fixed"] == development["broken"] == 0:
        return f"{counted}."
    chance = f"p = {comparison.p_value:.3f}" if comparison.p_value >= 0.001 else "p < 0.001"
    if comparison.p_value >= 0.05:
        return f"{counted}. That may be chance ({chance})."
    return f"{counted}. The candidate is {'better' if development['fixed'] > development['broken'] else 'worse'} ({chance})."


def cells(figure: Figure) -> list[str]:
    """Live, candidate, difference with its 95 % interval, and a word: better, worse, same, or open where it
    may be chance."""
    low, high = figure.difference.low, figure.difference.high
    bounds = "" if math.isnan(low) else f" ({_signed(low, figure.unit)} to {_signed(high, figure.unit)})"
    return [
        _in_unit(figure.live.value, figure.unit),
        _in_unit(figure.candidate.value, figure.unit),
        _signed(figure.difference.value, figure.unit) + bounds,
        _word(figure),
    ]


def _word(figure: Figure) -> str:
    low, high = figure.difference.low, figure.difference.high
    if math.isnan(low):
        return ""
    if low == high == 0:
        return "same"
    if low <= 0 <= high:
        return "open"
    return "better" if (low > 0) == figure.higher_is_better else "worse"


def _in_unit(value: float, unit: Unit) -> str:
    if math.isnan(value):
        return "not defined"
    return {"share": f"{100 * value:.1f} %", "fraction": f"{value:.3f}", "ms": f"{value:.0f} ms", "MB": f"{value:.1f} MB"}[unit]


def _signed(value: float, unit: Unit) -> str:
    if math.isnan(value):
        return "not defined"
    return {"share": f"{100 * value:+.1f}", "fraction": f"{value:+.3f}", "ms": f"{value:+.0f}", "MB": f"{value:+.1f}"}[unit]


def _turn_items(turn: Turn) -> Iterator[tuple[str, Any]]:
    yield from {"place": turn.live.place, "text": turn.live.text, "kind": turn.live.kind, "wanted": turn.live.wanted}.items()
    yield "change", turn.change
    for name, judged in (("live", turn.live), ("candidate", turn.candidate)):
        yield name, {key: getattr(judged, key) for key in ("got", "zone", "intent", "probability", "right")}


def _parts(comparison: Comparison) -> Iterator[RenderableType]:
    yield Text(f"{comparison.candidate} beside {comparison.live}, which is live", style="bold")
    yield Text(reading(comparison))
    figures = [[figure.name, *cells(figure)] for figure in comparison.figures]
    yield table(("Figure", "live", "candidate", "difference (95 %)", ""), figures, "Figures")
    changed = [each for each in comparison.intents if each.fixed or each.broken]
    if changed:
        numbers = ("turns", "right live", "right candidate", "fixed", "broken")
        rows = [[each.intent, *map(str, (each.turns, each.live, each.candidate, each.fixed, each.broken))] for each in changed]
        title = f"Intents that changed ({len(comparison.intents) - len(changed)} did not)"
        yield table(("Intent", *numbers), rows, title, numbers)
    for title, turns in (("Broken", comparison.broken), ("Fixed", comparison.fixed)):
        if turns:
            yield table(("Turn", "Text", "wanted", "live", "candidate"), map(_turn_row, turns), f"{title} ({len(turns)})")


def _turn_row(turn: Turn) -> list[str]:
    text = turn.live.text if len(turn.live.text) <= _CUT else turn.live.text[:_CUT] + " ..."
    return [turn.live.place, text, *(" + ".join(each) for each in (turn.live.wanted, turn.live.got, turn.candidate.got))]
