"""The command line: what goes to stdout, what to stderr, and how it ends."""

from __future__ import annotations

import inspect
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from training import bank, validation
from training.cli import app, main, show_json
from training.failure import BadInput, Failure
from training.live import MODELS, live_model
from training.processes import ROOT
from training.validation import Finding

_LIBRARY = Path(__file__).parent / "nlu"


def test_every_command_can_answer_in_json() -> None:
    for command in app.registered_commands:
        assert command.callback is not None
        assert inspect.signature(command.callback).parameters["as_json"].default.param_decls == ("--json",)


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
    assert not (tmp_path / "reports").exists()


def test_nothing_is_trained_for_a_first_set_up_where_a_model_is_served(capsys: pytest.CaptureFixture[str]) -> None:
    live = live_model()
    assert live is not None

    assert main(["train", "--if-missing", "--json"]) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out) == {"trained": None}
    assert printed.err == f"{live.name} is served; nothing is trained.\n"


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


# how it starts


def test_command_runs_from_any_folder(tmp_path: Path) -> None:
    command = Path(sys.executable).with_name("wohnlotse")
    result = subprocess.run([command, "--help"], cwd=tmp_path, capture_output=True, text=True, check=True)

    assert "Usage: wohnlotse" in result.stdout
    assert os.listdir(tmp_path) == []


def test_command_line_starts_without_rasa_and_spacy() -> None:
    code = (
        "import sys, training.cli, training.bank; print([each for each in ('rasa', 'spacy', 'sklearn') if each in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert result.stdout == "[]\n"
