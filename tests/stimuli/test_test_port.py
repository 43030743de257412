import socket
from collections.abc import Iterator

import pytest

from plugfest.embedded.ports import free_ports
from plugfest.embedded.state import TestPortSocket
from plugfest.errors import DeadlineExceededError, LabError
from plugfest.sessions.deadline import Deadline
from plugfest.stimuli.test_port import TestPort

FRAME = bytes.fromhex("ffffffffffff02005e00530188b5") + b"hello"


@pytest.fixture
def ends() -> TestPortSocket:
    local, remote = free_ports(2, socket.SOCK_DGRAM)
    return TestPortSocket(local_port=local, remote_port=remote)


@pytest.fixture
def switch(ends: TestPortSocket) -> Iterator[socket.socket]:
    """The switch's end of the cable."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as near:
        near.bind(("127.0.0.1", ends.remote_port))
        near.connect(("127.0.0.1", ends.local_port))
        near.settimeout(5)
        yield near


def test_frames_go_both_ways_unchanged(ends: TestPortSocket, switch: socket.socket) -> None:
    with TestPort(ends) as port:
        port.send(FRAME)
        assert switch.recv(65535) == FRAME
        switch.send(FRAME[::-1])
        assert port.receive(Deadline("the frame comes back", 5)) == FRAME[::-1]


def test_silence_ends_with_the_deadline(ends: TestPortSocket, switch: socket.socket) -> None:
    with TestPort(ends) as port, pytest.raises(DeadlineExceededError, match=r"no LLDP: no frame within 0\.1 s"):
        port.receive(Deadline("no LLDP", 0.1))


def test_all_frames_of_a_while(ends: TestPortSocket, switch: socket.socket) -> None:
    with TestPort(ends) as port:
        for number in range(20):
            switch.send(FRAME + bytes([number]))
        assert [frame[-1] for frame in port.frames(0.3)] == list(range(20))


def test_strangers_are_not_on_the_cable(ends: TestPortSocket, switch: socket.socket) -> None:
    with TestPort(ends) as port, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        stranger.sendto(FRAME, ("127.0.0.1", ends.local_port))
        switch.send(FRAME + b"!")
        assert list(port.frames(0.3)) == [FRAME + b"!"]


def test_a_cable_has_one_end_here(ends: TestPortSocket) -> None:
    with TestPort(ends), pytest.raises(LabError, match=rf"127.0.0.1:{ends.local_port} cannot be opened \(Address alr"):
        TestPort(ends)


@pytest.mark.parametrize("length", [0, 13, 65_536])
def test_what_is_no_frame_is_refused(ends: TestPortSocket, length: int) -> None:
    with TestPort(ends) as port, pytest.raises(ValueError, match="14 to 65535 bytes"):
        port.send(bytes(length))
