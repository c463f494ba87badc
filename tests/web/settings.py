"""The web process's settings for tests: a database server of this test session's own, started by the fixtures."""

import os
import tempfile
from pathlib import Path
from unittest.mock import patch

from training.serving.database import Database

#: Where this session's database lies; nothing is written there before a test needs it.
DATABASE = Database(
    Path(tempfile.gettempdir(), f"wohnlotse-test-{os.getpid()}", "database"),
    Path(tempfile.gettempdir(), f"wohnlotse-test-{os.getpid()}", "postgres.log"),
    durable=False,
)
_VARIABLES = {
    "WOHNLOTSE_DATABASE_URL": DATABASE.url(),
    "WOHNLOTSE_SECRET_KEY": "a key for tests only, long enough to keep Django from warning about it",
    "WOHNLOTSE_BOT_SECRET": "a secret for tests only",
    "WOHNLOTSE_CONTACT_KEY": "a key for tests only that encrypts what citizens leave",
}
_without_ours = {name: value for name, value in os.environ.items() if not name.startswith("WOHNLOTSE_")}

with patch.dict(os.environ, {**_without_ours, **_VARIABLES}, clear=True):
    from web.settings import *  # noqa: F403

# Fast, where tests make members of staff by the hundred.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
