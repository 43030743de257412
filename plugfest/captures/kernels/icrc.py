"""The invariant CRC of many frames; the rules are those of `plugfest.packets.icrc`."""

# mypy: no-warn-return-any

import zlib
from typing import Any

import numpy as np

from plugfest.captures.columns import UNTAGGED, Flaw, Kind
from plugfest.captures.kernels.compiled import compiled, inlined
from plugfest.captures.kernels.crc32 import crc32
from plugfest.captures.kernels.load import big16, byte, signed
from plugfest.captures.kernels.prefetch import prefetch

ETHERNET, TAG, IPV6_HEADER, UDP, BTH, ICRC = 14, 4, 40, 8, 12, 4
LONGEST_HEADERS = 60 + UDP + BTH
AFTER_EIGHT_ONES = zlib.crc32(b"\xff" * 8)
"""The CRC begins with eight bytes of ones in place of a local route header."""
ROCE_IPV4, ROCE_IPV6 = int(Kind.ROCE_IPV4), int(Kind.ROCE_IPV6)
ROCE_CUT, ROCE_MALFORMED = int(Kind.ROCE_CUT), int(Kind.ROCE_MALFORMED)
LENGTH_FLAWS = int(Flaw.IP_LENGTH | Flaw.UDP_LENGTH)
FRAMES_AHEAD, LONGEST_PREFETCH = 2, 1152
"""What to load early: the frame so far ahead, if all until there are as long as this one."""
BAD, GOOD, NOT_CHECKABLE, NOT_ROCE = 0, 1, 2, 3


@compiled
def check_frames(data: Any, rows: Any, scratch: Any, function: int, counts: Any, bad: Any) -> None:
    """Add to counts[GOOD], counts[BAD] and counts[NOT_CHECKABLE], and note the row numbers of bad frames in `bad`.

    `scratch` is LONGEST_HEADERS bytes of work space.
    """
    wrong = 0
    for number in range(rows.size):
        row = rows[number]
        following = row.frame + FRAMES_AHEAD * signed(row.wire)
        prefetch(data, following, following + min(signed(row.wire), LONGEST_PREFETCH))
        outcome = NOT_ROCE
        if row.kind == ROCE_IPV4 or row.kind == ROCE_IPV6:
            outcome = check_frame(data, row, scratch, function)
        elif row.kind == ROCE_CUT or row.kind == ROCE_MALFORMED:
            outcome = NOT_CHECKABLE
        counts[outcome] += 1
        if outcome == BAD:
            bad[wrong] = number
            wrong += 1


@inlined
def check_frame(data: Any, row: Any, scratch: Any, function: int) -> int:
    """GOOD, BAD or, for a frame that was cut or whose lengths contradict each other, NOT_CHECKABLE."""
    if row.captured < row.wire or row.flaws & LENGTH_FLAWS:
        return NOT_CHECKABLE
    ip = row.frame + ETHERNET + TAG * (row.vlan != UNTAGGED) + TAG * (row.inner_vlan != UNTAGGED)
    end = ip + datagram_bytes(data, ip, row.kind) - ICRC
    return GOOD if icrc_of(data, ip, end, row.kind, scratch, function) == stored(data, end) else BAD


@inlined
def datagram_bytes(data: Any, ip: int, kind: int) -> int:
    """Length of the IP datagram at `ip`."""
    return big16(data, ip + 2) if kind == ROCE_IPV4 else IPV6_HEADER + big16(data, ip + 4)


@inlined
def stored(data: Any, at: int) -> int:
    """The ICRC a frame carries, least significant byte first."""
    return byte(data, at) | byte(data, at + 1) << 8 | byte(data, at + 2) << 16 | byte(data, at + 3) << 24


@inlined
def icrc_of(data: Any, ip: int, end: int, kind: int, scratch: Any, function: int) -> int:
    """ICRC of the datagram that starts at `ip` and whose payload ends at `end`."""
    udp = (byte(data, ip) & 15) * 4 if kind == ROCE_IPV4 else IPV6_HEADER
    headers = udp + UDP + BTH
    for place in range(headers):
        scratch[np.uint64(place)] = data[np.uint64(ip + place)]
    mask(scratch, kind, udp)
    crc = crc32(function, AFTER_EIGHT_ONES, scratch, 0, headers)
    return crc32(function, crc, data, ip + headers, end)


@inlined
def mask(scratch: Any, kind: int, udp: int) -> None:
    """Replace what may change on the way by ones; UDP starts at `udp`."""
    if kind == ROCE_IPV4:
        scratch[1] = scratch[8] = scratch[10] = scratch[11] = 0xFF
    else:
        scratch[0] |= 0x0F
        scratch[1] = scratch[2] = scratch[3] = scratch[7] = 0xFF
    scratch[np.uint64(udp + 6)] = scratch[np.uint64(udp + 7)] = scratch[np.uint64(udp + UDP + 4)] = 0xFF
