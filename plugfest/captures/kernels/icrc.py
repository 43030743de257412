"""The invariant CRC of many frames; the rules are those of `plugfest.packets.icrc`."""

# mypy: no-warn-return-any

from typing import Any

import numpy as np

from plugfest.captures.columns import UNTAGGED, Flaw, Kind
from plugfest.captures.kernels.compiled import compiled
from plugfest.captures.kernels.crc32 import crc32
from plugfest.captures.kernels.load import big16, byte

ETHERNET, TAG, IPV6_HEADER, UDP, BTH, ICRC = 14, 4, 40, 8, 12, 4
LONGEST_HEADERS = 8 + 60 + UDP + BTH
ROCE_IPV4, ROCE_IPV6 = int(Kind.ROCE_IPV4), int(Kind.ROCE_IPV6)
LENGTH_FLAWS = int(Flaw.IP_LENGTH | Flaw.UDP_LENGTH)
BAD, GOOD, NOT_CHECKABLE = 0, 1, -1


@compiled
def check_frames(data: Any, rows: Any, scratch: Any, function: int, verdicts: Any) -> None:
    """Set verdicts[n] to GOOD, BAD or NOT_CHECKABLE for each row; `scratch` is LONGEST_HEADERS bytes of work space."""
    for number in range(rows.size):
        row = rows[number]
        verdicts[number] = NOT_CHECKABLE
        if row.kind == ROCE_IPV4 or row.kind == ROCE_IPV6:
            verdicts[number] = check_frame(data, row, scratch, function)


@compiled
def check_frame(data: Any, row: Any, scratch: Any, function: int) -> int:
    """GOOD, BAD or, for a frame that was cut or whose lengths contradict each other, NOT_CHECKABLE."""
    if row.captured < row.wire or row.flaws & LENGTH_FLAWS:
        return NOT_CHECKABLE
    ip = row.frame + ETHERNET + TAG * (row.vlan != UNTAGGED) + TAG * (row.inner_vlan != UNTAGGED)
    end = ip + datagram_bytes(data, ip, row.kind) - ICRC
    return GOOD if icrc_of(data, ip, end, row.kind, scratch, function) == stored(data, end) else BAD


@compiled
def datagram_bytes(data: Any, ip: int, kind: int) -> int:
    """Length of the IP datagram at `ip`."""
    return big16(data, ip + 2) if kind == ROCE_IPV4 else IPV6_HEADER + big16(data, ip + 4)


@compiled
def stored(data: Any, at: int) -> int:
    """The ICRC a frame carries, least significant byte first."""
    return byte(data, at) | byte(data, at + 1) << 8 | byte(data, at + 2) << 16 | byte(data, at + 3) << 24


@compiled
def icrc_of(data: Any, ip: int, end: int, kind: int, scratch: Any, function: int) -> int:
    """ICRC of the datagram that starts at `ip` and whose payload ends at `end`."""
    udp = ip + ((byte(data, ip) & 15) * 4 if kind == ROCE_IPV4 else IPV6_HEADER)
    headers = udp + UDP + BTH - ip
    for place in range(8):
        scratch[place] = 0xFF
    for place in range(headers):
        scratch[8 + place] = data[np.uint64(ip + place)]
    mask(scratch, kind, 8 + udp - ip)
    crc = crc32(function, 0, scratch, 0, 8 + headers)
    return crc32(function, crc, data, ip + headers, end)


@compiled
def mask(scratch: Any, kind: int, udp: int) -> None:
    """Replace what may change on the way by ones; the IP header starts at 8 and UDP at `udp`."""
    if kind == ROCE_IPV4:
        scratch[9] = scratch[16] = scratch[18] = scratch[19] = 0xFF
    else:
        scratch[8] |= 0x0F
        scratch[9] = scratch[10] = scratch[11] = scratch[15] = 0xFF
    scratch[udp + 6] = scratch[udp + 7] = scratch[udp + UDP + 4] = 0xFF
