"""Starts, watches, freezes and ends the process of the virtual machine."""

import subprocess
from pathlib import Path

import psutil

from plugfest.embedded import snapshots
from plugfest.embedded.programs import program
from plugfest.embedded.qmp import Qmp
from plugfest.errors import EmbeddedLabError
from plugfest.sessions.deadline import Deadline

_PORT_TAKEN = ("Could not set up host forwarding rule", "Address already in use", "can't bind")
_STARTED: list["subprocess.Popen[bytes]"] = []
"""Kept until this process ends: dropping one warns of a child that still runs, which is what we want it to do."""
_TAIL = 12
"""Lines of a log that an error message shows."""


class PortTakenError(EmbeddedLabError):
    """Another program took one of the loopback ports between our choice and the start."""


def create_disk(image: Path, folder: Path) -> None:
    """A fresh disk in `folder` that shows `image` and takes the snapshot."""
    command = [program("qemu-img"), "create", "-q", "-f", "qcow2", "-F", "raw", "-b", str(image), "disk.qcow2"]
    subprocess.run(command, cwd=folder, check=True)


def launch(command: list[str], folder: Path) -> psutil.Process:
    """Start the virtual machine and wait until its monitor answers.

    Raises PortTakenError, or EmbeddedLabError with what the emulator said.
    """
    (folder / "console.log").unlink(missing_ok=True)
    with (folder / "qemu.log").open("wb") as log:
        started = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
    _STARTED.append(started)
    process = psutil.Process(started.pid)
    deadline = Deadline("the virtual machine's monitor answers", 20)
    try:
        deadline.wait_for(lambda: _monitor_answers(started, folder), interval=0.05)
    except BaseException:
        end(process)
        raise
    return process


def _monitor_answers(started: "subprocess.Popen[bytes]", folder: Path) -> bool:
    if started.poll() is not None:
        said = tail(folder / "qemu.log")
        if any(words in said for words in _PORT_TAKEN):
            raise PortTakenError(f"a loopback port is already taken: {said}")
        raise EmbeddedLabError(f"the virtual machine did not start; the emulator says:\n  {said}")
    try:
        Qmp(folder / "qmp.sock").close()
    except EmbeddedLabError:
        return False
    return True


def require_alive(process: psutil.Process, folder: Path) -> None:
    """Raise EmbeddedLabError with the last lines of the console if the virtual machine died or gave up."""
    console = folder / "console.log"
    failures = [line for line in _lines(console) if "plugfest: failed:" in line or "Kernel panic" in line]
    if failures or not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
        what = failures[0].strip() if failures else "the virtual machine died"
        raise EmbeddedLabError(
            f"{what}; last lines of {console}:\n  {tail(console)}\nlast lines of the emulator:\n  "
            f"{tail(folder / 'qemu.log')}"
        )


def freeze(qmp: Qmp) -> None:
    """Take the pristine snapshot; afterwards the disk file is complete and the virtual machine stands still."""
    qmp.execute("stop")
    node = _disk_node(qmp)
    deadline = Deadline("the pristine snapshot is written", 60)
    qmp.run_job("snapshot-save", deadline, tag=snapshots.TAG, vmstate=node, devices=[node])
    qmp.execute("human-monitor-command", **{"command-line": 'qemu-io disk "flush"'})


def rewind(qmp: Qmp) -> None:
    """Put the virtual machine back to the pristine snapshot."""
    qmp.execute("stop")
    node = _disk_node(qmp)
    deadline = Deadline("the pristine snapshot is loaded", 30)
    qmp.run_job("snapshot-load", deadline, tag=snapshots.TAG, vmstate=node, devices=[node])
    qmp.execute("cont")


def end(process: psutil.Process, patience: float = 5) -> None:
    """End the virtual machine: asked first, killed after `patience` seconds."""
    try:
        process.terminate()
        process.wait(patience)
    except psutil.TimeoutExpired:
        process.kill()
        process.wait(patience)
    except psutil.NoSuchProcess:
        return


def tail(log: Path, lines: int = _TAIL) -> str:
    """The last lines of `log`, indented for a message."""
    return "\n  ".join(_lines(log)[-lines:]) or "(nothing)"


def _lines(log: Path) -> list[str]:
    try:
        return log.read_text(errors="replace").splitlines()
    except FileNotFoundError:
        return []


def _disk_node(qmp: Qmp) -> str:
    blocks = qmp.execute("query-block")
    return next(str(block["inserted"]["node-name"]) for block in blocks if block["device"] == "disk")
