"""Autonomous system numbers as devices print them (RFC 5396)."""

from plugfest.devices.dialects import values


def asn(text: str) -> int:
    """A number from asplain ``64496`` or asdot ``64497.232``."""
    high, dot, low = text.strip().partition(".")
    if not dot:
        return values.count(high)
    if values.count(low) > 0xFFFF:
        raise ValueError(f"{text.strip()!r} is not an autonomous system number")
    return values.count(high) * 0x10000 + values.count(low)
