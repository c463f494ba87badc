"""Where the service of this machine keeps its state and listens, by its settings; what runs there is in test_promotion.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.processes import RASA_PORT, ROOT, WEB_PORT, StartError, free_port
from training.serving.installation import Installation


def test_without_settings_it_is_the_one_in_the_checkout() -> None:
    assert Installation.here({}) == Installation(ROOT / "var", RASA_PORT, WEB_PORT)


def test_settings_decide_folder_and_ports(tmp_path: Path) -> None:
    variables = {"WOHNLOTSE_VAR": str(tmp_path), "WOHNLOTSE_RASA_PORT": " 6005 ", "WOHNLOTSE_WEB_PORT": "9000"}
    assert Installation.here(variables) == Installation(tmp_path, 6005, 9000)


@pytest.mark.parametrize("text", ["achtzig", "0", "65536", "-1"])
def test_port_that_is_none_is_named(text: str) -> None:
    with pytest.raises(StartError, match=f"WOHNLOTSE_WEB_PORT is „{text}“"):
        Installation.here({"WOHNLOTSE_WEB_PORT": text})


def test_nothing_runs_where_nobody_listens(tmp_path: Path) -> None:
    installation = Installation(tmp_path, free_port(), free_port())
    assert not installation.bot_runs
    assert installation.health() is None
