"""Serves another model: a candidate that is not worse than the live one, or the model that was served before.

In the bot that runs the model is swapped without a pause and asked a few questions; only then `models/live` changes. Whatever
goes wrong before, Ctrl-C included, the live model is served again. After a kill that leaves no time for it, the next promotion,
rollback or start does it: `models/live` is what counts.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import uuid
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from content import read_content
from training.bank.bank import Action, Change, before_live, check_model, go_live
from training.bank.model_file import BadModel
from training.corpus.questions import QUESTIONS, heard, is_right, read_dialogues
from training.corpus.validation import validate
from training.evaluation.judgement import judge_model, sample
from training.failure import BadInput, Failure
from training.interruption import undisturbed
from training.lock import only_one
from training.processes import ROOT, child
from training.release.comparison import Comparison, Turn, compare
from training.release.regression import Regression, find_regressions
from training.serving.installation import Installation, ModelRefused
from training.serving.live import MODELS, live_model
from training.serving.web_channel import ask

#: Those of the dialogue tests that a model decides; the others there are about processes and bad requests.
DIALOGUES = ("tests/dialogue/test_conversations.py",)
#: Names to the dialogue tests the model that they are run with.
TESTED_MODEL = "WOHNLOTSE_TESTED_MODEL"

#: So many test questions are put to the bot that runs, and such a share of them must be answered rightly: no model that is
#: worse is ever served, accepted or not.
_SMOKE, _SMOKE_RIGHT = 20, 0.8
#: Seconds for a Rasa that has ended to be started again and to load its model.
_PATIENCE = 60.0


@dataclass(frozen=True)
class Gate:
    """What a candidate is measured with: the data that are validated, the test questions, the dialogue tests."""

    root: Path = ROOT
    questions: Path = QUESTIONS
    dialogues: Sequence[str] = DIALOGUES


@dataclass(frozen=True)
class Promotion:
    """What was done. `broken`, `fixed`: turns of the test set. `swap_seconds`: what loading the model took in the bot that
    runs, None where none runs."""

    change: Change
    regressions: tuple[Regression, ...] = ()
    broken: tuple[Turn, ...] = ()
    fixed: tuple[Turn, ...] = ()
    swap_seconds: float | None = None


class RefusedCandidate(Failure):
    """A candidate is worse than the live model and nobody has accepted that. The message names all regressions and all
    broken turns with the old and the new answer."""

    def __init__(self, candidate: str, regressions: Sequence[Regression], comparison: Comparison | None) -> None:
        self.regressions = tuple(regressions)
        self.broken = tuple(comparison.broken) if comparison else ()
        lines = [f"{candidate} is refused, because {len(self.regressions)} regressions were found:", ""]
        lines += [f"  {each}" for each in self.regressions]
        if comparison and self.broken:
            lines += [
                "",
                f"{len(self.broken)} turns broken, {len(comparison.fixed)} fixed. The broken ones, live -> candidate:",
                "",
            ]
            lines += [f"  {_shown(turn)}" for turn in self.broken]
        super().__init__("\n".join([*lines, "", 'To promote it all the same: --accept "reason".']))


class SmokeTestFailed(Failure):
    """The bot that runs does not answer as it should with another model; it serves the live one again."""


def promote(
    candidate: Path,
    accept: str = "",
    who: str = "",
    installation: Installation | None = None,
    models: Path = MODELS,
    gate: Gate = Gate(),
) -> Promotion:
    """Serves `candidate`, a file in `models`, from now on. `accept`: the reason to do so in spite of regressions.

    `installation`: whose bot is swapped, where one runs; default: the one that the settings describe. Progress goes to stderr.
    Raises BadInput, Busy, BadModel, RefusedCandidate, ModelRefused, SmokeTestFailed, StartError and JudgementError; nothing has
    changed then.
    """
    installation = installation or Installation.here()
    if candidate.resolve().parent != models.resolve():
        raise BadInput(f"{candidate} does not lie in {models}.")
    with only_one(models, "promotion"):
        check_model(candidate)
        live = live_model(models)
        if live and live.name == candidate.name:
            raise BadInput(f"{candidate.name} is live already.")
        _serve_live(installation, models)
        regressions, comparison = examine(candidate, live, gate, may_stop=not accept)
        if regressions and not accept:
            raise RefusedCandidate(candidate.name, regressions, comparison)
        names = [f"{each.kind}: {each.name}" for each in regressions]
        change, seconds = _serve(candidate, installation, gate, "promote", who, accept if regressions else "", names)
    broken, fixed = (tuple(comparison.broken), tuple(comparison.fixed)) if comparison else ((), ())
    return Promotion(change, tuple(regressions), broken, fixed, seconds)


def rollback(
    reason: str = "",
    who: str = "",
    installation: Installation | None = None,
    models: Path = MODELS,
    gate: Gate = Gate(),
) -> Promotion:
    """Serves the model again that was served before the live one. It has passed the gate once and is only smoke-tested.

    Raises Failure where there is none, Busy, BadModel, ModelRefused, SmokeTestFailed and StartError; nothing has changed then.
    """
    installation = installation or Installation.here()
    with only_one(models, "promotion"):
        before = before_live(models)
        if before is None:
            raise Failure("There is no model to go back to: none was served before the live one, or its file is gone.")
        check_model(before)
        _serve_live(installation, models)
        change, seconds = _serve(before, installation, gate, "rollback", who, reason, ())
    return Promotion(change, swap_seconds=seconds)


def lines(promotion: Promotion) -> Iterator[str]:
    """What was done, in words."""
    change = promotion.change
    if promotion.change.action == "promote" and (promotion.fixed or promotion.broken):
        yield f"Turns fixed: {len(promotion.fixed)}, broken: {len(promotion.broken)}. Live -> candidate:"
        yield from (f"  fixed   {_shown(turn)}" for turn in promotion.fixed)
        yield from (f"  broken  {_shown(turn)}" for turn in promotion.broken)
    yield from (f"accepted: {each}" for each in promotion.regressions)
    where = (
        f"in the bot that runs, swapped in {promotion.swap_seconds:.1f} s"
        if promotion.swap_seconds
        else "from the next start on"
    )
    yield f"{change.model} is live now, {where}; before it was {change.before or 'none'}."


def examine(
    candidate: Path,
    live: Path | None,
    gate: Gate = Gate(),
    may_stop: bool = False,
) -> tuple[list[Regression], Comparison | None]:
    """All regressions of `candidate`, and the comparison with `live`; None where there is nothing to compare with.

    `may_stop`: whether mistakes in the data, which are found in seconds, may spare the rest, which takes minutes.
    Raises JudgementError and StartError.
    """
    _tell("validating the data")
    regressions = [
        Regression("validation", each.place, each.message) for each in validate(gate.root) if each.severity == "error"
    ]
    if regressions and may_stop:
        return regressions, None
    comparison = None
    try:
        if live is not None:
            check_model(live)
    except BadModel as problem:
        regressions.append(Regression("test set", "no comparison", f"the live model cannot be judged: {problem}"))
        live = None
    _tell("putting the test questions to the candidate, and to the live model where that was not done yet")
    judgement = judge_model(candidate, gate.questions)
    # Without a live model it is held against itself, which leaves what is wrong whatever is live: the regression questions.
    comparison = compare(judge_model(live, gate.questions) if live else judgement, judgement)
    regressions += find_regressions(comparison)
    if gate.dialogues:
        _tell("running the dialogue tests with the candidate")
        regressions += _failed_dialogues(candidate, gate.dialogues)
    return regressions, comparison if live else None


def _serve(
    model: Path, installation: Installation, gate: Gate, action: Action, who: str, reason: str, regressions: Sequence[str]
) -> tuple[Change, float | None]:
    """Swap, smoke test, pointer. Gives the change and the seconds of the swap. If anything fails, the live model is served."""
    seconds = None
    try:
        if installation.bot_runs:
            _tell(f"swapping the model of the bot that runs on port {installation.rasa_port}")
            start = time.monotonic()
            installation.swap_model(model.name)
            seconds = time.monotonic() - start
            _tell("asking it")
            _smoke_test(installation, model.name, gate.questions)
        else:
            _tell(f"No bot runs on port {installation.rasa_port}: the next start serves {model.name}.")
        return go_live(model, action, who, reason, regressions), seconds
    except BaseException as error:
        with undisturbed():
            _serve_live(installation, model.parent)
        if isinstance(error, OSError):  # all that urllib raises is one
            raise SmokeTestFailed(f"The bot on port {installation.rasa_port} does not answer: {error}.") from error
        raise


def _serve_live(installation: Installation, models: Path) -> None:
    """Lets the bot that runs serve what `models/live` names, where it does not. Raises Failure where it will not."""
    live = live_model(models)
    if live is None or not installation.bot_runs:
        return
    problem: Exception | None = None
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        try:
            if installation.served_model() == live.name:
                return
            _tell(f"serving {live.name} again")
            installation.swap_model(live.name)
        except ModelRefused as error:
            raise Failure(f"{error}\nIt must be started again to serve {live.name}.") from None
        except urllib.error.HTTPError as error:
            raise Failure(f"What listens on port {installation.rasa_port} is no bot of this installation: {error}.") from None
        except OSError as error:
            problem = error
            time.sleep(0.5)
    raise Failure(f"The bot on port {installation.rasa_port} does not say that it serves {live.name}: {problem}.")


def _smoke_test(installation: Installation, model: str, questions: Path) -> None:
    """A handful of test questions over the channel of the web process, and what that process says. Raises SmokeTestFailed."""
    content = read_content()
    singles = [turns[0] for turns in read_dialogues(questions) if turns[0].kind == "single"]
    chosen = sample(singles, lambda turn: turn.text, _SMOKE)
    right = 0
    for expected in chosen:
        answer = ask(installation, str(uuid.uuid4()), expected.text)
        if answer["verdict"] and answer["verdict"]["model"] != model:
            raise SmokeTestFailed(f"The bot answers with {answer['verdict']['model']}, not with {model}.")
        right += is_right(expected, heard(answer), content)
    if right < _SMOKE_RIGHT * len(chosen):
        raise SmokeTestFailed(f"With {model} the bot answers {right} of {len(chosen)} test questions rightly.")
    health = installation.health()
    if health and (ill := {name: state for name, state in health.items() if name in ("rasa", "model") and state != "ok"}):
        raise SmokeTestFailed(f"The web process says of the bot with {model}: {ill}.")


def _failed_dialogues(candidate: Path, dialogues: Sequence[str]) -> Iterator[Regression]:
    """Raises Failure where the tests cannot be run."""
    with tempfile.TemporaryDirectory(prefix="wohnlotse-dialogues-") as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", *dialogues, "-p", "no:cacheprovider", f"--junitxml={report}"]
        with child(command, _interrupt, {TESTED_MODEL: str(candidate.resolve())}, cwd=ROOT, stdout=sys.stderr) as process:
            process.wait()
        if process.returncode not in (0, 1) or not report.is_file():
            raise Failure("The dialogue tests could not be run; what pytest says stands above.")
        for case in ElementTree.parse(report).iter("testcase"):
            for problem in (*case.findall("failure"), *case.findall("error")):
                message = (problem.get("message") or "failed").splitlines()[0]
                yield Regression("dialogue test", case.get("name", ""), message)


def _interrupt(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGINT)  # so that it stops the bot that it has started
    process.wait()


def _shown(turn: Turn) -> str:
    live, candidate = ("+".join(each.got) for each in (turn.live, turn.candidate))
    return f"{turn.live.place} „{turn.live.text}“: {live} -> {candidate}"


def _tell(message: str) -> None:
    print(message, file=sys.stderr, flush=True)
