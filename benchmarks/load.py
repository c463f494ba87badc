"""What a run under load showed, and the report of it."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.goals import Goal, goal_table
from benchmarks.ledger import Tally

QUICK_RATE = 10.0  # messages a second
QUICK = 0.3  # seconds, p95 at that rate
FULL_RATE = 20.0  # messages a second at which nothing is lost


@dataclass(frozen=True)
class Process:
    """One server process with its children. `memory`: MB at the end (PSS). `cpu`: seconds over the run."""

    name: str
    memory: float
    cpu: float


@dataclass(frozen=True)
class Load:
    """`rate`: messages a second that were written, over `streams` conversations. `seconds`: from the first message until
    all were answered. `sent_again`: posts after a 429, a 503 or a broken line. `reopened`: streams that broke.
    `client_cpu`: seconds that the citizens themselves took, on the same machine."""

    rate: float
    streams: int
    seconds: float
    tally: Tally
    sent_again: int
    reopened: int
    processes: Sequence[Process]
    client_cpu: float


@dataclass(frozen=True)
class Reference:
    """Seconds per message straight to Rasa's channel, one after the other."""

    seconds: tuple[float, ...]


def load_report(loads: Sequence[Load], reference: Reference, run: str, busy: float) -> str:
    """Markdown. `busy`: load average of the machine before it began."""
    return (
        "\n\n".join(
            [
                f"# The whole service under load, {run}",
                f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}; "
                f"load average before {busy:.1f}. Messages come at random moments; times run from writing to the final reply "
                "on the stream.",
                "## Goals",
                goal_table([_quick(loads), _full(loads)]),
                "## Messages",
                _messages(loads, reference),
                "## Processes",
                _processes(loads),
            ]
        )
        + "\n"
    )


def milliseconds(seconds: Sequence[float], percent: float) -> float:
    """The percentile of `seconds`, in ms (linear between two values); nan for none at all."""
    return float(np.percentile(seconds, percent)) * 1000 if seconds else float("nan")


def _quick(loads: Sequence[Load]) -> Goal:
    wanted = f"p95 below {QUICK * 1000:.0f} ms at {QUICK_RATE:g} messages a second"
    load = next((each for each in loads if each.rate == QUICK_RATE), None)
    if load is None:
        return Goal(wanted, "", None)
    value = milliseconds(load.tally.seconds, 95)
    return Goal(wanted, f"{value:.0f} ms", value < QUICK * 1000 and load.tally.lost == 0)


def _full(loads: Sequence[Load]) -> Goal:
    wanted = f"nothing lost, doubled or out of order at {FULL_RATE:g} messages a second"
    load = next((each for each in loads if each.rate == FULL_RATE), None)
    if load is None:
        return Goal(wanted, "", None)
    tally = load.tally
    measured = f"{tally.lost} lost, {tally.doubled} doubled, {tally.out_of_order} out of order of {tally.written}"
    return Goal(wanted, measured, tally.is_clean)


def _messages(loads: Sequence[Load], reference: Reference) -> str:
    base = milliseconds(reference.seconds, 50)
    head = [f"{each.rate:g} a second" for each in loads]
    lines = [f"| | {' | '.join(head)} | straight to Rasa |", "| --- |" + " --- |" * (len(loads) + 1)]
    alone = len(reference.seconds)
    rows: list[tuple[str, list[str], str]] = [
        ("open streams", [str(each.streams) for each in loads], ""),
        ("written", [str(each.tally.written) for each in loads], str(alone)),
        ("lost", [str(each.tally.lost) for each in loads], ""),
        ("doubled", [str(each.tally.doubled) for each in loads], ""),
        ("out of order", [str(each.tally.out_of_order) for each in loads], ""),
        ("answered without the bot", [_part(each.tally.unavailable, each.tally.written) for each in loads], ""),
        ("sent again", [str(each.sent_again) for each in loads], ""),
        ("streams reopened", [str(each.reopened) for each in loads], ""),
        (
            "answered a second",
            [f"{len(each.tally.seconds) / each.seconds:.1f}" for each in loads],
            f"{alone / sum(reference.seconds):.1f}",
        ),
    ]
    for name, percent in (("p50, ms", 50.0), ("p95, ms", 95.0), ("longest, ms", 100.0)):
        times = [f"{milliseconds(each.tally.seconds, percent):.0f}" for each in loads]
        rows.append((name, times, f"{milliseconds(reference.seconds, percent):.0f}"))
    ratios = [f"{milliseconds(each.tally.seconds, 50) / base:.2f}" for each in loads]
    rows.append(("p50 : p50 straight to Rasa", ratios, "1"))
    return "\n".join([*lines, *(f"| {name} | {' | '.join(cells)} | {last} |" for name, cells, last in rows)])


def _processes(loads: Sequence[Load]) -> str:
    lines = ["| | messages a second | memory, MB | CPU, s | CPU per message, ms |", "| --- |" + " --- |" * 4]
    for load in loads:
        count = load.tally.written
        for each in load.processes:
            lines.append(
                f"| {each.name} | {load.rate:g} | {each.memory:.0f} | {each.cpu:.1f} | {each.cpu / count * 1000:.1f} |"
            )
        lines.append(f"| the citizens | {load.rate:g} | | {load.client_cpu:.1f} | {load.client_cpu / count * 1000:.1f} |")
    return "\n".join(lines)


def _part(count: int, whole: int) -> str:
    return f"{count} ({count / whole:.1%})" if whole else str(count)
