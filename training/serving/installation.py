"""The service on this machine, as the settings describe it: where it keeps its state, and where its processes listen."""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.failure import Failure
from training.processes import HOST, RASA_PORT, ROOT, WEB_PORT, StartError, is_taken
from training.serving.keys import read_keys

#: Seconds: loading a model takes a few.
_PATIENCE = 60.0


class ModelRefused(Failure):
    """The bot that runs does not take a model and serves the one from before; the message says why."""


@dataclass(frozen=True)
class Installation:
    """Whether it runs or not. `var`: the folder of its state. A `training.serving.web_channel.Listener`."""

    var: Path
    rasa_port: int = RASA_PORT
    web_port: int = WEB_PORT

    @classmethod
    def here(cls, variables: Mapping[str, str] = os.environ) -> Installation:
        """The one that `make run` starts. Raises StartError for a port that is none."""
        return cls(state_folder(variables), port("RASA", RASA_PORT, variables), port("WEB", WEB_PORT, variables))

    @property
    def bot_runs(self) -> bool:
        """Whether something listens where Rasa does."""
        return is_taken(self.rasa_port)

    @property
    def secret(self) -> str:
        """Of Rasa's channel. Raises StartError where it is missing."""
        return read_keys(self.var).bot_secret

    def served_model(self) -> str | None:
        """File name of the model that answers, None where there is none. Raises urllib.error.URLError."""
        try:
            state = self._of_bot("health")
        except urllib.error.HTTPError as error:
            if error.code != 503:
                raise
            state = json.load(error)  # something is not well, perhaps the model
        model: str | None = state.get("model")
        return model

    def swap_model(self, name: str) -> None:
        """Lets the bot serve the model file `name`, which lies beside the one that it serves, without a pause.

        Raises ModelRefused and urllib.error.URLError.
        """
        try:
            self._of_bot("model", "PUT", {"model": name})
        except urllib.error.HTTPError as error:
            if error.code != 409:
                raise
            raise ModelRefused(f"The bot that runs does not take {name}: {json.load(error)['error']}") from None

    def health(self) -> dict[str, str] | None:
        """What the web process says of each part; None where there is no web process."""
        if not is_taken(self.web_port):
            return None
        try:
            with urllib.request.urlopen(f"http://{HOST}:{self.web_port}/health", timeout=10) as answer:
                parts: dict[str, str] = json.load(answer)["parts"]
        except urllib.error.HTTPError as error:  # 503: not all parts are well
            parts = json.load(error)["parts"]
        return parts

    def _of_bot(self, path: str, method: str = "GET", body: Any = None) -> Any:
        request = urllib.request.Request(
            f"http://{HOST}:{self.rasa_port}/webhooks/web/{path}",
            None if body is None else json.dumps(body).encode(),
            {"Content-Type": "application/json", "Authorization": f"Bearer {self.secret}"},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=_PATIENCE) as answer:
            return json.load(answer)


def state_folder(variables: Mapping[str, str] = os.environ) -> Path:
    """WOHNLOTSE_VAR, relative to the project, where all processes run."""
    return ROOT / (variables.get("WOHNLOTSE_VAR") or "var")


def port(name: str, default: int, variables: Mapping[str, str] = os.environ) -> int:
    """The port of a process, from WOHNLOTSE_<name>_PORT. Raises StartError where it is none."""
    variable = f"WOHNLOTSE_{name}_PORT"
    text = variables.get(variable, "").strip() or str(default)
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise StartError(f"{variable} is „{text}“, but must be a number from 1 to 65535.")
    return int(text)
