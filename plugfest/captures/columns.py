"""The columns of a capture table: one row per frame, fixed width, filled by the kernels.

Two sorts: what the frame says (filled while reading), and `flow`, `sequence` and `role`, which only the analysis of
everything before can say.
"""

from enum import IntEnum, IntFlag

import numpy as np

NONE = 0xFFFFFFFF
"""In an unsigned 32-bit column: this frame has no such field."""
UNTAGGED = 0xFFFF
"""In a VLAN column: no tag (VID 4095 is reserved, so no real tag looks like this)."""


class Kind(IntEnum):
    """What a frame is."""

    OTHER = 0
    """Anything that is not named below."""
    ROCE_IPV4 = 1
    ROCE_IPV6 = 2
    ROCE_CUT = 3
    """UDP 4791, but the capture cut it before the end of the BTH or an extension header."""
    ROCE_MALFORMED = 4
    """UDP 4791, but its own lengths leave no room for the headers of its opcode."""
    FRAGMENT = 5
    """An IP fragment, whose transport cannot be known."""
    PFC = 6
    """Priority-based flow control."""
    ROCE_V1 = 7
    """EtherType 0x8915."""
    OTHER_LINK = 8
    """From a pcapng interface that is not Ethernet."""


class Flaw(IntFlag):
    """What IBTA annex A17.3 forbids about the encapsulation; a bit set in the column `flaws`."""

    IP_CHECKSUM = 1
    """IPv4 header checksum is wrong."""
    IP_LENGTH = 2
    """IP length is more than the frame holds."""
    UDP_LENGTH = 4
    """UDP length differs from what IP carries."""
    UDP_CHECKSUM = 8
    """UDP checksum is not zero."""
    MAY_FRAGMENT = 16
    """IPv4 don't-fragment flag is clear."""
    IP_OPTIONS = 32
    """IPv4 header is longer than 20 bytes."""
    TRANSPORT_VERSION = 64
    """BTH transport header version is not zero."""
    PADDING = 128
    """Payload with padding is not a multiple of four bytes."""
    CNP_RESERVED = 256
    """The sixteen reserved bytes of a CNP are missing or not zero."""


class Role(IntEnum):
    """What a RoCEv2 packet means in its flow, as seen at the capture point."""

    NONE = 0
    """Not followed: not RoCEv2, a datagram service, or more flows than the analysis follows."""
    NEW = 1
    """Request with the next PSN."""
    AHEAD = 2
    """Request whose PSN jumps over others that did not pass here."""
    RETRANSMITTED = 3
    """Request sent again by the requester."""
    DUPLICATE = 4
    """The very same packet once more: the network doubled it."""
    REORDERED = 5
    """Request that passed here later than its successors."""
    ACK = 6
    NAK = 7
    RNR_NAK = 8
    RESPONSE = 9
    """READ response or atomic acknowledge."""
    CNP = 10


def is_roce(rows: np.ndarray) -> np.ndarray:
    """Rows that are RoCEv2, complete or not."""
    return (rows["kind"] >= Kind.ROCE_IPV4) & (rows["kind"] <= Kind.ROCE_MALFORMED)


PACKET = np.dtype(
    [
        ("time", "i8"),  # ns since the epoch
        ("frame", "i8"),  # position of the frame's first byte in the file
        ("sequence", "i8"),  # PSN without wrap, comparable within a queue pair; -1 unknown
        ("captured", "u4"),  # bytes in the file
        ("wire", "u4"),  # bytes on the wire, without FCS
        ("source", "u4"),  # IPv4 address, or index into the table of IPv6 addresses
        ("destination", "u4"),  # likewise
        ("destination_qp", "u4"),  # queue pair number the packet is for
        ("psn", "u4"),  # packet sequence number
        ("payload", "u4"),  # bytes of payload on the wire, without padding and ICRC
        ("dma_length", "u4"),  # RETH: bytes the whole request moves; NONE if absent
        ("aeth", "u4"),  # AETH: syndrome << 24 | message sequence number; NONE if absent
        ("source_qp", "u4"),  # DETH: sender's queue pair number; NONE if absent
        ("flow", "i4"),  # index of the flow (source, destination, destination QP); -1 none
        ("interface", "u2"),  # pcapng interface
        ("vlan", "u2"),  # outer tag: PCP, DEI, VID; UNTAGGED if absent
        ("inner_vlan", "u2"),  # second tag
        ("source_port", "u2"),  # UDP source port
        ("identification", "u2"),  # IPv4 identification; 0 for IPv6
        ("partition_key", "u2"),  # BTH P_Key
        ("flaws", "u2"),  # bits of Flaw
        ("kind", "u1"),  # a Kind
        ("tos", "u1"),  # DSCP << 2 | ECN; IPv6 traffic class
        ("ttl", "u1"),  # IPv4 TTL or IPv6 hop limit
        ("opcode", "u1"),  # BTH opcode
        ("bth_flags", "u1"),  # SE << 7 | MigReq << 6 | pad count << 4 | version
        ("congestion", "u1"),  # FECN << 7 | BECN << 6 | reserved
        ("ack_request", "u1"),  # AckReq << 7 | reserved
        ("role", "u1"),  # a Role
    ],
    align=True,
)
"""One frame."""

CURSOR = np.dtype(
    [
        ("position", "i8"),  # next byte to read
        ("last_second", "i8"),  # of the last good record, -1 before it
        ("damaged", "i8"),  # records or blocks that made no sense
        ("skipped", "i8"),  # bytes passed over to find the next good one
        ("cut", "i8"),  # 1 if the file ends inside a record
        ("big_endian", "i8"),  # byte order of the section
        ("first_interface", "i8"),  # pcapng: row of the section's interface 0
        ("interfaces", "i8"),  # pcapng: rows in use
    ],
    align=True,
)
"""Where a reader stands and what was wrong so far: one row, carried from chunk to chunk."""

INTERFACE = np.dtype(
    [
        ("link_type", "i8"),
        ("snap_length", "i8"),
        ("resolution", "i8"),  # if_tsresol as on disk: 10^-n s, or 2^-n s with bit 7
        ("offset", "i8"),  # if_tsoffset, s
        ("received", "i8"),  # interface statistics, -1 unmeasured
        ("dropped", "i8"),  # by interface and operating system together, -1 unmeasured
    ],
    align=True,
)
"""One pcapng interface."""
