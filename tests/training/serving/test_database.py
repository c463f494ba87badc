"""The embedded PostgreSQL, started for real, through power cuts and rivals."""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
import sqlalchemy  # type: ignore[import-untyped]

from training.processes import ROOT, StartError
from training.serving.database import RASA, WEB, Database, running_database


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with running_database(tmp_path_factory.mktemp("shared")) as running:
        yield running


def _value(database: Database, query: str, name: str = WEB) -> object:
    with psycopg.connect(database.url(name), autocommit=True) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


def _execute(database: Database, statement: str) -> None:
    with psycopg.connect(database.url(), autocommit=True) as connection:
        connection.execute(statement.encode())


def _alive(pid: int | None) -> bool:
    assert pid is not None
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_both_databases_are_there_and_the_first_knows_vectors(database: Database) -> None:
    assert _value(database, "SELECT current_database()") == WEB
    assert _value(database, "SELECT current_database()", RASA) == RASA
    assert _value(database, "SELECT '[1,2]'::vector <-> '[1,4]'::vector") == 2.0


def test_sqlalchemy_takes_the_same_address_as_psycopg(database: Database) -> None:
    engine = sqlalchemy.create_engine(database.url(RASA))
    with engine.connect() as connection:
        assert connection.execute(sqlalchemy.text("SELECT current_database()")).scalar() == RASA
    engine.dispose()


def test_port_of_the_environment_does_not_lead_astray(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPORT", "6543")
    assert _value(database, "SELECT 1") == 1


def test_umlauts_are_letters_whose_case_does_not_matter_in_searches(database: Database) -> None:
    assert _value(database, "SELECT 'GIEßEN ÄÖÜ' ILIKE 'gießen äöü'") is True
    assert _value(database, "SELECT lower('ÖÄÜ')") == "öäü"
    assert _value(database, "SELECT to_tsvector('german', 'Die ÜBERGÄNGE') @@ to_tsquery('german', 'übergang')") is True


def test_nobody_listens_on_tcp_and_disks_are_waited_for(database: Database) -> None:
    assert _value(database, "SHOW listen_addresses") == ""
    assert _value(database, "SHOW fsync") == "on"
    assert _value(database, "SHOW max_connections") == "60"


def test_only_we_reach_socket_and_data(database: Database) -> None:
    folder = database.socket_folder
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "data").stat().st_mode) == 0o700
    assert (folder / ".s.PGSQL.5432").is_socket()


