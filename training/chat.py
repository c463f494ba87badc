"""Talks to the running bot in the terminal: `python -m training.chat`, which `make chat` calls."""

from __future__ import annotations

import argparse
import json
import sys
import urllib.request
import uuid
from typing import Any

from content import REGISTERS
from training.processes import HOST, RASA_PORT, StartError
from training.serving.installation import port


def ask(url: str, sender: str, message: Any, register: str = "standard", timeout: float = 30.0) -> list[dict[str, Any]]:
    """Posts one message to the REST channel and returns its replies. Raises urllib.error.URLError."""
    body = json.dumps({"sender": sender, "message": message, "metadata": {"register": register}}).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=timeout) as answer:
        replies: list[dict[str, Any]] = json.load(answer)
        return replies


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--register", choices=REGISTERS, default="standard")
    parser.add_argument("--url", help="of Rasa's REST channel; without it the bot that `make run` starts here")
    options = parser.parse_args()
    try:
        url = options.url or f"http://{HOST}:{port('RASA', RASA_PORT)}/webhooks/rest/webhook"
    except StartError as error:
        print(error, file=sys.stderr)
        return 1
    sender = uuid.uuid4().hex
    print("Wohnlotse. Ende mit Strg-D.")
    while True:
        try:
            message = input("\n> ")
        except (EOFError, KeyboardInterrupt):
            print()
            return 0
        try:
            _show(ask(url, sender, message, options.register))
        except OSError:  # also URLError, and a time-out
            print("Der Bot ist nicht erreichbar. Läuft `make run`?", file=sys.stderr)


def _show(replies: list[dict[str, Any]]) -> None:
    for reply in replies:
        if reply.get("text"):
            print(reply["text"])
        for button in reply.get("buttons") or []:
            print(f"  [{button['title']}]")
        answer = (reply.get("custom") or {}).get("answer") or {}
        if answer.get("source"):
            print(f"  ({answer['source']['title']}, Stand {answer['stand']})")


if __name__ == "__main__":
    sys.exit(main())
