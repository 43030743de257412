"""A capture file opened for reading: recognised, mapped, and handed out as chunks of parsed rows."""

import mmap
from collections.abc import Iterator
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from plugfest.captures.columns import CURSOR, INTERFACE, NONE, PACKET, Kind
from plugfest.captures.readahead import ReadAhead
from plugfest.errors import CaptureError
from plugfest.records import Record

ROWS_PER_CHUNK = 8192
"""Rows of one chunk: under a megabyte, so that it stays in the processor's cache between reading and following."""
_MOST_INTERFACES = 4096
_PCAP_HEADER = 24
_LINK_ETHERNET = 1
_PCAP_MAGICS = {
    b"\xd4\xc3\xb2\xa1": (False, 1000),
    b"\xa1\xb2\xc3\xd4": (True, 1000),
    b"\x4d\x3c\xb2\xa1": (False, 1),
    b"\xa1\xb2\x3c\x4d": (True, 1),
}
_PCAPNG_MAGIC = b"\x0a\x0d\x0d\x0a"
_OTHERS = {
    b"\x1f\x8b": "gzip-compressed: decompress it first",
    b"\x28\xb5\x2f\xfd": "zstd-compressed: decompress it first",
    b"\x34\xcd\xb2\xa1": "in the modified pcap form of old Linux tools: convert it with editcap",
    b"snoop": "a snoop file: convert it with editcap",
}


class CaptureFormat(Record):
    """What kind of capture file it is."""

    container: str
    """``pcap`` or ``pcapng``."""
    big_endian: bool
    """Byte order of the file (pcapng: of its first section)."""
    nanoseconds_per_tick: int
    """1 or 1000; 0 for pcapng, where each interface has its own."""
    snap_length: int | None
    """Bytes kept of each frame at most; None for pcapng, where each interface has its own."""


