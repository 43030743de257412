"""Labs that these tests start and end by themselves, beside the one that others use."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from plugfest.embedded import state
from plugfest.embedded.lifecycle import down, require_running, running, up
from plugfest.embedded.readiness import silent_devices
from plugfest.errors import EmbeddedLabError
from plugfest.inventory.loader import load
from plugfest.sessions.pool import SessionPool
from tests.embedded.labs import small

pytestmark = [pytest.mark.lab, pytest.mark.timeout(400)]


@pytest.fixture
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A state folder of our own; images and snapshots are shared."""
    monkeypatch.setenv("PLUGFEST_STATE", str(tmp_path / "state"))
    yield tmp_path
    down()
    assert state.orphans() == []


def test_another_file_makes_another_lab(own_state: Path) -> None:
    loaded = load(small(own_state))
    said: list[str] = []
    lab = up(loaded.lab, loaded.file, said.append, fresh=True)
    assert list(lab.endpoints) == ["a", "b", "tor"]
    with SessionPool(lab.endpoints) as pool:
        a = pool.session("a")
        assert a.run("ping", "-c", "1", "-W", "2", "-M", "do", "-s", "1972", "10.9.2.2").ok
        assert "rxe1" in a.run("rdma", "link", "show").out
        assert pool.session("tor").run("pgrep", "bgpd", check=False).exit_status == 1
    assert up(loaded.lab, loaded.file, said.append) == lab
    assert said[-1] == "the lab small runs already"
    default = load("embedded")
    with pytest.raises(EmbeddedLabError, match=r"small runs already, but not as .*embedded.yaml .*plugfest lab down"):
        up(default.lab, default.file)


def test_a_killed_machine_is_told_and_started_again_from_the_snapshot(own_state: Path) -> None:
    loaded = load(small(own_state))
    lab = up(loaded.lab, loaded.file)
    psutil.Process(lab.pid).kill()
    psutil.Process(lab.pid).wait(10)
    assert running() is None
    with pytest.raises(EmbeddedLabError, match="the virtual machine of the lab died"):
        require_running()
    said: list[str] = []
    again = up(loaded.lab, loaded.file, said.append)
    assert said[:2] == [
        "the virtual machine of the lab had died; starting it again",
        "starting from the pristine snapshot",
    ]
    assert silent_devices(again.endpoints.values()) == []


def test_a_killed_command_leaves_nothing_behind(own_state: Path) -> None:
    file = small(own_state)
    command = [sys.executable, "-m", "plugfest", "lab", "up", "--fresh", "--lab", str(file)]
    starting = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert starting.stdout is not None
    for line in starting.stdout:
        if "the guest listens" in line:
            break
    starting.send_signal(signal.SIGKILL)
    starting.wait()
    starting.stdout.close()
    left = [process.pid for process in state.orphans()]
    assert len(left) == 1
    assert running() is None
    assert down() is True
    assert not psutil.pid_exists(left[0])


def _plugfest(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, "-m", "plugfest", *words], capture_output=True, text=True, check=False)


def test_down_while_nothing_runs_is_no_error(own_state: Path) -> None:
    ended = _plugfest("lab", "down")
    assert (ended.returncode, ended.stdout) == (0, "no lab was running\n")
    status = _plugfest("lab", "status")
    assert status.returncode == 5
    assert status.stderr == "error: the embedded lab is not running; start it with: plugfest lab up\n"
