"""Another model for the running bot, without a pause: loaded beside the one that answers, then put in its place."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from sanic import Sanic

from channels.collection import young_only
from channels.discretion import cause, innermost

#: Seconds after which the thread that loads lets go of the interpreter when a message needs it. Each of the many small steps
#: of an answer waits that long; with Python's usual 0.005 an answer of 13 ms took up to 330, with this up to 160.
_GIVE_WAY = 0.0002

logger = logging.getLogger(__name__)


class ModelRefused(Exception):
    """The model is not loaded and the old one goes on; the message says why, in German."""


class Models:
    """Swaps the model of a running Rasa, one at a time.

    Rasa's own `PUT /model` loads in the event loop, so that everybody waits for seconds, and brings a tracker store of its
    own, so that conversations in memory are lost and connections to the database stay open.
    """

    def __init__(self) -> None:
        self._loading = asyncio.Lock()

    async def swap(self, app: Sanic, name: str) -> None:
        """Loads the model file `name`, which lies beside the one that is served, and serves it. Raises ModelRefused."""
        if self._loading.locked():
            raise ModelRefused("Es wird gerade schon ein Modell geladen.")
        async with self._loading:
            old = app.ctx.agent
            path = _beside(old, name)
            try:
                with young_only(), _giving_way():
                    fresh = await asyncio.get_running_loop().run_in_executor(None, _loaded, path, old)
            except Exception as error:  # whatever it is: the old one goes on
                logger.error("a model could not be loaded: %s", cause(error))
                raise ModelRefused(f"Das Modell „{name}“ lässt sich nicht laden: {_reason(error)}") from None
            _take_over(fresh, old)
            app.ctx.agent = fresh


@contextmanager
def _giving_way() -> Iterator[None]:
    usual = sys.getswitchinterval()
    sys.setswitchinterval(_GIVE_WAY)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)


def _beside(agent: Any, name: str) -> Path:
    """The file `name` in the folder of the model that `agent` serves. Raises ModelRefused."""
    if agent is None or not agent.is_ready():
        raise ModelRefused("Rasa ist noch nicht bereit.")
    path: Path = agent.processor.model_path.parent / name
    if Path(name).name != name or not name.endswith(".tar.gz") or not path.is_file():
        raise ModelRefused(f"Ein Modell „{name}“ gibt es nicht.")
    return path


def _loaded(path: Path, old: Any) -> Agent:
    """In a thread: an agent with stores of its own, so that it changes nothing of those in use."""
    agent = Agent.load(path, generator=None, action_endpoint=old.action_endpoint)
    if agent.processor is None:
        raise ValueError("Rasa found no model in the file")
    return agent


def _take_over(fresh: Any, old: Any) -> None:
    """The memory and the locks of the conversations go on."""
    for each in (fresh, fresh.processor):
        each.tracker_store = old.tracker_store
        each.lock_store = old.lock_store
    old.tracker_store.domain = fresh.domain


def _reason(error: BaseException) -> str:
    """What is wrong with a model, in one line: these messages are of our own components or of Rasa, and quote no citizen."""
    error = innermost(error)
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