class CaptureFile:
    """A mapped capture file; use as a context manager.

    Raises CaptureError, with what to do, if the file is missing, unreadable, empty or no Ethernet capture.
    """

    def __init__(self, path: Path) -> None:
        from plugfest.captures.kernels.addresses import address_table

        self.path = path
        self._mapping = _mapped(path)
        self.data = np.frombuffer(self._mapping, np.uint8)
        self.size = self.data.size
        """Bytes in the file."""
        try:
            self.format = recognise(path, bytes(self.data[:_PCAP_HEADER]))
        except CaptureError:
            self.close()
            raise
        self._cursor = np.zeros(1, CURSOR)
        self._cursor["last_second"] = -1
        self._cursor["big_endian"] = self.format.big_endian
        self._cursor["position"] = _PCAP_HEADER if self.format.container == "pcap" else 0
        self._interfaces = np.zeros(_MOST_INTERFACES, INTERFACE)
        self._addresses = address_table()

    def chunks(self, start: np.ndarray | None = None, rows: int = ROWS_PER_CHUNK) -> Iterator[np.ndarray]:
        """Parsed frames as arrays of dtype PACKET, reused from chunk to chunk: copy what must outlive the next one.

        `start` is a `position` remembered earlier; without it reading begins at the first record.
        """
        if start is not None:
            self._cursor[:] = start
        readahead = ReadAhead(self._mapping)
        buffer = np.zeros(rows, PACKET)
        while True:
            readahead.reach(int(self._cursor["position"][0]))
            filled = self._read(buffer)
            if not filled:
                return
            yield buffer[:filled]

    def _read(self, buffer: np.ndarray) -> int:
        from plugfest.captures.kernels.pcap import read_pcap
        from plugfest.captures.kernels.pcapng import read_pcapng

        cursor = self._cursor[0]
        if self.format.container == "pcapng":
            return read_pcapng(self.data, cursor, buffer, self._addresses, self._interfaces)
        return read_pcap(self.data, cursor, buffer, self._addresses, self.format.nanoseconds_per_tick)

    @property
    def position(self) -> np.ndarray:
        """Where reading goes on, to be given to `chunks` later."""
        return self._cursor.copy()

    @property
    def bytes_read(self) -> int:
        """How far reading has come, in bytes of the file."""
        return int(self._cursor["position"][0])

    @property
    def damaged_records(self) -> int:
        """Records or blocks so far that made no sense."""
        return int(self._cursor["damaged"][0])

    @property
    def skipped_bytes(self) -> int:
        """Bytes passed over so far to find the next good record."""
        return int(self._cursor["skipped"][0])

    @property
    def is_cut(self) -> bool:
        """True once the file turned out to end inside a record."""
        return bool(self._cursor["cut"][0])

    @property
    def dropped_by_tool(self) -> int | None:
        """Frames the capturing tool says it lost (pcapng interface statistics); None if the file does not say."""
        known = self._interfaces[: int(self._cursor["interfaces"][0])]["dropped"]
        measured = known[known >= 0]
        return int(measured.sum()) if measured.size else None

    def address(self, number: int, kind: int) -> str:
        """An address column's value in text, given the row's kind."""
        if kind != Kind.ROCE_IPV6:
            return str(IPv4Address(number))
        if number == NONE:
            return "an IPv6 address beyond those kept"
        high, low = (int(half) & 0xFFFF_FFFF_FFFF_FFFF for half in self._addresses.halves[number])
        return str(IPv6Address(high << 64 | low))

    def address_number(self, address: str) -> tuple[int, Kind]:
        """The reverse of `address`; an IPv6 address is added to the table if it is not there yet."""
        from plugfest.captures.kernels.addresses import address_number

        parsed = ip_address(address)
        if isinstance(parsed, IPv4Address):
            return int(parsed), Kind.ROCE_IPV4
        packed = np.frombuffer(parsed.packed, np.uint8)
        return address_number(self._addresses, packed, 0), Kind.ROCE_IPV6

    def frame(self, row: Any) -> bytes:
        """The captured bytes of the frame that `row` describes."""
        start = int(row["frame"])
        return self.data[start : start + int(row["captured"])].tobytes()

    def close(self) -> None:
        """Unmap the file, at once unless an exception under way still refers to its bytes."""
        del self.data
        with suppress(BufferError):
            self._mapping.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _mapped(path: Path) -> mmap.mmap:
    try:
        with path.open("rb") as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except ValueError:
        raise CaptureError(f"{path}: the file is empty; was the capture stopped before it began?") from None
    except OSError as error:
        raise CaptureError(f"{path}: cannot be read: {error.strerror}") from None


def recognise(path: Path, head: bytes) -> CaptureFormat:
    """Tell the format by the first 24 bytes.  Raises CaptureError if it is none that can be analysed."""
    if head[:4] == _PCAPNG_MAGIC:
        big_endian = head[8:12] == b"\x1a\x2b\x3c\x4d"
        return CaptureFormat(container="pcapng", big_endian=big_endian, nanoseconds_per_tick=0, snap_length=None)
    if head[:4] not in _PCAP_MAGICS:
        known = next((text for magic, text in _OTHERS.items() if head.startswith(magic)), None)
        raise CaptureError(f"{path}: {known or 'is neither pcap nor pcapng: it starts with ' + (head[:4].hex(' '))}")
    if len(head) < _PCAP_HEADER:
        raise CaptureError(f"{path}: the file ends inside its own header")
    big_endian, tick = _PCAP_MAGICS[head[:4]]
    order = "big" if big_endian else "little"
    snap_length = int.from_bytes(head[16:20], order)  # type: ignore[arg-type]
    link = int.from_bytes(head[20:24], order) & 0xFFFF  # type: ignore[arg-type]
    if link != _LINK_ETHERNET:
        raise CaptureError(f"{path}: link type {link} is not Ethernet: capture on one interface, not on `any`")
    return CaptureFormat(container="pcap", big_endian=big_endian, nanoseconds_per_tick=tick, snap_length=snap_length)
