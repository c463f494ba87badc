"""How tests are shared out among processes (`make test` runs two, `pytest` alone one), and Ctrl-C among them."""

from __future__ import annotations

import signal

import pytest

#: Fixtures that start servers for tests of many files: who needs the same ones runs in the same process, once started.
_SERVERS = ("browser", "_live_bot", "_fragile", "_strict", "web_process")


def pytest_configure() -> None:
    """A shell that starts the tests in the background lets them ignore Ctrl-C, and with them all that they start."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.pluginmanager.hasplugin("xdist"):
        return
    for item in items:
        needed: list[str] = getattr(item, "fixturenames", [])
        server = next((name for name in _SERVERS if name in needed), None)
        item.add_marker(pytest.mark.xdist_group(server or item.nodeid.partition("::")[0]))
