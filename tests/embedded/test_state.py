import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from plugfest.embedded import state
from plugfest.embedded.folders import state_folder
from plugfest.embedded.lifecycle import down, require_running, running
from plugfest.embedded.plan import plan_of
from plugfest.embedded.state import RunningLab, TestPortSocket
from plugfest.errors import EmbeddedLabError
from plugfest.sessions.endpoint import Endpoint
from tests.embedded.labs import embedded

pytestmark = pytest.mark.usefixtures("own_folders")


def _lab(pid: int, process_started: float) -> RunningLab:
    folder = state_folder()
    h1 = Endpoint(
        name="h1", address="127.0.0.1", port=22001, user="root", key_file=folder / "id", known_hosts=folder / "known"
    )
    return RunningLab(
        name="embedded",
        pid=pid,
        process_started=process_started,
        acceleration="tcg",
        endpoints={"h1": h1},
        test_ports={"leaf1:swp3": TestPortSocket(local_port=22100, remote_port=22101)},
        qmp_socket=folder / "qmp.sock",
        control_socket=folder / "control.sock",
        folder=folder,
        started=1.0,
        image_manifest=folder / "manifest.json",
        snapshot_key="0123",
        plan=plan_of(embedded()),
    )


@pytest.fixture
def machine() -> Iterator[psutil.Process]:
    """A process that looks like a virtual machine on our state folder."""
    pid_file = str(state_folder() / "qemu.pid")
    started = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)", "-pidfile", pid_file])
    yield psutil.Process(started.pid)
    started.kill()
    started.wait()


def test_a_running_lab_is_found_again(machine: psutil.Process) -> None:
    lab = _lab(machine.pid, machine.create_time())
    state.save(lab)
    assert running() == lab == require_running()
    assert (state_folder() / "lab.json").stat().st_mode & 0o777 == 0o600
    assert state_folder().stat().st_mode & 0o777 == 0o700


def test_a_reused_process_number_is_not_the_lab(machine: psutil.Process) -> None:
    state.save(_lab(machine.pid, machine.create_time() - 100))
    assert running() is None


def test_a_dead_machine_is_told_with_its_console() -> None:
    state.save(_lab(2**22 - 1, 1.0))
    (state_folder() / "console.log").write_text("Kernel panic\n")
    with pytest.raises(EmbeddedLabError, match=r"died; last lines of .*:\n  Kernel panic\nstart it again with"):
        require_running()


def test_no_lab_and_a_record_of_another_version_are_the_same() -> None:
    with pytest.raises(EmbeddedLabError, match="not running; start it with: plugfest lab up"):
        require_running()
    (state_folder() / "lab.json").write_text('{"name": "embedded"}')
    assert running() is None


def test_down_ends_the_lab_and_forgets_it(machine: psutil.Process) -> None:
    state.save(_lab(machine.pid, machine.create_time()))
    assert down() is True
    assert not machine.is_running()
    assert state.recorded() is None
    assert down() is False


def test_down_ends_what_a_killed_command_never_recorded(machine: psutil.Process) -> None:
    assert [process.pid for process in state.orphans()] == [machine.pid]
    assert down() is True
    assert not machine.is_running()


def test_down_leaves_strangers_alone(machine: psutil.Process, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PLUGFEST_STATE", str(tmp_path / "another"))
    assert down() is False
    assert machine.is_running() and machine.status() != psutil.STATUS_ZOMBIE
