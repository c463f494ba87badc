"""Serves the chat until Ctrl-C or SIGTERM: `python -m training.run`, which `make run` calls."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from types import FrameType

from training.bank.card import is_current
from training.processes import ACTIONS_PORT, HOST, RASA_PORT, ROOT, WEB_PORT, StartError, Stopped, is_taken
from training.serving.installation import port, state_folder
from training.serving.live import MODELS, live_model
from training.serving.service import running_service
from training.serving.watch import watch


def main() -> int:
    stopping = _Signals()
    try:
        model, told = model_to_serve()
        var = state_folder()
        rasa, actions, web = _port("RASA", RASA_PORT), _port("ACTIONS", ACTIONS_PORT), _port("WEB", WEB_PORT)
        print(told, flush=True)
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


def model_to_serve(models: Path = MODELS, root: Path = ROOT) -> tuple[Path, str]:
    """The model that `live` names, whatever else was trained since, and what is told of it. Raises StartError where there is
    none."""
    model = live_model(models)
    if model is None:
        raise StartError("No model is served yet: `make run` trains the first one.")
    told = f"Starting with model {model.name} ..."
    if not is_current(model, root):
        told += "\nThe data are newer than this model. `make train` makes a new one, `make promote` serves it."
    return model, told


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
    number = port(name, default)
    if is_taken(number):
        raise StartError(f"Port {number} is in use already: is Wohnlotse running?")
    return number


def _database(embedded: bool, var: Path) -> str:
    return f"{var / 'database'}" if embedded else "the one of WOHNLOTSE_DATABASE_URL"


if __name__ == "__main__":
    sys.exit(main())
