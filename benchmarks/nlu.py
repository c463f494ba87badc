"""`python -m benchmarks.nlu`: our pipeline beside Rasa's stock German pipeline, on this machine.

Missed goals do not fail the command; a set that cannot be read, or a Rasa that does not come up, does.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from benchmarks.console import leave_on_sigterm, say
from benchmarks.intent_sets import IntentSet, IntentSetError, read_intent_set
from benchmarks.processes import CommandFailed
from benchmarks.project import measure_bots, measure_training
from benchmarks.records import Records
from benchmarks.report import report
from benchmarks.sets import measure_sets
from benchmarks.sides import SIDES
from benchmarks.stock import EPOCHS
from training.processes import ROOT

#: Both bots trained on our examples, both of them serving, and both pipelines on the sets from outside.
PARTS = ("training", "serving", "sets")
USUAL_SETS = ROOT.parent / "shared" / "bench"
REPORTS = ROOT / "reports" / "bench"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures what is asked for, prints the report and writes it. Returns the exit code."""
    args = _parser().parse_args(arguments)
    leave_on_sigterm()
    run = datetime.now().astimezone().isoformat(timespec="seconds")
    project = Records(args.reports / "project.json", run, args.fresh)
    sets = Records(args.reports / "sets.json", run, args.fresh)
    parts = args.part or (["sets"] if args.set else list(PARTS))
    sides = [args.only] if args.only else SIDES
    try:
        found = _sets(args.set) if "sets" in parts else []  # before anything is trained for hours
        if "training" in parts:
            measure_training(project, sides, args.epochs, say)
        if "serving" in parts:
            measure_bots(project, sides, say)
        if "sets" in parts:
            measure_sets(sets, found, sides, args.shots, args.epochs, say)
    except (IntentSetError, CommandFailed) as error:
        print(error, file=sys.stderr)
        return 1
    text = report(project.all, sets.all, run)
    args.reports.mkdir(parents=True, exist_ok=True)
    (args.reports / "nlu.md").write_text(text, encoding="utf-8")
    print(f"\n{text}\nWritten to {args.reports / 'nlu.md'}")
    return 0


def _sets(paths: Sequence[Path] | None) -> list[IntentSet]:
    """The sets named, or the usual ones where they lie beside the project. Raises IntentSetError."""
    chosen = list(paths or sorted(USUAL_SETS.glob("*/data.jsonl")))
    if not chosen:
        say(f"No labelled sets: {USUAL_SETS} has none. Name files of your own with --set PATH.")
    found = [read_intent_set(path) for path in chosen]
    names = [each.name for each in found]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise IntentSetError(f"{twice}: two sets have this name, so their results would be mixed")
    return found


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.nlu", description=__doc__)
    parser.add_argument("--part", action="append", choices=PARTS, help="only this part; can be repeated")
    parser.add_argument(
        "--set",
        action="append",
        type=Path,
        metavar="PATH",
        help="JSON Lines with text, intent and split (train, test, test_<kind>); a file without training rows is a pool "
        "of texts out of scope; can be repeated",
    )
    parser.add_argument("--shots", type=_count, metavar="N", help="examples per intent (default: all, or the set's usual)")
    parser.add_argument("--only", choices=SIDES, help="only this side; the other one's stored results stay")
    parser.add_argument("--fresh", action="store_true", help="measure again what is already stored")
    parser.add_argument("--reports", type=Path, default=REPORTS, metavar="FOLDER", help="where results are stored")
    parser.add_argument("--epochs", type=_count, default=EPOCHS, help=argparse.SUPPRESS)  # of DIET, for a quick trial
    return parser


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


if __name__ == "__main__":
    sys.exit(main())
