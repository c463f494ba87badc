"""Why the bot answers a question as it does: what is read, which examples are near, how sure it is, what follows."""

from __future__ import annotations

import asyncio
import logging
import re
import tarfile
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Group
from rich.text import Text

from actions.dialogue import respond
from actions.memory import Memory
from actions.turn import Turn
from channels.guard import LIMIT, clean, refusal
from components.folding import fold
from components.intent_model import IntentModel, is_out_of_scope
from content import Content, Register
from training.bank.bank import check_model
from training.bank.card import is_current
from training.bank.model_file import BadModel, read_model_file
from training.corpus.examples import NLU, read_examples
from training.corpus.facts import read_facts
from training.evaluation.neighbours import CACHE, Neighbour, nearest
from training.tables import table

_WORD = re.compile(r"[^\W\d_]+")
_INTENTS = "intents.json"
_SHOWN = 5
_NEIGHBOURS = ("cosine", "intent", "example", "place")


@dataclass(frozen=True)
class Token:
    """A token as spaCy finds it, and as the n-grams see it: folded."""

    text: str
    folded: str


@dataclass(frozen=True)
class Understood:
    """One question of the message. `ranking`: intents with probabilities, best first. `in_scope`: probability that the best
    one in scope is right. `why`: from what the zone follows."""

    text: str
    zone: str
    why: str
    in_scope: float
    ranking: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Answer:
    """One reply that a citizen would get."""

    topic: str
    zone: str
    text: str
    buttons: tuple[str, ...]


@dataclass(frozen=True)
class Explanation:
    """All of it. `read`: the question with misspelt words put right. `corrections`: (typed, read) of those words.
    `names`: organisations and persons found in it. `current`: whether the model was made from the data of `neighbours`."""

    question: str
    model: str
    current: bool
    read: str
    tokens: tuple[Token, ...]
    corrections: tuple[tuple[str, str], ...]
    neighbours: tuple[Neighbour, ...]
    names: tuple[str, ...]
    language: str
    thresholds: Mapping[str, float]
    understood: tuple[Understood, ...]
    handoff: str
    answers: tuple[Answer, ...]


def explain(question: str, model: Path, register: Register = "standard", nlu: Path = NLU, cache: Path = CACHE) -> Explanation:
    """What `model` makes of `question`, asked first in a conversation, with the content as it lies here, and which of the
    examples in `nlu` are near. Loading the model takes seconds. `cache`: see `training.evaluation.neighbours`.

    Raises BadModel, and BadInput for examples or content that cannot be read.
    """
    check_model(model)
    content = read_facts()
    asked = clean(question)
    if reason := refusal(asked):
        return _refused(asked, reason, model, content, register)
    thresholds = read_model_file(model).thresholds
    read = _intent_model(model).read(asked)
    understood = asyncio.run(_parsed(asked, model))
    turn = Turn.from_message({**understood, "metadata": {"register": register}})
    response = respond(turn, Memory(), content)
    return Explanation(
        question=asked,
        model=model.name,
        current=is_current(model),
        read=read,
        tokens=tuple(Token(text, fold(text)) for text in (asked[start:end] for start, end in understood["text_tokens"])),
        corrections=tuple((typed, meant) for typed, meant in zip(_WORD.findall(asked), _WORD.findall(read)) if typed != meant),
        neighbours=tuple(nearest(read, read_examples(nlu), cache=cache)),
        names=tuple(each.name for each in turn.mentions),
        language=turn.language,
        thresholds=thresholds,
        understood=tuple(_understood(each, thresholds) for each in understood["questions"]),
        handoff=response.handoff["reason"] if response.handoff else "",
        answers=tuple(
            Answer(reply.topic, reply.zone, reply.text, tuple(title for title, _ in reply.buttons))
            for reply in response.replies
        ),
    )


def why(zone: str, in_scope: float, ranking: Sequence[tuple[str, float]], thresholds: Mapping[str, float]) -> str:
    """From which figures `zone` follows, in the order in which `components.intent_model` looks at them."""
    sure = f"in scope {in_scope:.3f}"
    answer, clarify, several = thresholds["answer"], thresholds["clarify"], thresholds["several"]
    best = [share for intent, share in ranking if not is_out_of_scope(intent)][:3]
    three = f"the best three in scope together {sum(best):.3f}"
    if is_out_of_scope(ranking[0][0]):
        return f"the likeliest intent, {ranking[0][0]}, is out of scope"
    if zone == "answer" and in_scope >= answer:
        return f"{sure}, at least {answer:.3f} is enough to answer"
    if zone == "answer":
        return f"{sure} is between {clarify:.3f} and {answer:.3f}, but no other intent is nearly as likely"
    if zone == "clarify" and in_scope >= clarify:
        return f"{sure} is between {clarify:.3f} and {answer:.3f}, and {ranking[1][0]} is nearly as likely"
    if zone == "clarify":
        return f"{sure} is below {clarify:.3f}, but {three}, at least {several:.3f} is worth asking back"
    return f"{sure} is below {clarify:.3f}, and {three}, below {several:.3f}"


