"""The settings of this installation: environment variables with the prefix WOHNLOTSE_. `docs/settings.md` lists them."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any, cast
from urllib.parse import SplitResult, urlsplit

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "WOHNLOTSE_"
_SHORTEST_SECRET = 32
#: Their values are secret, or may hold a password: no message repeats them.
_UNSPOKEN = ("database_url", "rasa_database_url", "contact_key", "smtp_url", "import_token")


class SettingsError(Exception):
    """A setting that is missing or wrong; the message names it and says what it should be."""


def _number(lowest: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isdecimal() or int(text) < lowest:
            raise ValueError(f"a whole number, {lowest} or more")
        return int(text)

    return read


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < 3600:
        raise ValueError("seconds, more than 0")
    return seconds


def _switch(text: str) -> bool:
    if text.lower() not in ("0", "1", "true", "false", "yes", "no"):
        raise ValueError("1 or 0")
    return text.lower() in ("1", "true", "yes")


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _origins(text: str) -> tuple[str, ...]:
    origins = tuple(part.rstrip("/").lower() for part in _list(text))
    for origin in origins:
        parts = _parts(origin)
        if parts is None or parts.scheme not in ("https", "http") or origin != f"{parts.scheme}://{parts.netloc}":
            raise ValueError("addresses of sites like https://www.example.de, separated by commas")
    return origins


def _url(text: str) -> str:
    parts = _parts(text)
    if parts is None or parts.scheme not in ("http", "https"):
        raise ValueError("an address like http://127.0.0.1:5005")
    return text.rstrip("/")


def _secrets(text: str) -> str:
    if any(len(part) < _SHORTEST_SECRET for part in _list(text)) or not _list(text):
        raise ValueError(f"{_SHORTEST_SECRET} characters or more, or several such keys, separated by commas")
    return text


def _smtp(text: str) -> str:
    parts = _parts(text)
    if parts is None or parts.scheme not in ("smtp", "smtps") or parts.query not in ("", "tls=0", "tls=1"):
        raise ValueError("an address like smtp://user:password@host:587?tls=1")
    return text


def _address(text: str) -> str:
    if not re.fullmatch(r"[^@<>\s]+@[^@<>\s]+", text):
        raise ValueError("an e-mail address like wohnlotse@example.de")
    return text


def _database(text: str) -> str:
    parts = urlsplit(text) if text.startswith(("postgresql://", "postgres://")) else None
    try:
        if parts is None or not parts.path.strip("/") or parts.port == 0:
            raise ValueError
    except ValueError:
        raise ValueError("an address like postgresql://user:password@host:5432/name") from None
    return text


def _level(text: str) -> str:
    if text.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"):
        raise ValueError("DEBUG, INFO, WARNING, ERROR or CRITICAL")
    return text.upper()


def _parts(url: str) -> SplitResult | None:
    """The parts of an address that names a host, or None."""
    try:
        parts = urlsplit(url)
        return parts if parts.hostname and parts.port != 0 else None
    except ValueError:
        return None


def _text(text: str) -> str:
    return text


def _setting(read: Callable[[str], Any], default: Any, meaning: str) -> Any:
    return field(default=default, metadata={"read": read, "meaning": meaning})


@dataclass(frozen=True)
class Environment:
    """What can be set; each field is the variable WOHNLOTSE_<NAME>."""

    database_url: str = _setting(_database, "", "PostgreSQL with pgvector to use instead of the embedded one")
    rasa_database_url: str = _setting(
        _database, "", "database for Rasa's conversations; required with `WOHNLOTSE_DATABASE_URL`, else in the embedded one"
    )
    secret_key: str = _setting(_text, "", "signs conversation keys and sessions; made at first start under var/secrets")
    bot_secret: str = _setting(_text, "", "shared with Rasa's channel; made at first start under var/secrets")
    contact_key: str = _setting(
        _secrets, "", "encrypts what citizens leave for the staff; made at first start under var/secrets"
    )
    import_token: str = _setting(_secrets, "", "opens confirmed training suggestions to the command line; empty: closed")
    rasa_url: str = _setting(_url, "http://127.0.0.1:5005", "where Rasa listens")
    actions_url: str = _setting(_url, "http://127.0.0.1:5055", "where the action server listens")
    hosts: tuple[str, ...] = _setting(_list, ("127.0.0.1", "localhost"), "host names under which the chat is reached")
    sites: tuple[str, ...] = _setting(_origins, (), "origins of other sites that may embed the chat, with commas")
    https: bool = _setting(_switch, False, "1 behind HTTPS: secure cookies, HSTS, redirect from http")
    proxies: int = _setting(_number(0), 0, "number of reverse proxies in front, whose X-Forwarded-For is believed")
    patience: float = _setting(_seconds, 8.0, "seconds that the bot has for an answer")
    bot_calls: int = _setting(_number(1), 8, "messages that are with the bot at the same time, per worker")
    backlog: int = _setting(_number(1), 60, "messages that may wait for the bot per worker, before it is 503")
    characters: int = _setting(_number(1), 2000, "characters that a message may have")
    body_bytes: int = _setting(_number(1000), 32_000, "bytes that a request may have")
    messages_per_minute: int = _setting(_number(1), 20, "messages per minute and conversation, before it is 429")
    address_per_minute: int = _setting(_number(1), 120, "messages and openings per minute and address and worker")
    streams: int = _setting(_number(1), 2000, "open streams per worker, before it is 503")
    key_hours: int = _setting(_number(1), 24, "hours for which a conversation can be continued")
    retention_days: int = _setting(_number(1), 30, "days after which a conversation is deleted")
    inquiries_per_minute: int = _setting(_number(1), 5, "messages left for the staff per minute and address and worker")
    smtp_url: str = _setting(_smtp, "", "mail server that takes the staff's mails; without it none are sent")
    mail_from: str = _setting(_address, "", "sender of the staff's mails; required with the mail server")
    public_url: str = _setting(_url, "http://127.0.0.1:8000", "address of this service as the staff's mails name it")
    handoff_minutes: int = _setting(_number(1), 10, "minutes after which the bot is back where nobody took a conversation")
    lease: float = _setting(_seconds, 60.0, "seconds for which staff hold a conversation without a sign of life")
    log_level: str = _setting(_level, "INFO", "how much the web process logs; never texts, addresses or user agents")


def read_environment(variables: Mapping[str, str] = os.environ, var: Path | None = None) -> Environment:
    """The settings in `variables`; secrets and the database's address that are not set come from the files that the
    launcher left under `var`. Raises SettingsError.
    """
    var = var or state_folder(variables)
    known = {PREFIX + each.name.upper(): each for each in fields(Environment)}
    values: dict[str, Any] = {}
    for name, each in known.items():
        if text := variables.get(name, "").strip():
            values[each.name] = _read(name, each, text)
    external = "database_url" in values
    for name, file in (
        ("database_url", "database.url"),
        ("secret_key", "secrets/secret_key"),
        ("bot_secret", "secrets/bot_secret"),
        ("contact_key", "secrets/contact_key"),
    ):
        if values.get(name):
            continue
        if external:
            raise SettingsError(f"{PREFIX}{name.upper()} must be set, because {PREFIX}DATABASE_URL is.")
        values[name] = _left_by_launcher(var / file)
    if values.get("smtp_url") and not values.get("mail_from"):
        raise SettingsError(f"{PREFIX}MAIL_FROM must be set, because {PREFIX}SMTP_URL is.")
    return Environment(**values)


def state_folder(variables: Mapping[str, str] = os.environ) -> Path:
    """Where this machine's state lies: WOHNLOTSE_VAR, or `var/` beside the code."""
    return Path(variables.get(f"{PREFIX}VAR") or ROOT / "var")


def _read(name: str, each: Field[Any], text: str) -> Any:
    try:
        return cast(Callable[[str], Any], each.metadata["read"])(text)
    except ValueError as error:
        found = "" if each.name in _UNSPOKEN else f" is „{text}“, but"
        raise SettingsError(f"{name}{found} must be {error}.") from None


def _left_by_launcher(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError:
        raise SettingsError(f"{path} is missing: `make run` makes it at first start.") from None
