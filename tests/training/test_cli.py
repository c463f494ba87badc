"""The command line: what goes to stdout, what to stderr, and how it ends."""

from __future__ import annotations

import errno
import inspect
import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import typer

from tests.training.broken_off import write_and_be_killed
from training import commands
from training.bank import bank
from training.cli import main
from training.commands import app, show, show_json
from training.corpus import new_topic, validation
from training.corpus.changes import coloured
from training.corpus.validation import Finding
from training.failure import BadInput, Failure
from training.processes import ROOT, environment
from training.serving.live import MODELS, live_model

_LIBRARY = Path(__file__).parent / "nlu"


def test_every_command_can_answer_in_json() -> None:
    for command in app.registered_commands:
        assert command.callback is not None
        assert inspect.signature(command.callback).parameters["as_json"].default.param_decls == ("--json",)


def test_make_calls_every_command() -> None:
    made = {name for line in (ROOT / "Makefile").read_text("utf-8").splitlines() for name in line.partition(":")[0].split()}

    assert {typer.main.get_command_name(each.name or each.callback.__name__) for each in app.registered_commands} <= made  # type: ignore[union-attr]


def test_every_command_says_what_it_is_for() -> None:
    assert all(command.callback is not None and command.callback.__doc__ for command in app.registered_commands)


@pytest.mark.parametrize("error", [False, True])
def test_findings_are_told_in_json_and_errors_by_the_status(
    error: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = Finding("error" if error else "warning", "domain.yml:3", "is odd")
    monkeypatch.setattr(validation, "validate", lambda: [found])

    assert main(["validate", "--json"]) == int(error)
    assert json.loads(capsys.readouterr().out) == {
        "findings": [{"severity": found.severity, "place": "domain.yml:3", "message": "is odd"}]
    }
    assert main(["validate"]) == int(error)
    assert "domain.yml:3: is odd" in capsys.readouterr().out


def test_models_of_the_bank_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)

    assert {each["model"] for each in found["models"]} == {str(path) for path in MODELS.glob("*.tar.gz")}
    assert [each["model"] for each in found["models"] if each["is_live"]] == [str(live_model())]
    assert main(["models"]) == 0
    printed = capsys.readouterr().out
    assert all(Path(each["model"]).name.removesuffix(".tar.gz") in printed for each in found["models"])


def test_bank_without_a_model_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(bank, "models", lambda: [])

    assert main(["models"]) == 0
    assert capsys.readouterr().out == "There is no model yet. Run `wohnlotse train` first.\n"


def test_evaluation_is_told_in_json_and_as_a_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "reports" / "evaluation"

    assert main(["evaluate", "--examples", str(_LIBRARY), "--out", str(folder), "--limit", "40", "--json"]) == 0

    pictures = ["confusion.png", "confusion_merged.png", "reliability.png"]
    assert sorted(path.name for path in folder.iterdir()) == sorted([*pictures, "metrics.json", "report.html"])
    metrics = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
    assert (metrics["run"]["examples"], metrics["run"]["intents"]) == (40, 8)
    assert json.loads(capsys.readouterr().out) == {"report": str(folder / "report.html"), **metrics}


def test_nothing_to_evaluate_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "--examples", str(_LIBRARY), "--out", str(tmp_path / "reports"), "--limit", "1"]) == 2
    assert "at least two intents" in capsys.readouterr().err
    assert main(["evaluate", "--examples", str(tmp_path / "none"), "--out", str(tmp_path / "reports")]) == 2
    assert capsys.readouterr().err.endswith(f"There is no folder {tmp_path / 'none'}.\n")
    assert not (tmp_path / "reports").exists()


def test_nothing_is_trained_for_a_first_set_up_where_a_model_is_served(capsys: pytest.CaptureFixture[str]) -> None:
    live = live_model()
    assert live is not None

    assert main(["train", "--if-missing", "--json"]) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out) == {"trained": None}
    assert printed.err == f"{live.name} is served; nothing is trained.\n"


@pytest.mark.parametrize(
    ("argv", "status"),
    [(["validate"], 0), (["train", "--if-missing"], 0), (["new-topic", "Nix"], 2), (["import-reviews", "/missing"], 2)],
)
def test_change_that_was_broken_off_is_completed_before_the_data_are_read(
    argv: list[str], status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "one.yml").write_text("alt\n", encoding="utf-8")
    files = {Path("one.yml"): "neu\n", Path("other.yml"): "auch neu\n"}
    write_and_be_killed(2, files, tmp_path)
    monkeypatch.setattr(commands, "ROOT", tmp_path)
    monkeypatch.setattr(validation, "validate", lambda: [])

    assert main(argv) == status

    assert {path: (tmp_path / path).read_text("utf-8") for path in files} == files
    told = capsys.readouterr().err.splitlines()
    assert told[0] == "A change that was broken off is complete now: one.yml, other.yml"