def test_rights_of_the_folders_above_stay_as_they_are(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    with running_database(tmp_path) as database:
        assert _value(database, "SELECT 1") == 1
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700


def test_server_does_not_run_as_root(database: Database) -> None:
    assert (database.socket_folder / ".s.PGSQL.5432").stat().st_uid != 0


def test_what_citizens_wrote_is_in_no_log_even_where_it_cannot_be_stored(database: Database) -> None:
    with pytest.raises(psycopg.Error, match="Meine Frage"):
        _execute(database, "SELECT 'Meine Frage 4711'::integer")
    _execute(database, "CREATE TABLE once (text text PRIMARY KEY)")
    _execute(database, "INSERT INTO once VALUES ('Meine Frage 4711')")
    with pytest.raises(psycopg.errors.UniqueViolation):
        _execute(database, "INSERT INTO once VALUES ('Meine Frage 4711')")
    assert "ready to accept connections" in database.log.read_text(encoding="utf-8")
    assert "4711" not in database.log.read_text(encoding="utf-8")


def test_data_survive_stop_and_start(tmp_path: Path) -> None:
    with running_database(tmp_path) as database:
        _execute(database, "CREATE TABLE kept AS SELECT 'ja' AS answer")
    assert not _alive(database.pid)
    assert not (tmp_path / "database" / "data" / "postmaster.pid").exists()
    with running_database(tmp_path) as database:
        assert _value(database, "SELECT answer FROM kept") == "ja"


def test_data_survive_a_power_cut_after_which_the_process_number_is_another_programs(tmp_path: Path) -> None:
    with running_database(tmp_path) as database:
        _execute(database, "CREATE TABLE kept AS SELECT 'ja' AS answer")
        assert database.pid is not None
        os.kill(database.pid, signal.SIGKILL)
    left = tmp_path / "database" / "data" / "postmaster.pid"
    lines = left.read_text(encoding="ascii").splitlines()
    # PostgreSQL believes in processes of its own user only.
    with subprocess.Popen(["sleep", "60"], user=left.stat().st_uid if os.geteuid() == 0 else None) as other:
        left.write_text("\n".join([str(other.pid), *lines[1:]]) + "\n", encoding="ascii")
        with running_database(tmp_path) as database:
            assert _value(database, "SELECT answer FROM kept") == "ja"
        assert other.poll() is None
        other.kill()


def test_killed_server_starts_again_with_its_data_under_the_same_launcher(tmp_path: Path) -> None:
    with running_database(tmp_path) as database:
        _execute(database, "CREATE TABLE kept AS SELECT 'ja' AS answer")
        assert database.pid is not None
        os.kill(database.pid, signal.SIGKILL)
        while database.running:
            time.sleep(0.01)
        database.start()
        database.wait()
        assert _value(database, "SELECT answer FROM kept") == "ja"


def test_server_of_a_killed_launcher_is_taken_over_in_order(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys; from pathlib import Path; from training.serving.database import Database\n"
        "d = Database(Path(sys.argv[1]) / 'database', Path(sys.argv[1]) / 'postgres.log'); d.start(); d.wait()\n"
        "print(d.pid, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert killed.returncode == -signal.SIGKILL
    left = int(killed.stdout)
    assert _alive(left)
    with running_database(tmp_path) as database:
        assert _value(database, "SELECT 1") == 1
        assert database.pid != left
    # Its parent is gone, so whoever reaps orphans here may take a moment.
    until = time.monotonic() + 10
    while _alive(left) and time.monotonic() < until:
        time.sleep(0.05)
    assert not _alive(left) or "\nState:\tZ" in Path(f"/proc/{left}/status").read_text(encoding="ascii")


def test_second_launcher_with_the_same_data_is_refused_and_the_first_one_goes_on(tmp_path: Path) -> None:
    with running_database(tmp_path) as database:
        with pytest.raises(StartError, match="is in use: another Wohnlotse is running with it"), running_database(tmp_path):
            pass
        assert _value(database, "SELECT 1") == 1


def test_half_made_data_are_made_anew(tmp_path: Path) -> None:
    half = tmp_path / "database" / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n", encoding="ascii")
    with running_database(tmp_path) as database:
        assert _value(database, "SELECT 1") == 1
    assert not half.exists()


@pytest.fixture
def short_temporary_folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="w") as folder:
        monkeypatch.setattr(tempfile, "tempdir", folder)
        yield Path(folder)


@pytest.mark.parametrize("name", ["ä" * 60, "komma, 'Anführung' und \" % Leerzeichen"])
def test_folder_that_no_client_can_name_has_its_socket_among_the_temporary_ones(
    tmp_path: Path, short_temporary_folder: Path, name: str
) -> None:
    with running_database(tmp_path / name) as database:
        assert _value(database, "SELECT 1") == 1
        assert database.socket_folder.parent == short_temporary_folder
        assert stat.S_IMODE(database.socket_folder.stat().st_mode) == 0o700
        assert parse_qs(urlsplit(database.url()).query)["host"] == [str(database.socket_folder)]
    with running_database(tmp_path / name) as database:
        assert _value(database, "SELECT 1") == 1


def test_socket_folder_with_other_rights_is_refused(tmp_path: Path, short_temporary_folder: Path) -> None:
    database = Database(tmp_path / ("x" * 100), tmp_path / "postgres.log")
    database.socket_folder.mkdir()
    database.socket_folder.chmod(0o755)
    with pytest.raises(StartError, match="has other rights than 0700"):
        database.start()
    database.stop()


def test_socket_folder_that_is_a_link_elsewhere_is_refused(tmp_path: Path, short_temporary_folder: Path) -> None:
    database = Database(tmp_path / ("x" * 100), tmp_path / "postgres.log")
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    database.socket_folder.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StartError, match="belongs to another user"):
        database.start()
    database.stop()


def test_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StartError, match="file/database cannot be used: Not a directory"), running_database(tmp_path / "file"):
        pass


def test_data_of_another_version_are_named_in_the_message(tmp_path: Path) -> None:
    with running_database(tmp_path):
        pass
    (tmp_path / "database" / "data" / "PG_VERSION").write_text("9\n", encoding="ascii")
    with pytest.raises(StartError, match=r"PostgreSQL did not start:[\s\S]*incompatible"), running_database(tmp_path):
        pass


def test_socket_is_gone_after_the_stop(tmp_path: Path) -> None:
    with running_database(tmp_path) as database:
        path = database.socket_folder / ".s.PGSQL.5432"
    with closing(socket.socket(socket.AF_UNIX)) as probe, pytest.raises(FileNotFoundError):
        probe.connect(str(path))
