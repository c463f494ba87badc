"""How tests are shared out among processes (`make test` runs several, `pytest` alone one), and the bot that many ask."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.wire import addressed, watched
from training.release.promotion import TESTED_MODEL
from training.serving.live import live_model
from training.serving.service import Bot, running_bot

#: Fixtures that start servers for tests of many files: who needs the same ones runs in the same process, once started.
_SERVERS = ("installation", "_standing", "team_process", "browser", "_live_bot", "_fragile", "_strict", "web_process")
#: Where tests wait for servers, the longest first: begun last, they would leave the other processes without work in the end.
_FIRST = ("tests/dialogue/", "tests/browser/", "tests/training/")


def pytest_configure() -> None:
    """A shell that starts the tests in the background lets them ignore Ctrl-C, and with them all that they start."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(wrapper=True, tryfirst=True)  # xdist reads the groups, pytest-django sorts by the kind of database
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Iterator[None]:
    if not config.pluginmanager.hasplugin("xdist"):
        yield
        return
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_group(item)))
    yield
    ranks: dict[str, int] = {}
    for item in items:
        ranks[_group(item)] = min(_rank(item), ranks.get(_group(item), len(_FIRST)))
    items.sort(key=lambda item: ranks[_group(item)])


def _group(item: pytest.Item) -> str:
    needed: list[str] = getattr(item, "fixturenames", [])
    server = next((name for name in _SERVERS if name in needed), None)
    return server or item.nodeid.partition("::")[0]


def _rank(item: pytest.Item) -> int:
    return next((rank for rank, folder in enumerate(_FIRST) if item.nodeid.startswith(folder)), len(_FIRST))


@pytest.fixture(scope="session")
def _live_bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    """Rasa, the action server and the live model, or the one that WOHNLOTSE_TESTED_MODEL names for `wohnlotse promote`."""
    model = Path(os.environ[TESTED_MODEL]) if TESTED_MODEL in os.environ else live_model()
    assert model is not None, "no model is live: `make models/live` makes one"
    folder = tmp_path_factory.mktemp("bot")
    with ExitStack() as stack:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in watched(folder / "wire").items():
                patch.setenv(name, value)
            running = stack.enter_context(running_bot(model, folder))
        yield running
    assert addressed(folder / "wire") == [], "the bot spoke to somebody elsewhere"
