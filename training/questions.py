"""Puts the development test set to the running bot, turn by turn: `python -m training.questions`.

The questions were written before the training data by authors who saw the facts and the titles of the topics only.
"""

from __future__ import annotations

import argparse
import json
import sys
import urllib.error
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from actions.participants import membership, shown
from components.folding import fold
from content import Content, Register, read_content
from training.chat import ask
from training.live import live_model
from training.processes import ROOT
from training.service import running_bot

QUESTIONS = ROOT / "tests" / "questions"

_ASKED_FOR_A_NAME = ("Nennen Sie mir bitte den Namen", "Schreiben Sie mir bitte den Namen", "Please give me the name")


@dataclass(frozen=True)
class Expected:
    """One turn of the test set. `topics`: what must be answered, in order; `also`: what a fair judge accepts instead."""

    text: str
    topics: tuple[str, ...]
    also: tuple[str, ...]
    organisation: str
    voice: str
    place: str

    @property
    def is_out_of_scope(self) -> bool:
        return self.topics == ("decline",)


@dataclass(frozen=True)
class Outcome:
    """What the bot did with a turn."""

    expected: Expected
    right: bool
    zone: str
    got: tuple[str, ...]
    text: str


def read_dialogues(folder: Path = QUESTIONS) -> list[list[Expected]]:
    """All conversations of the test set; a single question is one of one turn."""
    dialogues = []
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if line.strip():
                dialogues.append(list(_turns(json.loads(line), f"{path.name}:{number}")))
    return dialogues


def put(url: str, dialogues: Sequence[Sequence[Expected]]) -> list[Outcome]:
    """Each dialogue in a conversation of its own. Raises urllib.error.URLError where no bot listens at `url`."""
    content = read_content()
    outcomes = []
    for turns in tqdm(dialogues, desc="test questions", unit="dialogue"):
        sender = uuid.uuid4().hex
        outcomes += [judge(turn, ask(url, sender, turn.text), content) for turn in turns]
    return outcomes


def judge(expected: Expected, replies: list[dict[str, Any]], content: Content) -> Outcome:
    """Whether `replies` are right: the topics asked for and no other, a decline, or the act of conversation."""
    text = "\n".join(reply["text"] for reply in replies if reply.get("text"))
    custom: dict[str, Any] = next((reply["custom"] for reply in replies if reply.get("custom")), {})
    got: tuple[str, ...]
    zone, intent = "answer", ""
    register: Register = "standard"
    if "handoff" in custom:
        got = ("handoff" if custom["handoff"]["reason"] == "wish" else "crisis",)
    else:
        parts = [custom.get("answer", {}), *custom.get("more", [])]
        got = tuple("decline" if part.get("zone") == "decline" else str(part.get("topic")) for part in parts)
        first = parts[0]
        zone, intent, register = first.get("zone", ""), first.get("intent", ""), first.get("register", "standard")
    right = _matches(expected, got, zone, intent)
    if right and expected.organisation and "participants_member" in got:
        right = _names_it(expected.organisation, text, content, register)
    return Outcome(expected, right, zone, got, text)


def bootstrap(right: np.ndarray, seed: int = 42, resamples: int = 10_000) -> tuple[float, float]:
    """95 % interval of the mean of `right`, shape (turns,), in percent."""
    rng = np.random.default_rng(seed)
    means = rng.binomial(len(right), right.mean(), resamples) / len(right)
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low * 100), float(high * 100)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", help="of a bot that runs; without it, the live model is started for this")
    parser.add_argument("--folder", type=Path, default=QUESTIONS)
    parser.add_argument("--wrong", action="store_true", help="list the turns that are not right")
    options = parser.parse_args()
    dialogues = read_dialogues(options.folder)
    try:
        if options.url:
            outcomes = put(options.url, dialogues)
        else:
            model = live_model()
            if model is None:
                print("There is no trained model yet. Run `make train` first.", file=sys.stderr)
                return 1
            with running_bot(model, ROOT / "var" / "questions") as bot:
                outcomes = put(bot.url, dialogues)
    except urllib.error.URLError:
        print(f"No bot answers at {options.url}.", file=sys.stderr)
        return 1
    if options.wrong:
        for outcome in outcomes:
            if not outcome.right:
                wanted = "+".join(outcome.expected.topics)
                print(f"{outcome.expected.place} {wanted} -> {outcome.zone} {'+'.join(outcome.got)}: {outcome.expected.text}")
    summary = summarise(outcomes)
    print("\n".join(lines(summary)))
    reports = ROOT / "reports"
    reports.mkdir(exist_ok=True)
    (reports / "questions.json").write_text(json.dumps(summary, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


def summarise(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Shares in percent with 95 % bootstrap intervals: all turns, out-of-scope ones declined, and by voice."""
    right = np.array([outcome.right for outcome in outcomes])
    strange = np.array([outcome.zone in ("decline", "guard") for outcome in outcomes if outcome.expected.is_out_of_scope])
    voices: dict[str, list[bool]] = defaultdict(list)
    for outcome in outcomes:
        voices[outcome.expected.voice].append(outcome.right)
    return {
        "turns": len(outcomes),
        "right": float(right.mean() * 100),
        "right_interval": bootstrap(right),
        "out_of_scope": len(strange),
        "declined": float(strange.mean() * 100) if len(strange) else None,
        "declined_interval": bootstrap(strange) if len(strange) else None,
        "zones": dict(Counter(outcome.zone for outcome in outcomes)),
        "voices": {voice: [round(100 * sum(each) / len(each), 1), len(each)] for voice, each in sorted(voices.items())},
    }


def lines(summary: dict[str, Any]) -> Iterator[str]:
    low, high = summary["right_interval"]
    yield f"turns right       {summary['right']:.1f} % ({low:.1f} to {high:.1f}) of {summary['turns']}"
    if summary["declined"] is not None:
        low, high = summary["declined_interval"]
        yield f"out of scope      {summary['declined']:.1f} % declined ({low:.1f} to {high:.1f}) of {summary['out_of_scope']}"
    yield "zones             " + ", ".join(f"{zone} {count}" for zone, count in summary["zones"].items())
    for voice, (share, count) in summary["voices"].items():
        yield f"  {voice:<14}  {share:5.1f} % of {count}"


def _turns(item: dict[str, Any], place: str) -> Iterator[Expected]:
    for turn in item.get("turns", [item]):
        yield Expected(
            turn["text"],
            tuple(turn["expect"]),
            tuple(turn.get("also") or ()),
            turn.get("org", ""),
            ("dialogue" if "turns" in item else "") or item["voice"],
            place,
        )


def _matches(expected: Expected, got: tuple[str, ...], zone: str, intent: str) -> bool:
    if zone in ("clarify", "guard", "unavailable") and not (expected.is_out_of_scope and zone == "guard"):
        return False
    if expected.is_out_of_scope and zone == "guard":
        return True
    if len(expected.topics) > 1:
        return set(got) == set(expected.topics)
    for wanted in (*expected.topics, *expected.also):
        if got == (wanted,):
            return True
        if wanted in ("repeat", "simpler", "affirm", "deny") and intent == wanted and len(got) == 1:
            return True
        if wanted.startswith("followup_") and zone == "answer" and len(got) == 1:
            return True
    return False


def _names_it(organisation: str, text: str, content: Content, register: Register) -> bool:
    if text.startswith(_ASKED_FOR_A_NAME):
        return False
    if membership([organisation], content, register) in text or fold(shown(organisation)) in fold(text):
        return True
    return any(len(word) > 3 and word in fold(text) for word in fold(organisation).split())


if __name__ == "__main__":
    sys.exit(main())
