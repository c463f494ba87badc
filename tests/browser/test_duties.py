"""`docs/accessibility.md` names a test, or a reason, for every duty."""

from __future__ import annotations

import re

import pytest

from training.processes import ROOT
from web.environment import Environment

_DUTIES = [*(f"A{number}" for number in range(1, 26)), *(f"P{number}" for number in (*range(1, 10), 11, 12, 13))]
_DUTIES += [*(f"K{number}" for number in range(1, 7)), "D1", "D2"]

#: By id: what stands in the last column.
_TABLE = {
    found["id"]: found["proof"]
    for found in re.finditer(
        r"^\| (?P<id>[A-Z]\d+) \| [^|]+ \| (?P<proof>[^|]+) \|$",
        (ROOT / "docs" / "accessibility.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
}
_TESTS = sorted({test for proof in _TABLE.values() for test in re.findall(r"`(tests/[^`]+)`", proof)})


def test_every_duty_stands_in_the_table() -> None:
    assert list(_TABLE) == _DUTIES


@pytest.mark.parametrize("duty", _DUTIES)
def test_duty_has_a_test_or_a_reason(duty: str) -> None:
    assert re.match(r"`tests/|Why none: \w+", _TABLE[duty])


@pytest.mark.parametrize("test", _TESTS)
def test_named_test_exists(test: str) -> None:
    file, name = test.split("::")
    assert re.search(rf"^ *def {name}\(", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)


def test_conversation_can_be_continued_for_more_than_20_hours() -> None:
    assert Environment().key_hours > 20
