"""What is known about the running lab, on disk, so that every later command finds it."""

import os
import tempfile
from pathlib import Path

import psutil
from pydantic import ValidationError

from plugfest.embedded.folders import state_folder
from plugfest.embedded.guest_records import GuestPlan
from plugfest.records import Record
from plugfest.sessions.endpoint import Endpoint

_FILE = "lab.json"


class TestPortSocket(Record):
    """Loopback datagram sockets of one test port; one datagram is one Ethernet frame."""

    __test__ = False  # not a pytest class

    local_port: int
    """UDP port of 127.0.0.1 that the harness binds."""
    remote_port: int
    """UDP port of 127.0.0.1 that the virtual machine binds."""


class RunningLab(Record):
    """A lab that was started: how to reach its devices, its test ports and its virtual machine."""

    name: str
    """Name of the lab in its file."""
    pid: int
    """Process of the virtual machine."""
    process_started: float
    """Start time of that process in seconds since the epoch; with `pid` it names the process for good."""
    acceleration: str
    """``kvm`` or ``tcg``."""
    endpoints: dict[str, Endpoint]
    """SSH server by device name."""
    test_ports: dict[str, TestPortSocket]
    """Test ports by readable name, such as ``leaf1:swp3``."""
    qmp_socket: Path
    """Unix socket of the virtual machine's monitor."""
    control_socket: Path
    """Unix socket of the guest's control loop."""
    folder: Path
    """State folder: console log, emulator log, sockets, known_hosts."""
    started: float
    """When the lab was started, in seconds since the epoch."""
    image_manifest: Path
    """JSON with the exact versions of the image."""
    snapshot_key: str
    """Which pristine snapshot it was started from."""
    plan: GuestPlan
    """What the guest was built from."""

    @property
    def console_log(self) -> Path:
        """What the guest's kernel and process 1 say."""
        return self.folder / "console.log"

    @property
    def emulator_log(self) -> Path:
        """What QEMU says."""
        return self.folder / "qemu.log"

    @property
    def alive(self) -> bool:
        """True while the virtual machine's process exists."""
        return process_of(self) is not None


def process_of(lab: RunningLab) -> psutil.Process | None:
    """The virtual machine's process; None if it ended or its number now belongs to another program."""
    try:
        process = psutil.Process(lab.pid)
        same = abs(process.create_time() - lab.process_started) < 0.05
        return process if same and process.status() != psutil.STATUS_ZOMBIE else None
    except psutil.NoSuchProcess:
        return None


def save(lab: RunningLab) -> None:
    """Write `lab` so that readers see either the old or the new file."""
    descriptor, partial = tempfile.mkstemp(dir=lab.folder, prefix=_FILE)
    with os.fdopen(descriptor, "w") as file:
        file.write(lab.model_dump_json(indent=2))
        file.flush()
        os.fsync(file.fileno())
    Path(partial).rename(lab.folder / _FILE)


def recorded() -> RunningLab | None:
    """The lab on record, dead or alive; None if there is none or its record is of another version."""
    try:
        return RunningLab.model_validate_json((state_folder() / _FILE).read_bytes())
    except (FileNotFoundError, ValidationError):
        return None


def forget() -> None:
    """Remove the record, the disk and the sockets; the logs stay for people."""
    for name in (_FILE, "disk.qcow2", "initramfs", "known_hosts", "qmp.sock", "control.sock", "qemu.pid"):
        (state_folder() / name).unlink(missing_ok=True)


def orphans() -> list[psutil.Process]:
    """Virtual machines started on our state folder, also those that a killed controller never recorded."""
    mark = str(state_folder() / "qemu.pid")
    return [process for process in psutil.process_iter(["cmdline"]) if mark in (process.info["cmdline"] or [])]
