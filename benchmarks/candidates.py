"""A pipeline that can be trained on texts and asked. Imports Rasa only when used, since that takes seconds."""

from __future__ import annotations

import asyncio
import json
import logging
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rasa.core.agent import Agent

DECLINE = "decline"
_FALLBACK = "nlu_fallback"


@dataclass(frozen=True)
class Prediction:
    """What a pipeline says of a text.

    `intent`: the most likely intent, whatever the thresholds say, with its `confidence`. `answer`: what the bot goes on
    with, „decline“ where that is nlu_fallback, an out-of-scope intent or the zone decline. `in_scope`: our probability
    that the text is in scope, None for a pipeline that gives none.
    """

    intent: str
    answer: str
    confidence: float
    in_scope: float | None


class Candidate:
    """A Rasa pipeline, trained and asked within this process."""

    def __init__(self, config: Mapping[str, Any], folder: Path) -> None:
        """`config`: as in config.yml; models and data are written into `folder`."""
        self._config = config
        self._folder = folder
        self._agent: Agent | None = None
        self._intents: dict[str, str] = {}

    def train(self, texts: Sequence[str], intents: Sequence[str]) -> None:
        """Raises RuntimeError where Rasa trains no model, ValueError where two intents cannot be told apart in Rasa."""
        from rasa.model_training import train_nlu

        self._intents = rasa_names(intents)
        renamed = {intent: name for name, intent in self._intents.items()}
        # Rasa's old JSON format: in YAML, „[a](b)“ within a text would be read as an entity.
        examples = [{"text": text, "intent": renamed[intent]} for text, intent in zip(texts, intents)]
        data = self._written("nlu.json", {"rasa_nlu_data": {"common_examples": examples}})
        model = train_nlu(self._written("config.yml", self._config), data, str(self._folder / "models"))
        if model is None:
            raise RuntimeError("Rasa trained no model; its messages above say why")
        self.load(Path(model))

    def load(self, model: Path) -> None:
        """Takes a model that Rasa trained elsewhere."""
        from rasa.core.agent import Agent

        self._agent = Agent.load(model)

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """One prediction per text, text by text as a server would. Raises RuntimeError before `train` or `load`."""
        return asyncio.run(self._predict(texts))

    async def _predict(self, texts: Sequence[str]) -> list[Prediction]:
        if self._agent is None:
            raise RuntimeError("this pipeline was asked before it was trained or loaded")
        return [prediction_from(await self._agent.parse_message(text), self._intents) for text in texts]

    def _written(self, name: str, content: Mapping[str, Any]) -> str:
        path = self._folder / name
        path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        return str(path)


def prediction_from(parsed: Mapping[str, Any], intents: Mapping[str, str]) -> Prediction:
    """Reads Rasa's parse of a message; `intents` gives the original intent for names that were changed for Rasa.

    Where our pipeline found several questions in a message, the first one counts.
    """
    from components.intent_model import is_out_of_scope

    likely = next(each for each in parsed["intent_ranking"] if each["name"] != _FALLBACK)
    intent = intents.get(likely["name"], likely["name"])
    question: Mapping[str, Any] = next(iter(parsed.get("questions", [])), {})
    fallen_back = parsed["intent"]["name"] == _FALLBACK or question.get("zone") == "decline"
    return Prediction(
        intent=intent,
        answer=DECLINE if fallen_back or is_out_of_scope(intent) else intent,
        confidence=float(likely["confidence"]),
        in_scope=question.get("in_scope"),
    )


def rasa_names(intents: Sequence[str]) -> dict[str, str]:
    """The intent for each name that Rasa gets: „weather/find“ would be a retrieval intent, so it becomes
    „weather__find“. Raises ValueError where that makes two intents one."""
    names = {intent.replace("/", "__"): intent for intent in intents}
    if len(names) < len(set(intents)):
        raise ValueError("two intents differ only in „/“ and „__“, which Rasa cannot tell apart")
    return names


def load_rasa() -> None:
    """Imports all that training and asking need, so that no clock runs meanwhile, and keeps it from chattering."""
    import rasa.core.agent
    import rasa.engine.recipes.default_components
    import rasa.model_training  # noqa: F401
    import structlog

    warnings.simplefilter("ignore")  # sanic has switched on those of other packages
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
