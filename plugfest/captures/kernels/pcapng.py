"""Walk the blocks of a pcapng file (IETF draft-ietf-opsawg-pcapng), and find the way back after damage."""

# mypy: no-warn-return-any

from typing import Any

from plugfest.captures.columns import Kind
from plugfest.captures.kernels.addresses import AddressTable
from plugfest.captures.kernels.compiled import compiled
from plugfest.captures.kernels.frame import clear, read_frame
from plugfest.captures.kernels.load import big32, byte, file16, file32, file64
from plugfest.captures.kernels.pcap import LONGEST_FRAME, NANOSECONDS, settle_overlong

SECTION, INTERFACE, OLD_PACKET, SIMPLE_PACKET, STATISTICS, ENHANCED_PACKET = 0x0A0D0D0A, 1, 2, 3, 5, 6
BYTE_ORDER_MAGIC, BYTE_ORDER_MAGIC_SWAPPED = 0x1A2B3C4D, 0x4D3C2B1A
SHORTEST_BLOCK, LONGEST_BLOCK = 12, 1 << 24
LINK_ETHERNET = 1
OPTION_END, OPTION_RESOLUTION, OPTION_OFFSET = 0, 9, 14
OPTION_RECEIVED, OPTION_INTERFACE_DROPS, OPTION_SYSTEM_DROPS = 4, 5, 7
MICROSECONDS = 6
K_OTHER_LINK = int(Kind.OTHER_LINK)


@compiled
def read_pcapng(data: Any, cursor: Any, rows: Any, addresses: AddressTable, interfaces: Any) -> int:
    """Fill `rows` from where `cursor` stands; return how many were filled, 0 at the end of the file."""
    filled = 0
    while filled < rows.size and cursor.position + SHORTEST_BLOCK <= data.size:
        at = cursor.position
        if file32(data, at, cursor.big_endian) == SECTION:
            begin_section(data, at, cursor)
        length = file32(data, at + 4, cursor.big_endian)
        if at + length > data.size and is_block_start(data, at, length, cursor.big_endian):
            resynchronise_blocks(data, cursor)
            settle_overlong(cursor, at, data.size)
            continue
        if not whole_block(data, at, length, cursor.big_endian):
            cursor.damaged += 1
            resynchronise_blocks(data, cursor)
            continue
        filled += read_block(data, at, length, cursor, rows[filled], addresses, interfaces)
        cursor.position = at + length
    if filled < rows.size and cursor.position < data.size:
        cursor.cut, cursor.position = 1, data.size
    return filled


@compiled
def is_block_start(data: Any, at: int, length: int, big_endian: int) -> bool:
    """True if type and length at `at` could begin a block of a known type."""
    kind = file32(data, at, big_endian)
    return (kind == SECTION or 0 < kind <= ENHANCED_PACKET) and SHORTEST_BLOCK <= length <= LONGEST_BLOCK


@compiled
def whole_block(data: Any, at: int, length: int, big_endian: int) -> bool:
    """True if a block of `length` bytes fits into the file and repeats its length at its end."""
    if length < SHORTEST_BLOCK or length & 3 or length > LONGEST_BLOCK or at + length > data.size:
        return False
    return file32(data, at + length - 4, big_endian) == length


@compiled
def resynchronise_blocks(data: Any, cursor: Any) -> None:
    """Move the cursor forward to the next whole block of a known type, or to the end of the file."""
    start, at = cursor.position, cursor.position + 1
    while at + SHORTEST_BLOCK <= data.size:
        length = file32(data, at + 4, cursor.big_endian)
        if is_block_start(data, at, length, cursor.big_endian) and whole_block(data, at, length, cursor.big_endian):
            break
        at += 1
    if at + SHORTEST_BLOCK > data.size:
        at = data.size
    cursor.skipped += at - start
    cursor.position = at


@compiled
def begin_section(data: Any, at: int, cursor: Any) -> None:
    """A section has its own byte order and numbers its interfaces from zero."""
    if at + SHORTEST_BLOCK > data.size:
        return
    magic = big32(data, at + 8)
    if magic in (BYTE_ORDER_MAGIC, BYTE_ORDER_MAGIC_SWAPPED):
        cursor.big_endian = 1 if magic == BYTE_ORDER_MAGIC else 0
        cursor.first_interface = cursor.interfaces


@compiled
def read_block(data: Any, at: int, length: int, cursor: Any, row: Any, addresses: AddressTable, interfaces: Any) -> int:
    """Take in one whole block; 1 if it filled `row`."""
    kind, order = file32(data, at, cursor.big_endian), cursor.big_endian
    if kind == INTERFACE and length >= 20:
        read_interface(data, at, length, cursor, interfaces)
    elif kind == STATISTICS and length >= 24:
        read_statistics(data, at, length, cursor, interfaces)
    elif kind == ENHANCED_PACKET and length >= 32:
        return read_packet(data, at, file32(data, at + 8, order), length, cursor, row, addresses, interfaces)
    elif kind == OLD_PACKET and length >= 32:
        return read_packet(data, at, file16(data, at + 8, order), length, cursor, row, addresses, interfaces)
    elif kind == SIMPLE_PACKET and length >= 16:
        return read_simple_packet(data, at, length, cursor, row, addresses, interfaces)
    return 0


