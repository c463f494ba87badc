"""`python -m benchmarks.swap`: another model for the bot while citizens write to it.

The same messages twice, at the same moments: first in peace, then while the model is swapped to and fro all the time, between
two copies of the live one. A probe asks Rasa all the while how it is, which its event loop answers at once unless it is held
up. Fails only where a message was lost, doubled, out of order or answered without the bot.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import json
import os
import platform
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from benchmarks.citizens import gathered, plan
from benchmarks.console import leave_on_sigterm, say
from benchmarks.consumption import consumption
from benchmarks.goals import Goal, goal_table
from benchmarks.ledger import Ledger, Tally
from benchmarks.load import milliseconds
from benchmarks.processes import CommandFailed
from benchmarks.web import REPORTS, WIDE_LIMITS
from training.corpus.questions import QUESTIONS, read_dialogues
from training.failure import Failure
from training.processes import HOST
from training.serving.installation import Installation
from training.serving.live import live_model
from training.serving.service import Service, running_service

PAUSE = 0.2  # seconds that a swap may hold up the bot

_SEED = 42
_WARM_UP = (5.0, 10.0)  # messages a second, seconds
_PATIENCE = 30.0  # seconds without any answer, after which what is still not answered counts as lost
_BETWEEN = 1.0  # seconds from the end of a swap to the next one
_PROBE = 0.01  # seconds between two questions of the probe


@dataclass(frozen=True)
class Course:
    """What one run of the messages showed. In seconds: `swaps`, what each took; `probes`, until Rasa's event loop answered.
    `sent_again`: posts after a 429, a 503 or a broken line. `memory`: MB of Rasa at the end (PSS)."""

    tally: Tally
    sent_again: int
    swaps: tuple[float, ...]
    probes: tuple[float, ...]
    memory: float

    @property
    def is_clean(self) -> bool:
        """Whether each message got its one answer from the bot."""
        return self.tally.is_clean and not self.tally.unavailable


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures, prints the report and writes it. Returns the exit code."""
    args = _parser().parse_args(arguments)
    leave_on_sigterm()
    model = live_model()
    if model is None:
        print("No model is served yet: `make models/live` trains the first one.", file=sys.stderr)
        return 1
    run = datetime.now().astimezone().isoformat(timespec="seconds")
    busy = os.getloadavg()[0]
    try:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            models = [Path(folder) / name for name in ("first.tar.gz", "second.tar.gz")]
            for each in models:
                shutil.copy(model, each)
            var = Path(folder) / "var"
            with running_service(models[0], var, variables=WIDE_LIMITS) as service:
                installation = Installation(var, service.bot.rasa_port, service.web_port)
                swapping = _Swapping(installation, [each.name for each in models], args.seconds)
                peaceful = replace(swapping, seconds=0.0)
                say("warming up")
                asyncio.run(_course(service, *_WARM_UP, args.streams, peaceful))
                say(f"{args.rate:g} messages a second for {args.seconds:g} s in peace")
                peace = asyncio.run(_course(service, args.rate, args.seconds, args.streams, peaceful))
                say("the same while models are swapped")
                swapped = asyncio.run(_course(service, args.rate, args.seconds, args.streams, swapping))
    except (Failure, CommandFailed) as error:
        print(error, file=sys.stderr)
        return 1
    text = swap_report(peace, swapped, args.rate, run, busy)
    args.reports.mkdir(parents=True, exist_ok=True)
    stored = {"run": run, "busy": busy, "rate": args.rate, "peace": asdict(peace), "swapped": asdict(swapped)}
    (args.reports / "swap.json").write_text(json.dumps(stored, indent=1), encoding="utf-8")
    (args.reports / "swap.md").write_text(text, encoding="utf-8")
    print(f"\n{text}\nWritten to {args.reports / 'swap.md'}")
    return 0 if peace.is_clean and swapped.is_clean else 1


