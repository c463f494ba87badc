"""The Markdown report of all that was measured."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from statistics import mean

from benchmarks.goals import goal_table, goals, hold_outs, lead, pair, parsed, set_pairs
from benchmarks.project import Training
from benchmarks.records import Record, installed_versions
from benchmarks.servers import Serving
from benchmarks.sets import HOLD_OUT_SHOTS, SetResult
from benchmarks.sides import as_flags, share
from benchmarks.statistics import in_points, paired_bootstrap

Records = Mapping[str, Record]


def report(project: Records, sets: Records, run: str) -> str:
    """Goals first, then the figures behind them. `run`: the current one; what other runs measured is named as such."""
    sections = [
        f"# Our pipeline beside Rasa's stock German pipeline, {run}",
        _circumstances(),
        "## Goals",
        goal_table(goals(project, sets)),
    ]
    sections += _section("## Trained on our examples, asked our test questions", _training(project))
    sections += _section("## Serving", _serving(project))
    sections += _section("## Labelled sets from outside", _sets(sets))
    sections += _section("## Texts out of scope", _strangers(sets))
    sections += _older({**project, **sets}, run)
    return "\n\n".join(sections) + "\n"


def _circumstances() -> str:
    versions = ", ".join(f"{name} {version}" for name, version in installed_versions().items())
    load = f"; load average at the end {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    system = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    return f"{os.cpu_count()} cores, {system}{load}. {versions}."


def _section(title: str, lines: Sequence[str]) -> list[str]:
    return [title, "\n".join(lines)] if lines else []


def _training(project: Records) -> list[str]:
    sides = {side: parsed(project[key], Training) for side in ("ours", "stock") if (key := f"training/{side}") in project}
    if not sides:
        return []
    lines = [
        "| | questions | `rasa train nlu` | processor time | right | in scope, before thresholds | out of scope, declined |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {side} | {len(each.right)} | {each.seconds:.1f} s | {each.cpu:.1f} s | {share(each.right):.1%} "
        f"| {share(each.best_right):.1%} of {len(each.best_right)} | {share(each.declined):.1%} of {len(each.declined)} |"
        for side, each in sides.items()
    ]
    both = pair(project, "training/ours", "training/stock", Training)
    if both:
        right = paired_bootstrap(as_flags(both.ours.right), as_flags(both.stock.right))
        best = paired_bootstrap(as_flags(both.ours.best_right), as_flags(both.stock.best_right))
        lines.append(
            f"| ours to stock | | {both.stock.seconds / both.ours.seconds:.1f} times faster "
            f"| {both.stock.cpu / both.ours.cpu:.1f} times less | {in_points(right)} "
            f"| {in_points(best)} | |"
        )
    return lines


def _serving(project: Records) -> list[str]:
    sides = {side: parsed(project[key], Serving) for side in ("ours", "stock") if (key := f"serving/{side}") in project}
    if not sides:
        return []
    figures: list[tuple[str, list[float | None]]] = [
        ("`POST /model/parse`, median, ms", [each.parse_median for each in sides.values()]),
        ("turn over REST, p50, ms", [each.turn_p50 for each in sides.values()]),
        ("turn over REST, p95, ms", [each.turn_p95 for each in sides.values()]),
        ("start of the server, median of 3, s", [each.start_seconds for each in sides.values()]),
        ("peak memory of the server, MB", [each.server_peak for each in sides.values()]),
        ("peak memory with the action server, MB", [_whole_peak(each) for each in sides.values()]),
    ]
    lines = [f"| | {' | '.join(sides)} | ours : stock |", "| --- |" + " --- |" * (len(sides) + 1)]
    lines += [f"| {name} | {' | '.join(_number(value) for value in values)} | {_ratio(values)} |" for name, values in figures]
    silent = ", ".join(f"{side} {each.silent} of {each.turns}" for side, each in sides.items())
    return [*lines, "", f"Turns without an answer: {silent}."]


def _sets(sets: Records) -> list[str]:
    pairs = set_pairs(sets)
    names = sorted({key.rpartition("/")[0] for key in sets if key.endswith(("/ours", "/stock"))})
    rows: list[str] = []
    for name in names:
        sides = {side: parsed(sets[key], SetResult) for side in ("ours", "stock") if (key := f"{name}/{side}") in sets}
        any_side = next(iter(sides.values()))
        for split, digits in any_side.right.items():
            cells = [
                name if split == "test" else f"{name}, {split.removeprefix('test_')}",
                str(any_side.shots or "all"),
                str(any_side.rows),
                str(len(digits)),
                *(f"{share(sides[side].right[split]):.1%}" if side in sides else "" for side in ("ours", "stock")),
                in_points(lead(pairs[name], split)) if name in pairs else "",
                *(
                    f"{sides[side].train_seconds:.1f}" if side in sides and split == "test" else ""
                    for side in ("ours", "stock")
                ),
            ]
            rows.append(f"| {' | '.join(cells)} |")
    if not rows:
        return []
    head = "| set | examples per intent | trained on | texts | ours | stock | difference | training s, ours | stock |"
    return [head, "|" + " --- |" * 9, *rows]


def _strangers(sets: Records) -> list[str]:
    names = sorted({key.partition("/hold-out-")[0] for key in sets if "/hold-out-" in key})
    if not names:
        return []
    explained = (
        f"Ours only; a fifth of the intents hidden, up to {HOLD_OUT_SHOTS} examples per intent, means. AUROC by score: "
        "1 - in_scope (what the bot decides by) and 1 - probability of the most likely intent. Near: texts of the "
        "hidden intents. Far: the pool of strangers, which holds commands like those of some sets."
    )
    lines = [
        explained,
        "",
        "| set | hold-outs | accuracy on the rest | near, in_scope | near, top | far, in_scope | far, top |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name in names:
        found = hold_outs(sets, name)
        far = all(each.far for each in found)
        cells = [
            name,
            str(len(found)),
            f"{mean(each.accuracy for each in found):.1%}",
            *(f"{mean(each.near[score] for each in found):.3f}" for score in ("in_scope", "top")),
            *(f"{mean(each.far[score] for each in found):.3f}" if far else "" for score in ("in_scope", "top")),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def _older(records: Records, run: str) -> list[str]:
    older = sorted(f"{key} ({record.run})" for key, record in records.items() if record.run != run)
    return [f"Measured in earlier runs: {', '.join(older)}."] if older else []


def _whole_peak(serving: Serving) -> float | None:
    return None if serving.server_peak is None else serving.server_peak + (serving.actions_peak or 0.0)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"


def _ratio(values: Sequence[float | None]) -> str:
    if len(values) < 2 or values[0] is None or not values[1]:
        return ""
    return f"{values[0] / values[1]:.2f}"
