"""Training as developers run it, on small copies of the project: repeatable, and whole or not at all."""

from __future__ import annotations

import asyncio
import json
import logging
import resource
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]
import pytest
from rasa.core.agent import Agent
from ruamel.yaml import YAML

from components.encoder import encoder
from components.german import BLANK, installed_model, load_german
from tests.wire import addressed, watched
from training.bank.bank import check_model, history
from training.bank.card import Card, Sources, read_card
from training.bank.train import TrainingError, train
from training.lock import Busy, only_one
from training.processes import ROOT, environment
from training.serving.live import live_name

_CODE = ("actions", "channels", "components", "content", "training")
_EXAMPLES = {
    "alliance_lead": ["Wer leitet die Allianz?", "Welches Ministerium führt das Bündnis?", "Wer hat den Vorsitz?"],
    "service_address": ["Wo sitzt die Servicestelle?", "Wie lautet die Anschrift?", "Wohin schicke ich einen Brief?"],
    "greet": ["Guten Tag", "Hallo zusammen", "Moin"],
    "oos_general": ["Wie wird das Wetter morgen?", "Wer hat das Spiel gewonnen?", "Wie koche ich Reis?"],
}
_QUESTIONS = ["Wer führt denn die Allianz an?", "wo is di anschrift", "Wird es morgen regnen? Und wer hat gewonnen?"]
#: Bytes that a file may have in all where the disk is nearly full.
_ROOM = 20_000


@dataclass(frozen=True)
class _Ended:
    """A training that has ended."""

    project: Path
    code: int
    out: str
    err: str

    @property
    def models(self) -> dict[str, bytes]:
        """What lies in the bank, locks aside."""
        folder = self.project / "models"
        return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file() and path.suffix != ".lock"}


#: What lies there before: a model that is served.
_BEFORE = {"served.tar.gz": b"the served model", "live": b"served.tar.gz\n"}


def _project(root: Path) -> Path:
    """Our code with four intents, a bank with a served model, and what a training that was killed has left."""
    for name in _CODE:
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "data" / "rules", root / "data" / "rules")
    (root / "data" / "nlu").mkdir()
    yaml = YAML()
    for intent, examples in _EXAMPLES.items():
        block = {"intent": intent, "examples": "".join(f"- {example}\n" for example in examples)}
        yaml.dump({"version": "3.1", "nlu": [block]}, root / "data" / "nlu" / f"{intent}.yml")
    for name in ("config.yml", "domain.yml", "requirements.txt"):
        shutil.copy(ROOT / name, root)
    domain = yaml.load(root / "domain.yml")
    domain["intents"] = list(_EXAMPLES)
    yaml.dump(domain, root / "domain.yml")
    (root / "models" / ".training").mkdir(parents=True)
    (root / "models" / ".training" / "half.tar.gz").write_bytes(b"half a model")
    for name, held in _BEFORE.items():
        (root / "models" / name).write_bytes(held)
    return root


def _start(project: Path, *options: str, **how: Any) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "training.cli", "train", "--skip-validation", *options]
    return subprocess.Popen(
        command,
        cwd=project,
        env=watched(_wire(project), environment()),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **how,
    )


def _wire(project: Path) -> Path:
    """Where the hosts are noted that a training of the project addresses."""
    return project.with_suffix(".wire")


def _end(project: Path, process: subprocess.Popen[str]) -> _Ended:
    out, err = process.communicate(timeout=300)
    return _Ended(project, process.returncode, out, err)


def _little_room() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (_ROOM, _ROOM))


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> dict[str, _Ended]:
    """Three trainings, one beside the other: two of the same data, the other one where no model is served yet, and one on
    a disk without room."""
    folder = tmp_path_factory.mktemp("train")
    one, other, full = (_project(folder / name) for name in ("one", "other", "full"))
    (other / "models" / "live").unlink()
    started = {
        "one": (one, _start(one, "--json")),
        "other": (other, _start(other, "--json", "--if-missing")),
        "full": (full, _start(full, "--json", preexec_fn=_little_room)),
    }
    return {name: _end(*each) for name, each in started.items()}


def test_training_leaves_a_model_with_its_card_and_nothing_else(ended: dict[str, _Ended]) -> None:
    run = ended["one"]
    assert run.code == 0, run.err
    card = Card(**json.loads(run.out)["trained"])
    model = run.project / "models" / card.model
    sources = Sources.of(run.project)

    assert read_card(model) == card
    assert Sources(card.fingerprint, card.data, card.content) == sources
    assert sorted(card.metrics) == [
        f"out_of_fold_{name}" for name in ("calibration_error", "declined", "right", "wrongly_declined")
    ]
    assert sorted(card.thresholds) == ["answer", "clarify", "several"]
    assert card.size == model.stat().st_size
    check_model(model)
    assert set(run.models) == {*_BEFORE, card.model, card.model.replace(".tar.gz", ".json")}
    assert not (run.project / "models" / ".training").exists()


