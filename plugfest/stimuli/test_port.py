"""Raw Ethernet frames into and out of a switch port of the embedded lab, over loopback datagrams."""

import socket
from collections.abc import Iterator
from types import TracebackType
from typing import Self

from plugfest.embedded.state import TestPortSocket
from plugfest.errors import DeadlineExceededError, LabError
from plugfest.sessions.deadline import Deadline

_SHORTEST = 14
"""Bytes of an Ethernet header."""
_LONGEST = 65_535
_QUEUE_BYTES = 4 * 1024 * 1024


class TestPort:
    """The harness's end of the cable to one switch port; one datagram is one frame, without preamble and FCS.

    A context manager.  Frames that arrived before it was opened are lost, as on a cable.
    """

    __test__ = False  # not a pytest class

    def __init__(self, ends: TestPortSocket) -> None:
        self._switch = ("127.0.0.1", ends.remote_port)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _QUEUE_BYTES)
        try:
            self._socket.bind(("127.0.0.1", ends.local_port))
        except OSError as error:
            self._socket.close()
            raise LabError(
                f"the test port's socket 127.0.0.1:{ends.local_port} cannot be opened ({error.strerror});"
                " another program or another open test port uses it"
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Pull the plug."""
        self._socket.close()

    def send(self, frame: bytes) -> None:
        """Send `frame` into the switch port; ValueError if it is no Ethernet frame by its length."""
        if not _SHORTEST <= len(frame) <= _LONGEST:
            raise ValueError(f"an Ethernet frame has {_SHORTEST} to {_LONGEST} bytes, got {len(frame)}")
        self._socket.sendto(frame, self._switch)

    def receive(self, deadline: Deadline) -> bytes:
        """The next frame that left the switch port; raises DeadlineExceededError if none comes in time."""
        frame = self._next(deadline)
        if frame is None:
            raise DeadlineExceededError(f"{deadline.name}: no frame within {deadline.seconds:g} s")
        return frame

    def frames(self, seconds: float) -> Iterator[bytes]:
        """All frames that leave the switch port during the next `seconds`."""
        deadline = Deadline("watch the test port", seconds)
        while (frame := self._next(deadline)) is not None:
            yield frame

    def _next(self, deadline: Deadline) -> bytes | None:
        while True:
            # A timeout of zero would mean non-blocking, which reports nothing waiting in another way.
            self._socket.settimeout(max(deadline.remaining, 0.001))
            try:
                frame, sender = self._socket.recvfrom(_LONGEST)
            except TimeoutError:
                return None
            if sender == self._switch:
                return frame
