"""The pointer to the model that is served."""

from __future__ import annotations

from pathlib import Path

from training.serving.live import live_model, live_name, set_live


def test_no_model_is_served_at_first(tmp_path: Path) -> None:
    assert (live_model(tmp_path), live_name(tmp_path)) == (None, "")


def test_model_that_was_set_is_served(tmp_path: Path) -> None:
    for name in ("a.tar.gz", "b.tar.gz"):
        (tmp_path / name).touch()
        set_live(tmp_path / name)

    assert (live_model(tmp_path), live_name(tmp_path)) == (tmp_path / "b.tar.gz", "b.tar.gz")
    assert (tmp_path / "live").read_text() == "b.tar.gz\n"


def test_model_that_is_gone_is_not_served(tmp_path: Path) -> None:
    set_live(tmp_path / "a.tar.gz")

    assert (live_model(tmp_path), live_name(tmp_path)) == (None, "a.tar.gz")


def test_empty_pointer_names_no_model(tmp_path: Path) -> None:
    (tmp_path / "live").write_text("\n")

    assert live_model(tmp_path) is None
