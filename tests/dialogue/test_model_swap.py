"""Another model for the running bot: nobody is lost, conversations go on, and what cannot be loaded changes nothing."""

from __future__ import annotations

import os
import shutil
import threading
import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from training.serving.live import live_model
from training.serving.service import running_bot

_FIRST, _SECOND, _CUT = "first.tar.gz", "second.tar.gz", "cut.tar.gz"


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """The web channel of a bot that serves the first of two models; a third one is cut off."""
    live = live_model()
    assert live is not None, "no model is live: `make models/live` makes one"
    models = tmp_path_factory.mktemp("models")
    shutil.copy(live, models / _FIRST)
    os.link(models / _FIRST, models / _SECOND)
    (models / _CUT).write_bytes((models / _FIRST).read_bytes()[:100_000])
    with running_bot(models / _FIRST, tmp_path_factory.mktemp("bot"), secret="Geheimnis") as running:
        address = f"http://127.0.0.1:{running.rasa_port}/webhooks/web"
        with httpx.Client(
            base_url=address, timeout=60, trust_env=False, headers={"Authorization": "Bearer Geheimnis"}
        ) as client:
            yield client


@pytest.fixture
def first(bot: httpx.Client) -> None:
    """The bot serves the first model."""
    if bot.get("/health").json()["model"] != _FIRST:
        assert _swap(bot, _FIRST).status_code == 200


def _say(bot: httpx.Client, conversation: str, message: str) -> dict[str, Any]:
    body = {"conversation": conversation, "message": message, "metadata": {"register": "standard"}}
    response = bot.post("/webhook", json=body)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def _topic(answer: dict[str, Any]) -> str:
    return str(answer["replies"][0]["topic"])


def _swap(bot: httpx.Client, name: Any) -> httpx.Response:
    return bot.put("/model", json={"model": name})


@pytest.mark.usefixtures("first")
def test_swap_keeps_conversations_and_loses_nobody_who_writes_meanwhile(bot: httpx.Client) -> None:
    before = str(uuid.uuid4())
    assert _topic(_say(bot, before, "Wer leitet die Allianz?")) == "alliance_lead"
    swapped = threading.Event()
    answers: list[dict[str, Any]] = []

    def write() -> None:
        while not swapped.is_set():
            answers.append(_say(bot, str(uuid.uuid4()), "Wann wurde die Allianz gegründet?"))

    writers = [threading.Thread(target=write) for _ in range(3)]
    for each in writers:
        each.start()
    assert _swap(bot, _SECOND).json() == {"model": _SECOND}
    swapped.set()
    for each in writers:
        each.join()

    assert {_topic(answer) for answer in answers} == {"alliance_founding_year"}
    after = _say(bot, before, "Und seit wann?")
    assert (_topic(after), after["verdict"]["model"]) == ("alliance_lead", _SECOND)


@pytest.mark.usefixtures("first")
@pytest.mark.parametrize("name", ["none.tar.gz", "../first.tar.gz", "", _CUT])
def test_model_that_cannot_be_loaded_is_refused_and_the_old_one_goes_on(bot: httpx.Client, name: str) -> None:
    response = _swap(bot, name)

    assert response.status_code == 409
    assert list(response.json()) == ["error"]
    assert "Modell" in response.json()["error"]
    assert _say(bot, str(uuid.uuid4()), "Wer leitet die Allianz?")["verdict"]["model"] == _FIRST


def test_only_one_model_is_loaded_at_a_time(bot: httpx.Client) -> None:
    statuses: list[int] = []
    swaps = [threading.Thread(target=lambda: statuses.append(_swap(bot, _SECOND).status_code)) for _ in range(2)]
    for each in swaps:
        each.start()
    for each in swaps:
        each.join()

    assert sorted(statuses) == [200, 409]


@pytest.mark.parametrize("body", [b"", b"[]", b'{"model": 1}', b"{}"])
def test_body_that_names_no_model_is_refused(bot: httpx.Client, body: bytes) -> None:
    assert bot.put("/model", content=body).status_code == 400


def test_who_does_not_know_the_secret_swaps_nothing(bot: httpx.Client) -> None:
    assert bot.put("/model", json={"model": _SECOND}, headers={"Authorization": "Bearer falsch"}).status_code == 401
