from __future__ import annotations

import errno
import os
import resource
import signal
from pathlib import Path

import pytest

from tests.training.broken_off import write_and_be_killed
from tests.training.small_project import write_small_project
from training.corpus.changes import ChangeRefused, check, coloured, diff, recover, write

_ONE, _OTHER = Path("a", "one.yml"), Path("other.yml")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with one of two files."""
    (tmp_path / "a").mkdir()
    (tmp_path / _ONE).write_text("alt\n", encoding="utf-8")
    return tmp_path


def _texts(root: Path) -> dict[str, str]:
    return {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in sorted(root.rglob("*")) if path.is_file()}


def test_all_files_are_written(root: Path) -> None:
    write({_ONE: "neu\n", _OTHER: "auch neu\n"}, root)

    assert _texts(root) == {"a/one.yml": "neu\n", "other.yml": "auch neu\n"}


def test_none_is_written_where_one_cannot_be(root: Path) -> None:
    with pytest.raises(ChangeRefused, match="Nothing was changed: No such file or directory"):
        write({_ONE: "neu\n", Path("nowhere", "x.yml"): "neu\n"}, root)

    assert _texts(root) == {"a/one.yml": "alt\n"}


def test_full_disk_leaves_everything_as_it_was(root: Path) -> None:
    """A limit for the size of files stands for the disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    try:
        with pytest.raises(ChangeRefused, match="Nothing was changed: File too large"):
            write({_ONE: "neu\n", _OTHER: "neu\n" * 100}, root)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert _texts(root) == {"a/one.yml": "alt\n"}


