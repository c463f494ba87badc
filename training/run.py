"""Serves the bot until Ctrl-C or SIGTERM: `python -m training.run`, which `make run` calls."""

from __future__ import annotations

import signal
import sys
import time
from types import FrameType

from training.live import is_current, live_model
from training.processes import ACTIONS_PORT, HOST, RASA_PORT, ROOT, Bot, StartError, is_taken, running_bot


def main() -> int:
    model = live_model()
    if model is None:
        print("There is no trained model yet. Run `make train` first.", file=sys.stderr)
        return 1
    for port in (RASA_PORT, ACTIONS_PORT):
        if is_taken(port):
            print(f"Port {port} is in use already: is the bot running?", file=sys.stderr)
            return 1
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, _interrupt)
    print(f"Starting with model {model.name} ...", flush=True)
    if not is_current(model):
        print("The data are newer than this model. `make train` trains a new one.", flush=True)
    try:
        with running_bot(model, ROOT / "var" / "run", RASA_PORT, ACTIONS_PORT) as bot:
            print(f"Rasa            http://{HOST}:{bot.rasa_port}  (POST /webhooks/rest/webhook)")
            print(f"Action server   http://{HOST}:{bot.actions_port}")
            print("Talk to it with `make chat`. Stop with Ctrl-C.", flush=True)
            return _watch(bot)
    except StartError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.")
        return 0


def _watch(bot: Bot) -> int:
    """Starts the action server again when it ends; ends when Rasa does."""
    while True:
        time.sleep(1)
        if bot.actions.poll() is not None:
            print("The action server ended; starting it again.", flush=True)
            bot.start_actions()
        if bot.rasa is None or bot.rasa.poll() is not None:
            print("Rasa ended; see var/run/rasa.log.", file=sys.stderr)
            return 1


def _interrupt(number: int, frame: FrameType | None) -> None:
    """Ends the service, once: make passes SIGTERM on, and a second signal must not break off the tidying up."""
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