def test_new_topic_asks_for_what_is_not_given(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    asked: list[new_topic.NewTopic] = []
    monkeypatch.setattr(new_topic, "add_topic", lambda topic: asked.append(topic) or ([Path("domain.yml")], []))
    monkeypatch.setattr(sys, "stdin", io.StringIO("Parken?\nParking?\nHier.\nDa.\nHere.\nWo parke ich?\nparken\n\n"))

    assert main(["new-topic", "service_parking", "--source", "chat", "--json"]) == 0

    answers = {"standard": "Hier.", "einfach": "Da.", "en": "Here."}
    examples = ["Wo parke ich?", "parken"]
    assert asked == [new_topic.NewTopic("service_parking", "Parken?", "Parking?", answers, examples, "chat", [], {})]
    assert json.loads(capsys.readouterr().out) == {"files": ["domain.yml"], "warnings": []}


# how it ends


@pytest.mark.parametrize(("failure", "code"), [(Failure("It is refused."), 1), (BadInput("It is refused."), 2)])
def test_failure_is_one_message_and_a_status(
    failure: Failure, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise failure

    monkeypatch.setattr(bank, "models", fail)

    assert main(["models", "--json"]) == code
    assert capsys.readouterr() == ("", "It is refused.\n")


def test_interrupted_command_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(bank, "models", interrupt)

    assert main(["models"]) == 130
    printed = capsys.readouterr()
    assert (printed.out, printed.err.strip()) == ("", "Broken off.")


def test_ctrl_c_before_all_modules_are_read_says_so(tmp_path: Path) -> None:
    (tmp_path / "typer.py").write_text("import signal\nsignal.raise_signal(signal.SIGINT)\n", encoding="utf-8")

    ended = _command("models", variables={"PYTHONPATH": f"{tmp_path}:{ROOT}"})

    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", "Broken off.\n")


def test_question_that_is_not_answered_ends_the_command() -> None:
    ended = _command("new-topic", "service_parking")

    # click writes the blank behind the question to stdout, where JSON may begin with one
    assert (ended.returncode, ended.stdout.strip(), ended.stderr) == (130, "", "Title, in German:\nBroken off.\n")


def test_machine_that_does_not_let_us_is_told_in_one_message() -> None:
    with open("/dev/full", "w") as full:
        ended = _command("models", stdout=full)

    assert (ended.returncode, ended.stderr) == (1, "It could not be done: No space left on device.\n")


def test_mistake_of_ours_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), "nowhere")

    monkeypatch.setattr(bank, "models", fail)

    with pytest.raises(FileNotFoundError):
        main(["models"])


@pytest.mark.parametrize("buffered", ["", "1"])
def test_reader_that_stops_reading_needs_no_message(buffered: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "w") as unread:
        ended = _command("models", "--json", stdout=unread, variables={"PYTHONUNBUFFERED": buffered})

    assert (ended.returncode, ended.stderr) == (1, "")


def _command(*argv: str, stdout: Any = subprocess.PIPE, variables: Mapping[str, str] | None = None) -> Any:
    """The command, ended, of a shell without anybody to answer."""
    return subprocess.run(
        [sys.executable, "-m", "training.cli", *argv],
        cwd=ROOT,
        env={**environment(), **(variables or {})},
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["nonsense"], "No such command 'nonsense'"),
        (["models", "--nonsense"], "No such option"),
        (["evaluate", "--limit", "many"], "'many' is not a valid integer"),
        (["judge", "nonsense"], "There is no model nonsense in"),
    ],
)
def test_bad_usage_is_told(argv: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(argv) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert message in printed.err


def test_commands_are_listed_where_none_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    main([])

    printed = "".join(capsys.readouterr())
    assert all(name in printed for name in ("validate", "train", "promote", "rollback"))


# what it prints


@dataclass(frozen=True)
class _Result:
    path: Path
    figures: tuple[float, ...]
    counts: np.ndarray
    share: np.float64


def test_json_holds_what_the_modules_return(capsys: pytest.CaptureFixture[str]) -> None:
    show_json({"result": _Result(Path("a/b"), (0.5, float("nan")), np.array([[1, 2]]), np.float64(0.25)), 3: "Größe"})

    printed = capsys.readouterr().out
    result = {"path": "a/b", "figures": [0.5, None], "counts": [[1, 2]], "share": 0.25}
    assert json.loads(printed) == {"result": result, "3": "Größe"}
    assert "Größe" in printed


def test_lines_of_a_diff_stay_whole(capsys: pytest.CaptureFixture[str]) -> None:
    line = f"+{{{'x' * 400} [/b]}}"

    show(coloured(line))

    assert line in capsys.readouterr().out.splitlines()


# how it starts


def test_command_runs_from_any_folder(tmp_path: Path) -> None:
    command = Path(sys.executable).with_name("wohnlotse")
    result = subprocess.run([command, "--help"], cwd=tmp_path, capture_output=True, text=True, check=True)

    assert "Usage: wohnlotse" in result.stdout
    assert os.listdir(tmp_path) == []


def test_command_line_starts_without_rasa_and_spacy() -> None:
    heavy = "('rasa', 'spacy', 'sklearn')"
    code = f"import sys, training.cli, training.bank.bank; print([each for each in {heavy} if each in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert result.stdout == "[]\n"
