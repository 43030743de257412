"""What the syndrome byte of an AETH says (IBTA volume 1, 9.7.5.1 and 9.7.5.2.8)."""

from enum import IntEnum


class AethType(IntEnum):
    """Bits 6 and 5 of the syndrome."""

    ACK = 0
    RNR_NAK = 1
    RESERVED = 2
    NAK = 3


class NakCode(IntEnum):
    """Bits 4 to 0 of a NAK's syndrome."""

    PSN_SEQUENCE_ERROR = 0
    INVALID_REQUEST = 1
    REMOTE_ACCESS_ERROR = 2
    REMOTE_OPERATIONAL_ERROR = 3
    INVALID_RD_REQUEST = 4


_RNR_TIMER_CODES = [655.36, 0.01, 0.02, 0.03, 0.04, 0.06, 0.08, 0.12, 0.16, 0.24, 0.32, 0.48, 0.64, 0.96, 1.28]
_RNR_TIMER_CODES += [1.92, 2.56, 3.84, 5.12, 7.68, 10.24, 15.36, 20.48, 30.72, 40.96, 61.44, 81.92, 122.88, 163.84]
_RNR_TIMER_CODES += [245.76, 327.68, 491.52]
RNR_TIMER_MS = tuple(_RNR_TIMER_CODES)
"""Milliseconds the requester must wait, by timer code (table 45)."""

_CREDITS = [0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024]
_CREDITS += [1536, 2048, 3072, 4096, 6144, 8192, 12288, 16384, 24576, 32768]


def syndrome(kind: AethType, value: int) -> int:
    """The syndrome byte; `value` is credit code, RNR timer code or NAK code in 0..31."""
    return kind << 5 | value


def credit_count(code: int) -> int | None:
    """Receive credits an ACK grants; None for code 31, end-to-end flow control not used (table 46)."""
    return _CREDITS[code] if code < len(_CREDITS) else None


def describe(syndrome_byte: int) -> str:
    """The syndrome in words."""
    kind, value = syndrome_byte >> 5 & 3, syndrome_byte & 31
    if kind == AethType.ACK:
        granted = credit_count(value)
        return "ACK, no credit field" if granted is None else f"ACK, {granted} credits"
    if kind == AethType.RNR_NAK:
        return f"RNR NAK, wait {RNR_TIMER_MS[value]:g} ms"
    if kind == AethType.NAK:
        known = value in NakCode.__members__.values()
        return f"NAK, {NakCode(value).name.lower().replace('_', ' ')}" if known else f"NAK, reserved code {value}"
    return f"reserved syndrome 0x{syndrome_byte:02x}"
