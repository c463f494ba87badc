"""The commands of `.venv/bin/wohnlotse`. Each one parses, calls and prints; what it calls does the work.

Modules are imported inside their commands, so that `--help` does not wait for Rasa.
"""

from __future__ import annotations

import dataclasses
import json
import math
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
import typer

from training.corpus.examples import NLU
from training.failure import BadInput
from training.processes import ROOT

app = typer.Typer(
    name="wohnlotse",
    help="From an unanswered question to a better live model. docs/retraining.md walks through it.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_COMPARISON = typer.Option(ROOT / "reports" / "comparison", "--out", help="Folder for the report.")
#: Columns of a table that goes into a file.
_WIDTH = 160

_JSON = typer.Option(False, "--json", help="One JSON document on stdout, and nothing else there.")
_MODEL = typer.Argument(
    "", help="A file in models/, with or without its ending; the newest one where it is left out.", show_default=False
)


def run(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit status. Raises what the command raises, and KeyboardInterrupt where an answer
    was asked for and none came; bad usage is told here."""
    try:
        return int(app(argv, prog_name=app.info.name, standalone_mode=False) or 0)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        print(file=sys.stderr)  # ends the line of the question
        raise KeyboardInterrupt from None


@app.command()
def validate(as_json: bool = _JSON) -> int:
    """Finds mistakes in training data, content and domain, with file and line."""
    from training.corpus.validation import as_text, errors
    from training.corpus.validation import validate as find

    _recover()
    found = find()
    if as_json:
        show_json({"findings": found})
    else:
        print(as_text(found))
    return 1 if errors(found) else 0


@app.command()
def evaluate(
    out: Path = typer.Option(ROOT / "reports" / "evaluation", help="Folder for the report."),
    limit: int = typer.Option(0, min=0, help="Only so many examples, in the same mixture of intents; 0 for all."),
    examples: Path = typer.Option(NLU, help="Folder of training examples."),
    as_json: bool = _JSON,
) -> None:
    """Measures the training data out of fold: each question judged by models that have not seen it."""
    from training.evaluation.evaluation import evaluate_folder
    from training.evaluation.report import summary, write_report

    evaluation = evaluate_folder(examples, limit)
    page = write_report(evaluation, out)
    if as_json:
        show_json({"report": page, **_plain(evaluation)})
    else:
        print(f"{summary(evaluation)}\n\nReport: {page}")


@app.command()
def train(
    if_missing: bool = typer.Option(False, "--if-missing", help="Only where no model is served yet; that one is served then."),
    skip_validation: bool = typer.Option(False, "--skip-validation", help="Train although the data have mistakes."),
    as_json: bool = _JSON,
) -> None:
    """Trains a new model and leaves its card beside it. What is served stays the same: see `promote`."""
    from training.bank.bank import find_model, go_live
    from training.bank.card import summary
    from training.bank.train import train as make
    from training.serving.live import live_model

    _recover()
    if if_missing and (live := live_model()) is not None:
        tell(f"{live.name} is served; nothing is trained.")
        if as_json:
            show_json({"trained": None})
        return
    card = make(validated=not skip_validation)
    if if_missing:
        go_live(find_model(card.model), "first")
    if as_json:
        show_json({"trained": card})
    else:
        print(summary(card))
        print("It is served from now on." if if_missing else "Next: `wohnlotse compare`, then `wohnlotse promote`.")


@app.command()
def models(as_json: bool = _JSON) -> None:
    """Lists the models with their metrics, and who promoted what when."""
    from training.bank.bank import NONE_YET, history, table
    from training.bank.bank import models as entries

    found = entries()
    if as_json:
        show_json({"models": found, "history": history()})
    elif found:
        show(table(found))
    else:
        print(NONE_YET)


@app.command()
def judge(
    model: str = _MODEL,
    wrong: bool = typer.Option(False, "--wrong", help="List the turns that are not right."),
    as_json: bool = _JSON,
) -> None:
    """Puts the test questions to a model; what it did is kept, so that nothing is judged twice."""
    from training.bank.bank import find_model
    from training.evaluation.judgement import judge_model, table, wrong_turns

    judgement = judge_model(find_model(model))
    if as_json:
        show_json({"metrics": judgement.metrics(), **dataclasses.asdict(judgement)})
        return
    show(table(judgement))
    if wrong:
        show(wrong_turns(judgement))


@app.command()
def compare(model: str = _MODEL, out: Path = _COMPARISON, as_json: bool = _JSON) -> None:
    """Puts a candidate beside the live model: what is fixed, what is broken. Nothing is refused: see `promote`."""
    from training.release.comparison import compare_models, live_and_candidate
    from training.release.comparison_report import as_document, summary, write_comparison

    live, candidate = live_and_candidate(model)
    comparison = compare_models(live, candidate)
    page = write_comparison(comparison, out)
    if as_json:
        show_json({**as_document(comparison), "report": page})
    else:
        show(summary(comparison))
        print(f"Report: {page}")


@app.command()
def promote(
    model: str = _MODEL,
    accept: str = typer.Option("", "--accept", metavar="REASON", help="Promote in spite of regressions, for this reason."),
    as_json: bool = _JSON,
) -> int:
    """Serves a candidate that is not worse than the live model, also in the bot that runs."""
    from training.bank.bank import find_model
    from training.release.promotion import RefusedCandidate, lines
    from training.release.promotion import promote as serve

    try:
        done = serve(find_model(model), accept.strip())
    except RefusedCandidate as refusal:
        if not as_json:
            raise
        show_json({"promoted": False, "regressions": refusal.regressions, "broken": refusal.broken})
        return refusal.code
    if as_json:
        show_json({"promoted": True, "promotion": done})
    else:
        print("\n".join(lines(done)))
    return 0


@app.command()
def rollback(
    reason: str = typer.Option("", "--reason", metavar="REASON", help="Stands in the history."), as_json: bool = _JSON
) -> None:
    """Goes back to the model that was served before."""
    from training.release.promotion import lines
    from training.release.promotion import rollback as go_back

    done = go_back(reason)
    if as_json:
        show_json(done)
    else:
        print("\n".join(lines(done)))


@app.command()
def shadow(model: str = _MODEL, days: int = typer.Option(7, "--days", min=1), as_json: bool = _JSON) -> None:
    """Lists what citizens asked of late that a candidate would answer otherwise."""
    from training.release import shadow as evaluation
    from training.release.comparison import live_and_candidate

    live, candidate = live_and_candidate(model)
    found = evaluation.shadow(live, candidate, days)
    if as_json:
        show_json(found)
    else:
        show(evaluation.summary(found))


@app.command("new-topic")
def new_topic(
    topic_id: str = typer.Argument(
        ..., metavar="ID", help="Small letters and digits, parts joined by _: service_parking.", show_default=False
    ),
    title: str = typer.Option("", help="In German; it stands on buttons."),
    title_en: str = typer.Option("", help="The same in English."),
    answer: str = typer.Option("", help="In standard German; facts of contacts as {address}, {phone} and so on."),
    answer_einfach: str = typer.Option("", help="In Einfache Sprache."),
    answer_en: str = typer.Option("", help="In English."),
    example: list[str] = typer.Option([], help="A training question; may be repeated."),
    examples: str = typer.Option("", metavar="FILE", help="Training questions, one a line."),
    source: str = typer.Option("page", help="Where the facts are from: an id of content/sources.yml."),
    related: list[str] = typer.Option([], metavar="TOPIC", help="Offered on a button below the answer."),
    follow_up: list[str] = typer.Option(
        [], metavar="WORD=TOPIC", help="What „wann?“ asks for behind the answer: when=service_hours."
    ),
    as_json: bool = _JSON,
) -> None:
    """Writes a new topic: content, training questions, domain; all or none of them. Asks for what is not given."""
    from training.corpus.new_topic import NewTopic, add_topic, check_id, follow_ups, read_examples

    _recover()
    check_id(topic_id)
    links = follow_ups(follow_up)
    texts = [*example, *(read_examples(Path(examples)) if examples else [])]
    topic = NewTopic(
        id=topic_id,
        title=title or _asked("Title, in German"),
        title_en=title_en or _asked("Title, in English"),
        answers={
            "standard": answer or _asked("Answer, in standard German"),
            "einfach": answer_einfach or _asked("Answer, in Einfache Sprache"),
            "en": answer_en or _asked("Answer, in English"),
        },
        examples=texts or _asked_lines("Training questions, one a line; an empty line ends them"),
        source=source,
        related=related,
        follow_up=links,
    )
    tell("validating ...")
    files, warnings = add_topic(topic)
    if as_json:
        show_json({"files": files, "warnings": warnings})
        return
    for each in warnings:
        print(f"warning: {each.place}: {each.message}")
    print("written: " + ", ".join(each.as_posix() for each in files))
    print("Next: `wohnlotse train`, then `wohnlotse promote`.")


@app.command("import-reviews")
def import_reviews(
    file: str = typer.Argument("", help="An export of the console, JSON Lines. Without it the console itself is asked."),
    url: str = typer.Option("", help="Address of a console on another machine; its key is in WOHNLOTSE_IMPORT_TOKEN."),
    yes: bool = typer.Option(False, "--yes", help="Write without asking."),
    dry_run: bool = typer.Option(False, "--dry-run", help="Show what would be written, and write nothing."),
    as_json: bool = _JSON,
) -> None:
    """Takes over what the staff suggested for the training, as examples and as regression questions."""
    from training.corpus import changes, reviews
    from training.lock import only_one
    from training.reading import read_text
    from training.serving import console
    from training.serving.live import MODELS

    if file and url:
        raise BadInput("Either a file or --url.")
    _recover()
    is_here = not (file or url)
    lines = read_text(Path(file)) if file else console.suggestions_from(url) if url else console.suggestions()
    suggestions = reviews.read_suggestions(lines, file or url or "the console")
    with only_one(MODELS, "edit"):
        plan = reviews.plan(suggestions)
        if not as_json:
            if plan.files:
                show(changes.coloured(changes.diff(plan.files, ROOT)))
            show(reviews.as_text(plan))
        agreed = not dry_run and bool(plan.done) and (yes or typer.confirm("Write this?", err=True))
        if agreed:
            changes.write(plan.files, ROOT)
    if agreed and is_here:
        console.mark_imported(plan.done)
    if as_json:
        show_json({**dataclasses.asdict(plan), "files": list(plan.files), "topics": plan.topics, "written": agreed})
    elif agreed:
        print("written: " + (", ".join(each.as_posix() for each in plan.files) or "nothing new"))
        if not is_here and plan.done:
            print(f"The console lists them still. There: python -m web suggestions --mark-imported {' '.join(plan.done)}")


@app.command()
def explain(
    question: str = typer.Argument(..., help="As a citizen would type it.", show_default=False),
    model: str = typer.Option("", help="A file in models/; the live one where it is left out."),
    register: str = typer.Option("standard", help="In which the answer is given: standard, einfach or en."),
    as_json: bool = _JSON,
) -> None:
    """Why a question is answered as it is: tokens, spelling, nearest examples, intents, zone, answer."""
    from content import REGISTERS
    from training.bank.bank import find_model
    from training.evaluation.explanation import as_text
    from training.evaluation.explanation import explain as look
    from training.serving.live import live_model

    if register not in REGISTERS:
        raise BadInput(f"There is no register {register}, but {', '.join(REGISTERS)}.")
    found = look(question, find_model(model) if model else live_model() or find_model(), register)
    if as_json:
        show_json(found)
    else:
        show(as_text(found))


def tell(message: str) -> None:
    """Says on stderr what goes on, so that stdout holds the result alone."""
    print(message, file=sys.stderr, flush=True)


def _recover() -> None:
    """Before the data are read: a change of them that was broken off is completed."""
    from training.corpus.changes import recover

    if files := recover(ROOT):
        tell("A change that was broken off is complete now: " + ", ".join(each.as_posix() for each in files))


def _asked(what: str) -> str:
    answer: str = typer.prompt(what, err=True)
    return answer


def _asked_lines(what: str) -> list[str]:
    """Lines up to an empty one."""
    tell(what)
    lines = iter(lambda: str(typer.prompt(" -", default="", show_default=False, prompt_suffix=" ", err=True)), "")
    return list(lines)


def show(renderable: Any) -> None:
    """Prints a table of rich's; wide enough for its longest lines where stdout is no terminal. Lines of a text stay whole:
    somebody may hand a diff on to `patch`."""
    from rich.console import Console
    from rich.text import Text

    Console(width=None if sys.stdout.isatty() else _WIDTH).print(renderable, soft_wrap=isinstance(renderable, Text))


def show_json(document: Any) -> None:
    """Prints `document`, of dataclasses, mappings, sequences, paths and numbers (numpy's, too), as JSON. There is no NaN
    in JSON: null stands for it."""
    print(json.dumps(_plain(document), indent=2, ensure_ascii=False, allow_nan=False))


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return {each.name: _plain(getattr(value, each.name)) for each in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    if hasattr(value, "tolist"):  # numpy's
        return _plain(value.tolist())
    if isinstance(value, Path):
        return str(value)
    return None if isinstance(value, float) and not math.isfinite(value) else value
