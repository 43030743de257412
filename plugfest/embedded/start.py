"""One start of the embedded lab: from the pristine snapshot in seconds if there is one, else by booting it."""

import shutil
import socket
import time
from pathlib import Path

import psutil

from plugfest.embedded import cpio, machine, qemu, snapshots
from plugfest.embedded.guest_records import GuestPlan
from plugfest.embedded.image import LabImage
from plugfest.embedded.keys import keys_in, known_hosts
from plugfest.embedded.ports import free_ports
from plugfest.embedded.progress import Report
from plugfest.embedded.qmp import Qmp
from plugfest.embedded.readiness import set_clock, wait_until_ready
from plugfest.embedded.rendering import guest_files
from plugfest.embedded.state import RunningLab, TestPortSocket
from plugfest.errors import LabError
from plugfest.sessions.endpoint import Endpoint

_COLD_SECONDS = 180.0
"""Patience with a boot on a busy machine; an idle one needs a fifth."""
_WARM_SECONDS = 60.0
_ATTEMPTS = 4


class Start:
    """Everything that one start needs to know; `run` does it."""

    def __init__(self, plan: GuestPlan, image: LabImage, acceleration: str, folder: Path, report: Report) -> None:
        self._plan, self._image, self._acceleration = plan, image, acceleration
        self._folder, self._report = folder, report
        self.key = snapshots.key_of(plan, acceleration)

    def run(self, fresh: bool) -> RunningLab:
        """The running lab, all devices answering and BGP converged; after an error nothing is left running.

        `fresh`: do not use the pristine snapshot.
        """
        if snapshots.exists(self.key) and not fresh:
            try:
                return self._warm()
            except LabError as error:
                self._report(f"the stored snapshot does not start; booting anew. Reason: {error}")
                snapshots.discard(self.key)
        return self._cold()

    def _warm(self) -> RunningLab:
        self._report("starting from the pristine snapshot")
        snapshots.restore(self.key, self._folder)
        lab, process = self._launch(["-loadvm", snapshots.TAG])
        self._settle(lab, process, _WARM_SECONDS, booted=False)
        return lab

    def _cold(self) -> RunningLab:
        self._report(f"booting the lab ({self._acceleration}); later starts take seconds")
        shutil.rmtree(self._folder / "ssh", ignore_errors=True)
        keys = keys_in(self._folder / "ssh", self._names())
        boot = self._image.boot_files
        modules = [cpio.Entry(f"modules/{path.name}", 0o644, path.read_bytes()) for path in sorted(boot.iterdir())]
        busybox = cpio.Entry("busybox", 0o755, (boot / "busybox").read_bytes())
        archive = cpio.archive([busybox, *modules, *guest_files(self._plan, keys)])
        (self._folder / "initramfs").write_bytes(archive)
        machine.create_disk(self._image.disk, self._folder)
        lab, process = self._launch([])
        self._settle(lab, process, _COLD_SECONDS, booted=True)
        self._store(lab, process)
        return lab

    def _store(self, lab: RunningLab, process: psutil.Process) -> None:
        self._report("keeping a pristine snapshot")
        try:
            with Qmp(lab.qmp_socket) as qmp:
                machine.freeze(qmp)
                snapshots.keep(self.key, self._folder)
                qmp.execute("cont")
            set_clock(lab, _WARM_SECONDS)
        except BaseException:
            machine.end(process)
            raise

    def _settle(self, lab: RunningLab, process: psutil.Process, seconds: float, booted: bool) -> None:
        try:
            wait_until_ready(lab, seconds, self._report, booted)
        except BaseException:
            machine.end(process)
            raise

    def _launch(self, options: list[str]) -> tuple[RunningLab, psutil.Process]:
        for attempt in range(1, _ATTEMPTS + 1):
            wiring = self._wiring()
            command = [
                *qemu.machine(self._acceleration),
                *qemu.boot(self._image.kernel, self._folder / "initramfs"),
                *qemu.devices(self._plan, wiring, self._folder),
            ]
            try:
                process = machine.launch([*command, *options], self._folder)
            except machine.PortTakenError as error:
                if attempt == _ATTEMPTS:
                    raise
                self._report(f"{error}; trying other ports")
            else:
                return self._record(process, wiring), process
        raise AssertionError("unreachable")

    def _wiring(self) -> qemu.Wiring:
        names, test_ports = self._names(), list(self._plan.test_ports)
        datagram = free_ports(2 * len(test_ports), socket.SOCK_DGRAM)
        sockets = (
            TestPortSocket(local_port=a, remote_port=b) for a, b in zip(datagram[::2], datagram[1::2], strict=True)
        )
        return qemu.Wiring(
            ssh=dict(zip(names, free_ports(len(names), socket.SOCK_STREAM), strict=True)),
            test_ports=dict(zip(test_ports, sockets, strict=True)),
        )

    def _names(self) -> list[str]:
        return [device.name for device in self._plan.devices]

    def _record(self, process: psutil.Process, wiring: qemu.Wiring) -> RunningLab:
        ssh, pinned = self._folder / "ssh", self._folder / "known_hosts"
        pinned.write_text(known_hosts(keys_in(ssh, self._names()), wiring.ssh))
        endpoints = {
            name: Endpoint(
                name=name, address="127.0.0.1", port=port, user="root", key_file=ssh / "id_ed25519", known_hosts=pinned
            )
            for name, port in wiring.ssh.items()
        }
        return RunningLab(
            name=self._plan.name,
            pid=process.pid,
            process_started=process.create_time(),
            acceleration=self._acceleration,
            endpoints=endpoints,
            test_ports=wiring.test_ports,
            qmp_socket=self._folder / "qmp.sock",
            control_socket=self._folder / "control.sock",
            folder=self._folder,
            started=time.time(),
            image_manifest=self._image.manifest,
            snapshot_key=self.key,
            plan=self._plan,
        )
