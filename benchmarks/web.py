"""`python -m benchmarks.web`: the whole service under load on this machine, with the live model.

Citizens with open streams write at a given rate, through web process, database, Rasa and action server. The same messages
go straight to Rasa as well, one after the other, so that the way around the bot has a price. Fails only where a message
was lost, doubled or out of order.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import json
import os
import sys
import tempfile
import time
import uuid
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from benchmarks.citizens import Writing, gathered, plan
from benchmarks.console import leave_on_sigterm, say
from benchmarks.consumption import consumption
from benchmarks.ledger import Ledger
from benchmarks.load import Load, Process, Reference, load_report
from benchmarks.processes import CommandFailed, last_lines
from training.corpus.questions import QUESTIONS, read_dialogues
from training.processes import HOST, ROOT, StartError
from training.serving.live import live_model
from training.serving.service import Service, running_service

REPORTS = ROOT / "reports" / "bench"
#: Messages a second.
RATES = (10.0, 20.0)

_SEED = 42
_WARM_UP = (5.0, 10.0)  # messages a second, seconds
_PATIENCE = 30.0  # seconds without any answer, after which what is still not answered counts as lost
#: All citizens come from one address here, and none is too fast for the limits on people; the backlog stays as it is.
WIDE_LIMITS = {"WOHNLOTSE_MESSAGES_PER_MINUTE": "1000", "WOHNLOTSE_ADDRESS_PER_MINUTE": "100000"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures, prints the report and writes it. Returns the exit code."""
    args = _parser().parse_args(arguments)
    leave_on_sigterm()
    model = live_model()
    if model is None:
        print("No model is served yet: `make models/live` trains the first one.", file=sys.stderr)
        return 1
    run = datetime.now().astimezone().isoformat(timespec="seconds")
    texts = [turn.text for turns in read_dialogues(QUESTIONS) for turn in turns]
    busy = os.getloadavg()[0]
    try:
        with (
            tempfile.TemporaryDirectory(prefix="bench-") as var,
            running_service(model, Path(var), variables=WIDE_LIMITS) as service,
        ):
            say("warming up")
            asyncio.run(_load(service, *_WARM_UP, args.streams, texts))
            loads = []
            for rate in args.rate or RATES:
                say(f"{args.streams} streams, {rate:g} messages a second for {args.seconds:g} s")
                loads.append(asyncio.run(_load(service, rate, args.seconds, args.streams, texts)))
            say("straight to Rasa, one after the other")
            reference = _reference(service, plan(loads[0].rate, args.seconds, args.streams, texts, _SEED))
    except (StartError, CommandFailed) as error:
        print(error, file=sys.stderr)
        return 1
    text = load_report(loads, reference, run, busy)
    args.reports.mkdir(parents=True, exist_ok=True)
    stored = {"run": run, "busy": busy, "reference": asdict(reference), "loads": [asdict(each) for each in loads]}
    (args.reports / "web.json").write_text(json.dumps(stored, indent=1), encoding="utf-8")
    (args.reports / "web.md").write_text(text, encoding="utf-8")
    print(f"\n{text}\nWritten to {args.reports / 'web.md'}")
    return 0 if all(each.tally.is_clean for each in loads) else 1


async def _load(service: Service, rate: float, seconds: float, streams: int, texts: Sequence[str]) -> Load:
    writings = plan(rate, seconds, streams, texts, _SEED)
    async with gathered(service.url, streams) as crowd:
        before, own, start = _cpu(service), time.process_time(), time.perf_counter()
        await crowd.follow(writings, _PATIENCE)
        took = time.perf_counter() - start
        processes = [
            Process(each.name, consumption(each.pid).memory, consumption(each.pid).cpu - before[each.name])
            for each in service.processes
            if each.pid is not None
        ]
        return Load(
            rate=rate,
            streams=streams,
            seconds=took,
            tally=Ledger.tally(crowd.ledgers),
            sent_again=crowd.sent_again,
            reopened=crowd.reopened,
            processes=processes,
            client_cpu=time.process_time() - own,
        )


def _cpu(service: Service) -> dict[str, float]:
    return {each.name: consumption(each.pid).cpu for each in service.processes if each.pid is not None}


def _reference(service: Service, writings: Sequence[Writing]) -> Reference:
    """The same messages in the same conversations. Raises CommandFailed where Rasa answers with an error."""
    conversations = {writing.citizen: str(uuid.uuid4()) for writing in writings}
    headers = {"Authorization": f"Bearer {service.bot.secret}", "Content-Type": "application/json"}
    seconds = []
    with closing(http.client.HTTPConnection(HOST, service.bot.rasa_port, timeout=60)) as connection:
        for writing in writings:
            body = {"conversation": conversations[writing.citizen], "message": writing.text}
            start = time.perf_counter()
            connection.request(
                "POST", "/webhooks/web/webhook", json.dumps({**body, "metadata": {"register": "standard"}}), headers
            )
            response = connection.getresponse()
            answer = response.read()
            seconds.append(time.perf_counter() - start)
            if response.status != 200:
                raise CommandFailed(f"Rasa answered {response.status}: {answer[:300]!r}{last_lines(service.bot.rasa.log)}")
    return Reference(tuple(seconds))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.web", description=__doc__)
    parser.add_argument(
        "--rate", action="append", type=float, metavar="N", help="messages a second (10 and 20); can be repeated"
    )
    parser.add_argument("--seconds", type=float, default=60.0, help="for which messages are written (60)")
    parser.add_argument("--streams", type=int, default=300, metavar="N", help="conversations with a stream open (300)")
    parser.add_argument("--reports", type=Path, default=REPORTS, metavar="FOLDER", help="where results are stored")
    return parser


if __name__ == "__main__":
    sys.exit(main())
