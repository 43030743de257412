"""Runs injections for real, in a network namespace of this machine's kernel."""

import json
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import NamedTuple

from plugfest.devices.changes import Command
from plugfest.inventory.models import PortReference
from plugfest.packets.icrc import is_correct
from plugfest.sessions.result import CommandResult
from plugfest.stimuli.injection.events import AddressedEvent, Event, Flow
from plugfest.stimuli.injection.injector import changes
from plugfest.stimuli.injection.report import InjectionReport, report_of

POINT = PortReference(device="leaf1", port="in")
FLOW = Flow(destination="10.0.0.2", destination_qp=0x11, first_psn=0xFFFFFE)
_UNSHARE = ("unshare", "--user", "--map-root-user", "--net")


class Outcome(NamedTuple):
    """What left the port, and what the injector counted."""

    frames: list[bytes]
    report: InjectionReport

    @property
    def psns(self) -> list[int]:
        """PSNs in order of arrival."""
        return [int.from_bytes(frame[51:54], "big") for frame in self.frames]

    @property
    def intact(self) -> list[bool | None]:
        """Whether each frame's ICRC is right."""
        return [is_correct(frame) for frame in self.frames]


@cache
def namespaces_work() -> bool:
    """True if this machine lets us load nftables rules into a namespace of our own."""
    if not all(shutil.which(program) for program in ("unshare", "nft", "ip", "tc")):
        return False
    probe = "add table netdev probe; add chain netdev probe p { type filter hook egress device lo priority 0; }"
    return subprocess.run([*_UNSHARE, "nft", probe], capture_output=True, check=False).returncode == 0


@cache
def queueing_works() -> bool:
    """True if this machine's kernel has the queueing disciplines that delay packets."""
    kinds = " && ".join(f"tc qdisc replace dev lo root {kind}" for kind in ("prio", "netem delay 1ms"))
    return subprocess.run([*_UNSHARE, "sh", "-c", kinds], capture_output=True, check=False).returncode == 0


def frame(psn: int, opcode: int = 0x07, flow: Flow = FLOW, payload: bytes = b"data" * 4, **ip: int) -> bytes:
    """A RoCEv2 frame with a correct ICRC; `ip` are further fields of the IPv4 header, such as ``tos``."""
    from scapy.layers.inet import IP, UDP
    from scapy.layers.l2 import Ether
    from scapy.packet import Raw

    from plugfest.packets.layers import Bth

    network = IP(src="10.0.0.1", dst=flow.destination, id=0x1234, flags="DF", **{"tos": 0x02, **ip})
    bth = Bth(opcode=opcode, destination_qp=flow.destination_qp, psn=psn, migreq=0)
    addresses = Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02")
    return bytes(addresses / network / UDP(sport=50_000, dport=4791, chksum=0) / bth / Raw(payload))


def inject(events: list[Event], frames: list[bytes], flows: list[Flow] | None = None) -> Outcome:
    """Send `frames` by a port where `events` are armed."""
    addressed = [
        AddressedEvent(event=event, flow=flow)
        for event, flow in zip(events, flows or [FLOW] * len(events), strict=True)
    ]
    commands = [command for change in changes(POINT, addressed) for command in change.do]
    received, counters = pass_through(commands, frames)
    return Outcome(received, report_of(POINT, events, counters))


def pass_through(commands: list[Command], frames: list[bytes]) -> tuple[list[bytes], CommandResult]:
    """Send `frames` from port ``in`` to port ``out`` after `commands`: what arrived, and nft's counters as JSON."""
    task = json.dumps({"commands": commands, "frames": [item.hex() for item in frames]})
    program = str(Path(__file__).with_name("wire.py"))
    done = subprocess.run([*_UNSHARE, sys.executable, program], input=task, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    counters = CommandResult(
        device="leaf1", command="nft", out=answer["counters"], err="", exit_status=0, duration=0, started=0
    )
    return [bytes.fromhex(item) for item in answer["received"]], counters
