"""Read one Ethernet frame into a row.  Every read is guarded: numba checks no bounds."""

# mypy: no-warn-return-any

from typing import Any

from plugfest.captures.columns import NONE, UNTAGGED, Flaw, Kind
from plugfest.captures.kernels.addresses import AddressTable, address_number
from plugfest.captures.kernels.compiled import compiled, inlined
from plugfest.captures.kernels.load import big16, big24, big32, byte, signed
from plugfest.captures.kernels.opcode_table import (
    AETH_AT,
    CLASS,
    CLASS_CNP,
    DETH_AT,
    HEADER_BYTES,
    RETH_AT,
)
from plugfest.packets.opcodes import ROCE_UDP_PORT

ETHERNET, IPV4_SHORTEST, IPV6, UDP, BTH, ICRC = 14, 20, 40, 8, 12, 4
CNP_RESERVED = 16
TYPE_IPV4, TYPE_IPV6, TYPE_VLAN, TYPE_QINQ, TYPE_ROCE_V1, TYPE_MAC_CONTROL = (
    0x0800,
    0x86DD,
    0x8100,
    0x88A8,
    0x8915,
    0x8808,
)
PFC_OPCODE, PROTOCOL_UDP = 0x0101, 17
MORE_FRAGMENTS_OR_OFFSET, DONT_FRAGMENT = 0x3FFF, 0x4000

K_OTHER, K_IPV4, K_IPV6, K_CUT, K_MALFORMED = (
    int(Kind.OTHER),
    int(Kind.ROCE_IPV4),
    int(Kind.ROCE_IPV6),
    int(Kind.ROCE_CUT),
    int(Kind.ROCE_MALFORMED),
)
K_FRAGMENT, K_PFC, K_ROCE_V1 = int(Kind.FRAGMENT), int(Kind.PFC), int(Kind.ROCE_V1)
F_IP_CHECKSUM, F_IP_LENGTH, F_UDP_LENGTH = int(Flaw.IP_CHECKSUM), int(Flaw.IP_LENGTH), int(Flaw.UDP_LENGTH)
F_UDP_CHECKSUM, F_MAY_FRAGMENT, F_IP_OPTIONS = int(Flaw.UDP_CHECKSUM), int(Flaw.MAY_FRAGMENT), int(Flaw.IP_OPTIONS)
F_VERSION, F_PADDING, F_CNP_RESERVED = int(Flaw.TRANSPORT_VERSION), int(Flaw.PADDING), int(Flaw.CNP_RESERVED)


@inlined
def read_frame(data: Any, start: int, row: Any, addresses: AddressTable) -> None:
    """Fill `row` from the frame at `start`, of which `row.captured` bytes are in the file and inside `data`."""
    clear(row)
    end = start + signed(row.captured)
    if row.captured < ETHERNET:
        return
    ethertype, at = read_tags(data, start + 12, end, row)
    if ethertype == TYPE_IPV4:
        read_ipv4(data, at, start, end, row)
    elif ethertype == TYPE_IPV6:
        read_ipv6(data, at, start, end, row, addresses)
    elif ethertype == TYPE_ROCE_V1:
        row.kind = K_ROCE_V1
    elif ethertype == TYPE_MAC_CONTROL and at + 2 <= end and big16(data, at) == PFC_OPCODE:
        row.kind = K_PFC


@inlined
def clear(row: Any) -> None:
    """Set every column that a frame may lack."""
    row.kind = K_OTHER
    row.vlan = row.inner_vlan = UNTAGGED
    row.source = row.destination = row.destination_qp = row.psn = row.payload = 0
    row.dma_length = row.aeth = row.source_qp = NONE
    row.sequence = row.flow = -1
    row.source_port = row.identification = row.partition_key = row.flaws = 0
    row.tos = row.ttl = row.opcode = row.bth_flags = row.congestion = row.ack_request = row.role = 0


@inlined
def read_tags(data: Any, at: int, end: int, row: Any) -> tuple[int, int]:
    """EtherType after at most two VLAN tags and where its payload starts; EtherType 0 if the frame ends before."""
    ethertype = big16(data, at)
    at += 2
    for depth in range(2):
        if ethertype != TYPE_VLAN and ethertype != TYPE_QINQ:
            break
        if at + 4 > end:
            return 0, at
        if depth == 0:
            row.vlan = big16(data, at)
        else:
            row.inner_vlan = big16(data, at)
        ethertype = big16(data, at + 2)
        at += 4
    return ethertype, at


@inlined
def read_ipv4(data: Any, at: int, start: int, end: int, row: Any) -> None:
    """IPv4 header, then UDP."""
    if at + IPV4_SHORTEST > end or byte(data, at) >> 4 != 4:
        return
    header, length = (byte(data, at) & 15) * 4, big16(data, at + 2)
    fragment = big16(data, at + 6)
    if byte(data, at + 9) != PROTOCOL_UDP or header < IPV4_SHORTEST:
        return
    row.tos, row.ttl, row.identification = byte(data, at + 1), byte(data, at + 8), big16(data, at + 4)
    row.source, row.destination = big32(data, at + 12), big32(data, at + 16)
    if fragment & MORE_FRAGMENTS_OR_OFFSET:
        row.kind = K_FRAGMENT
        return
    read_udp(data, at + header, at + length, start, end, row, K_IPV4)
    if row.kind == K_IPV4:
        row.flaws |= ipv4_flaws(data, at, header, fragment)


