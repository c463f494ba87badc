"""The widget is light, and nothing is fetched from anywhere else."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from training.processes import ROOT

_WEB = ROOT / "web"
_FILES = sorted(path for folder in ("static", "templates") for path in (_WEB / folder).rglob("*") if path.is_file())

#: Links for people to click, and the names of formats.
_ALLOWED = re.compile(r'<a [^>]*href="https?://[^"]*"|http://www\.w3\.org/2000/svg')


def _foreign(text: str) -> list[str]:
    """What in `text` a browser could fetch from another host."""
    return re.findall(r"""(?:https?:|["'(\s])//[a-z0-9-]+(?:\.[a-z0-9-]+)+[^\s"')]*""", _ALLOWED.sub("", text), re.IGNORECASE)


def test_widget_weighs_at_most_15_kilobytes() -> None:
    assert len(gzip.compress((_WEB / "static" / "widget" / "wohnlotse.js").read_bytes(), 9)) <= 15_000


@pytest.mark.parametrize("path", _FILES, ids=lambda path: str(path.relative_to(_WEB)))
def test_file_names_no_foreign_host(path: Path) -> None:
    assert _foreign(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('<script src="https://cdn.example.com/x.js">', ["https://cdn.example.com/x.js"]),
        ("@import url(//fonts.example.com/css)", ["(//fonts.example.com/css"]),
        ('import "//example.org/module.js"', ['"//example.org/module.js']),
        ('<a class="b" href="https://www.example.de/">Seite</a>', []),
        ('createElementNS("http://www.w3.org/2000/svg", tag) // a comment', []),
    ],
)
def test_foreign_host_is_seen(text: str, found: list[str]) -> None:
    assert _foreign(text) == found
