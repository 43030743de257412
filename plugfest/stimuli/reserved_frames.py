"""Frames to addresses that a bridge must keep on the link, sent into one test port and looked for at another."""

from collections.abc import Iterator
from typing import Protocol
from uuid import uuid4

from plugfest.errors import DeadlineExceededError
from plugfest.packets.pfc import pfc_frame
from plugfest.sessions.deadline import Deadline
from plugfest.verdicts.layer2 import FrameProbe

SOURCE = "02:00:5e:00:53:01"
BROADCAST = "ff:ff:ff:ff:ff:ff"
LOCAL_EXPERIMENTAL_ETHERTYPE = 0x88B5
"""For experiments within one organisation (IEEE 802-2014 9.2.4); no switch gives it a meaning."""
COPIES = 5
"""Frames sent of each kind."""
CROSSING_SECONDS = 10.0


class FramePort(Protocol):
    """A way to put raw Ethernet frames into a switch port and to get those that leave by it."""

    def send(self, frame: bytes) -> None:
        """Send one frame, without FCS."""

    def receive(self, deadline: Deadline) -> bytes:
        """The next frame; DeadlineExceededError if none comes in time."""


def _frame(destination: str, ethertype: int, payload: bytes) -> bytes:
    addresses = bytes.fromhex((destination + SOURCE).replace(":", ""))
    return (addresses + ethertype.to_bytes(2, "big") + payload).ljust(60, b"\0")


def reserved_frames(mark: bytes) -> dict[str, bytes]:
    """One frame of each kind that IEEE 802.1Q-2018 table 8-1 keeps on the link, by name; `mark` makes them ours."""
    pause = (0x0001).to_bytes(2, "big") + (0).to_bytes(2, "big")
    priority_flow_control = pfc_frame({3: 0}, SOURCE)[:34]
    return {
        "PFC (01-80-C2-00-00-01)": (priority_flow_control + mark).ljust(60, b"\0"),
        "PAUSE (01-80-C2-00-00-01)": _frame("01:80:c2:00:00:01", 0x8808, pause + mark),
        "LACP (01-80-C2-00-00-02)": _frame("01:80:c2:00:00:02", 0x8809, b"\x01\x01" + mark),
        "port authentication (01-80-C2-00-00-03)": _frame("01:80:c2:00:00:03", 0x888E, b"\x02\x01" + mark),
        "LLDP (01-80-C2-00-00-0E)": _frame("01:80:c2:00:00:0e", 0x88CC, b"\x00\x00" + mark),
    }


def probe_reserved(ingress: FramePort, egress: FramePort) -> tuple[FrameProbe, ...]:
    """Send every reserved kind, then ordinary broadcasts, and count what leaves by `egress`.

    The broadcasts go last: once all of them have crossed, everything sent before them has crossed too or never will.
    """
    mark = uuid4().bytes
    kinds = {**reserved_frames(mark), "broadcast": _frame(BROADCAST, LOCAL_EXPERIMENTAL_ETHERTYPE, mark)}
    for frame in kinds.values():
        for _ in range(COPIES):
            ingress.send(frame)
    seen = list(_ours(egress, mark, kinds["broadcast"]))
    return tuple(
        FrameProbe(name=name, sent=COPIES, forwarded=seen.count(frame), may_be_forwarded=name == "broadcast")
        for name, frame in kinds.items()
    )


def _ours(egress: FramePort, mark: bytes, last: bytes) -> Iterator[bytes]:
    deadline = Deadline("broadcast frames cross the switch", CROSSING_SECONDS)
    lasts = 0
    while lasts < COPIES:
        try:
            frame = egress.receive(deadline)
        except DeadlineExceededError:
            return
        if mark in frame:
            lasts += frame == last
            yield frame
