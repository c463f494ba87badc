"""Another model is served only where nothing got worse, and whatever goes wrong leaves the live one where it is.

One bot runs for all tests. It begins with a copy of the live model, `first`; `second` is another copy, and `wrong` one whose
intents have changed their names in a circle, so that it is sound and answers nothing rightly. `foreign` comes from a machine
with another spaCy pipeline.
"""

from __future__ import annotations

import json
import os
import shutil
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from components.german import BLANK, MODEL, installed_model
from tests.training.small_project import write_small_project
from tests.training.stored import rewrite_model
from training.bank.bank import go_live, history
from training.bank.card import Sources, write_card
from training.bank.model_file import ENDING, BadModel
from training.evaluation.judgement import judge_model
from training.failure import BadInput, Failure
from training.lock import Busy, only_one
from training.processes import HOST, free_port
from training.release.comparison import compare_models
from training.release.promotion import Gate, Promotion, RefusedCandidate, SmokeTestFailed, promote, rollback
from training.serving.installation import Installation, ModelRefused
from training.serving.live import live_model, live_name, set_live
from training.serving.service import Bot, running_bot
from training.serving.web_channel import ask

#: No titles: those are answered whatever the model says.
_QUESTIONS = [
    ("telefonnummer servicestelle", "service_phone"),
    ("unter welcher nr kan ich da anrufn", "service_phone"),
    ("Wann wurde das Bündnis eigentlich ins Leben gerufen?", "alliance_founding_year"),
    ("Wer steht denn gerade an der Spitze der Allianz?", "alliance_lead"),
    ("postanschrift der servicestelle bitte", "service_address"),
]
_FOREIGN = MODEL if installed_model() == BLANK else BLANK
_SECRET = "Geheimnis des Kanals"
_REFUSAL = "To promote it all the same"


class _Bank:
    """The folder of models, and the bot that runs with it."""

    def __init__(self, folder: Path, bot: Bot, installation: Installation, project: Path) -> None:
        self.folder = folder
        self.bot = bot
        self.installation = installation
        self.project = project
        self.gate = Gate(project, project / "tests" / "questions", ())

    @property
    def state(self) -> tuple[str, str | None, list[tuple[str, str, str]]]:
        """What `live` names, what the bot serves, and what the history says was done."""
        changes = [(each.action, each.model, each.before) for each in history(self.folder)]
        return live_name(self.folder), self.installation.served_model(), changes

    def promote(self, name: str, accept: str = "", installation: Installation | None = None) -> Promotion:
        return promote(self.folder / name, accept, "anna", installation or self.installation, self.folder, self.gate)

    def rollback(self) -> Promotion:
        return rollback("", "anna", self.installation, self.folder, self.gate)


@pytest.fixture(scope="module")
def _running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Bank]:
    live = live_model()
    assert live is not None, "no model is live: `make models/live` makes one"
    folder, var, project = (tmp_path_factory.mktemp(name) for name in ("models", "var", "project"))
    write_small_project(project, per_intent=3)
    shutil.copy(live, folder / "first.tar.gz")
    shutil.copy(live, folder / "second.tar.gz")
    rewrite_model(live, folder / "wrong.tar.gz", "intents.json", _in_a_circle)
    rewrite_model(live, folder / "foreign.tar.gz", "spacy.json", lambda stored: {"name": _FOREIGN})
    for path in folder.glob(f"*{ENDING}"):
        write_card(path, Sources("", "", ""))
    lines = [json.dumps({"text": text, "expect": [topic], "voice": "phone", "lang": "de"}) for text, topic in _QUESTIONS]
    questions = project / "tests" / "questions"
    (questions / "phone.jsonl").write_text("\n".join(lines), encoding="utf-8")
    set_live(folder / "first.tar.gz")
    with pytest.MonkeyPatch.context() as patch, running_bot(folder / "first.tar.gz", var, secret=_SECRET) as bot:
        patch.setenv("WOHNLOTSE_BOT_SECRET", _SECRET)
        installation = Installation(var, bot.rasa_port, free_port())
        # Judged by this bot, so that no promotion has to start one.
        for name in ("wrong.tar.gz", "second.tar.gz", "first.tar.gz"):
            if installation.served_model() != name:
                installation.swap_model(name)
            judge_model(folder / name, questions, bot)
        yield _Bank(folder, bot, installation, project)


@pytest.fixture
def bank(_running: _Bank) -> Iterator[_Bank]:
    """With `first` live and served, and no history."""
    set_live(_running.folder / "first.tar.gz")
    (_running.folder / "history.jsonl").unlink(missing_ok=True)
    if _running.installation.served_model() != "first.tar.gz":
        _running.installation.swap_model("first.tar.gz")
    gate = _running.gate
    yield _running
    _running.gate = gate


@pytest.fixture
def _broken_data(bank: _Bank, tmp_path: Path) -> None:
    """A mistake in the data that are validated."""
    shutil.copytree(bank.project, tmp_path / "project")
    (tmp_path / "project" / "tests" / "questions" / "phone.jsonl").write_text("{", encoding="utf-8")
    bank.gate = replace(bank.gate, root=tmp_path / "project")


