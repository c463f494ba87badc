"""Serves the chat until Ctrl-C or SIGTERM: `python -m training.run`, which `make run` calls."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from types import FrameType

from training.live import is_current, live_model
from training.processes import ACTIONS_PORT, HOST, RASA_PORT, ROOT, WEB_PORT, StartError, Stopped, is_taken
from training.service import running_service
from training.watch import watch


def main() -> int:
    stopping = _Signals()
    model = live_model()
    if model is None:
        print("There is no trained model yet. Run `make train` first.", file=sys.stderr)
        return 1
    # Relative to the project, where all processes run.
    var = ROOT / (os.environ.get("WOHNLOTSE_VAR") or "var")
    try:
        rasa, actions, web = _port("RASA", RASA_PORT), _port("ACTIONS", ACTIONS_PORT), _port("WEB", WEB_PORT)
        print(f"Starting with model {model.name} ...", flush=True)
        if not is_current(model):
            print("The data are newer than this model. `make train` trains a new one.", flush=True)
        with running_service(model, var, rasa, actions, web, stopping=stopping) as service:
            print(f"Chat            {service.url}")
            print(f"Staff console   {service.url}team/")
            if not service.has_staff():
                print("                Nobody can log in yet. For the first account, in another terminal:")
                print("                .venv/bin/python -m web account NAME --role Leitung --generate")
            print(f"Rasa            http://{HOST}:{rasa}  (POST /webhooks/rest/webhook)")
            print(f"Action server   http://{HOST}:{actions}")
            print(f"Database        {_database(service.database is not None, var)}")
            print(f"Logs            {var / 'run'}")
            print("Talk to it in the terminal with `make chat`. Stop with Ctrl-C.", flush=True)
            watch(service.processes, stopping)
    except StartError as error:
        print(error, file=sys.stderr)
        return 1
    except Stopped:
        pass
    print("\nStopped.")
    return 0


class _Signals:
    """Notes that somebody asked to stop, as often as they like: no signal breaks off starting or tidying up."""

    def __init__(self) -> None:
        self._came = False
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, self._note)

    def __call__(self) -> bool:
        return self._came

    def _note(self, number: int, frame: FrameType | None) -> None:
        self._came = True


def _port(name: str, default: int) -> int:
    """The port of a process, from WOHNLOTSE_<NAME>_PORT. Raises StartError where it is none or taken."""
    variable = f"WOHNLOTSE_{name}_PORT"
    text = os.environ.get(variable, "").strip() or str(default)
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise StartError(f"{variable} is „{text}“, but must be a number from 1 to 65535.")
    if is_taken(int(text)):
        raise StartError(f"Port {text} is in use already: is Wohnlotse running?")
    return int(text)


def _database(embedded: bool, var: Path) -> str:
    return f"{var / 'database'}" if embedded else "the one of WOHNLOTSE_DATABASE_URL"


if __name__ == "__main__":
    sys.exit(main())
