"""`make run` leaves nothing behind, however often it is told to stop."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

from training.processes import ACTIONS_PORT, RASA_PORT, ROOT, environment, is_taken


def test_second_sigterm_does_not_leave_a_process_behind() -> None:
    assert not is_taken(RASA_PORT), "the bot is running: stop it before the tests"
    assert not is_taken(ACTIONS_PORT)
    command = [sys.executable, "-u", "-m", "training.run"]
    with subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        for line in run.stdout:
            if "Stop with Ctrl-C" in line:
                break
        assert is_taken(RASA_PORT)
        run.send_signal(signal.SIGTERM)
        time.sleep(0.2)
        run.send_signal(signal.SIGTERM)
        assert run.wait(30) == 0
    assert not is_taken(RASA_PORT)
    assert not is_taken(ACTIONS_PORT)
