"""Watching whom a process speaks to: what is seen, and that Rasa's telemetry would be."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.wire import addressed, watched
from training.processes import environment

#: Set aside for documentation (RFC 5737), as are names below „example“ (RFC 2606).
_ELSEWHERE = "192.0.2.1"

_PLAIN = f"import socket; socket.create_connection(({_ELSEWHERE!r}, 9))"
_LOOK_UP = "import urllib.request; urllib.request.urlopen('http://host.example/')"
_DATAGRAM = f"import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'a', ({_ELSEWHERE!r}, 9))"
_LOOP = """
import {loop} as loop, asyncio
async def connect():
    await asyncio.get_running_loop().create_connection(asyncio.Protocol, {host!r}, 9)
asyncio.set_event_loop_policy(loop.{policy}())
asyncio.run(connect())
"""
_CHILD = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {_PLAIN!r}], check=True)"
#: What `rasa train` and `rasa run` do first, and what comes of an error in Rasa's code.
_TELEMETRY = """
import sentry_sdk
from rasa.telemetry import initialize_error_reporting
initialize_error_reporting()
sentry_sdk.capture_message("something broke")
sentry_sdk.flush(20)
"""


def _run(log: Path, code: str, **variables: str) -> subprocess.CompletedProcess[str]:
    env = {**watched(log), **variables}
    return subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize(
    ("code", "host"),
    [
        (_PLAIN, _ELSEWHERE),
        (_LOOK_UP, "host.example"),
        (_DATAGRAM, _ELSEWHERE),
        (_LOOP.format(loop="asyncio", policy="DefaultEventLoopPolicy", host=_ELSEWHERE), _ELSEWHERE),
        (_LOOP.format(loop="uvloop", policy="EventLoopPolicy", host=_ELSEWHERE), _ELSEWHERE),
        (_CHILD, _ELSEWHERE),
    ],
)
def test_host_elsewhere_is_noted_and_refused(tmp_path: Path, code: str, host: str) -> None:
    ended = _run(tmp_path / "log", code)

    assert addressed(tmp_path / "log") == [host]
    assert ended.returncode == 1
    assert f"a test forbids to speak to {host}" in ended.stderr


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_this_machine_may_be_spoken_to(tmp_path: Path, loop: str) -> None:
    policy = "DefaultEventLoopPolicy" if loop == "asyncio" else "EventLoopPolicy"
    listening = "import socket; here = socket.create_server(('127.0.0.1', 0)); port = here.getsockname()[1]\n"
    talking = _LOOP.format(loop=loop, policy=policy, host="localhost").replace(", 9)", ", port)")
    path = f"unix = socket.socket(socket.AF_UNIX); unix.bind({str(tmp_path / 's')!r}); unix.listen()\n"
    path += f"socket.socket(socket.AF_UNIX).connect({str(tmp_path / 's')!r})\n"

    ended = _run(tmp_path / "log", listening + path + talking)

    assert (ended.returncode, ended.stderr) == (0, "")
    assert addressed(tmp_path / "log") == []


def test_telemetry_of_rasa_would_be_seen(tmp_path: Path) -> None:
    _run(tmp_path / "log", _TELEMETRY, RASA_TELEMETRY_ENABLED="true", HOME=str(tmp_path))

    assert [host.partition(".")[2] for host in addressed(tmp_path / "log")] == ["ingest.sentry.io"]


def test_telemetry_of_rasa_is_off_in_our_processes(tmp_path: Path) -> None:
    ended = _run(tmp_path / "log", _TELEMETRY, **{**environment(), **watched(tmp_path / "log"), "HOME": str(tmp_path)})

    assert ended.returncode == 0, ended.stderr
    assert addressed(tmp_path / "log") == []
