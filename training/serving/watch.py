"""Starts processes again that end while they should run."""

from __future__ import annotations

import time
from collections import defaultdict, deque
from collections.abc import Sequence

from training.processes import Process, StartError, Stopping, last_lines

RESTARTS = 5
WITHIN = 60.0
_PAUSE = 0.5


def watch(processes: Sequence[Process], stopping: Stopping) -> None:
    """Starts each process again that has ended, until somebody asks to stop.

    Raises StartError for one that ends again after five restarts within a minute.
    """
    restarts: dict[str, deque[float]] = defaultdict(lambda: deque(maxlen=RESTARTS))
    while not stopping():
        for process in processes:
            if not process.running:
                times = restarts[process.name]
                if len(times) == RESTARTS and time.monotonic() - times[0] < WITHIN:
                    raise StartError(
                        f"{process.name} ended {RESTARTS + 1} times within a minute; giving up. The end of {process.log}:\n"
                        + last_lines(process.log)
                    )
                times.append(time.monotonic())
                print(f"{process.name} ended; starting it again.", flush=True)
                process.start()
        time.sleep(_PAUSE)
