import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from plugfest.embedded import machine
from plugfest.errors import EmbeddedLabError
from tests.embedded.conftest import MakeProgram


@pytest.fixture
def sleeper() -> Iterator[psutil.Process]:
    started = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    yield psutil.Process(started.pid)
    started.kill()
    started.wait()


def test_an_emulator_that_does_not_start_says_why(tmp_path: Path, make_program: MakeProgram) -> None:
    broken = make_program("broken", "echo 'qemu: could not load kernel' >&2; exit 1")
    with pytest.raises(EmbeddedLabError, match="did not start; the emulator says:\n  qemu: could not load kernel"):
        machine.launch([str(broken)], tmp_path)


def test_a_taken_port_is_told_apart(tmp_path: Path, make_program: MakeProgram) -> None:
    said = "qemu: -netdev user,id=n: Could not set up host forwarding rule 'tcp:127.0.0.1:22000-:22'"
    taken = make_program("taken", f'echo "{said}" >&2; exit 1')
    with pytest.raises(machine.PortTakenError, match=r"already taken: .*22000"):
        machine.launch([str(taken)], tmp_path)


def test_a_living_machine_is_fine(tmp_path: Path, sleeper: psutil.Process) -> None:
    (tmp_path / "console.log").write_text("plugfest: fabric cabled\n")
    machine.require_alive(sleeper, tmp_path)


@pytest.mark.parametrize(
    ("console", "told"),
    [
        ("[ 1.0] Kernel panic - not syncing: Fatal exception\n", "Kernel panic - not syncing: Fatal exception"),
        ("plugfest: failed: cannot cable the fabric\n", "plugfest: failed: cannot cable the fabric"),
    ],
)
def test_a_guest_that_gave_up_is_told(tmp_path: Path, sleeper: psutil.Process, console: str, told: str) -> None:
    (tmp_path / "console.log").write_text("early\n" + console)
    with pytest.raises(EmbeddedLabError) as caught:
        machine.require_alive(sleeper, tmp_path)
    assert told in str(caught.value).splitlines()[0]
    assert "early" in str(caught.value)


def test_a_dead_machine_is_told_with_its_last_words(tmp_path: Path, sleeper: psutil.Process) -> None:
    (tmp_path / "console.log").write_text("one\ntwo\n")
    (tmp_path / "qemu.log").write_text("terminating on signal 9\n")
    sleeper.kill()
    sleeper.wait(5)
    with pytest.raises(EmbeddedLabError, match=r"died; last lines of .*console.log:\n  one\n  two\n.*\n  terminating"):
        machine.require_alive(sleeper, tmp_path)


def test_ending_kills_what_does_not_listen(tmp_path: Path) -> None:
    deaf = "import signal, sys, time; signal.signal(15, signal.SIG_IGN); print(flush=True); time.sleep(60)"
    started = subprocess.Popen([sys.executable, "-c", deaf], stdout=subprocess.PIPE)
    assert started.stdout is not None
    started.stdout.readline()
    machine.end(psutil.Process(started.pid), patience=0.3)
    assert not psutil.pid_exists(started.pid)
    started.wait()
    started.stdout.close()
