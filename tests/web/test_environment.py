"""The settings: each is documented, each bad value is named, and what is left to the launcher is found."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from training.processes import ROOT
from web.environment import PREFIX, Environment, SettingsError, read_environment, state_folder

_REQUIRED = {
    "WOHNLOTSE_DATABASE_URL": "postgresql://u:p@db.example:5433/wohnlotse",
    "WOHNLOTSE_SECRET_KEY": "a key",
    "WOHNLOTSE_BOT_SECRET": "a secret",
    "WOHNLOTSE_CONTACT_KEY": "k" * 32,
}
_CODE = ("actions", "channels", "components", "content", "training", "web")


def _documented() -> dict[str, tuple[str, str]]:
    """Variable: default and meaning, from the tables of docs/settings.md."""
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(WOHNLOTSE_\w+)` \| (?:`([^`]*)`)? \| (.+) \|$", page, re.MULTILINE)
    assert len(rows) == page.count("| `WOHNLOTSE_")
    return {name: (default, meaning) for name, default, meaning in rows}


def _written(default: Any) -> str:
    """A default as it would be set in the environment."""
    if isinstance(default, bool):
        return str(int(default))
    return ",".join(default) if isinstance(default, tuple) else f"{default:g}" if isinstance(default, float) else str(default)


@pytest.mark.parametrize("each", fields(Environment), ids=lambda each: each.name)
def test_each_setting_is_documented_with_its_default_and_meaning(each: Any) -> None:
    assert _documented()[PREFIX + each.name.upper()] == (_written(each.default), each.metadata["meaning"])


def test_each_variable_of_code_and_set_up_is_documented_and_no_other() -> None:
    known = {PREFIX + each.name.upper() for each in fields(Environment)}
    files = [path for package in _CODE for path in (ROOT / package).rglob("*") if path.suffix in (".py", ".sh")]
    files += [*(ROOT / "tests" / "browser").rglob("*.py"), ROOT / "Makefile"]
    for file in files:
        known |= set(re.findall(r"\bWOHNLOTSE_[A-Z_]*[A-Z]\b", file.read_text(encoding="utf-8")))
    made_of_parts = {"WOHNLOTSE_VAR", "WOHNLOTSE_WEB_PORT", "WOHNLOTSE_RASA_PORT", "WOHNLOTSE_ACTIONS_PORT"}
    assert _documented().keys() >= known | made_of_parts
    assert _documented().keys() - known - made_of_parts <= {"WOHNLOTSE_CHROMIUM"}


@pytest.mark.parametrize("each", fields(Environment), ids=lambda each: each.name)
def test_default_can_be_written_out(each: Any) -> None:
    if _written(each.default):
        environment = read_environment({**_REQUIRED, PREFIX + each.name.upper(): _written(each.default)})
        assert getattr(environment, each.name) == each.default


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("hosts", " chat.example.de , localhost,", ("chat.example.de", "localhost")),
        ("sites", "https://www.Example.de/, http://localhost:3000", ("https://www.example.de", "http://localhost:3000")),
        ("https", "Yes", True),
        ("https", "0", False),
        ("patience", " 2.5 ", 2.5),
        ("proxies", "2", 2),
        ("rasa_url", "http://rasa:5005/", "http://rasa:5005"),
        ("bot_secret", " b\n", "b"),
        ("contact_key", f"{'n' * 32},{'o' * 32}", f"{'n' * 32},{'o' * 32}"),
        ("public_url", "https://chat.example.de/", "https://chat.example.de"),
        ("log_level", "debug", "DEBUG"),
        ("characters", "", 2000),
        ("characters", "  ", 2000),
    ],
)
def test_value_is_read(name: str, text: str, value: Any) -> None:
    assert getattr(read_environment({**_REQUIRED, PREFIX + name.upper(): text}), name) == value


@pytest.mark.parametrize(
    ("name", "texts", "must"),
    [
        ("PROXIES", ["-1", "two", "1.5", "²", "1e3"], "a whole number, 0 or more"),
        ("CHARACTERS", ["0", "-5", "viele"], "a whole number, 1 or more"),
        ("BODY_BYTES", ["999"], "a whole number, 1000 or more"),
        ("PATIENCE", ["0", "-1", "nan", "inf", "4000", "8s"], "seconds, more than 0"),
        ("HTTPS", ["on", "2", "ja"], "1 or 0"),
        (
            "SITES",
            [
                "www.example.de",
                "https://a.de/path",
                "ftp://a.de",
                "https://",
                "https://[",
                "https://a.de?b",
                "https://a.de#b",
                "*",
            ],
            "addresses of sites like https://www.example.de, separated by commas",
        ),
        ("RASA_URL", ["localhost:5005", "http://", "unix:/tmp/rasa", "http://a:x"], "an address like http://127.0.0.1:5005"),
        ("MAIL_FROM", ["Wohnlotse", "a@b@c", "a @b"], "an e-mail address like wohnlotse@example.de"),
        ("LOG_LEVEL", ["LOUD", "5"], "DEBUG, INFO, WARNING, ERROR or CRITICAL"),
    ],
)
def test_bad_value_is_named_with_what_it_must_be(name: str, texts: list[str], must: str) -> None:
    for text in texts:
        with pytest.raises(SettingsError) as error:
            read_environment({**_REQUIRED, PREFIX + name: text})
        assert str(error.value) == f"WOHNLOTSE_{name} is „{text}“, but must be {must}."


@pytest.mark.parametrize("text", ["mysql://u:geheim@h/n", "postgresql://u:geheim@h", "postgresql://u:geheim@h:x/n", "geheim"])
def test_bad_address_of_the_database_is_not_repeated_since_it_may_hold_a_password(text: str) -> None:
    with pytest.raises(SettingsError) as error:
        read_environment({**_REQUIRED, "WOHNLOTSE_DATABASE_URL": text})
    assert str(error.value) == "WOHNLOTSE_DATABASE_URL must be an address like postgresql://user:password@host:5432/name."


@pytest.mark.parametrize(
    ("name", "texts", "must"),
    [
        (
            "CONTACT_KEY",
            ["geheim", f"geheim,{'k' * 32}", ","],
            "32 characters or more, or several such keys, separated by commas",
        ),
        (
            "SMTP_URL",
            ["mail.example.de", "http://u:geheim@mail.example.de", "smtp://u:geheim@h?tls=yes", "smtp://u:geheim@h:x"],
            "an address like smtp://user:password@host:587?tls=1",
        ),
    ],
)
def test_bad_value_that_may_be_secret_is_not_repeated(name: str, texts: list[str], must: str) -> None:
    for text in texts:
        with pytest.raises(SettingsError) as error:
            read_environment({**_REQUIRED, PREFIX + name: text})
        assert str(error.value) == f"WOHNLOTSE_{name} must be {must}."


def test_mail_server_needs_a_sender() -> None:
    server = {**_REQUIRED, "WOHNLOTSE_SMTP_URL": "smtps://u:p@mail.example.de"}
    with pytest.raises(SettingsError, match=r"^WOHNLOTSE_MAIL_FROM must be set, because WOHNLOTSE_SMTP_URL is\.$"):
        read_environment(server)
    found = read_environment({**server, "WOHNLOTSE_MAIL_FROM": "wohnlotse@example.de"})
    assert (found.smtp_url, found.mail_from) == ("smtps://u:p@mail.example.de", "wohnlotse@example.de")


@pytest.mark.parametrize("missing", ["SECRET_KEY", "BOT_SECRET", "CONTACT_KEY"])
def test_with_a_database_elsewhere_the_secrets_are_required(missing: str, tmp_path: Path) -> None:
    variables = {name: value for name, value in _REQUIRED.items() if not name.endswith(missing)}
    with pytest.raises(SettingsError) as error:
        read_environment(variables, tmp_path)
    assert str(error.value) == f"WOHNLOTSE_{missing} must be set, because WOHNLOTSE_DATABASE_URL is."


def test_what_the_launcher_left_is_found_and_variables_come_first(tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    for file, text in (
        ("database.url", "postgresql://left/one\n"),
        ("secrets/secret_key", "k\n"),
        ("secrets/bot_secret", "b\n"),
        ("secrets/contact_key", "c\n"),
    ):
        (tmp_path / file).write_text(text, encoding="utf-8")
    found = read_environment({"WOHNLOTSE_BOT_SECRET": "mine"}, tmp_path)
    left = (found.database_url, found.secret_key, found.bot_secret, found.contact_key)
    assert left == ("postgresql://left/one", "k", "mine", "c")


def test_what_the_launcher_did_not_leave_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"database\.url is missing: `make run` makes it at first start\.$"):
        read_environment({}, tmp_path)


def test_state_lies_beside_the_code_or_where_the_variable_says(tmp_path: Path) -> None:
    assert state_folder({}) == ROOT / "var"
    assert state_folder({"WOHNLOTSE_VAR": str(tmp_path)}) == tmp_path
