"""Record packets on a device with tcpdump: ready only when it says so, trusted only as far as its own drop counters."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from plugfest.devices.answers import unknown_form
from plugfest.records import Record
from plugfest.sessions.deadline import Deadline
from plugfest.sessions.protocol import SessionProtocol
from plugfest.sessions.remote_process import RemoteProcess
from plugfest.sessions.result import CommandResult
from plugfest.sessions.tag import temporary

BUFFER_KIBIBYTES = 65_536
READY_SECONDS = 30.0
SETTLE_SECONDS = 10.0
"""The kernel hands over a packet at the latest one second after it came."""
STOP_SECONDS = 30.0
LISTENING = r"^(?:tcpdump: )?listening on (?P<port>[^,\s]+), link-type (?P<link_type>\S+)"

_PROGRESS = (
    r"tcpdump: (?P<captured>\d+) packets? captured, (?P<received>\d+) packets? received by filter, "
    r"\d+ packets? dropped by kernel"
)
_CAPTURED = re.compile(r"^(\d+) packets? captured$", re.MULTILINE)
_RECEIVED = re.compile(r"^(\d+) packets? received by filter$", re.MULTILINE)
_DROPPED = re.compile(r"^(\d+) packets? dropped by kernel$", re.MULTILINE)
_INTERFACE_DROPPED = re.compile(r"^(\d+) packets? dropped by interface$", re.MULTILINE)


class CaptureStatistics(Record):
    """tcpdump's closing words."""

    captured: int
    """Packets written to the file."""
    received_by_filter: int
    """Packets that matched; may exceed `captured` by what was still in the buffer at the end."""
    dropped_by_kernel: int
    dropped_by_interface: int = 0

    @property
    def nothing_dropped(self) -> bool:
        """True if tcpdump claims to have lost nothing."""
        return not (self.dropped_by_kernel or self.dropped_by_interface)


class RemoteCapture:
    """A capture that runs on a device; `stop` ends it and brings the file here."""

    def __init__(self, session: SessionProtocol, process: RemoteProcess, remote: str) -> None:
        """Take a tcpdump that listens; use `capture` to get one."""
        self.session = session
        self.statistics: CaptureStatistics | None = None
        self._process, self._remote = process, remote

    def stop(self, local: Path) -> CaptureStatistics:
        """End the capture, copy the file to `local` and return what tcpdump says about completeness.

        Packets that the kernel holds back by now are waited for: at its end tcpdump would throw them away.
        """
        due = self._progress().received
        deadline = Deadline(f"tcpdump on {self.session.name} has read all packets", SETTLE_SECONDS)
        deadline.watch(self._progress, until=lambda progress: progress.captured >= due)
        result = self._process.stop(Deadline(f"{self.session.name}: tcpdump writes its file", STOP_SECONDS))
        self.statistics = parse_statistics(result)
        self.session.fetch(self._remote, local)
        return self.statistics

    def _progress(self) -> "_Progress":
        deadline = Deadline(f"tcpdump on {self.session.name} says how far it is", SETTLE_SECONDS)
        self.session.run("kill", "-s", "USR1", str(self._process.pid))
        counts = self._process.read_until(_PROGRESS, deadline)
        return _Progress(int(counts["captured"]), int(counts["received"]))


class _Progress(NamedTuple):
    """What tcpdump has written so far, and what the kernel has for it."""

    captured: int
    received: int


@contextmanager
def capture(
    session: SessionProtocol,
    port: str,
    snapshot_bytes: int = 262_144,
    filter_expression: str = "",
    buffer_kibibytes: int = BUFFER_KIBIBYTES,
) -> Iterator[RemoteCapture]:
    """Capture on `port` while the block runs; on entry tcpdump is listening, on exit its file on the device is gone.

    `snapshot_bytes` limits what is kept of each packet; `filter_expression` is in pcap-filter(7) syntax;
    `buffer_kibibytes` of the device's memory hold what tcpdump has not read yet.
    """
    remote = session.run("mktemp", "-t", temporary(".pcap")).out.strip()
    try:
        with session.start(*command_line(port, remote, snapshot_bytes, filter_expression, buffer_kibibytes)) as process:
            process.read_until(LISTENING, Deadline(f"tcpdump listens on {session.name}:{port}", READY_SECONDS))
            yield RemoteCapture(session, process, remote)
    finally:
        session.run("rm", "-f", "--", remote, check=False)


def command_line(
    port: str, remote: str, snapshot_bytes: int, filter_expression: str, buffer_kibibytes: int = BUFFER_KIBIBYTES
) -> tuple[str, ...]:
    """A large buffer against drops, nanoseconds, no name look-ups, and no change of user, which needs an account."""
    options = ("-n", "-B", str(buffer_kibibytes), "--time-stamp-precision=nano", "-s", str(snapshot_bytes))
    expression = ("--", filter_expression) if filter_expression else ()
    return ("tcpdump", *options, "-Z", "root", "-i", port, "-w", remote, *expression)


def parse_statistics(result: CommandResult) -> CaptureStatistics:
    """The counts that tcpdump prints when it ends; ParseError if one is missing."""
    return CaptureStatistics(
        captured=_count(result, _CAPTURED),
        received_by_filter=_count(result, _RECEIVED),
        dropped_by_kernel=_count(result, _DROPPED),
        dropped_by_interface=int(match[1]) if (match := _INTERFACE_DROPPED.search(result.err)) else 0,
    )


def _count(result: CommandResult, pattern: re.Pattern[str]) -> int:
    match = pattern.search(result.err)
    if not match:
        raise unknown_form(result, f"expected a line /{pattern.pattern}/, got {result.said!r:.200}")
    return int(match[1])
