"""Walk the records of a classic pcap file, and find the way back after damage."""

# mypy: no-warn-return-any

from typing import Any

from plugfest.captures.kernels.addresses import AddressTable
from plugfest.captures.kernels.compiled import compiled, inlined
from plugfest.captures.kernels.frame import read_frame
from plugfest.captures.kernels.load import file32
from plugfest.captures.kernels.prefetch import prefetch

RECORD_HEADER = 16
RECORDS_AHEAD, HEADER_BYTES = 8, 128
"""What to load early: the headers of the record so far ahead, if all until there are as long as this one."""
LONGEST_FRAME = 262144
"""No tool writes longer ones (MAXIMUM_SNAPLEN of libpcap): a longer length is damage."""
A_DAY = 86400
NANOSECONDS = 1_000_000_000


@compiled
def read_pcap(data: Any, cursor: Any, rows: Any, addresses: AddressTable, fraction_ns: int) -> int:
    """Fill `rows` from where `cursor` stands; return how many were filled, 0 at the end of the file.

    `fraction_ns` is the unit of the second time field: 1 or 1000 ns.
    """
    big_endian, filled = cursor.big_endian, 0
    while filled < rows.size and cursor.position + RECORD_HEADER <= data.size:
        at = cursor.position
        if not plausible(data, at, big_endian, fraction_ns, cursor.last_second):
            cursor.damaged += 1
            resynchronise(data, cursor, fraction_ns)
            continue
        row = rows[filled]
        row.captured = file32(data, at + 8, big_endian)
        following = at + RECORDS_AHEAD * (RECORD_HEADER + file32(data, at + 8, big_endian))
        prefetch(data, following, following + HEADER_BYTES)
        if at + RECORD_HEADER + row.captured > data.size:
            resynchronise(data, cursor, fraction_ns)
            settle_overlong(cursor, at, data.size)
            continue
        row.wire = file32(data, at + 12, big_endian)
        row.time = file32(data, at, big_endian) * NANOSECONDS + file32(data, at + 4, big_endian) * fraction_ns
        row.frame, row.interface = at + RECORD_HEADER, 0
        read_frame(data, at + RECORD_HEADER, row, addresses)
        cursor.last_second = file32(data, at, big_endian)
        cursor.position = at + RECORD_HEADER + row.captured
        filled += 1
    if filled < rows.size and cursor.position < data.size:
        cursor.cut, cursor.position = 1, data.size
    return filled


@compiled
def settle_overlong(cursor: Any, at: int, size: int) -> None:
    """A record at `at` that claims more than the file holds: cut off if nothing good follows, damaged otherwise."""
    if cursor.position < size:
        cursor.damaged += 1
    else:
        cursor.skipped -= size - at
        cursor.cut = 1


@inlined
def plausible(data: Any, at: int, big_endian: int, fraction_ns: int, last_second: int) -> bool:
    """True if sixteen bytes at `at`, all inside the file, look like a record header."""
    captured, wire = file32(data, at + 8, big_endian), file32(data, at + 12, big_endian)
    if captured == 0 or captured > wire or wire > LONGEST_FRAME:
        return False
    second = file32(data, at, big_endian)
    near = last_second < 0 or abs(second - last_second) <= A_DAY
    return near and file32(data, at + 4, big_endian) * fraction_ns < NANOSECONDS


@compiled
def resynchronise(data: Any, cursor: Any, fraction_ns: int) -> None:
    """Move the cursor forward to the next two plausible headers in a row, or to the end of the file."""
    start, at = cursor.position, cursor.position + 1
    while at + RECORD_HEADER <= data.size and not chained(data, at, cursor, fraction_ns):
        at += 1
    if at + RECORD_HEADER > data.size:
        at = data.size
    cursor.skipped += at - start
    cursor.position = at


@compiled
def chained(data: Any, at: int, cursor: Any, fraction_ns: int) -> bool:
    """True if a plausible record at `at` is followed by another one or by the exact end of the file."""
    if not plausible(data, at, cursor.big_endian, fraction_ns, cursor.last_second):
        return False
    following = at + RECORD_HEADER + file32(data, at + 8, cursor.big_endian)
    if following + RECORD_HEADER > data.size:
        return following == data.size
    return plausible(data, following, cursor.big_endian, fraction_ns, cursor.last_second)
