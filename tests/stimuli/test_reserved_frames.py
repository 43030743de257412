from collections import deque
from collections.abc import Callable

import pytest

from plugfest.errors import DeadlineExceededError
from plugfest.sessions.deadline import Deadline
from plugfest.stimuli.reserved_frames import COPIES, probe_reserved, reserved_frames
from plugfest.verdicts.layer2 import reserved_frames_stay_on_link
from plugfest.verdicts.verdict import Outcome


class Bridge:
    """A two-port bridge in memory that forwards what `forwards` accepts; the far port also sees foreign frames."""

    def __init__(self, forwards: Callable[[bytes], bool]) -> None:
        self.forwards, self.queue = forwards, deque([b"\xff" * 60])

    def send(self, frame: bytes) -> None:
        if self.forwards(frame):
            self.queue.append(frame)

    def receive(self, deadline: Deadline) -> bytes:
        if not self.queue:
            raise DeadlineExceededError(deadline.name)
        return self.queue.popleft()


def reserved(frame: bytes) -> bool:
    return frame.startswith(bytes.fromhex("0180c20000"))


@pytest.mark.parametrize(
    ("forwards", "outcome"),
    [
        (lambda frame: not reserved(frame), Outcome.PASSED),
        (lambda frame: True, Outcome.FAILED),
        (lambda frame: not reserved(frame) or frame[5] == 0x0E, Outcome.FAILED),
        (lambda frame: False, Outcome.INCONCLUSIVE),
    ],
)
def test_bridges(forwards: Callable[[bytes], bool], outcome: Outcome) -> None:
    bridge = Bridge(forwards)
    probes = probe_reserved(bridge, bridge)
    assert reserved_frames_stay_on_link("leaf1:swp3->leaf1:swp4", probes).outcome is outcome


def test_every_copy_of_every_kind_is_counted() -> None:
    bridge = Bridge(lambda frame: True)
    assert {probe.forwarded for probe in probe_reserved(bridge, bridge)} == {COPIES}


def test_the_frames_are_valid_ethernet_and_carry_the_mark() -> None:
    frames = reserved_frames(b"0123456789abcdef")
    assert all(len(frame) >= 50 and b"0123456789abcdef" in frame for frame in frames.values())
    assert {frame[:6].hex() for frame in frames.values()} == {
        "0180c2000001",
        "0180c2000002",
        "0180c2000003",
        "0180c200000e",
    }
