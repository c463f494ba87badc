"""The secrets: made once, readable for us alone, never made where several machines must share them."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from training.processes import StartError
from training.serving.keys import Keys, read_keys


def test_first_start_makes_different_secrets_which_the_second_one_finds(tmp_path: Path) -> None:
    keys = read_keys(tmp_path, {})
    assert [len(key) >= 50 for key in (keys.secret_key, keys.bot_secret, keys.contact_key)] == [True] * 3
    assert len({keys.secret_key, keys.bot_secret, keys.contact_key}) == 3
    assert read_keys(tmp_path, {}) == keys
    assert (tmp_path / "secrets" / "bot_secret").read_text(encoding="utf-8") == keys.bot_secret + "\n"


def test_secrets_of_two_installations_differ(tmp_path: Path) -> None:
    assert read_keys(tmp_path / "one", {}) != read_keys(tmp_path / "two", {})


def test_nobody_else_may_read_them(tmp_path: Path) -> None:
    read_keys(tmp_path, {})
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700
    files = sorted((tmp_path / "secrets").iterdir())
    assert [file.name for file in files] == ["bot_secret", "contact_key", "secret_key"]
    assert [stat.S_IMODE(file.stat().st_mode) for file in files] == [0o600] * 3


def test_rights_that_somebody_opened_are_closed_again(tmp_path: Path) -> None:
    keys = read_keys(tmp_path, {})
    (tmp_path / "secrets").chmod(0o755)
    (tmp_path / "secrets" / "secret_key").chmod(0o644)
    assert read_keys(tmp_path, {}) == keys
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "secrets" / "secret_key").stat().st_mode) == 0o600


def test_variables_come_first_and_nothing_is_made_for_them(tmp_path: Path) -> None:
    variables = {"WOHNLOTSE_SECRET_KEY": "a", "WOHNLOTSE_BOT_SECRET": " b\n", "WOHNLOTSE_CONTACT_KEY": "c,d"}
    assert read_keys(tmp_path, variables) == Keys("a", "b", "c,d")
    assert list(tmp_path.iterdir()) == []


def test_empty_variable_counts_as_not_set(tmp_path: Path) -> None:
    assert read_keys(tmp_path, {"WOHNLOTSE_SECRET_KEY": ""}) == read_keys(tmp_path, {})


@pytest.mark.parametrize("missing", ["WOHNLOTSE_SECRET_KEY", "WOHNLOTSE_BOT_SECRET", "WOHNLOTSE_CONTACT_KEY"])
def test_with_a_database_elsewhere_a_missing_secret_is_named_and_none_is_made(tmp_path: Path, missing: str) -> None:
    names = ("WOHNLOTSE_SECRET_KEY", "WOHNLOTSE_BOT_SECRET", "WOHNLOTSE_CONTACT_KEY")
    there = {name: "x" for name in names if name != missing}
    with pytest.raises(StartError, match=rf"^{missing} must be set, because WOHNLOTSE_DATABASE_URL is\.$"):
        read_keys(tmp_path, {"WOHNLOTSE_DATABASE_URL": "postgresql://db.example/wohnlotse", **there})
    assert list(tmp_path.iterdir()) == []


def test_empty_file_is_refused_rather_than_used(tmp_path: Path) -> None:
    read_keys(tmp_path, {})
    (tmp_path / "secrets" / "bot_secret").write_text("\n", encoding="utf-8")
    with pytest.raises(StartError, match="bot_secret is empty: remove it"):
        read_keys(tmp_path, {})


def test_starts_at_the_same_moment_get_the_same_secrets(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: read_keys(tmp_path, {}), range(32)))
    assert len(found) == 1