def swap_report(peace: Course, swapped: Course, rate: float, run: str, busy: float) -> str:
    """Markdown. `busy`: load average of the machine before it began."""
    tally = swapped.tally
    lost = f"{tally.lost} lost, {tally.doubled} doubled, {tally.out_of_order} out of order, {tally.unavailable} without the bot"
    longest = max(swapped.probes)
    goals = [
        Goal("no message lost or answered with an error", f"{lost} of {tally.written}", swapped.is_clean),
        Goal(f"a pause below {PAUSE * 1000:.0f} ms", f"{longest * 1000:.0f} ms", longest < PAUSE),
    ]
    courses = (peace, swapped)
    rows: list[tuple[str, list[str]]] = [
        ("swaps", [str(len(each.swaps)) for each in courses]),
        ("a swap takes, s, median", [f"{milliseconds(each.swaps, 50) / 1000:.1f}" if each.swaps else "" for each in courses]),
        ("written", [str(each.tally.written) for each in courses]),
        ("lost", [str(each.tally.lost) for each in courses]),
        ("doubled", [str(each.tally.doubled) for each in courses]),
        ("out of order", [str(each.tally.out_of_order) for each in courses]),
        ("answered without the bot", [str(each.tally.unavailable) for each in courses]),
        ("sent again", [str(each.sent_again) for each in courses]),
        *(
            (f"{name}, ms, {word}", [f"{milliseconds(seconds, percent):.0f}" for seconds in both])
            for name, both in (
                ("message answered", [each.tally.seconds for each in courses]),
                ("Rasa's event loop answers", [each.probes for each in courses]),
            )
            for word, percent in (("p50", 50.0), ("p95", 95.0), ("longest", 100.0))
        ),
        ("memory of Rasa at the end, MB", [f"{each.memory:.0f}" for each in courses]),
    ]
    table = ["| | in peace | while models are swapped |", "| --- | --- | --- |"]
    table += [f"| {name} | {' | '.join(cells)} |" for name, cells in rows]
    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"
    return (
        "\n\n".join(
            [
                f"# Another model while citizens write, {run}",
                f"{machine}; load average before {busy:.1f}. {rate:g} messages a second, the same in both runs.",
                "## Goals",
                goal_table(goals),
                "## Figures",
                "\n".join(table),
            ]
        )
        + "\n"
    )


async def _course(service: Service, rate: float, seconds: float, streams: int, swapping: _Swapping) -> Course:
    """Raises CommandFailed and ModelRefused."""
    texts = [turn.text for turns in read_dialogues(QUESTIONS) for turn in turns]
    writings = plan(rate, seconds, streams, texts, _SEED)
    async with gathered(service.url, streams) as crowd:
        with _probing(service) as probes:
            _, swaps = await asyncio.gather(crowd.follow(writings, _PATIENCE), swapping.swaps())
        rasa = service.bot.rasa.pid
        return Course(
            tally=Ledger.tally(crowd.ledgers),
            sent_again=crowd.sent_again,
            swaps=tuple(swaps),
            probes=tuple(probes),
            memory=consumption(rasa).memory if rasa is not None else 0.0,
        )


@dataclass(frozen=True)
class _Swapping:
    """To the last of `models`, to the first, and so on, for `seconds`; not at all for 0."""

    installation: Installation
    models: Sequence[str]
    seconds: float

    async def swaps(self) -> list[float]:
        """The seconds that each took. Raises ModelRefused."""
        took: list[float] = []
        until = time.perf_counter() + self.seconds
        while time.perf_counter() < until:
            start = time.perf_counter()
            await asyncio.to_thread(self.installation.swap_model, self.models[-1 - len(took) % len(self.models)])
            took.append(time.perf_counter() - start)
            await asyncio.sleep(_BETWEEN)
        return took


@contextmanager
def _probing(service: Service) -> Iterator[list[float]]:
    """The seconds in which Rasa says how it is, again and again as long as the block lasts."""
    seconds: list[float] = []
    ended = threading.Event()

    def probe() -> None:
        with closing(http.client.HTTPConnection(HOST, service.bot.rasa_port, timeout=60)) as connection:
            while not ended.wait(_PROBE):
                start = time.perf_counter()
                connection.request("GET", "/webhooks/web/health", headers={"Authorization": f"Bearer {service.bot.secret}"})
                connection.getresponse().read()
                seconds.append(time.perf_counter() - start)

    thread = threading.Thread(target=probe)
    thread.start()
    try:
        yield seconds
    finally:
        ended.set()
        thread.join()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.swap", description=__doc__)
    parser.add_argument("--rate", type=float, default=10.0, metavar="N", help="messages a second (10)")
    parser.add_argument("--seconds", type=float, default=60.0, help="for which messages are written, in each run (60)")
    parser.add_argument("--streams", type=int, default=50, metavar="N", help="conversations with a stream open (50)")
    parser.add_argument("--reports", type=Path, default=REPORTS, metavar="FOLDER", help="where results are stored")
    return parser


if __name__ == "__main__":
    sys.exit(main())
