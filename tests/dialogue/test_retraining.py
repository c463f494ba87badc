"""The walk of docs/retraining.md: every command that the page shows, in its order, beside a bot that runs.

In a copy of the project whose training data are few, so that a training takes seconds. The bot that runs there begins with the
live model. A topic that it does not know is live after three of the commands: `new-topic`, `train`, `promote`.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.training.small_project import write_small_project
from training.chat import ask
from training.processes import HOST, ROOT, environment, free_port
from training.serving.live import live_model

_CODE = ("actions", "channels", "components", "content", "training", "web")
_FILES = ("config.yml", "credentials.yml", "endpoints.yml", "requirements.txt")
#: What the promotion asks before and after the swap.
_QUESTIONS = {
    "Sagen Sie mal, wer leitet die Allianz heute?": "alliance_lead",
    "Sagen Sie mal, wann wurde die Allianz gegründet?": "alliance_founding_year",
    "Sagen Sie mal, wie lautet die Anschrift der Servicestelle?": "service_address",
    "Sagen Sie mal, welche Faxnummer hat die Servicestelle?": "service_fax",
    "Sagen Sie mal, wer ist Frau Diehl?": "contact_diehl",
}
_DIALOGUE_TEST = "def test_nothing_is_asked_of_a_small_model() -> None:\n    pass\n"
#: Serves the live model of the project it is started in, until its input ends.
_SERVE = """
import sys
from training.serving.keys import read_keys
from training.serving.live import live_model
from training.processes import ROOT
from training.serving.service import running_bot

with running_bot(live_model(), ROOT / "var" / "run", int(sys.argv[1]), secret=read_keys(ROOT / "var").bot_secret):
    print("ready", flush=True)
    sys.stdin.read()
"""
_EXAMPLES = (
    "Kann ich diese Unterhaltung speichern?",
    "unterhaltung ausdrucken geht das",
    "Wie bekomme ich eine Kopie von unserem Chat?",
    "chat herunterladen",
    "Ich hätte das gern schwarz auf weiß. Kann man den Chat ausdrucken?",
    "Wo kann ich den Text hier herunterladen?",
    "kann ich das als datei haben",
    "Bitte drucken Sie mir die Unterhaltung aus.",
    "Ich möchte die Antworten aufheben. Wie geht das?",
    "chat als pdf?",
    "Gibt es eine Druckansicht?",
    "druckansicht wo",
)


#: A small model is no match for the live one, and says so: the promotion is refused without a reason.
_ACCEPT = ["--accept", "a small model for a test"]
_COMMAND = re.compile(r"^\$ \.venv/bin/wohnlotse (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class _Project:
    """The copy, and the port of its bot."""

    root: Path
    port: int

    def run(self, command: str) -> tuple[str, float]:
        """What `wohnlotse` prints, and how many seconds it took."""
        start = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-m", "training.cli", *shlex.split(command)],
            cwd=self.root,
            env=_variables(self.root, self.port),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}: {done.stderr}"
        return done.stdout, time.monotonic() - start

    def ask(self, question: str) -> tuple[str, str]:
        """Topic and text of the bot's answer."""
        text, custom = ask(f"http://{HOST}:{self.port}/webhooks/rest/webhook", uuid.uuid4().hex, question)
        return custom["custom"]["answer"]["topic"], text["text"]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[_Project]:
    live, port = live_model(), free_port()
    assert live is not None, "no model is live: `make models/live` makes one"
    _copy(tmp_path, live)
    command = [sys.executable, "-c", _SERVE, str(port)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    bot = subprocess.Popen(command, cwd=tmp_path, env=_variables(tmp_path, port), **pipes)
    try:
        assert bot.stdout is not None
        assert bot.stdout.readline() == b"ready\n"
        yield _Project(tmp_path, port)
    finally:
        bot.communicate(timeout=60)


def _copy(root: Path, live: Path) -> None:
    write_small_project(root)
    for name in _CODE:
        ignored = shutil.ignore_patterns("__pycache__", "*.yml" if name == "content" else "__pycache__")
        shutil.copytree(ROOT / name, root / name, ignore=ignored, dirs_exist_ok=True)
    for name in _FILES:
        shutil.copy(ROOT / name, root)
    lines = (
        json.dumps({"text": text, "expect": [topic], "voice": "formal", "lang": "de"}) for text, topic in _QUESTIONS.items()
    )
    (root / "tests/questions/phone.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (root / "tests/dialogue").mkdir()
    (root / "tests/dialogue/test_conversations.py").write_text(_DIALOGUE_TEST, encoding="utf-8")
    (root / "models").mkdir()
    shutil.copy(live, root / "models")
    shutil.copy(live.with_name(live.name.replace(".tar.gz", ".json")), root / "models")
    (root / "models/live").write_text(live.name + "\n", encoding="utf-8")


def _variables(root: Path, port: int) -> dict[str, str]:
    kept = {name: value for name, value in environment().items() if not name.startswith(("WOHNLOTSE_", "DJANGO_", "PYTEST_"))}
    ports = {"WOHNLOTSE_RASA_PORT": str(port), "WOHNLOTSE_WEB_PORT": str(free_port())}
    return {**kept, **ports, "PYTHONPATH": str(root)}


def test_commands_of_the_page_lead_to_a_better_model_and_back(project: _Project, capsys: pytest.CaptureFixture[str]) -> None:
    (project.root / "copy.txt").write_text("\n".join(_EXAMPLES), encoding="utf-8")
    first = live_model(project.root / "models")
    question = "Wie bekomme ich unseren Chat auf Papier?"
    topics, seconds = {}, {}

    for command in _COMMAND.findall((ROOT / "docs" / "retraining.md").read_text(encoding="utf-8")):
        name = command.split()[0]
        _, seconds[name] = project.run(shlex.join([*shlex.split(command), *(_ACCEPT if name == "promote" else [])]))
        topics[name] = project.ask(question)[0]

    assert list(topics) == [
        "explain", "import-reviews", "new-topic", "validate", "train", "compare", "shadow", "promote", "rollback", "models"
    ]  # fmt: skip
    assert {name for name, topic in topics.items() if topic == "bot_transcript"} == {"promote"}
    assert live_model(project.root / "models") == first
    with capsys.disabled():
        print("\nseconds: " + ", ".join(f"{name} {took:.0f}" for name, took in seconds.items()))
