"""Cut a few frames out of a capture, byte for byte, into a small pcap that opens in Wireshark."""

import struct
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from plugfest.captures.analysis import CaptureAnalysis
from plugfest.captures.capture_file import CaptureFile
from plugfest.captures.columns import PACKET
from plugfest.captures.traces import QueuePairTrace
from plugfest.errors import CaptureError

MOST_FRAMES = 200
MOST_BYTES = 256 << 10
AROUND_NS = 100_000
_LONGEST_FRAME = 262144


def cut_around(
    analysis: CaptureAnalysis,
    time_ns: int,
    target: Path,
    trace: QueuePairTrace | None = None,
    around_ns: int = AROUND_NS,
    most_frames: int = MOST_FRAMES,
) -> int:
    """Write the frames within `around_ns` of an event, of one queue pair (both directions) or of all.

    The frames nearest to the event win if there are more than `most_frames` or MOST_BYTES.  Returns how many were
    written.  The file is a nanosecond pcap whatever the source was.
    """
    with CaptureFile(analysis.path) as capture:
        rows = _rows_between(analysis, capture, time_ns - around_ns, time_ns + around_ns, trace)
        nearest = rows[np.argsort(np.abs(rows["time"] - time_ns), kind="stable")][:most_frames]
        kept = nearest[np.cumsum(nearest["captured"].astype(np.int64) + 16) <= MOST_BYTES]
        return write_pcap(target, capture, kept[np.argsort(kept["frame"])])


def cut_queue_pair(analysis: CaptureAnalysis, trace: QueuePairTrace, target: Path, most_bytes: int = 20 << 20) -> int:
    """Write every frame of a queue pair, both directions, from its start until `most_bytes` are reached."""
    written = 0
    with CaptureFile(analysis.path) as capture, target.open("wb") as file:
        file.write(_pcap_header())
        for rows in capture.chunks():
            for row in rows[_belongs(capture, rows, trace)]:
                if file.tell() + row["captured"] + 16 > most_bytes:
                    return written
                file.write(_record(capture, row))
                written += 1
    return written


def write_pcap(target: Path, capture: CaptureFile, rows: Iterable[np.void]) -> int:
    """Write these rows' frames; returns how many.  Raises CaptureError if the target cannot be written."""
    records = [_record(capture, row) for row in rows]
    try:
        target.write_bytes(_pcap_header() + b"".join(records))
    except OSError as error:
        raise CaptureError(f"{target}: cannot be written: {error.strerror}") from None
    return len(records)


def display_filter(trace: QueuePairTrace) -> str:
    """Wireshark display filter for both directions of a queue pair."""
    numbers = [number for number in (trace.requester_qp, trace.responder_qp) if number is not None]
    return " || ".join(f"infiniband.bth.destqp == 0x{number:06x}" for number in numbers)


def _rows_between(
    analysis: CaptureAnalysis, capture: CaptureFile, start: int, end: int, trace: QueuePairTrace | None
) -> np.ndarray:
    """Rows of the time window.  The index says which chunks can hold them, as far as time stamps run forward."""
    index = analysis.following.index
    found = []
    for number, (time, position) in enumerate(index):
        following = index[number + 1][0] if number + 1 < len(index) else end
        if time > end or (following < start and number + 1 < len(index)):
            continue
        rows = next(capture.chunks(position))
        inside = (rows["time"] >= start) & (rows["time"] <= end)
        found.append(rows[inside & _belongs(capture, rows, trace)])
    return np.concatenate(found) if found else np.zeros(0, PACKET)


def _belongs(capture: CaptureFile, rows: np.ndarray, trace: QueuePairTrace | None) -> np.ndarray:
    """Which rows are requests of the queue pair or packets for its requester."""
    if trace is None:
        return np.ones(rows.size, bool)
    requester, kind = capture.address_number(trace.requester)
    responder, _ = capture.address_number(trace.responder)
    belongs = np.zeros(rows.size, bool)
    for source, destination, number in _directions(requester, responder, trace):
        belongs |= (
            (rows["kind"] == kind)
            & (rows["source"] == source)
            & (rows["destination"] == destination)
            & (rows["destination_qp"] == number)
        )
    return belongs


def _directions(requester: int, responder: int, trace: QueuePairTrace) -> Iterator[tuple[int, int, int]]:
    if trace.responder_qp is not None:
        yield requester, responder, trace.responder_qp
    if trace.requester_qp is not None:
        yield responder, requester, trace.requester_qp


def _pcap_header() -> bytes:
    return struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, _LONGEST_FRAME, 1)


def _record(capture: CaptureFile, row: np.void) -> bytes:
    seconds, nanoseconds = divmod(int(row["time"]), 1_000_000_000)
    frame = capture.frame(row)
    return struct.pack("<IIII", seconds & 0xFFFFFFFF, nanoseconds, len(frame), int(row["wire"])) + frame
