"""Our bot beside a stock one that was trained on the same examples: training, accuracy, serving."""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.candidates import DECLINE, Prediction
from benchmarks.kept_training import KeptTraining
from benchmarks.processes import Took, timed_command
from benchmarks.records import Records, digest, digest_of_files
from benchmarks.servers import Serving, measure_serving
from benchmarks.sides import Progress, Side, as_digits, candidate_digest, config_of, share
from benchmarks.stock import write_stock_project
from benchmarks.trial import Outcome, Trial, run_trial
from training.corpus.questions import QUESTIONS, read_dialogues
from training.processes import ROOT

#: Neither speed nor memory of a server hangs on how long DIET was trained; so few are enough to answer most questions.
SERVING_EPOCHS = 2

_TURNS = 200
_SEED = 42
#: What a bot does not need for training and serving.
_LEFT_OUT = (".*", "models", "var", "reports", "tests", "web", "docs", "deploy", "benchmarks", "__pycache__", "*.log")
_WARM_UP = (
    "import rasa.model_training, rasa.engine.recipes.default_components, components.sentence_encoder, components.spacy_de"
)
_TRAIN = (sys.executable, "-m", "rasa", "train")
_MODEL = Path("models", "bench.tar.gz")


@dataclass(frozen=True)
class Question:
    """A test question and what is right: intents or „decline“."""

    text: str
    right: frozenset[str]

    @property
    def is_in_scope(self) -> bool:
        return DECLINE not in self.right


@dataclass(frozen=True)
class Training:
    """`seconds` and `cpu`: of the whole command `rasa train nlu`, see `Took`. `epochs`: of DIET. The rest is 1 or 0 per
    question, in order.

    `right`: what the bot goes on with, over all questions. `best_right`: the most likely intent whatever the
    thresholds say, over those in scope. `declined`: over those to be declined.
    """

    seconds: float
    cpu: float
    epochs: int
    right: str
    best_right: str
    declined: str


def measure_training(records: Records, sides: Sequence[Side], epochs: int, say: Progress) -> None:
    """Stores „training/<side>“. The sides run one after the other, never at once. Raises CommandFailed."""
    questions = read_questions(QUESTIONS)
    data = _data(questions)
    for side in sides:
        candidate = candidate_digest(side, epochs, whole_bot=True)
        if records.find(f"training/{side}", data, candidate) is not None:
            say(f"project, {side}: training already measured")
            continue
        say(f"project, {side}: rasa train nlu")
        training = _measure_training(records, side, epochs, questions)
        say(f"project, {side}: {training.seconds:.1f} s, {share(training.right):.1%} right")
        records.store(f"training/{side}", data, candidate, asdict(training))


def measure_bots(records: Records, sides: Sequence[Side], say: Progress) -> None:
    """Stores „serving/<side>“. The sides run one after the other, never at once. Raises CommandFailed."""
    questions = read_questions(QUESTIONS)
    data = _data(questions)
    for side in sides:
        candidate = candidate_digest(side, SERVING_EPOCHS, whole_bot=True)
        if records.find(f"serving/{side}", data, candidate) is not None:
            say(f"project, {side}: serving already measured")
            continue
        say(f"project, {side}: rasa train, rasa run")
        serving = _measure_serving(side, questions)
        say(f"project, {side}: {serving.parse_median:.1f} ms per parse, {serving.turn_p50:.1f} ms per turn")
        records.store(f"serving/{side}", data, candidate, asdict(serving))


def read_questions(folder: Path) -> list[Question]:
    """The single test questions with exactly one thing expected; what a fair judge accepts instead is right, too."""
    turns = [turns[0] for turns in read_dialogues(folder) if len(turns) == 1]
    return [Question(turn.text, frozenset([*turn.topics, *turn.also])) for turn in turns if len(turn.topics) == 1]


def marked(questions: Sequence[Question], predictions: Sequence[Prediction]) -> tuple[str, str, str]:
    """`right`, `best_right` and `declined` of `Training`."""
    pairs = list(zip(questions, predictions))
    return (
        as_digits(said.answer in question.right for question, said in pairs),
        as_digits(said.intent in question.right for question, said in pairs if question.is_in_scope),
        as_digits(said.answer == DECLINE for question, said in pairs if question.right == {DECLINE}),
    )


def _data(questions: Sequence[Question]) -> str:
    """A fingerprint of what both sides are trained on and asked."""
    return digest(_digest_of_examples(), [[each.text, sorted(each.right)] for each in questions])


def _digest_of_examples() -> str:
    return digest_of_files(ROOT, ["data/nlu/**/*.yml"])


def _measure_training(records: Records, side: Side, epochs: int, questions: Sequence[Question]) -> Training:
    kept = _kept_training(records, epochs) if side == "stock" else None
    if kept and kept.took:
        took, outcome = kept.took, _asked(side, epochs, kept.model, questions)
    else:
        with _project_copy(side, epochs, kept.folder if kept else None) as folder:
            # or the first side pays for reading libraries from disk
            timed_command([sys.executable, "-c", _WARM_UP], folder)
            before = kept.spent if kept else Took(0, 0)
            now = timed_command([*_TRAIN, "nlu", "--fixed-model-name", "bench"], folder)
            took = Took(before.seconds + now.seconds, before.cpu + now.cpu)
            outcome = _asked(side, epochs, folder / _MODEL, questions)
            if kept:
                kept.keep(folder / _MODEL, took)
    return Training(took.seconds, took.cpu, epochs, *marked(questions, outcome.predictions["test"]))


def _kept_training(records: Records, epochs: int) -> KeptTraining:
    """The training of the stock bot on these data: it takes hours, so it goes on after an interruption, and its model is
    asked again where only the questions have changed."""
    rests_on = digest(_digest_of_examples(), candidate_digest("stock", epochs, whole_bot=True))
    kept = KeptTraining(records.folder / "kept" / f"stock-{rests_on}")
    if records.fresh:
        kept.forget()
    return kept


def _asked(side: Side, epochs: int, model: Path, questions: Sequence[Question]) -> Outcome:
    texts = [question.text for question in questions]
    return run_trial(Trial(config_of(side, epochs), {"test": texts}, model=str(model)))


def _measure_serving(side: Side, questions: Sequence[Question]) -> Serving:
    asked = random.Random(_SEED).sample([question.text for question in questions], min(_TURNS, len(questions)))
    with _project_copy(side, SERVING_EPOCHS) as folder:
        timed_command([*_TRAIN, "--skip-validation", "--fixed-model-name", "bench"], folder)
        return measure_serving(folder, folder / _MODEL, side == "ours", asked)


@contextmanager
def _project_copy(side: Side, epochs: int, kept_in: Path | None = None) -> Iterator[Path]:
    """A folder with the project of that side and nothing trained, as long as the block lasts."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name) / side
        if side == "stock":
            folder.mkdir()
            write_stock_project(folder, ROOT / "data" / "nlu", epochs, kept_in)
        else:
            shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*_LEFT_OUT))
        yield folder
