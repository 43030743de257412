"""The invariant CRC of RoCEv2 (IBTA volume 1, 7.8.1 and annex A17.3.3): reference implementation for single frames.

CRC-32 over eight bytes of ones and the datagram from the IP header to the end of the payload and its padding, with
every field a router may change replaced by ones.  ECN marks, DSCP rewrites and TTL decrements keep it valid.
"""

import struct
import zlib

from plugfest.packets.opcodes import ROCE_UDP_PORT

_ETHERTYPE_IPV4, _ETHERTYPE_IPV6, _VLAN_TAGS = 0x0800, 0x86DD, (0x8100, 0x88A8)
_UDP = 17
ICRC_BYTES = 4


def icrc(datagram: bytes) -> int:
    """ICRC of an IPv4 or IPv6 datagram whose last four bytes are the ICRC's place; ValueError if it is neither."""
    masked = bytearray(datagram[:-ICRC_BYTES])
    version = masked[0] >> 4
    if version == 4:
        udp = (masked[0] & 15) * 4
        masked[1] = masked[8] = masked[10] = masked[11] = 0xFF
    elif version == 6:
        udp = 40
        masked[0], masked[1:4], masked[7] = masked[0] | 0x0F, b"\xff\xff\xff", 0xFF
    else:
        raise ValueError(f"an IP datagram starts with version 4 or 6, not {version}")
    masked[udp + 6 : udp + 8] = b"\xff\xff"
    masked[udp + 12] = 0xFF
    return zlib.crc32(masked, zlib.crc32(b"\xff" * 8))


def pack(value: int) -> bytes:
    """The ICRC as it travels: least significant byte first."""
    return struct.pack("<I", value)


def is_correct(frame: bytes, wire_bytes: int | None = None) -> bool | None:
    """True or False for a complete RoCEv2 Ethernet frame; None if there is nothing that could be checked.

    `wire_bytes` is the frame's length on the wire where it may have been cut by the capture's snap length.
    """
    if wire_bytes is not None and wire_bytes > len(frame):
        return None
    datagram = _roce_datagram(frame)
    if datagram is None:
        return None
    return datagram[-ICRC_BYTES:] == pack(icrc(datagram))


def _roce_datagram(frame: bytes) -> bytes | None:
    start = 12
    while frame[start : start + 2] in (struct.pack("!H", tag) for tag in _VLAN_TAGS):
        start += 4
    ethertype, start = int.from_bytes(frame[start : start + 2], "big"), start + 2
    header = frame[start : start + 60]
    if ethertype == _ETHERTYPE_IPV4 and len(header) >= 20:
        udp, protocol, length = (header[0] & 15) * 4, header[9], int.from_bytes(header[2:4], "big")
        if int.from_bytes(header[6:8], "big") & 0x3FFF:
            return None  # a fragment
    elif ethertype == _ETHERTYPE_IPV6 and len(header) >= 40:
        udp, protocol, length = 40, header[6], 40 + int.from_bytes(header[4:6], "big")
    else:
        return None
    datagram = frame[start : start + length]
    is_roce = protocol == _UDP and int.from_bytes(datagram[udp + 2 : udp + 4], "big") == ROCE_UDP_PORT
    complete = len(datagram) == length and length >= udp + 8 + 12 + ICRC_BYTES
    return datagram if is_roce and complete else None