def _in_a_circle(stored: dict[str, Any]) -> dict[str, Any]:
    first, *others = stored["intents"]
    return {**stored, "intents": [*others, first]}


_UNCHANGED = ("first.tar.gz", "first.tar.gz", [])


def test_candidate_that_is_not_worse_is_served_then_the_one_from_before_and_conversations_go_on(bank: _Bank) -> None:
    conversation = str(uuid.uuid4())
    ask(bank.bot, conversation, "Wer leitet die Allianz?")

    with _web_process({"web": "ok", "database": "away", "rasa": "ok", "model": "ok"}) as port:  # not the model's fault
        done = bank.promote("second.tar.gz", installation=Installation(bank.installation.var, bank.bot.rasa_port, port))

    assert (done.change.who, done.change.reason, done.regressions, done.broken) == ("anna", "", (), ())
    assert done.swap_seconds is not None
    assert bank.state == ("second.tar.gz", "second.tar.gz", [("promote", "second.tar.gz", "first.tar.gz")])
    answer = ask(bank.bot, conversation, "Und seit wann?")
    assert (answer["replies"][0]["topic"], answer["verdict"]["model"]) == ("alliance_lead", "second.tar.gz")

    done = bank.rollback()

    assert done.change.who == "anna"
    assert bank.state == (
        "first.tar.gz",
        "first.tar.gz",
        [("promote", "second.tar.gz", "first.tar.gz"), ("rollback", "first.tar.gz", "second.tar.gz")],
    )
    answer = ask(bank.bot, conversation, "Wie bitte?")
    assert (answer["replies"][0]["topic"], answer["verdict"]["model"]) == ("alliance_lead", "first.tar.gz")


def test_rollback_without_a_model_from_before_is_refused(bank: _Bank) -> None:
    with pytest.raises(Failure, match="no model to go back to"):
        bank.rollback()
    assert bank.state == _UNCHANGED


def test_worse_candidate_is_refused_with_each_broken_question(bank: _Bank) -> None:
    with pytest.raises(RefusedCandidate) as refused:
        bank.promote("wrong.tar.gz")

    assert [each.live.text for each in refused.value.broken] == [text for text, _ in _QUESTIONS]
    assert "test set" in {each.kind for each in refused.value.regressions}
    message = str(refused.value)
    assert message.startswith("wrong.tar.gz is refused, because")
    for turn in refused.value.broken:
        assert f"{turn.live.place} „{turn.live.text}“: {turn.live.got[0]} -> {turn.candidate.got[0]}" in message
    assert _REFUSAL in message
    assert bank.state == _UNCHANGED


def test_worse_candidate_that_is_accepted_fails_in_the_bot_and_the_live_model_is_served_again(bank: _Bank) -> None:
    with pytest.raises(SmokeTestFailed, match=r"With wrong\.tar\.gz the bot answers 0 of 5 test questions rightly"):
        bank.promote("wrong.tar.gz", accept="we want to see it")
    assert bank.state == _UNCHANGED


@pytest.mark.usefixtures("_broken_data")
def test_regressions_that_were_accepted_and_the_reason_stand_in_the_history(bank: _Bank) -> None:
    bank.promote("second.tar.gz", accept="it is being mended")

    [change] = history(bank.folder)
    assert (change.reason, change.regressions) == ("it is being mended", ("validation: tests/questions/phone.jsonl:1",))


@pytest.mark.usefixtures("_broken_data")
def test_mistake_in_the_data_refuses_before_anything_else(bank: _Bank) -> None:
    with pytest.raises(RefusedCandidate) as refused:
        bank.promote("second.tar.gz")

    assert {each.kind for each in refused.value.regressions} == {"validation"}
    assert bank.state == _UNCHANGED


def test_dialogue_test_that_fails_with_the_candidate_is_named(bank: _Bank, tmp_path: Path) -> None:
    tests = tmp_path / "test_dialogues.py"
    tests.write_text(
        "import os\n"
        "def test_well(): pass\n"
        "def test_ill(): assert not os.environ['WOHNLOTSE_TESTED_MODEL'].endswith('second.tar.gz'), 'wrong model'\n",
        encoding="utf-8",
    )
    bank.gate = replace(bank.gate, dialogues=(str(tests),))

    with pytest.raises(RefusedCandidate) as refused:
        bank.promote("second.tar.gz")

    assert [(each.kind, each.name) for each in refused.value.regressions] == [("dialogue test", "test_ill")]
    assert "wrong model" in refused.value.regressions[0].message
    assert bank.state == _UNCHANGED


def test_dialogue_tests_that_cannot_be_run_are_no_promotion(bank: _Bank, tmp_path: Path) -> None:
    bank.gate = replace(bank.gate, dialogues=(str(tmp_path / "none.py"),))
    with pytest.raises(Failure, match="could not be run"):
        bank.promote("second.tar.gz")
    assert bank.state == _UNCHANGED