@inlined
def ipv4_flaws(data: Any, at: int, header: int, fragment: int) -> int:
    """Bits of Flaw for the IPv4 header, which is in the file up to its end."""
    flaws = 0 if fragment & DONT_FRAGMENT else F_MAY_FRAGMENT
    if header > IPV4_SHORTEST:
        flaws |= F_IP_OPTIONS
    total = 0
    for word in range(at, at + header, 4):
        total += big32(data, word)
    total = (total & 0xFFFF) + (total >> 16)
    total = (total & 0xFFFF) + (total >> 16)
    total = (total & 0xFFFF) + (total >> 16)
    return flaws if total == 0xFFFF else flaws | F_IP_CHECKSUM


@compiled
def read_ipv6(data: Any, at: int, start: int, end: int, row: Any, addresses: AddressTable) -> None:
    """IPv6 header without extension headers (annex A17 allows none), then UDP."""
    if at + IPV6 > end or byte(data, at) >> 4 != 6 or byte(data, at + 6) != PROTOCOL_UDP:
        return
    if at + IPV6 + UDP > end or big16(data, at + IPV6 + 2) != ROCE_UDP_PORT:
        return
    row.tos, row.ttl = big16(data, at) >> 4 & 0xFF, byte(data, at + 7)
    row.source, row.destination = address_number(addresses, data, at + 8), address_number(addresses, data, at + 24)
    read_udp(data, at + IPV6, at + IPV6 + big16(data, at + 4), start, end, row, K_IPV6)


@inlined
def read_udp(data: Any, at: int, ip_end: int, start: int, end: int, row: Any, kind: int) -> None:
    """UDP header and, if the destination port says RoCEv2, the BTH."""
    if at + UDP > end or big16(data, at + 2) != ROCE_UDP_PORT:
        return
    row.source_port = big16(data, at)
    wire_end = start + signed(row.wire)
    if ip_end > wire_end:
        row.flaws |= F_IP_LENGTH
    if at + big16(data, at + 4) != ip_end:
        row.flaws |= F_UDP_LENGTH
    if big16(data, at + 6):
        row.flaws |= F_UDP_CHECKSUM
    room = min(ip_end, wire_end) - (at + UDP + BTH + ICRC)
    if room < 0:
        row.kind = K_MALFORMED
    elif at + UDP + BTH > end:
        row.kind = K_CUT
    else:
        row.kind = kind
        read_bth(data, at + UDP, room, end, row)


@inlined
def read_bth(data: Any, at: int, room: int, end: int, row: Any) -> None:
    """Base transport header and what the analysis needs of the extension headers; `room` is up to the ICRC."""
    opcode = byte(data, at)
    row.opcode, row.bth_flags, row.partition_key = opcode, byte(data, at + 1), big16(data, at + 2)
    row.congestion, row.destination_qp = byte(data, at + 4), big24(data, at + 5)
    row.ack_request, row.psn = byte(data, at + 8), big24(data, at + 9)
    if byte(data, at + 1) & 15:
        row.flaws |= F_VERSION
    headers = HEADER_BYTES[opcode]
    if room < headers:
        row.kind = K_MALFORMED
        return
    if at + BTH + headers > end:
        row.kind = K_CUT
        return
    if CLASS[opcode] == CLASS_CNP:
        row.flaws |= cnp_flaws(data, at + BTH, room, end)
        return
    padding = byte(data, at + 1) >> 4 & 3
    if room & 3 or padding > room - headers:
        row.flaws |= F_PADDING
    row.payload = max(0, room - headers - padding)
    read_extensions(data, at + BTH, opcode, row)


@compiled
def cnp_flaws(data: Any, at: int, room: int, end: int) -> int:
    """Bits of Flaw for the reserved bytes of a CNP, as far as they are in the file."""
    if room != CNP_RESERVED:
        return F_CNP_RESERVED
    for place in range(at, min(at + CNP_RESERVED, end)):
        if byte(data, place):
            return F_CNP_RESERVED
    return 0


@inlined
def read_extensions(data: Any, at: int, opcode: int, row: Any) -> None:
    """RETH, AETH and DETH fields, where the opcode has them."""
    if RETH_AT[opcode] >= 0:
        row.dma_length = big32(data, at + RETH_AT[opcode] + 12)
    if AETH_AT[opcode] >= 0:
        row.aeth = big32(data, at + AETH_AT[opcode])
    if DETH_AT[opcode] >= 0:
        row.source_qp = big24(data, at + DETH_AT[opcode] + 5)
