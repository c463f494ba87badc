"""The command: what it takes, and what it says when there is nothing to measure or nothing can be read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import nlu


def _set(folder: Path, name: str) -> Path:
    rows = [
        {"text": "Hallo", "intent": "greet", "split": "train"},
        {"text": "Danke", "intent": "thanks", "split": "train"},
        {"text": "Guten Tag", "intent": "greet", "split": "test"},
    ]
    path = folder / f"{name}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


def test_without_any_set_the_command_says_so_and_succeeds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nlu, "USUAL_SETS", tmp_path / "none")

    code = nlu.main(["--part", "sets", "--reports", str(tmp_path / "reports")])

    assert code == 0
    assert "--set PATH" in capsys.readouterr().out
    assert "not measured" in (tmp_path / "reports" / "nlu.md").read_text(encoding="utf-8")


def test_unreadable_set_ends_the_command_before_anything_is_trained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = _set(tmp_path, "good"), tmp_path / "bad.jsonl"
    bad.write_text('{"text": "Hallo", "split": "train"}\n', encoding="utf-8")

    code = nlu.main(["--set", str(good), "--set", str(bad), "--reports", str(tmp_path / "reports")])

    assert code == 1
    assert capsys.readouterr().err == f"{bad}:1: the field intent is missing or empty\n"
    assert not (tmp_path / "reports").exists()


def test_two_sets_of_one_name_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = [_set(tmp_path / folder, "faq") for folder in ("one", "two")]

    code = nlu.main([argument for path in paths for argument in ("--set", str(path))])

    assert code == 1
    assert "faq: two sets have this name" in capsys.readouterr().err


@pytest.mark.parametrize(("part", "expected"), [("training", ["training"]), ("serving", ["serving"]), (None, list(nlu.PARTS))])
def test_part_that_is_named_is_measured_alone(
    part: str | None, expected: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured: list[str] = []
    monkeypatch.setattr(nlu, "USUAL_SETS", tmp_path / "none")
    monkeypatch.setattr(nlu, "measure_training", lambda *_: measured.append("training"))
    monkeypatch.setattr(nlu, "measure_bots", lambda *_: measured.append("serving"))
    monkeypatch.setattr(nlu, "measure_sets", lambda _, found, *rest: measured.append("sets"))

    code = nlu.main([*(["--part", part] if part else []), "--reports", str(tmp_path / "reports")])

    assert code == 0
    assert measured == expected


@pytest.mark.parametrize("arguments", [["--shots", "0"], ["--only", "both"], ["--part", "half"]])
def test_arguments_that_make_no_sense_are_refused(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        nlu.main(arguments)

    assert raised.value.code == 2
