"""Check the ICRC of every complete RoCEv2 frame of a capture, at millions of frames per second."""

import ctypes
import ctypes.util
from collections.abc import Callable
from pathlib import Path

import numpy as np

from plugfest.captures.capture_file import CaptureFile
from plugfest.captures.progress import Progress, silent
from plugfest.records import Record

_KEPT = 100
_ROWS = 1024
"""Full frames of one chunk stay in the processor's cache between reading their headers and summing them."""


class IcrcCheck(Record):
    """How many frames had the right ICRC."""

    method: str
    """What computed the CRC: ``libdeflate`` or ``tables`` (compiled here, about five times slower)."""
    good: int
    bad: int
    not_checkable: int
    """RoCEv2 frames that the capture cut or whose lengths contradict each other: never counted as bad."""
    bad_frames: tuple[int, ...]
    """Numbers of the first bad frames, counted from 1 as Wireshark does; at most 100."""


def crc32_function() -> tuple[str, int]:
    """Name and address of the fastest CRC-32 on this machine; address 0 means our own tables."""
    name = ctypes.util.find_library("deflate")
    if name is None:
        return "tables", 0
    function = ctypes.CDLL(name).libdeflate_crc32
    return "libdeflate", ctypes.cast(function, ctypes.c_void_p).value or 0


def check_icrc(
    path: Path, progress: Progress = silent, find_function: Callable[[], tuple[str, int]] = crc32_function
) -> IcrcCheck:
    """Check every RoCEv2 frame of the file.  Raises CaptureError if it is no capture."""
    from plugfest.captures.kernels.icrc import BAD, GOOD, LONGEST_HEADERS, NOT_CHECKABLE, check_frames

    method, function = find_function()
    counts, bad = np.zeros(4, np.int64), np.zeros(_ROWS, np.int64)
    scratch = np.zeros(LONGEST_HEADERS, np.uint8)
    bad_frames: list[int] = []
    with CaptureFile(path) as capture:
        for rows in capture.chunks(rows=_ROWS):
            before, found = int(counts.sum()), int(counts[BAD])
            check_frames(capture.data, rows, scratch, function, counts, bad)
            bad_frames += (before + 1 + bad[: counts[BAD] - found]).tolist()[: _KEPT - len(bad_frames)]
            progress(capture.bytes_read, capture.size)
    good, wrong, cut = (int(counts[outcome]) for outcome in (GOOD, BAD, NOT_CHECKABLE))
    return IcrcCheck(method=method, good=good, bad=wrong, not_checkable=cut, bad_frames=tuple(bad_frames))
