"""The unit as systemd itself runs it: a user instance, in namespaces of its own, on a small copy of the project.

That takes root, systemd and a kernel that hands out namespaces; the reason is told where one of them is missing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.training.broken_off import write_and_be_killed
from tests.training.small_project import write_small_project
from training.processes import ROOT

_UNIT = "wohnlotse-retrain"
_CODE = ("actions", "channels", "components", "content", "training")
#: Git has these, a set-up makes the last one.
_FOLDERS = ("models", "reports", "var")
_SYSTEMD = next((each for each in ("/usr/lib/systemd/systemd", "/lib/systemd/systemd") if os.access(each, os.X_OK)), None)

#: First process of a namespace: hides this machine's services, and puts what follows into a control group of its own.
_ENTER = """
mount --make-rprivate /
mount -t tmpfs none /run
mkdir /run/groups
mount -t cgroup2 none /run/groups
group=$(mktemp -d /run/groups/wohnlotse-XXXXXX)
status=0
sh -euc 'echo 0 > "$0/cgroup.procs"; exec unshare --cgroup sh -euc "$@"' "$group" "$@" || status=$?
find "$group" -depth -type d -exec rmdir {} +
exit $status
"""
#: What the system's instance would have made for the one of a user. The account lives in /mnt, since the unit hides /tmp, and
#: lets all of /run be written.
_BOOT = """
umount --recursive --lazy /sys/fs/cgroup
mount -t cgroup2 none /sys/fs/cgroup
mkdir -p /run/environment /run/user/0 /run/systemd/system /run/systemd/inaccessible/dir
touch /run/systemd/inaccessible/reg
mkfifo /run/systemd/inaccessible/fifo
mount --bind "$environment" /run/environment
mount -t tmpfs none /mnt
mkdir /mnt/account
mount --bind "$home" /mnt/account
mount --bind /run/environment /mnt/account/wohnlotse/.venv
ip link set lo up
cd /
env -i PATH="$PATH" HOME=/mnt/account XDG_RUNTIME_DIR=/run/user/0 "$systemd" --user --unit="$unit"
"""
#: The instance ends with the unit, and with its status.
_ENDS_WITH_IT = """
[Unit]
SuccessAction=exit
FailureAction=exit
[Service]
StandardOutput=append:%h/out
StandardError=append:%h/err
"""
_AT_ONCE = "[Timer]\nOnCalendar=\nOnActiveSec=1\nAccuracySec=1ms\nRandomizedDelaySec=0\n"


def _inside(script: str, **variables: str) -> subprocess.CompletedProcess[str]:
    namespaces = ["--pid", "--fork", "--kill-child", "--mount", "--mount-proc", "--ipc", "--net"]
    return subprocess.run(
        ["unshare", *namespaces, "sh", "-euc", _ENTER, "sh", script],
        env={"PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin", **variables},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.fixture(scope="module")
def _systemd() -> str:
    if _SYSTEMD is None:
        pytest.skip("this machine has no systemd")
    if os.geteuid() != 0:
        pytest.skip("only root may make the namespaces that systemd is started in")
    tried = _inside("ip link set lo up && umount --recursive --lazy /sys/fs/cgroup && mount -t cgroup2 none /sys/fs/cgroup")
    if tried.returncode:
        pytest.skip(f"no namespaces for systemd here: {tried.stderr.strip()}")
    return _SYSTEMD


@pytest.fixture
def home(tmp_path: Path, _systemd: str) -> Path:
    """The home of an account with a checkout and with our units, as deploy/wohnlotse-retrain.service says."""
    root = tmp_path / "wohnlotse"
    write_small_project(root, 3)
    for name in _CODE:
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
    for name in (*_FOLDERS, ".venv"):
        (root / name).mkdir()
    units = tmp_path / ".config" / "systemd" / "user"
    units.mkdir(parents=True)
    for path in (ROOT / "deploy").glob(f"{_UNIT}.*"):
        shutil.copy(path, units)
    _override(tmp_path, "service", _ENDS_WITH_IT)
    _override(tmp_path, "timer", _AT_ONCE)
    return tmp_path


def _override(home: Path, kind: str, settings: str) -> None:
    folder = home / ".config" / "systemd" / "user" / f"{_UNIT}.{kind}.d"
    folder.mkdir(exist_ok=True)
    with (folder / "test.conf").open("a") as file:
        file.write(settings)


def _run(home: Path, kind: str) -> tuple[int, str, str]:
    """Status, stdout and stderr of the service, started as the `kind` of unit."""
    environment = str((ROOT / ".venv").resolve())
    ended = _inside(_BOOT, home=str(home), environment=environment, systemd=str(_SYSTEMD), unit=f"{_UNIT}.{kind}")
    said = [(home / name).read_text("utf-8") if (home / name).exists() else "" for name in ("out", "err")]
    return ended.returncode, said[0], said[1] + ended.stderr


def test_timer_starts_the_service_which_writes_models_reports_and_state_alone(home: Path) -> None:
    writes = "for each in . data content/topics models reports var ..; do touch $each/made 2>/dev/null && echo made $each; done"
    commands = ("%h/wohnlotse/.venv/bin/wohnlotse validate", f"sh -c '{writes.replace('$', '$$')}; :'")
    _override(home, "service", "ExecStart=\n" + "".join(f"ExecStart={each}\n" for each in commands))

    status, out, err = _run(home, "timer")

    assert (status, err) == (0, "")
    assert "\n0 errors, " in out
    assert out.splitlines()[-3:] == ["made models", "made reports", "made var"]


def test_change_that_was_broken_off_ends_the_run_in_one_line(home: Path) -> None:
    files = {Path("domain.yml"): "neu\n", Path("data", "nlu", "service_fax.yml"): "neu\n"}
    before = {path: (home / "wohnlotse" / path).read_text("utf-8") for path in files}
    write_and_be_killed(1, files, home / "wohnlotse")

    assert _run(home, "service") == (
        1,
        "",
        "A change of domain.yml, data/nlu/service_fax.yml was broken off and cannot be completed here: Read-only file system."
        " Where these files may be written, `wohnlotse validate` completes it.\n",
    )
    assert {path: (home / "wohnlotse" / path).read_text("utf-8") for path in files} == before
