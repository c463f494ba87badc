"""The real PostgreSQL for tests of the web process, and a web process of its own with a stand-in for Rasa."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import psycopg
import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import TransactionTestCase

from tests.web import records
from tests.web.running import Fragile, Web, running_web, standing_in
from tests.web.settings import DATABASE
from training.processes import ROOT
from training.serving.database import running_database
from web.handoff.presence import presence_set


@pytest.fixture
def diehl() -> User:
    """A member of staff who takes conversations."""
    user = records.member()
    presence_set(user, available=True)
    return user


@pytest.fixture
def piesk() -> User:
    """A colleague."""
    return records.member("piesk", shown_as="Frau Piesk")


@pytest.fixture(scope="session")
def database_server() -> Iterator[None]:
    """PostgreSQL, started with the first test that needs it."""
    folder = DATABASE.log.parent
    try:
        DATABASE.start()
        DATABASE.wait()
        yield
    finally:
        DATABASE.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(database_server: None) -> None:
    """pytest-django makes its test database after this."""


@pytest.fixture(scope="session", autouse=True)
def _emptied_quickly() -> Iterator[None]:
    """What transactional tests leave is deleted row by row. Django would truncate every table, each a new file on disk, and
    make all permissions anew: ten times as long as most of the tests."""
    with patch.object(TransactionTestCase, "_fixture_teardown", lambda test: _empty()):
        yield


def _empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_EMPTY)


#: All rows but those that migrations made. Foreign keys are not looked at: nothing is left that they could point to.
_EMPTY = """
do $$
declare name text;
begin
    set local session_replication_role = replica;
    for name in
        select tablename from pg_tables where schemaname = 'public' and tablename not in (
            'django_migrations', 'django_content_type', 'auth_permission', 'auth_group', 'auth_group_permissions'
        )
    loop
        execute format('delete from %I', name);
    end loop;
end $$
"""


@pytest.fixture(scope="session")
def web_process(database_server: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """uvicorn with the web process on a database of its own; limits are wide, so that tests do not hold each other up."""
    name = "wohnlotse_protocol"
    with psycopg.connect(DATABASE.url("postgres"), autocommit=True) as connection:
        connection.execute(f"create database {name}")
    with standing_in() as bot, running_web(tmp_path_factory.mktemp("web"), DATABASE.url(name), bot) as web:
        yield web


@pytest.fixture
def web(web_process: Web) -> Iterator[Web]:
    """The running web process, its bot well at the start of the test."""
    web_process.bot.recover()
    yield web_process
    web_process.bot.recover()


@pytest.fixture(scope="session")
def web_log(web_process: Web) -> Path:
    """What the web process logs."""
    return web_process.process.log


@pytest.fixture(scope="session")
def _fragile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fragile]:
    folder = tmp_path_factory.mktemp("fragile")
    shutil.copytree(ROOT / "content", folder / "content", ignore=shutil.ignore_patterns("__pycache__"))
    os.symlink(ROOT / "web", folder / "web")
    with running_database(folder) as database, standing_in() as rasa, standing_in() as actions:
        variables = {"WOHNLOTSE_ACTIONS_URL": actions.url}
        with running_web(folder, database.url(), rasa, variables, cwd=folder) as web:
            yield Fragile(web, database, rasa, actions, folder / "content")


@pytest.fixture
def fragile(_fragile: Fragile) -> Iterator[Fragile]:
    """All of its parts well at the start of the test; whoever breaks one that is no stand-in mends it."""
    _fragile.rasa.recover()
    _fragile.actions.recover()
    yield _fragile
    _fragile.rasa.recover()
    _fragile.actions.recover()


@pytest.fixture(scope="session")
def _strict(database_server: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    name = "wohnlotse_strict"
    with psycopg.connect(DATABASE.url("postgres"), autocommit=True) as connection:
        connection.execute(f"create database {name}")
    variables = {
        "WOHNLOTSE_HTTPS": "1",
        "WOHNLOTSE_PROXIES": "1",
        "WOHNLOTSE_MESSAGES_PER_MINUTE": "3",
        "WOHNLOTSE_ADDRESS_PER_MINUTE": "10",
        "WOHNLOTSE_INQUIRIES_PER_MINUTE": "2",
        "WOHNLOTSE_BOT_CALLS": "1",
        "WOHNLOTSE_BACKLOG": "1",
        "WOHNLOTSE_STREAMS": "1",
        "WOHNLOTSE_LOG_LEVEL": "DEBUG",
    }
    with standing_in() as bot, running_web(tmp_path_factory.mktemp("strict"), DATABASE.url(name), bot, variables) as web:
        web.client.headers["X-Forwarded-Proto"] = "https"
        yield web


@pytest.fixture
def strict(_strict: Web) -> Iterator[Web]:
    """A web process behind a proxy with HTTPS, with narrow limits, that logs all it can."""
    _strict.bot.recover()
    yield _strict
    _strict.bot.recover()
