"""All processes together: each part stopped in turn, and the same on a database elsewhere."""

from __future__ import annotations

import stat
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest

from content import read_content
from training.chat import ask
from training.processes import StartError
from training.serving.database import RASA, running_database
from training.serving.live import live_model
from training.serving.service import Service, running_service

CONTENT = read_content()
DEFINITION = "Was ist die Allianz für Wohnen in Hessen?"


def _model() -> Path:
    model = live_model()
    assert model is not None, "no model is live: `make models/live` makes one"
    return model


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with running_service(_model(), tmp_path_factory.mktemp("service")) as running:
        yield running


def _health(service: Service) -> dict[str, str]:
    parts: dict[str, str] = httpx.get(f"{service.url}health", timeout=10).json()["parts"]
    return parts


def _wait_until_well(service: Service) -> None:
    until = time.monotonic() + 60
    while set(_health(service).values()) != {"ok"} and time.monotonic() < until:
        time.sleep(0.2)
    assert set(_health(service).values()) == {"ok"}


@pytest.mark.parametrize(("index", "name"), [(0, "database"), (1, "actions"), (2, "rasa")])
def test_each_part_can_be_stopped_and_started_alone(service: Service, index: int, name: str) -> None:
    part = service.processes[index]
    assert set(_health(service).values()) == {"ok"}
    part.stop()
    assert _health(service)[name] != "ok"
    part.start()
    part.wait()
    _wait_until_well(service)


def test_web_process_can_be_stopped_and_started_alone(service: Service) -> None:
    service.web.stop()
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{service.url}health")
    service.web.start()
    service.web.wait()
    _wait_until_well(service)


def test_what_is_said_while_the_database_is_away_is_answered_and_logged_nowhere(service: Service) -> None:
    assert service.database is not None
    ask(service.bot.url, "berta", DEFINITION)
    service.database.stop()
    replies = ask(service.bot.url, "berta", "Ich heiße Xaver Geheimnis und frage nach der Allianz.")
    service.database.start()
    service.database.wait()
    assert replies[0]["text"]
    assert ask(service.bot.url, "berta", DEFINITION)[0]["text"] == CONTENT.answer("alliance_definition", "standard")
    logs = sorted(service.web.log.parent.glob("*.log"))
    assert [log.name for log in logs] == ["actions.log", "migrate.log", "postgres.log", "rasa.log", "web.log"]
    assert [log.name for log in logs if "Geheimnis" in log.read_text(encoding="utf-8")] == []


def test_address_of_the_database_and_logs_are_for_us_alone(service: Service) -> None:
    run = service.web.log.parent
    assert service.database is not None
    assert stat.S_IMODE(run.stat().st_mode) == 0o700
    address = run.parent / "database.url"
    assert address.read_text(encoding="utf-8") == service.database.url() + "\n"
    assert stat.S_IMODE(address.stat().st_mode) == 0o600


def test_answers_tell_nothing_about_the_server(service: Service) -> None:
    assert "server" not in httpx.get(f"{service.url}health").headers


def test_database_elsewhere_serves_web_process_and_rasa(tmp_path: Path) -> None:
    with running_database(tmp_path / "elsewhere") as database:
        variables = {
            "WOHNLOTSE_DATABASE_URL": database.url(),
            # The short form, which Django takes and SQLAlchemy does not.
            "WOHNLOTSE_RASA_DATABASE_URL": database.url(RASA).replace("postgresql://", "postgres://"),
            "WOHNLOTSE_SECRET_KEY": "a key for tests only, long enough to keep Django from warning about it",
            "WOHNLOTSE_BOT_SECRET": "a secret for tests only",
            "WOHNLOTSE_CONTACT_KEY": "a key for tests only that encrypts what citizens leave",
        }
        with running_service(_model(), tmp_path / "var", variables=variables) as service:
            assert service.database is None
            assert set(_health(service).values()) == {"ok"}
            ask(service.bot.url, "anna", DEFINITION)
            said = ask(service.bot.url, "anna", "Und seit wann?")
            assert said[0]["text"] == CONTENT.answer("alliance_founding_year", "standard")
        with psycopg.connect(database.url(RASA)) as connection:
            row = connection.execute("SELECT count(*) FROM events WHERE sender_id = 'anna' AND type_name = 'user'").fetchone()
        assert row == (2,)
        assert [path.name for path in (tmp_path / "var").iterdir()] == ["run"]
        assert "postgres" not in (tmp_path / "var" / "run" / "endpoints.yml").read_text(encoding="utf-8")


def test_settings_reach_the_web_server(tmp_path: Path) -> None:
    variables = {"WOHNLOTSE_WEB_WORKERS": "3", "WOHNLOTSE_PROXIES": "1"}
    alone = Service(_model(), tmp_path, 1, 2, 3, {}).web.command
    behind = Service(_model(), tmp_path, 1, 2, 3, variables).web.command
    assert alone[alone.index("--workers") + 1] == "1"
    assert behind[behind.index("--workers") + 1] == "3"
    assert "--no-access-log" in alone
    assert "--no-access-log" in behind
    assert "--no-proxy-headers" in alone
    assert "--no-proxy-headers" not in behind


def test_part_that_does_not_start_is_named_with_its_last_words(tmp_path: Path) -> None:
    web = Service(_model(), tmp_path, 1, 2, 3, {"WOHNLOTSE_WEB_WORKERS": "many"}).web
    web.start()
    with pytest.raises(StartError, match=r"^The web process did not start:[\s\S]*'many' is not a valid integer"):
        web.wait()