def test_training_changes_nothing_that_is_served(ended: dict[str, _Ended]) -> None:
    assert {name: ended["one"].models[name] for name in _BEFORE} == _BEFORE


def test_training_rewrites_no_file_of_the_project(ended: dict[str, _Ended]) -> None:
    """Rasa fills in what is missing in its configuration, which then has no comments any more."""
    project = ended["one"].project

    assert (project / "config.yml").read_bytes() == (ROOT / "config.yml").read_bytes()


def test_training_speaks_to_nobody(ended: dict[str, _Ended]) -> None:
    assert [addressed(_wire(run.project)) for run in ended.values()] == [[], [], []]


def test_first_model_is_served_at_once(ended: dict[str, _Ended]) -> None:
    run = ended["other"]
    model = json.loads(run.out)["trained"]["model"]

    assert live_name(run.project / "models") == model
    assert [(each.action, each.model, each.before) for each in history(run.project / "models")] == [("first", model, "")]


def test_same_data_give_the_same_predictions_bit_for_bit(ended: dict[str, _Ended]) -> None:
    async def parse(run: _Ended) -> list[dict[str, Any]]:
        agent = Agent.load(str(run.project / "models" / json.loads(run.out)["trained"]["model"]))
        return [await agent.parse_message(question) for question in _QUESTIONS]

    one, other = (asyncio.run(parse(ended[name])) for name in ("one", "other"))

    assert one == other
    assert all(len(each["intent_ranking"]) == len(_EXAMPLES) for each in one)


def test_models_of_one_process_share_the_encoder_and_spacy(ended: dict[str, _Ended], caplog: pytest.LogCaptureFixture) -> None:
    """As in the bot that runs, when another model is loaded beside the one that answers."""
    encoder.cache_clear()
    load_german.cache_clear()
    caplog.set_level(logging.INFO, "components")

    models = [ended[name].project / "models" / json.loads(ended[name].out)["trained"]["model"] for name in ("one", "other")]
    agents = [Agent.load(str(model)) for model in models]
    nodes = [node for agent in agents for node in agent.processor.graph_runner._instantiated_nodes.items()]  # type: ignore[union-attr]
    pipelines = [node._component.provide().model for name, node in nodes if name.endswith("GermanSpacyNLP0")]

    assert len(pipelines) == 4
    assert len({id(each) for each in pipelines}) == 1
    assert [cache.cache_info().misses for cache in (encoder, load_german)] == [1, 1]
    said = [record.getMessage() for record in caplog.records if "spaCy" in record.getMessage()]
    assert len(said) == (installed_model() == BLANK)


def test_full_disk_is_told_and_leaves_all_as_it_was(ended: dict[str, _Ended]) -> None:
    run = ended["full"]

    assert (run.code, run.out) == (1, "")
    assert run.err.splitlines()[-1] == "There is no new model. It could not be written: File too large."
    assert run.models == _BEFORE
    assert not (run.project / "models" / ".training").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_training_that_is_broken_off_leaves_all_as_it_was(number: signal.Signals, tmp_path: Path) -> None:
    project = _project(tmp_path / "project")
    process = _start(project)
    rasa = _child(process.pid)
    process.send_signal(number)
    run = _end(project, process)

    assert (run.code, run.out) == (130, "")
    assert run.err.splitlines()[-1] == "Broken off."
    assert run.models == _BEFORE
    assert not (project / "models" / ".training").exists()
    assert not rasa.is_running()
    with only_one(project / "models", "training"):
        pass


def test_data_with_mistakes_are_refused_before_anything_is_trained(tmp_path: Path) -> None:
    project = _project(tmp_path / "project")
    (project / "domain.yml").write_text("intents:\n- greet\n- [broken\n")

    with pytest.raises(TrainingError, match=r"(?s)^Nothing is trained, because .*\ndomain\.yml:4: this is not valid YAML"):
        train(project, project / "models")
    assert (project / "models" / ".training" / "half.tar.gz").exists()


def test_second_training_is_told_who_runs_the_first(tmp_path: Path) -> None:
    with only_one(tmp_path, "training"), pytest.raises(Busy, match=r"Another training is running: .* since"):
        train(tmp_path, tmp_path, validated=False)


def test_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("no folder")

    with pytest.raises(TrainingError, match="It could not be written: File exists"):
        train(tmp_path, tmp_path / "models", validated=False)


def _child(pid: int, seconds: float = 60.0) -> psutil.Process:
    """The process that a process starts, as soon as it is there."""
    until = time.monotonic() + seconds
    while not (found := psutil.Process(pid).children()) and time.monotonic() < until:
        time.sleep(0.05)
    return found[0]