def as_text(found: Explanation) -> Group:
    """For the terminal."""
    parts: list[Any] = [Text(f"{found.question}", style="bold"), Text(f"model {found.model}")]
    if found.tokens:
        parts.append(Text("tokens     " + "  ".join(f"{each.text}→{each.folded or '∅'}" for each in found.tokens)))
        corrections = ", ".join(f"{typed} → {meant}" for typed, meant in found.corrections)
        parts.append(Text(f"spelling   {corrections or 'nothing to put right'}"))
        parts.append(Text(f"language   {found.language or 'too short to tell'}"))
        parts.append(Text(f"names      {', '.join(found.names) or 'none'}"))
        parts.append(Text("nearest examples", style="bold"))
        parts.append(table(_NEIGHBOURS, _neighbour_rows(found), whole={*_NEIGHBOURS} - {"example"}, frame=None))
        if not found.current:
            parts.append(Text("The data have changed since this model was trained: it may not know these examples."))
    for each in found.understood:
        rows = [[f"{share:.4f}", intent] for intent, share in each.ranking[:_SHOWN]]
        parts.append(Text(f"“{each.text}”", style="bold"))
        parts.append(table(("probability", "intent"), rows, frame=None))
        parts.append(Text(f"zone       {each.zone}: {each.why}"))
    for answer in found.answers:
        parts.append(Text(f"\nanswer     {answer.topic} ({answer.zone})"))
        parts += [Text(answer.text), *(Text(f"  [{button}]") for button in answer.buttons)]
    if found.handoff:
        parts.append(Text(f"hand-off   {found.handoff}"))
    return Group(*parts)


def _understood(question: Mapping[str, Any], thresholds: Mapping[str, float]) -> Understood:
    ranking = tuple((each["name"], each["confidence"]) for each in question["ranking"])
    zone, in_scope = question["zone"], question["in_scope"]
    return Understood(question["text"], zone, why(zone, in_scope, ranking, thresholds), in_scope, ranking)


def _refused(asked: str, reason: str, model: Path, content: Content, register: Register) -> Explanation:
    """What never reaches a model."""
    more = {"limit": str(LIMIT)} if reason == "guard_long" else {}
    answer = Answer(reason, "guard", content.reply(reason, register, **more), ())
    return Explanation(asked, model.name, is_current(model), asked, (), (), (), (), "", {}, (), "", (answer,))


async def _parsed(text: str, model: Path) -> dict[str, Any]:
    """What the whole pipeline makes of `text`, as in the server. Raises BadModel."""
    from rasa.core.agent import Agent  # takes seconds
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.ERROR)
    logging.getLogger("rasa").setLevel(logging.ERROR)
    try:
        agent = Agent.load(model)
    except Exception as error:  # Rasa raises many kinds, and wraps what our components say
        raise BadModel(f"{model.name} cannot be loaded: {str(error).splitlines()[0]}") from None
    understood: dict[str, Any] = await agent.parse_message(text)
    return understood


def _intent_model(model: Path) -> IntentModel:
    """The intent model in the archive. Raises BadModel."""
    with tempfile.TemporaryDirectory() as folder, tarfile.open(model, "r:gz") as archive:
        members = archive.getmembers()
        homes = [Path(each.name).parent for each in members if Path(each.name).name == _INTENTS]
        for member in members:
            if Path(member.name).parent in homes and (file := archive.extractfile(member)):
                Path(folder, Path(member.name).name).write_bytes(file.read())
        try:
            return IntentModel.load(Path(folder))
        except (FileNotFoundError, ValueError) as error:
            raise BadModel(f"{model.name} cannot be read: {error}") from None


def _neighbour_rows(found: Explanation) -> list[list[str]]:
    return [[f"{each.cosine:.3f}", each.intent, each.text, each.place] for each in found.neighbours]
