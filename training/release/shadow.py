"""What citizens asked of late, put to the candidate and to the live model: whose answer would change, before it does."""

from __future__ import annotations

import json
import uuid
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from rich.console import Group, RenderableType
from rich.text import Text
from tqdm import tqdm

from components.folding import fold
from content import Content, Register, read_content
from training.bank.bank import check_model
from training.corpus.questions import Heard, heard
from training.evaluation.judgement import bots_of
from training.failure import Failure
from training.serving.console import questions
from training.serving.service import Bot
from training.serving.web_channel import ask
from training.tables import table


class ShadowError(Failure):
    """The questions could not be replayed; the message says why."""


@dataclass(frozen=True)
class Asked:
    """One thing that a citizen wrote, redacted."""

    text: str
    register: Register


@dataclass(frozen=True)
class Changed:
    """A question that the candidate would answer otherwise. `text`: in its most frequent spelling; `count`: how often it
    was asked; `live`, `candidate`: titles of what is answered, or what else is done."""

    text: str
    count: int
    live: str
    candidate: str


@dataclass(frozen=True)
class Shadow:
    """`live`, `candidate`: file names. `conversations`, `questions`: how many were replayed. `changed`: most frequent first."""

    live: str
    candidate: str
    days: int
    conversations: int
    questions: int
    changed: list[Changed]


def shadow(live: Path, candidate: Path, days: int) -> Shadow:
    """Replays the conversations of the last `days` days, of the console's database, with both models.

    Nothing of them is kept: the bots are started for this and remember in memory only. Raises ConsoleError where the
    database cannot be reached, BadModel, JudgementError, ShadowError and StartError.
    """
    for model in (candidate, live):
        check_model(model)  # also where nothing was asked
    conversations = read_conversations(questions(days))
    answers: list[tuple[Asked, Heard, Heard]] = []
    if conversations:
        with bots_of(live, candidate) as (first, second):
            answers = replay(first, second, conversations)
    return Shadow(live.name, candidate.name, days, len(conversations), len(answers), changes(answers, read_content()))


def read_conversations(lines: str) -> list[list[Asked]]:
    """From what `python -m web questions` prints. Raises ShadowError."""
    try:
        return [[Asked(turn["text"], turn["register"]) for turn in json.loads(line)["turns"]] for line in lines.splitlines()]
    except (ValueError, KeyError, TypeError):
        raise ShadowError("`python -m web questions` printed something that is no JSON Lines of conversations.") from None


def replay(live: Bot, candidate: Bot, conversations: Sequence[Sequence[Asked]]) -> list[tuple[Asked, Heard, Heard]]:
    """Each question with the answers of both, in the conversation in which it was asked. Raises ShadowError."""
    answered: list[tuple[Asked, Heard, Heard]] = []
    with tqdm(conversations, desc="shadow", unit="conversation", disable=None) as bar:
        pool = ThreadPoolExecutor(2)
        try:
            for turns in bar:
                both = list(pool.map(lambda bot, turns=turns: _replayed(bot, turns), (live, candidate)))
                answered += zip(turns, *both)
        except OSError as error:  # all that urllib raises is one
            raise ShadowError(f"A bot did not answer: {error}") from None
        finally:
            pool.shutdown(cancel_futures=True)
    return answered


def changes(answered: Sequence[tuple[Asked, Heard, Heard]], content: Content) -> list[Changed]:
    """The questions whose answers differ, the most frequent first; equal ones, however they are spelt, as one."""
    folded: defaultdict[tuple[str, str, str], list[str]] = defaultdict(list)
    for asked, live, candidate in answered:
        if (live.got, live.zone) != (candidate.got, candidate.zone):
            same = fold(asked.text) or asked.text
            folded[same, _title(live, content), _title(candidate, content)].append(asked.text)
    listed = [
        Changed(max(texts, key=texts.count), len(texts), live, candidate) for (_, live, candidate), texts in folded.items()
    ]
    return sorted(listed, key=lambda each: (-each.count, each.text))


def summary(found: Shadow) -> RenderableType:
    """For the terminal."""
    asked = f"days: {found.days}, conversations: {found.conversations}, questions: {found.questions}"
    told = Text(f"{asked}; answered otherwise by {found.candidate} than by {found.live}, which is live: {len(found.changed)}")
    if not found.changed:
        return told
    rows = [(str(each.count), each.text, each.live, each.candidate) for each in found.changed]
    return Group(told, table(("times", "Question", "live", "candidate"), rows, numbers=("times",)))


def _replayed(bot: Bot, turns: Sequence[Asked]) -> list[Heard]:
    conversation = str(uuid.uuid4())
    return [heard(ask(bot, conversation, turn.text, turn.register)) for turn in turns]


def _title(said: Heard, content: Content) -> str:
    """The titles of the topics that are answered, or the name of what is done instead."""
    return " + ".join(content.topics[name].title if name in content.topics else name for name in said.got)
