"""Capture at several ports at once: on entry all of them listen, afterwards all files are here."""

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

from plugfest.inventory.models import PortReference
from plugfest.records import Record
from plugfest.sessions.pool import SessionPool
from plugfest.stimuli.tcpdump import BUFFER_KIBIBYTES, CaptureStatistics, RemoteCapture, capture

ROCE = "udp dst port 4791"
WHOLE_FRAMES = 262_144
HEADERS = 128
"""Bytes of each frame that hold all RoCEv2 headers; enough for state, too little for an ICRC."""


class PortCapture(Record):
    """What was recorded at one port."""

    point: PortReference
    file: Path
    snapshot_bytes: int
    """Bytes kept of each frame at most."""
    statistics: CaptureStatistics

    @property
    def name(self) -> str:
        """Short readable name of the file without the folder, such as ``h1-eth1.pcap``."""
        return self.file.name


class RunningCaptures:
    """Captures that run now; `files` is filled when they have been stopped."""

    def __init__(self) -> None:
        self.files: dict[PortReference, PortCapture] = {}


@contextmanager
def captures(
    pool: SessionPool,
    points: Mapping[PortReference, int],
    folder: Path,
    filter_expression: str = ROCE,
    buffer_kibibytes: int = BUFFER_KIBIBYTES,
) -> Iterator[RunningCaptures]:
    """Capture at all `points` (with so many bytes of each frame) while the block runs; files go to `folder`.

    The block starts when every capture listens.  Files are fetched only if the block ends without an error.  Each
    capture takes `buffer_kibibytes` of its device's memory.
    """
    folder.mkdir(parents=True, exist_ok=True)
    running = RunningCaptures()
    with ExitStack() as stack, ThreadPoolExecutor(max(1, len(points))) as threads:
        started = list(
            threads.map(
                lambda point: stack.enter_context(
                    capture(pool.session(point.device), point.port, points[point], filter_expression, buffer_kibibytes)
                ),
                points,
            )
        )
        yield running
        stopped = threads.map(lambda point, capture: _stop(point, capture, points[point], folder), points, started)
        running.files.update({file.point: file for file in stopped})


def _stop(point: PortReference, running: RemoteCapture, snapshot_bytes: int, folder: Path) -> PortCapture:
    file = folder / f"{point.device}-{point.port.replace('/', '_')}.pcap"
    statistics = running.stop(file)
    return PortCapture(point=point, file=file, snapshot_bytes=snapshot_bytes, statistics=statistics)


def all_at(points: Iterable[PortReference], snapshot_bytes: int = HEADERS) -> dict[PortReference, int]:
    """The same number of bytes at every point."""
    return dict.fromkeys(points, snapshot_bytes)
