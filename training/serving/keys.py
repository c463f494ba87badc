"""The secrets that the processes share: from the environment, or made at first start under `var/secrets`."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from training.processes import StartError


@dataclass(frozen=True)
class Keys:
    """`secret_key` signs conversation keys and sessions; with `bot_secret` the web process shows itself to Rasa;
    `contact_key` encrypts what citizens leave for the staff."""

    secret_key: str
    bot_secret: str
    contact_key: str


def read_keys(var: Path, variables: Mapping[str, str] = os.environ) -> Keys:
    """WOHNLOTSE_SECRET_KEY, WOHNLOTSE_BOT_SECRET and WOHNLOTSE_CONTACT_KEY, or the files of these names in `var`/secrets.

    What is missing is made, 0600 in a folder that is 0700. With a database elsewhere nothing is made: several machines
    may share it, and must share the secrets. Raises StartError then, naming the variable.
    """
    return Keys(*(_key(each.name, var, variables) for each in fields(Keys)))


def _key(name: str, var: Path, variables: Mapping[str, str]) -> str:
    variable = f"WOHNLOTSE_{name.upper()}"
    if value := variables.get(variable, "").strip():
        return value
    if variables.get("WOHNLOTSE_DATABASE_URL", "").strip():
        raise StartError(f"{variable} must be set, because WOHNLOTSE_DATABASE_URL is.")
    path = var / "secrets" / name
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.parent.chmod(0o700)
    if not path.exists():
        _make(path)
    path.chmod(0o600)
    value = path.read_text(encoding="utf-8").strip()
    if not value:
        raise StartError(f"{path} is empty: remove it, and the next start makes a new one.")
    return value


def _make(path: Path) -> None:
    """Writes a random secret in one step: never half, and never over one that somebody else has just made."""
    handle, fresh = tempfile.mkstemp(dir=path.parent, prefix=".")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(secrets.token_urlsafe(50) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(fresh)
