"""One process of ours, from its start to its end."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from training import processes
from training.processes import ROOT, Process, StartError, Stopped, _setpriv, answers, free_port, is_taken


def _python(log: Path, code: str, **more: object) -> Process:
    return Process("The tester", [sys.executable, "-c", code], log, **more)  # type: ignore[arg-type]


def test_what_it_prints_goes_to_a_log_that_nobody_else_reads(tmp_path: Path) -> None:
    process = _python(tmp_path / "run" / "log", "import sys; print('out', flush=True); print('err', file=sys.stderr)")
    process.start()
    process.finish()
    assert (tmp_path / "run" / "log").read_text(encoding="utf-8") == "out\nerr\n"
    assert stat.S_IMODE((tmp_path / "run").stat().st_mode) == 0o700


def test_its_variables_reach_it_and_no_telemetry_does(tmp_path: Path) -> None:
    code = "import os; print(os.environ['WOHNLOTSE_TEST'], os.environ['RASA_TELEMETRY_ENABLED'])"
    process = _python(tmp_path / "log", code, variables={"WOHNLOTSE_TEST": "ja"})
    process.start()
    process.finish()
    assert (tmp_path / "log").read_text(encoding="utf-8") == "ja false\n"


def test_wait_returns_once_it_is_ready(tmp_path: Path) -> None:
    code = f"import pathlib, time; pathlib.Path({str(tmp_path / 'there')!r}).touch(); time.sleep(60)"
    process = _python(tmp_path / "log", code, ready=(tmp_path / "there").exists)
    process.start()
    process.wait()
    assert process.running
    process.stop()
    assert not process.running


def test_wait_tells_the_last_words_of_one_that_ends(tmp_path: Path) -> None:
    process = _python(tmp_path / "log", "raise SystemExit('the reason')", ready=lambda: False)
    process.start()
    with pytest.raises(StartError, match=r"^The tester did not start:\n  the reason$"):
        process.wait()


def test_wait_gives_up_on_one_that_never_gets_ready(tmp_path: Path) -> None:
    process = _python(tmp_path / "log", "import time; time.sleep(60)", ready=lambda: False)
    process.start()
    with pytest.raises(StartError, match=r"^The tester did not start within 0\.3 seconds:\n  it printed nothing$"):
        process.wait(seconds=0.3)
    process.stop()


def test_wish_to_stop_ends_the_waiting(tmp_path: Path) -> None:
    process = _python(tmp_path / "log", "import time; time.sleep(60)", ready=lambda: False)
    process.start()
    with pytest.raises(Stopped):
        process.wait(lambda: True)
    with pytest.raises(Stopped):
        process.finish(lambda: True)
    assert not process.running


def test_finish_tells_a_failure(tmp_path: Path) -> None:
    process = _python(tmp_path / "log", "raise SystemExit('the reason')")
    process.start()
    with pytest.raises(StartError, match=r"^The tester failed:\n  the reason$"):
        process.finish()


def test_one_that_does_not_listen_is_ended_all_the_same(tmp_path: Path) -> None:
    code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    process = _python(tmp_path / "log", code)
    process.start()
    while not (tmp_path / "log").read_text(encoding="utf-8"):
        time.sleep(0.01)
    process.stop(seconds=0.2)
    assert not process.running


def test_one_that_never_started_can_be_stopped(tmp_path: Path) -> None:
    process = _python(tmp_path / "log", "")
    process.stop()
    assert not process.running


def test_children_of_a_killed_process_do_not_outlive_its_next_start(tmp_path: Path) -> None:
    port = free_port()
    server = f"import socket, time; s = socket.create_server(('127.0.0.1', {port})); time.sleep(60)"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {server!r}])"
    process = _python(tmp_path / "log", code, ready=lambda: is_taken(port))
    process.start()
    process.wait()
    subprocess.run(["kill", f"-{signal.SIGKILL.value}", str(process.pid)], check=True)
    while process.running:
        time.sleep(0.01)
    assert is_taken(port)
    process.stop()
    until = time.monotonic() + 5
    while is_taken(port) and time.monotonic() < until:
        time.sleep(0.01)
    assert not is_taken(port)


def test_server_of_a_killed_program_ends_and_one_that_may_outlive_it_does_not(tmp_path: Path) -> None:
    ports = {"ends": free_port(), "outlives": free_port()}
    server = "import socket, sys, time; s = socket.create_server(('127.0.0.1', int(sys.argv[1]))); time.sleep(60)"
    code = (
        "import os, signal, sys, time; from pathlib import Path; from training.processes import Process, is_taken\n"
        f"for outlives, port in ((False, {ports['ends']}), (True, {ports['outlives']})):\n"
        f"    command = [sys.executable, '-c', {server!r}, str(port)]\n"
        "    process = Process('it', command, Path(sys.argv[1]), lambda: is_taken(port), outlives_us=outlives)\n"
        "    process.start(); process.wait(); print(process.pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "log")], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert killed.returncode == -signal.SIGKILL
    assert _setpriv() is not None  # or this machine cannot show it
    until = time.monotonic() + 10
    while is_taken(ports["ends"]) and time.monotonic() < until:
        time.sleep(0.01)
    assert (is_taken(ports["ends"]), is_taken(ports["outlives"])) == (False, True)
    os.kill(int(killed.stdout.split()[1]), signal.SIGKILL)


@pytest.fixture
def unwell() -> Iterator[int]:
    """The port of a server that answers 503."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_error(503)

        def log_message(self, format: str, *args: object) -> None:
            """Keeps the test output clean."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def test_answer_that_is_not_ok_counts_only_where_it_may(unwell: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert answers(unwell, "/health", only_ok=False)
    assert not answers(unwell, "/health")
    assert not answers(free_port(), "/health", only_ok=False)


def test_command_that_can_change_is_asked_for_at_each_start(tmp_path: Path) -> None:
    words = iter(["first", "second"])
    process = Process("The tester", lambda: [sys.executable, "-c", f"print('{next(words)}')"], tmp_path / "log")
    for _ in range(2):
        process.start()
        process.finish()
    assert (tmp_path / "log").read_text(encoding="utf-8") == "first\nsecond\n"


def test_command_stays_as_it_is_where_the_system_tells_nobody_of_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_setpriv", lambda: None)

    assert processes.ending_with_us(["sleep", "60"]) == ["sleep", "60"]
