"""Fills the console with made-up conversations to look at: `python -m training.demo`, which `make demo-data` calls.

The live model answers each question once (`demo.jsonl` in the folder of this machine's state, kept until there is another
model); the web process's command `demo` makes conversations of them. The embedded database is started for it where it does
not run.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm

from content import Register
from training.corpus.questions import QUESTIONS
from training.processes import ROOT, StartError, environment
from training.serving.console import database_settings
from training.serving.installation import state_folder
from training.serving.live import live_model
from training.serving.service import Bot, running_bot
from training.serving.web_channel import ask

#: Questions about what the bot does not know yet, so that there is something in the report of gaps.
UNANSWERED = ROOT / "training" / "demo.txt"
#: Test dialogues that are put to the bot, about 1 500 turns.
_DIALOGUES = 1200
#: Shares of a voice's dialogues that are asked: few citizens attack, or write about something else altogether.
_SHARES = {"attack": 0.15, "oos_far": 0.4}
#: How often a voice, or a language, uses another register than standard.
_REGISTERS: dict[str, tuple[Register, float]] = {
    "en": ("en", 0.9),
    "learner": ("einfach", 0.5),
    "elderly": ("einfach", 0.15),
    "everyday": ("einfach", 0.1),
}


@dataclass(frozen=True)
class Dialogue:
    """What one citizen asks in a row. `language`: ISO 639-1."""

    language: str
    register: Register
    texts: tuple[str, ...]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--force", action="store_true", help="also where there are real conversations")
    options = parser.parse_args()
    model = live_model()
    if model is None:
        print("No model is served yet: `make models/live` trains the first one.", file=sys.stderr)
        return 1
    try:
        if not is_made_with(answered(), model.name):
            with running_bot(model, state_folder() / "demo") as bot:
                write(bot, chosen(), answered())
        with database_settings() as settings:
            return _fill(settings, ["--force"] if options.force else [])
    except StartError as error:
        print(error, file=sys.stderr)
        return 1


def answered() -> Path:
    """The file with the questions and what the bot said, also where it is not there yet."""
    return state_folder() / "demo.jsonl"


def chosen(folder: Path = QUESTIONS, unanswered: Path = UNANSWERED, seed: int = 4) -> list[Dialogue]:
    """Dialogues of the test set in `folder`, each text once, and all questions of `unanswered`. The same for the same seed."""
    rng = random.Random(seed)
    items = [
        json.loads(line) for path in sorted(folder.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines() if line
    ]
    rng.shuffle(items)
    kept = [item for item in items if rng.random() < _SHARES.get(item.get("voice", ""), 1.0)][:_DIALOGUES]
    gaps = [line for line in unanswered.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    kept += [{"text": text, "lang": "en" if text.startswith(("How ", "My ", "Where ")) else "de"} for text in gaps]
    return list(_once(_dialogue(item, rng) for item in kept))


def write(bot: Bot, dialogues: Sequence[Dialogue], path: Path) -> None:
    """Puts `dialogues` to the running bot and writes a line for each: {language, register, turns: [{text, replies, handoff,
    verdict}]}, in the form of the web channel. The file is there when it is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    with fresh.open("w", encoding="utf-8") as file:
        for dialogue in tqdm(dialogues, desc="demonstration", unit="dialogue"):
            line = {"language": dialogue.language, "register": dialogue.register, "turns": _turns(bot, dialogue)}
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    fresh.replace(path)


def _turns(bot: Bot, dialogue: Dialogue) -> list[dict[str, Any]]:
    conversation = str(uuid.uuid4())
    return [{"text": text, **ask(bot, conversation, text, dialogue.register)} for text in dialogue.texts]


def _dialogue(item: dict[str, Any], rng: random.Random) -> Dialogue:
    register, share = _REGISTERS.get(item["lang"]) or _REGISTERS.get(item.get("voice", ""), ("standard", 1.0))
    if rng.random() >= share:
        register = "standard"
    return Dialogue(item["lang"], register, tuple(turn["text"] for turn in item.get("turns", [item])))


def _once(dialogues: Iterator[Dialogue]) -> Iterator[Dialogue]:
    seen: set[str] = set()
    for dialogue in dialogues:
        if seen.isdisjoint(dialogue.texts):
            seen.update(dialogue.texts)
            yield dialogue


def is_made_with(path: Path, model: str) -> bool:
    """Whether the first verdict in `path` was given by `model`."""
    if not path.is_file():
        return False
    with path.open(encoding="utf-8") as file:
        verdicts = (turn["verdict"] for line in file for turn in json.loads(line)["turns"] if turn["verdict"])
        first = next(verdicts, None)
    return first is not None and first["model"] == model


def _fill(settings: dict[str, str], options: list[str]) -> int:
    """Runs the web process's own commands; returns what they do."""
    for command in (["migrate", "--no-input", "--verbosity", "0"], ["demo", str(answered()), *options]):
        variables = {**environment(), "DJANGO_SETTINGS_MODULE": "web.settings", **settings}
        status = subprocess.run([sys.executable, "-m", "web", *command], cwd=ROOT, env=variables, check=False).returncode
        if status:
            return status
    return 0


if __name__ == "__main__":
    sys.exit(main())