@compiled
def read_packet(
    data: Any, at: int, interface: int, length: int, cursor: Any, row: Any, addresses: AddressTable, interfaces: Any
) -> int:
    """An enhanced or the obsolete packet block."""
    captured = file32(data, at + 20, cursor.big_endian)
    wire = file32(data, at + 24, cursor.big_endian)
    number = cursor.first_interface + interface
    if captured > length - 32 or captured > wire or wire > LONGEST_FRAME or number >= cursor.interfaces:
        cursor.damaged += 1
        return 0
    ticks = file32(data, at + 12, cursor.big_endian) << 32 | file32(data, at + 16, cursor.big_endian)
    row.time = nanoseconds(ticks, interfaces[number].resolution) + interfaces[number].offset * NANOSECONDS
    fill(data, at + 28, captured, wire, number, row, addresses, interfaces)
    return 1


@compiled
def read_simple_packet(
    data: Any, at: int, length: int, cursor: Any, row: Any, addresses: AddressTable, interfaces: Any
) -> int:
    """A simple packet block: interface 0, no time."""
    number, wire = cursor.first_interface, file32(data, at + 8, cursor.big_endian)
    if number >= cursor.interfaces or wire > LONGEST_FRAME:
        cursor.damaged += 1
        return 0
    limit = interfaces[number].snap_length
    captured = min(wire, length - 16) if limit == 0 else min(wire, length - 16, limit)
    row.time = 0
    fill(data, at + 12, captured, wire, number, row, addresses, interfaces)
    return 1


@compiled
def fill(
    data: Any, start: int, captured: int, wire: int, number: int, row: Any, addresses: AddressTable, interfaces: Any
) -> None:
    """The columns that both kinds of packet block have."""
    row.captured, row.wire, row.frame, row.interface = captured, wire, start, number
    if interfaces[number].link_type == LINK_ETHERNET:
        read_frame(data, start, row, addresses)
    else:
        clear(row)
        row.kind = K_OTHER_LINK


@compiled
def nanoseconds(ticks: int, resolution: int) -> int:
    """A 64-bit time stamp of if_tsresol `resolution` in ns."""
    power = resolution & 0x7F
    if resolution & 0x80:
        shift = min(power, 62)
        fraction = ticks & ((1 << shift) - 1)
        if shift > 32:
            fraction, shift = fraction >> (shift - 32), 32
        return (ticks >> min(power, 62)) * NANOSECONDS + (fraction * NANOSECONDS >> shift)
    for _ in range(9, min(power, 18)):
        ticks //= 10
    for _ in range(power, 9):
        ticks *= 10
    return ticks


@compiled
def read_interface(data: Any, at: int, length: int, cursor: Any, interfaces: Any) -> None:
    """Take in an interface description; one beyond the table's size is left out, and its packets count as damage."""
    if cursor.interfaces >= interfaces.size:
        return
    interface = interfaces[cursor.interfaces]
    cursor.interfaces += 1
    interface.link_type = file16(data, at + 8, cursor.big_endian)
    interface.snap_length = file32(data, at + 12, cursor.big_endian)
    interface.resolution, interface.offset = MICROSECONDS, 0
    interface.received = interface.dropped = -1
    option, end = at + 16, at + length - 4
    while option + 4 <= end:
        code, size = file16(data, option, cursor.big_endian), file16(data, option + 2, cursor.big_endian)
        if code == OPTION_END or option + 4 + size > end:
            break
        if code == OPTION_RESOLUTION and size >= 1:
            interface.resolution = byte(data, option + 4)
        elif code == OPTION_OFFSET and size >= 8:
            interface.offset = file64(data, option + 4, cursor.big_endian)
        option += 4 + (size + 3 & ~3)


@compiled
def read_statistics(data: Any, at: int, length: int, cursor: Any, interfaces: Any) -> None:
    """Take in what the capturing tool says it received and lost; the last such block of an interface counts."""
    number = cursor.first_interface + file32(data, at + 8, cursor.big_endian)
    if number >= cursor.interfaces:
        return
    interface, dropped, measured = interfaces[number], 0, False
    option, end = at + 20, at + length - 4
    while option + 4 <= end:
        code, size = file16(data, option, cursor.big_endian), file16(data, option + 2, cursor.big_endian)
        if code == OPTION_END or option + 4 + size > end:
            break
        if size >= 8 and code == OPTION_RECEIVED:
            interface.received = file64(data, option + 4, cursor.big_endian)
        elif size >= 8 and (code in (OPTION_INTERFACE_DROPS, OPTION_SYSTEM_DROPS)):
            dropped, measured = dropped + file64(data, option + 4, cursor.big_endian), True
        option += 4 + (size + 3 & ~3)
    if measured:
        interface.dropped = dropped