def test_candidate_that_the_web_process_finds_ill_is_not_kept(bank: _Bank) -> None:
    with _web_process({"web": "ok", "database": "away", "rasa": "ok", "model": "none is loaded"}) as port:
        installation = Installation(bank.installation.var, bank.installation.rasa_port, port)
        with pytest.raises(SmokeTestFailed, match="none is loaded"):
            bank.promote("second.tar.gz", installation=installation)
    assert bank.state == _UNCHANGED


class _Interrupted(Installation):
    """Ctrl-C comes when everything but the pointer is done."""

    def health(self) -> dict[str, str] | None:
        raise KeyboardInterrupt


def test_ctrl_c_between_swap_and_pointer_brings_the_live_model_back(bank: _Bank) -> None:
    with pytest.raises(KeyboardInterrupt):
        bank.promote("second.tar.gz", installation=_Interrupted(bank.installation.var, bank.installation.rasa_port))
    assert bank.state == _UNCHANGED


def test_promotion_that_was_killed_between_swap_and_pointer_is_undone_by_the_next_one(bank: _Bank) -> None:
    bank.installation.swap_model("second.tar.gz")

    with pytest.raises(RefusedCandidate):
        bank.promote("wrong.tar.gz")

    assert bank.state == _UNCHANGED


def test_truncated_candidate_is_refused_by_name(bank: _Bank) -> None:
    cut = bank.folder / "cut.tar.gz"
    cut.write_bytes((bank.folder / "second.tar.gz").read_bytes()[:100_000])
    with pytest.raises(BadModel, match=r"cut\.tar\.gz"):
        bank.promote("cut.tar.gz")
    assert bank.state == _UNCHANGED


def test_model_of_another_spacy_is_refused_by_name_wherever_it_would_be_served(bank: _Bank) -> None:
    foreign = bank.folder / "foreign.tar.gz"
    told = rf"foreign\.tar\.gz was trained with the German spaCy {_FOREIGN}, but here it is {installed_model()}"

    with pytest.raises(BadModel, match=told):
        bank.promote("foreign.tar.gz", accept="we want to see it")
    with pytest.raises(BadModel, match=told):
        compare_models(bank.folder / "first.tar.gz", foreign)
    with pytest.raises(ModelRefused, match=rf"foreign\.tar\.gz.* was trained with {_FOREIGN}, but here {installed_model()}"):
        bank.installation.swap_model("foreign.tar.gz")
    assert bank.state == _UNCHANGED

    set_live(foreign)  # as if it had been served before the machine got another pipeline
    go_live(bank.folder / "first.tar.gz", "promote", "anna")
    before = bank.state
    with pytest.raises(BadModel, match=told):
        bank.rollback()
    assert bank.state == before


def test_second_promotion_is_told_who_runs_the_first(bank: _Bank) -> None:
    with only_one(bank.folder, "promotion"), pytest.raises(Busy):
        bank.promote("second.tar.gz")
    with only_one(bank.folder, "promotion"), pytest.raises(Busy):
        bank.rollback()
    assert bank.state == _UNCHANGED


def test_live_model_and_files_of_other_folders_are_no_candidates(bank: _Bank, tmp_path: Path) -> None:
    os.link(bank.folder / "second.tar.gz", tmp_path / "second.tar.gz")
    with pytest.raises(BadInput, match="is live already"):
        bank.promote("first.tar.gz")
    with pytest.raises(BadInput, match="does not lie in"):
        promote(tmp_path / "second.tar.gz", "", "anna", bank.installation, bank.folder, bank.gate)
    assert bank.state == _UNCHANGED


def test_without_a_bot_that_runs_the_pointer_changes_and_it_is_said(bank: _Bank, capsys: pytest.CaptureFixture[str]) -> None:
    nowhere = Installation(bank.installation.var, free_port(), free_port())

    done = bank.promote("second.tar.gz", installation=nowhere)

    assert bank.state == ("second.tar.gz", "first.tar.gz", [("promote", "second.tar.gz", "first.tar.gz")])
    assert done.swap_seconds is None
    assert f"No bot runs on port {nowhere.rasa_port}" in capsys.readouterr().err


def test_stranger_on_the_port_of_the_bot_stops_the_promotion_at_once(bank: _Bank) -> None:
    with _web_process({}) as port, pytest.raises(Failure, match="is no bot of this installation"):
        bank.promote("second.tar.gz", installation=Installation(bank.installation.var, port, free_port()))
    assert bank.state == _UNCHANGED


def test_bot_that_ends_after_a_promotion_comes_back_with_the_new_model(bank: _Bank) -> None:
    bank.promote("second.tar.gz")
    bank.bot.rasa.stop()
    bank.bot.rasa.start()
    bank.bot.rasa.wait()
    assert bank.installation.served_model() == "second.tar.gz"


@contextmanager
def _web_process(parts: dict[str, Any]) -> Iterator[int]:
    """Something that answers /health as the web process does; gives its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            well = self.path == "/health" and set(parts.values()) == {"ok"}
            self.send_response(200 if well else 503 if self.path == "/health" else 404)
            self.end_headers()
            self.wfile.write(json.dumps({"status": "", "parts": parts}).encode())

        def log_message(self, format: str, *args: Any) -> None:
            """Keeps quiet."""

    with HTTPServer((HOST, 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.server_port
        server.shutdown()