def test_full_disk_is_told_before_anything_is_tried(tmp_path: Path) -> None:
    write_small_project(tmp_path)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    try:
        with pytest.raises(ChangeRefused, match="could not be tried in a copy"):
            check({_OTHER: "neu\n" * 100}, tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_what_a_killed_process_left_is_removed(root: Path) -> None:
    (root / "a" / ".gone.yml.new").write_text("half", encoding="utf-8")

    write({_ONE: "neu\n"}, root)

    assert _texts(root) == {"a/one.yml": "neu\n"}


def test_what_the_console_is_writing_stays(root: Path) -> None:
    (root / "a" / ".one.yml.x7f.new").write_text("half", encoding="utf-8")

    write({_ONE: "neu\n"}, root)

    assert _texts(root) == {"a/.one.yml.x7f.new": "half", "a/one.yml": "neu\n"}


def test_ctrl_c_before_the_last_step_leaves_everything_as_it_was(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda handle: signal.raise_signal(signal.SIGINT))

    with pytest.raises(KeyboardInterrupt):
        write({_ONE: "neu\n", _OTHER: "neu\n"}, root)

    assert _texts(root) == {"a/one.yml": "alt\n"}


def test_ctrl_c_in_the_last_step_waits_until_all_is_written(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replace = Path.replace

    def interrupted(path: Path, target: Path) -> Path:
        signal.raise_signal(signal.SIGINT)
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", interrupted)

    with pytest.raises(KeyboardInterrupt):
        write({_ONE: "neu\n", _OTHER: "neu\n"}, root)

    assert _texts(root) == {"a/one.yml": "neu\n", "other.yml": "neu\n"}


@pytest.mark.parametrize("steps", [0, 1, 2, 3])
def test_change_of_a_process_that_is_killed_is_completed_or_never_was(root: Path, steps: int) -> None:
    """The steps: the journal, then each file takes its place."""
    write_and_be_killed(steps, {_ONE: "neu\n", _OTHER: "auch neu\n"}, root)

    done = recover(root)

    texts = {name: text for name, text in _texts(root).items() if not name.startswith(("models", "."))}
    if steps:
        assert (done, texts) == ([_ONE, _OTHER], {"a/one.yml": "neu\n", "other.yml": "auch neu\n"})
    else:
        assert (done, texts["a/one.yml"], _OTHER.as_posix() in texts) == ([], "alt\n", False)
    assert recover(root) == []
    write({_OTHER: "noch neuer\n"}, root)
    assert (root / _OTHER).read_text("utf-8") == "noch neuer\n"
    write({_ONE: "noch neuer\n"}, root)
    assert not list(root.rglob(".*"))[1:]  # but for the lock


def test_further_change_waits_until_the_one_that_was_broken_off_is_completed(root: Path) -> None:
    write_and_be_killed(2, {_ONE: "neu\n", _OTHER: "auch neu\n"}, root)

    with pytest.raises(ChangeRefused, match=r"an earlier change was broken off\. `wohnlotse validate` completes it"):
        write({_OTHER: "anders\n"}, root)

    assert recover(root) == [_ONE, _OTHER]
    assert (root / _OTHER).read_text("utf-8") == "auch neu\n"


def test_file_that_somebody_changed_since_is_not_overwritten(root: Path) -> None:
    write_and_be_killed(1, {_OTHER: "auch neu\n", _ONE: "neu\n"}, root)
    (root / _ONE).write_text("von Hand\n", encoding="utf-8")

    with pytest.raises(
        ChangeRefused, match=r"a/one\.yml has been changed since.* what is in \.other\.yml\.new, a/\.one\.yml\.new"
    ):
        recover(root)

    assert (root / _ONE).read_text("utf-8") == "von Hand\n"
    assert not (root / _OTHER).exists()


def test_change_that_cannot_be_completed_here_says_where_it_can(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As under the unit in deploy/, which may write neither data nor content."""
    write_and_be_killed(1, {_ONE: "neu\n", _OTHER: "auch neu\n"}, root)

    def read_only(path: Path, target: Path) -> Path:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", read_only)
        with pytest.raises(ChangeRefused) as caught:
            recover(root)

    assert str(caught.value) == (
        "A change of a/one.yml, other.yml was broken off and cannot be completed here: Read-only file system."
        " Where these files may be written, `wohnlotse validate` completes it."
    )
    assert recover(root) == [_ONE, _OTHER]


def test_diff_shows_what_changes_and_no_lines_around(root: Path) -> None:
    (root / _ONE).write_text("1\n2\n3\n", encoding="utf-8")

    assert diff({_ONE: "1\n2\n3\n4\n", _OTHER: "neu\n"}, root).splitlines() == [
        *("--- a/one.yml", "+++ a/one.yml", "@@ -3,0 +4 @@", "+4"),
        *("--- /dev/null", "+++ other.yml", "@@ -0,0 +1 @@", "+neu"),
    ]


def test_added_lines_are_green() -> None:
    text = coloured("+++ a\n+neu")

    assert [(span.style, text.plain[span.start : span.end]) for span in text.spans] == [
        ("bold", "+++ a\n"),
        ("green", "+neu\n"),
    ]


def test_check_tells_warnings_about_the_files_alone_and_writes_nothing(tmp_path: Path) -> None:
    write_small_project(tmp_path)
    path = Path("data", "nlu", "service_fax.yml")
    before = (tmp_path / path).read_text("utf-8")

    found = check({path: before + "    - haben sie irgendwo noch so ein altes telefax stehen\n"}, tmp_path)

    assert [(each.severity, each.place, each.message) for each in found] == [
        ("warning", path.as_posix(), "the intent service_fax has too few examples: 11, at least 60 are wanted")
    ]
    assert (tmp_path / path).read_text("utf-8") == before


def test_check_refuses_what_would_break_the_project(tmp_path: Path) -> None:
    write_small_project(tmp_path)
    path = Path("data", "nlu", "service_fax.yml")

    with pytest.raises(ChangeRefused, match=r"^data/nlu/service_fax\.yml:15: Rasa takes “/restart” for a command"):
        check({path: (tmp_path / path).read_text("utf-8") + "    - /restart\n"}, tmp_path)
